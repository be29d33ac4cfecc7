"""Routing: what concerns an agency, which fields leave, and what is written about it."""
