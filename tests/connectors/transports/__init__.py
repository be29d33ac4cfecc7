"""How records arrive."""
