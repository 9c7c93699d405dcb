"""Real servers, a real browser and small helpers for the tests."""
