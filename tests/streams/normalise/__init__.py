"""Normalise: what each sort of value, a person, a record, and the versions of a record become."""
