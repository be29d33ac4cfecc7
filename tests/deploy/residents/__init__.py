"""The report of a resident."""
