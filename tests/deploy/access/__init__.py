"""Grants and what is made of them."""
