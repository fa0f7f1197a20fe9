"""PDF building: frozen data to bytes; knows no database."""
