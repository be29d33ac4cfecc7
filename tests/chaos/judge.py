"""The judgement of a run: what stands is what the oracle says, nothing was written twice, everything was counted, and the receiver holds what it should."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from connectors.reader import Entry, Reader
from deploy.reconcile import reconcile
from schemas.models.case import LinkedCase
from schemas.models.fact import Fact
from schemas.models.identity import Judgement
from schemas.models.raw import Ledger
from schemas.models.release import Release
from streams.standing import VIEWS
from tests.chaos.decisions import stand
from tests.chaos.history import History
from tests.chaos.load import records
from tests.chaos.site import AGENCY, Site
from tests.levels import STORY
from tests.oracle.answer import Oracle
from tests.oracle.cases import Content
from tests.oracle.content import TOPICS, content
from tests.simulation.anomalies import Anomaly, Name

_SHOWN = 20
_TWICE = ("raw.", "receipt", "audit", "identity.decision", "control.level")
"""Topics on which the same may stand twice: a source, a steward or a deliverer repeats what it is not sure of; what is audited has no identity; of levels each
partition is told."""


@dataclass
class Found:
    """What was found: anomalies, messages by topic, and the first differences from the oracle, which name invented people."""

    anomalies: list[Anomaly] = field(default_factory=list)
    messages: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def add(self, name: Name, where: str) -> None:
        """Note an anomaly."""
        self.anomalies.append(Anomaly(name, where))


def judge(site: Site, decided: Sequence[Judgement]) -> Found:
    """Everything, topic by topic."""
    bus, found, reader = site.bus, Found(), site.bus.reader()
    try:
        for row in reconcile(bus, reader):
            for problem in row.problems:
                found.add(Name.LOST_WRITE if "skipped" in problem or "missing" in problem else Name.DIRTY_STATE, f"{row.stage} on {row.topic}: {problem}")
        oracle = Oracle(bus.sources, list(bus.agencies.values()), bus.policy, bus.settings.keys)
        expected = oracle.answer(records(site.done), stand(decided), levels=STORY)
        for topic in sorted(bus.topics):
            if not topic.startswith("state."):
                compared = topic in TOPICS or topic.startswith("deliver.")
                _topic(site, reader, topic, expected.pop(topic, []) if compared else None, found)
        History(bus, reader, found.add).check()
        _receiver(site, reader, found)
    finally:
        reader.close()
    return found


class _Seen:
    """What a reader of a topic sees: what stands, and what came although it stood, or went although it did not."""

    def __init__(self, topic: str) -> None:
        self.standing: dict[str, bytes] = {}
        self.repeated = self.backward = 0
        self._view = topic.startswith(VIEWS)
        self._last: dict[str, int] = {}
        self._received: dict[str, int] = {}

    def take(self, entry: Entry, digest: bytes) -> None:
        """Take the next message; `digest` is of what is compared of it."""
        value = entry.value
        if isinstance(value, Ledger):
            self.backward += value.received <= self._received.get(entry.key, 0)
            self._received[entry.key] = value.received
        if not isinstance(value, Fact):
            return
        name = entry.key if self._view else value.id
        mark = hash((value.id, value.retracted, value.superseded_by if isinstance(value, LinkedCase) else None))
        self.repeated += self._last.get(name) == mark or (value.retracted and name not in self.standing and name not in self._last)
        self._last[name] = mark
        if value.retracted:
            self.standing.pop(name, None)
        else:
            self.standing[name] = digest


def _topic(site: Site, reader: Reader, topic: str, expected: list[Content] | None, found: Found) -> None:
    """Read a topic once: count it, look for repeats, and compare what stands on it."""
    seen, keys = _Seen(topic), site.bus.settings.keys
    for entry in reader.read(topic):
        found.messages[topic] += 1
        compared = expected is not None and isinstance(entry.value, Fact) and not entry.value.retracted
        seen.take(entry, _digest(content(entry.value, keys)) if compared and entry.value else b"")
    if seen.repeated and not topic.startswith(_TWICE):
        found.add(Name.DUPLICATE, f"{topic}: {seen.repeated} were written although they stood, or taken back although they did not")
    if seen.backward:
        found.add(Name.NON_MONOTONIC, f"{topic}: {seen.backward} counts did not rise")
    if expected is not None:
        _compare(site, reader, topic, set(seen.standing.values()), {_digest(one): one for one in expected}, found)


def _compare(site: Site, reader: Reader, topic: str, have: set[bytes], want: dict[bytes, Content], found: Found) -> None:
    lost, wrong = want.keys() - have, have - want.keys()
    if lost:
        found.add(Name.LOST_WRITE, f"{topic}: {len(lost)} of {len(want)} do not stand that the oracle has")
        found.differences += [f"+ {topic} {_text(want[one])}" for one in sorted(lost)[:_SHOWN]]
    if wrong:
        found.add(Name.WRONG_RELEASE if topic.startswith("deliver.") else Name.WRONG_ANSWER, f"{topic}: {len(wrong)} stand that the oracle has not")
        keys = site.bus.settings.keys
        values = (content(entry.value, keys) for entry in reader.read(topic) if entry.value is not None)
        found.differences += [f"- {topic} {_text(one)}" for one in values if _digest(one) in wrong][:_SHOWN]


def _receiver(site: Site, reader: Reader, found: Found) -> None:
    """What the receiver holds is what stands on its agency's topic."""
    standing: dict[tuple[str, str], object] = {}
    for entry in reader.read(f"deliver.{AGENCY}"):
        if isinstance(entry.value, Release):
            key = entry.value.person, entry.value.purpose
            standing.pop(key, None)
            if not entry.value.retracted:
                standing[key] = entry.value.model_dump(mode="json")
    held = site.receiver.held
    if wrong := [key for key in {*standing, *held} if standing.get(key) != held.get(key)]:
        found.add(Name.LOST_WRITE, f"receiver of {AGENCY}: {len(wrong)} of {len(standing)} releases are not held as they stand")


def _text(one: Content) -> str:
    return json.dumps(one, sort_keys=True, ensure_ascii=False)


def _digest(one: Content) -> bytes:
    return blake2b(_text(one).encode(), digest_size=16).digest()
