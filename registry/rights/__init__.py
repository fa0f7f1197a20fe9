"""Mineral rights, permits and their versions, areas, operating state."""
