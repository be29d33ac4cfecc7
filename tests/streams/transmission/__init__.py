"""Who infected whom."""
