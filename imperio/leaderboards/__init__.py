"""Nine boards: three metrics by three time frames."""
