"""Refused records: what stands, what is shown of them, and how they are repaired by two people or understood anew."""
