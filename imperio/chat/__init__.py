"""Chat rooms, their history and moderation."""
