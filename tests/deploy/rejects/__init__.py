"""Refused records: shown, repaired by two people, replayed."""
