"""What a source wrote of a person, with the truth."""

from __future__ import annotations

from typing import NamedTuple

FIELDS = ("name", "sex", "born", "document", "phone", "region", "address", "household", "nationality")
"""The fields of a profile, in the forms in which normalise gives them."""


class Written(NamedTuple):
    """One record: its id, the source, what it says of the person by field, who that truly is, and the kinds of error in it, sorted."""

    record: str
    source: str
    says: dict[str, str]
    person: str
    errors: tuple[str, ...]
