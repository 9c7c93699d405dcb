"""Live tables: rooms, seats, clocks and shared rounds."""
