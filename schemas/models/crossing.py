"""What crossings of the border tell of who crosses."""

from __future__ import annotations

from enum import StrEnum


class KnownBy(StrEnum):
    """What a record of a crossing writes down of who somebody is; the values themselves are sealed."""

    DOCUMENT = "document"
    NAME = "name"
    PHONE = "phone"
