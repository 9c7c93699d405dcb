"""What happens at a table, as plain functions on plain values: no I/O, no clock of its own."""
