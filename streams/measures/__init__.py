"""Measures on people: which stand, which are refused and why, and who was refused too often."""
