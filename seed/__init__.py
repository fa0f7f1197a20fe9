"""Plans, catalogues and demonstration data: figures with their source, entered through services only."""
