"""The files through the connectors and the whole path in memory, in one batch for each input."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from connectors import registry
from connectors.envelope import envelopes
from connectors.transports.files import items
from schemas.models.case import LinkedCase
from schemas.models.raw import Raw, Reject
from schemas.source import Source
from schemas.tokens import Keys
from streams import path as stages
from streams.memory import Bus
from streams.policy import load
from streams.stage import Emit, Verdict
from tests.levels import declare
from tests.realdata.answer import Answer, document, documents
from tests.realdata.data import LEVELS

KEYS = Keys(b"the secret of the trials, of no use elsewhere")


def raws(source: Source, paths: Sequence[Path], keys: Keys = KEYS) -> list[Raw]:
    """The raw messages of some files."""
    return [raw for path in paths for item in items(path, source) for raw in envelopes(source, item, keys)]


def through(messages: Sequence[Raw], keys: Keys = KEYS) -> Bus:
    """The bus after these messages."""
    bus = declare(Bus(stages.build(registry.sources(), list(registry.agencies().values()), load(), keys)), LEVELS)
    bus.publish(Emit(f"raw.{raw.source}", raw.record, raw) for raw in messages)
    bus.run()
    return bus


def answer(name: str, paths: Sequence[Path], keys: Keys = KEYS) -> Answer:
    """What the bus makes of the files of one source; seconds from the first byte read."""
    began = time.monotonic()
    messages = raws(registry.sources()[name], paths, keys)
    bus = through(messages, keys)
    seconds = time.monotonic() - began
    cases = [case for case in bus.standing("case.linked").values() if isinstance(case, LinkedCase)]
    rejects = [reject for reject in bus.standing("reject").values() if isinstance(reject, Reject)]
    told = bus.counts["normalise"]
    return Answer(
        name, seconds, len(messages), told[Verdict.APPLIED], told[Verdict.DUPLICATE], told[Verdict.REJECTED],
        sorted(map(document, cases), key=lambda case: str(case["person"])), documents(rejects),
        {topic: len(bus.standing(topic)) for topic in ("record.step", "presence", "exposure", "contact")},
    )  # fmt: skip
