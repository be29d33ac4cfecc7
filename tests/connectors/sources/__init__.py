"""The functions that belong to one source."""
