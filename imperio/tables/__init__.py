"""Live tables: people play together at one wheel, one shoe, one race."""
