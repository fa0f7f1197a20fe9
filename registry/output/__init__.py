"""Returns, corrections, imports."""
