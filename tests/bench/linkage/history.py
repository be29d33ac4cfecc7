"""The state of the identity stages after some people, written into stores directly: what each stage would hold of their records, but for the pairs among them."""

from __future__ import annotations

import multiprocessing
import os
import random
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from deploy.simulation.linkage.people import people
from deploy.simulation.linkage.written import Written
from schemas.models.identity import Block, Mention, Profile
from streams.identity import nodes, said, under
from streams.identity.keys import Blocking
from streams.identity.opened import Opened
from streams.identity.profile import fields, seal, sources, together
from streams.memory import MemoryState
from streams.runtime.store import Store
from tests.bench.ask import telling
from tests.bench.linkage.told import by_alias, mention

STAGES = ("profiles", "pairs", "links")
_PORTION = 5_000
"""Aliases whose rows are made and written together."""
_CORES = os.cpu_count() or 1
Rows = dict[bytes, bytes | None]


class Built(NamedTuple):
    """How many profiles were written, and the records that were kept back to come now."""

    profiles: int
    coming: list[Written]


def build(folder: Path, number: int, coming: int, opened: Opened, seed: int = 7) -> Built:
    """Write the rows of so many people into a store for each stage; of as many aliases as are to come, drawn evenly, the records are kept back.

    Other processes make the rows while this one invents the people and writes.
    """
    dice, kept, count, waiting = random.Random(seed), list[Written](), 0, deque[Any]()
    share = coming / (number * _ALIASES)
    told = telling(by_alias(people(number, seed)), f"aliases of {number:,} people written")
    with multiprocessing.get_context("fork").Pool(_CORES, _begin, (opened,)) as others:  # before the stores are open, and have threads
        stores = {stage: Store(folder / stage) for stage in STAGES}
        while portion := list(islice(told, _PORTION)):
            known = []
            for _, records in portion:
                if len(kept) < coming and dice.random() < share:
                    kept += records
                else:
                    known.append(records)
            count += len(known)
            waiting.append(others.apply_async(_made, (known,)))
            if len(waiting) > 2 * _CORES:
                _write(stores, waiting.popleft().get())
        for made in waiting:
            _write(stores, made.get())
    for store in stores.values():
        store.compact()
        store.close()
    dice.shuffle(kept)
    return Built(count, kept)


_ALIASES = 1.7
"""Aliases of a person, on average."""
_begun: list[tuple[Opened, Blocking]] = []


def _begin(opened: Opened) -> None:
    """In another process: keep what opens profiles, and the keys under which they lie."""
    _begun.append((opened, Blocking(opened.spec)))


def _made(known: list[list[Written]]) -> dict[str, Rows]:
    """In another process: the rows of each stage of some aliases."""
    rows: dict[str, Rows] = {stage: {} for stage in STAGES}
    for records in known:
        for stage, row, value in _rows(records, *_begun[0]):
            rows[stage][row] = value
    return rows


def _write(stores: dict[str, Store], rows: dict[str, Rows]) -> None:
    for stage, store in stores.items():
        store.write(rows[stage], 0)


def _rows(records: list[Written], opened: Opened, blocking: Blocking) -> Iterator[tuple[str, bytes, bytes]]:
    """What the stages hold of the records of one alias."""
    mentions = [mention(opened.keys, record, 0) for record in records]
    state = MemoryState()
    for one in mentions:
        said.say(one, state)
    written = _written(mentions, opened, blocking)
    own = mentions[0].alias
    said.write(own, said.hold(written), state)
    yield from (("profiles", row, value) for row, value in state.scan(b"", b"\xff" * 64))
    for fact in said.facts(own, written):
        if isinstance(fact, Profile):
            yield from (("links", row, value) for row, value in nodes.profile_rows(fact).items())
        elif isinstance(fact, Block):
            yield "pairs", *under.member_row(fact)
        else:
            yield from (("links", row, value) for row, value in nodes.shared_rows(fact).items())


def _written(mentions: list[Mention], opened: Opened, blocking: Blocking) -> said.Written:
    keys, own = opened.keys, mentions[0].alias
    values = together((one.source, keys.open(own, one.sealed)) for one in mentions)
    compared = fields(values)
    sealed = seal(keys, own, compared)
    blocks = tuple((rule, keys.token("block", rule, key)) for rule, key in blocking.keys(opened.keep(own, sealed, compared)))
    shared = {handle.alias: (handle.alias, said.saying(one), handle.reason) for one in mentions for handle in one.handles}
    return said.Written(mentions[0].only, tuple(dict.fromkeys(map(said.saying, mentions))), sealed, sources(values), blocks, tuple(sorted(shared.values())))
