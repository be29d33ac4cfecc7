"""The commands and what puts the parts together."""
