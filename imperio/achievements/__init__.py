"""The sixteen achievements: recognised inside the round that earns them."""
