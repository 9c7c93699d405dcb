"""A player's figures, from kept aggregates."""
