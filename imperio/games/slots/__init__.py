"""Cherry Charm: three reels of 32 stops and one line."""
