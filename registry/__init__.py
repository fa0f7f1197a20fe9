"""The county registry of mining rights, their output and the plan caps above them."""
