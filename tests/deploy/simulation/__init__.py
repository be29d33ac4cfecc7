"""The invented outbreak: equal everywhere, true to itself, and understood by the path."""
