"""The administrative tree and its townships."""
