"""Blackjack: six decks, a fresh shoe every round, dealer stands on all 17."""
