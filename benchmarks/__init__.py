"""Measurements, each against a ceiling in the same run. `make bench` runs those that need no hours."""
