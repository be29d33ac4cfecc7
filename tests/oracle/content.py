"""What stands on the bus, brought into the form of the oracle's answer: without ids and causes, and with seals opened."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from pydantic import BaseModel

from schemas.models.case import LinkedCase
from schemas.models.isolation import Isolation
from schemas.models.measure import MeasureInForce
from schemas.models.movement import Contact, Presence
from schemas.models.notice import PublicNotice, ResidentNotice
from schemas.models.raw import Reject
from schemas.models.release import Release
from schemas.models.signal import Signal, Silence
from schemas.models.task import Task
from schemas.tokens import Keys
from tests.oracle.answer import Answer
from tests.oracle.cases import Content, each_once

TOPICS = (
    "reject", "identity.link", "identity.review", "presence", "contact", "case.linked", "task", "statistic", "signal", "signal.silence",
    "measure.standing", "measure.refused", "measure.alert", "isolation", "measure.beyond", "breach", "notice", "notice.public", "supply", "dispatch", "need",
    "complaint", "closure.alert",
)  # fmt: skip
"""Topics that are compared, besides those of the agencies."""


def contents(standing: Callable[[str], Mapping[str, BaseModel]], agencies: list[str], keys: Keys) -> Answer:
    """What stands on the compared topics; `standing` gives the messages that stand on a topic by their names."""
    topics = [*TOPICS, *(f"deliver.{agency}" for agency in agencies)]
    return {topic: each_once(content(value, keys) for value in standing(topic).values()) for topic in topics}


def content(value: BaseModel, keys: Keys) -> Content:
    """The content of one message. Lists of identifiers under the seal are opened and sorted."""
    if isinstance(value, Reject):
        fields = sorted(reason.field for reason in value.reasons)
        return {"source": value.source, "record": value.record, "version": value.version, "digest": value.digest, "fields": fields}
    plain = value.model_dump(mode="json", exclude={"id", "causes", "retracted", "sealed"})
    if isinstance(value, Presence | Contact):
        plain["identifiers"] = keys.open(value.alias, value.sealed)
    if isinstance(value, Task):
        del plain["task"]  # follows from the id of its cause
    if isinstance(value, Isolation):
        del plain["evidence"]  # the id of its cause
    if isinstance(value, PublicNotice | ResidentNotice):
        del plain["notice"]  # follows from the id of its cause
    if isinstance(value, MeasureInForce):
        del plain["request"]  # the id of what was asked for
    if isinstance(value, Signal | Silence):
        del plain["why"], plain["why_zh"]  # say the other fields in words
    if isinstance(value, LinkedCase):
        plain["timeline"] = [_line(line) for line in plain["timeline"]]
        plain["fever"] = plain["fever"] and _line(plain["fever"])
        plain["sealed"] = each_once({"alias": one.alias} | keys.open(one.alias, one.data) for one in value.sealed)
    return _release(value, plain) if isinstance(value, Release) else plain


def _release(value: Release, plain: Content) -> Content:
    del plain["bulletin" if value.bulletin is None else "person"]  # of a bulletin the code follows from what it is about
    if value.view.timeline is not None:
        plain["view"]["timeline"] = [_line(line) for line in plain["view"]["timeline"]]
    return plain


def _line(line: Content) -> Content:
    return {name: value for name, value in line.items() if name != "evidence"}


def difference(found: Answer, expected: Answer) -> str:
    """What stands and must not (-), and what must stand and does not (+), a line for each; '' when they are equal."""
    lines = []
    for topic in sorted({*found, *expected}):
        have, want = ({json.dumps(one, sort_keys=True, ensure_ascii=False) for one in side.get(topic, [])} for side in (found, expected))
        lines += [f"- {topic} {one}" for one in sorted(have - want)] + [f"+ {topic} {one}" for one in sorted(want - have)]
    return "\n".join(lines)
