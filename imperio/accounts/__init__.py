"""Users, passwords, tokens, sessions."""
