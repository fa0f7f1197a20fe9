"""The catalogue of minerals: codes, aliases, scale classes, restrictions."""
