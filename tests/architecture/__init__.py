"""Rules about the whole tree."""
