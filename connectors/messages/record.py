"""A whole report as the record of its source, in the source's own fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from connectors.messages.dates import moment
from connectors.messages.form import Clinic, Entry, Kind
from connectors.messages.read import Problem, wrong


def record(number: int, revision: int, fields: Mapping[str, str], kind: Kind, clinic: Clinic, sent: datetime, *,
           back: bool = False) -> tuple[dict[str, str], list[Problem]]:  # fmt: skip
    """The record of a report, and what is wrong with its fields; those are left out.

    `sent` is when the gateway had the message: it says of which year a date is, and nothing else.
    """
    heads = {"clinic": clinic.code, "number": str(number), "revision": str(revision), "region": clinic.region, "staff": clinic.staff}
    found = {name: heads[head] for head, name in kind.sets.items()}
    if back:
        return found | kind.retracts, []
    problems = []
    for key, value in fields.items():
        entry = kind.fields[key]
        meant = _meant(value, entry, clinic, sent)
        if meant is None:
            problems.append(wrong(key, entry))
        else:
            found[entry.field] = meant
    return found, problems


def _meant(value: str, entry: Entry, clinic: Clinic, sent: datetime) -> str | None:
    if entry.form == "moment":
        return moment(value.replace("。", "."), sent)
    if entry.form == "place":
        return clinic.places.get(value)
    if entry.words:
        return entry.words.get(value, value if value in entry.words.values() else None)
    return _listed(value, entry.letters) if entry.letters else value


def _listed(value: str, letters: Mapping[str, str]) -> str | None:
    """Several words, short or whole, one after the other, as a list with commas; None when a sign is none of them."""
    any_ = "|".join(map(re.escape, sorted({*letters, *letters.values()}, key=len, reverse=True)))
    found = re.findall(any_, value)
    return "，".join(dict.fromkeys(letters.get(one, one) for one in found)) if "".join(found) == value else None
