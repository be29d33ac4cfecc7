"""Invented Chinese people with what is written of them, right and wrong, and the truth of who is who: to train and to judge linking.

    people(1_000, seed=1)            the records, one after another, for any number of people
    lianfang simulate --linkage      the same as a CSV file
"""

from __future__ import annotations

from deploy.simulation.linkage.people import people
from deploy.simulation.linkage.written import FIELDS, Written

__all__ = ["FIELDS", "Written", "people"]
