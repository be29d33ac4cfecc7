"""Whole stories in YAML, told by what sources send and what agencies then see; each is also held against the oracle."""
