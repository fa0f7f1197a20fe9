"""The green-mine level of a right over time."""
