"""What was built and what was not: as JSON, for the terminal, in words."""
