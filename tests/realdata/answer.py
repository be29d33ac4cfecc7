"""What the bus made of the files: counted, and as a view without names that differ from one run or source to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from json import dumps
from typing import Any

from schemas.models.case import LinkedCase
from schemas.models.raw import Reject

Document = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What came of the records of one source; `cases` and `rejects` are documents as the commands print them."""

    source: str
    seconds: float
    records: int
    applied: int
    duplicates: int
    rejected: int
    cases: list[Document]
    rejects: list[Document]
    counts: dict[str, int] = field(default_factory=dict, compare=False)
    """Facts that stand, by topic, where they were counted."""

    @property
    def reasons(self) -> Counter[str]:
        """Refused records by their reasons."""
        return Counter("; ".join(f"{reason['field']}: {reason['problem']}" for reason in reject["reasons"]) for reject in self.rejects)

    @property
    def kinds(self) -> Counter[tuple[str, str]]:
        """Linked cases by roles and status."""
        return Counter((", ".join(case["roles"]), case["status"] or "") for case in self.cases)

    @property
    def problems(self) -> list[str]:
        """What does not add up."""
        found = []
        if self.records != self.applied + self.duplicates + self.rejected:
            found.append(f"{self.source}: {self.records} records in, {self.applied + self.duplicates + self.rejected} accounted for")
        if self.rejected != len(self.rejects):
            found.append(f"{self.source}: {self.rejected} records were refused, and there are {len(self.rejects)} rejects")
        found += [f"{self.source}: a reject without a reason" for reject in self.rejects if not reject["reasons"]]
        return found


def document(case: LinkedCase) -> Document:
    """A linked case as `lianfang cases list --whole --json` prints it."""
    return case.model_dump(mode="json", exclude={"sealed", "causes"})


def documents(rejects: Iterable[Reject]) -> list[Document]:
    """Rejects without where and when they were read."""
    return sorted((reduced(reject.model_dump(mode="json")) for reject in rejects), key=dumps)


def reduced(reject: Document) -> Document:
    """A reject without its place on the bus and the time of its reading, which differ from run to run."""
    return {name: reject[name] for name in ("source", "record", "version", "digest", "reasons")}


def view(cases: Iterable[Document]) -> Counter[str]:
    """What linked cases say, however their people and records are called: people in contact are named by what is known of them."""
    known = {case["person"]: case for case in cases}
    names = {person: blake2b(dumps(_own(case)).encode(), digest_size=8).hexdigest() for person, case in known.items()}
    return Counter(dumps(_own(case) | {side: sorted(_met(one, names) for one in case[side]) for side in ("contacts", "contact_of")}) for case in known.values())


def _own(case: Document) -> Document:
    """What a case says of its own person."""
    kept = {name: case[name] for name in ("roles", "status", "since", "classification", "onset", "community", "clinic", "referred_to", "concerns")}
    return kept | {"timeline": timeline(case)}


def timeline(case: Document) -> list[str]:
    """The lines of a timeline, without the names of sources and evidence."""
    return sorted(dumps({name: value for name, value in line.items() if name not in ("source", "evidence")}) for line in case["timeline"])


def _met(meeting: Document, names: Mapping[str, str]) -> str:
    return dumps(meeting | {"person": names[meeting["person"]]})
