"""What players are told: kept, counted, marked as read."""
