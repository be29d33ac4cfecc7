"""Invented people for linking."""
