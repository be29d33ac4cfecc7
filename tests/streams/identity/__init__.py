"""Identity: pairs under a key, and people as what pairs connect."""
