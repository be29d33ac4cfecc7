"""Pydantic models of everything on the bus."""
