"""European roulette: one zero, 157 spots, the same odds for all of them."""
