"""The games and their rounds. Each game's rules are a pure engine; rounds tie them to coins and seeds."""
