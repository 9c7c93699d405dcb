"""Word from the house to everybody."""
