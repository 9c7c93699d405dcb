"""ImperioCasino: a play-money casino one can host oneself."""

__version__ = "1.0.0"
