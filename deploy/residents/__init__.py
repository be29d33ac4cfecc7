"""What is held about one resident, for the resident: who is meant, what concerns them, and how it is told."""
