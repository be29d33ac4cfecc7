"""What people decide and the bus obeys."""
