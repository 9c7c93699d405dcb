"""What operators need: health, metrics, reconciliation, housekeeping."""
