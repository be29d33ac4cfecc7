"""Every principal by everything that there is to try, beside what the contract grants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

from deploy.access.acls import parts
from deploy.access.grants import Grant, Parts
from deploy.bus import Bus
from schemas.brokers import ADMIN
from tests.acls.tries import REFUSED, Cell, Tries, tried

_FOREIGN = "mallory"
"""Beside the names of the contract, for groups and transactional ids are not made but taken."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The codes of all that was tried, by principal; and what is granted."""

    codes: Mapping[str, Mapping[Cell, int]]
    granted: frozenset[tuple[str, Cell]]

    def wrong(self) -> list[str]:
        """What was let through without a grant, and what was not in spite of one."""
        return [
            f"{principal}: {cell.operation} {cell.kind} {cell.name} answered {code}, and is {'granted' if (principal, cell) in self.granted else 'not granted'}"
            for principal, cells in self.codes.items() for cell, code in cells.items()
            if code not in ({0} if (principal, cell) in self.granted else REFUSED)
        ]  # fmt: skip

    def counts(self) -> dict[str, int]:
        """How many tries there were, how many were granted, and how many refused."""
        codes = Counter("refused" if code in REFUSED else "granted" for cells in self.codes.values() for code in cells.values())
        return {"principals": len(self.codes), "tries": sum(codes.values()), **codes}


def matrix(bus: Bus) -> Matrix:
    """Try everything, as every principal whose secret is on this machine."""
    here = parts(bus)
    names = sorted(bus.settings.namespace + topic for topic in bus.topics)
    groups, ids = _taken(here.grants(), "group", bus.settings.namespace), _taken(here.grants(), "transactional_id", bus.settings.namespace)
    principals = here.principals()

    def one(principal: str) -> Mapping[Cell, int]:
        role = principal.removeprefix(bus.settings.namespace)
        return tried(bus.brokers_as(role), names, groups, ids)

    with closing(Tries(bus.brokers_as(ADMIN))) as tries:
        tries.begin(groups[0], ids[0])
    with ThreadPoolExecutor(4) as pool:
        codes = dict(zip(principals, pool.map(one, principals), strict=True))
    return Matrix(codes, granted(here, codes))


def granted(here: Parts, codes: Mapping[str, Iterable[Cell]]) -> frozenset[tuple[str, Cell]]:
    """Those cells for which there is a grant; whoever may read or write may describe."""
    grants: dict[str, list[Grant]] = {}
    for grant in here.grants():
        grants.setdefault(grant.principal, []).append(grant)
    return frozenset((principal, cell) for principal, cells in codes.items() for cell in cells if any(_is(one, cell) for one in grants.get(principal, ())))


def _is(grant: Grant, cell: Cell) -> bool:
    operation = {grant.operation, "describe"} if grant.operation in {"read", "write"} else {grant.operation}
    named = cell.name.startswith(grant.name) if grant.prefixed else cell.name == grant.name
    return grant.kind == cell.kind and named and cell.operation in operation


def _taken(grants: Iterable[Grant], kind: str, namespace: str) -> list[str]:
    """A name for each grant of a kind, and one for which there is none."""
    return sorted({f"{one.name}0" if one.prefixed else one.name for one in grants if one.kind == kind} | {f"{namespace}{_FOREIGN}"})


def drawn(found: Matrix, namespace: str) -> list[str]:
    """The matrix as lines: principals downwards, topics across; R read, W write, D describe alone, a point for nothing."""
    topics = sorted({cell.name for cells in found.codes.values() for cell in cells if cell.kind == "topic" and cell.operation == "read"})
    width = max(map(len, found.codes)) + 2
    heads = [" " * width + f"{number:>3} {name.removeprefix(namespace)}" for number, name in enumerate(topics, 1)]
    lines = [*heads, " " * width + " ".join(f"{number:>2}" for number in range(1, len(topics) + 1))]
    for principal, cells in found.codes.items():
        marks = [_mark(cells, topic) for topic in topics]
        lines.append(f"{principal.removeprefix(namespace):<{width}}{' '.join(f'{mark:>2}' for mark in marks)}")
    return lines


def _mark(cells: Mapping[Cell, int], topic: str) -> str:
    read, write, see = (cells[Cell("topic", topic, operation)] == 0 for operation in ("read", "write", "describe"))
    return ("R" if read else "") + ("W" if write else "") or ("D" if see else "·")
