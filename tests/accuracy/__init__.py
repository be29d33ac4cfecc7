"""How well people are linked: sets with truth, trained without it, one record at a time."""
