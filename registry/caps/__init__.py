"""Meters, commitments, movements and verdicts of the plan caps."""
