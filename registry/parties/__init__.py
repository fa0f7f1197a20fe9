"""Holders of mineral rights (矿业权人)."""
