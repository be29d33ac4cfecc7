"""Cases: evidence by person, its course, what it sets in motion, and the linked case."""
