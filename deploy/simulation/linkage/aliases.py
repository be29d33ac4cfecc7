"""Records as the bus has them before any comparing: gathered under the strongest handle that they share, and the further handles that they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from deploy.simulation.linkage.written import Written
from streams.normalise.names import reading

Profile = Mapping[str, Sequence[str]]


class Alias(NamedTuple):
    """What some records say under one handle: by field its values, sorted; the records; and the aliases that the records name besides."""

    name: str
    profile: Profile
    records: list[str]
    shared: list[str]


def handles(written: Written) -> list[str]:
    """The handles of a record, the strongest first: the document, the phone with the sound of the name; or the record itself, when it has none of these."""
    says = written.says
    document, phone, name = says.get("document", ""), says.get("phone"), says.get("name")
    found = [document] if document and not document.startswith("resident?") else []
    if phone and name:
        found.append(f"phone:{phone}:{reading(name)}")
    return found or ([f"number:{phone}"] if phone else [f"record:{written.record}"])


def aliases(records: Iterable[Written]) -> list[Alias]:
    """The aliases of some records, by name."""
    said: dict[str, dict[str, set[str]]] = {}
    held: dict[str, list[str]] = {}
    shared: dict[str, set[str]] = {}
    for one in records:
        name, *further = handles(one)
        fields = said.setdefault(name, {})
        for field, value in one.says.items():
            fields.setdefault(field, set()).add(value)
        held.setdefault(name, []).append(one.record)
        shared.setdefault(name, set()).update(further)
    return [Alias(name, {field: sorted(values) for field, values in sorted(fields.items())}, sorted(held[name]), sorted(shared[name]))
            for name, fields in sorted(said.items())]  # fmt: skip
