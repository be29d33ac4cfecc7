"""What stands on the bus of people: profiles, pairs that wait, decisions, and the model that counts."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from pydantic import BaseModel

from deploy.linkage.measure import Pair
from deploy.stands import Reads
from schemas.models.fact import Fact, Signed
from schemas.models.identity import Doubt, Judgement, ModelPart, Profile, Review, Shared
from schemas.signing import Signatures
from streams.identity.model import Model, load
from streams.standing import standing

F = TypeVar("F", bound=BaseModel)


class NotOne(Exception):
    """No alias, or several, begin so; the message says which and what to do."""


class Facts(NamedTuple):
    """All that people follow from, but for the model."""

    profiles: list[Profile]
    shared: list[Shared]
    decisions: list[Judgement]


def facts(reader: Reads, signatures: Signatures) -> Facts:
    """All that stands and counts; each list in the order of its ids. Raises CannotRead as the reader does."""
    return Facts(*(_stands(reader, topic, model, signatures) for topic, model in _TOPICS))  # type: ignore[arg-type]


def profiles(reader: Reads) -> dict[str, Profile]:
    """By alias its profile."""
    return {one.alias: one for one in _stands(reader, "identity.profile", Profile)}


def decisions(reader: Reads, signatures: Signatures) -> dict[Pair, list[Judgement]]:
    """By pair what stewards decided, signed and did not take back; the last of a list counts."""
    found: dict[Pair, list[Judgement]] = {}
    for one in sorted(_stands(reader, "identity.decision", Judgement, signatures), key=lambda one: (one.at, one.id)):
        found.setdefault((one.a, one.b), []).append(one)
    return found


def reviews(reader: Reads) -> list[Review]:
    """The pairs that wait."""
    return _stands(reader, "identity.review", Review)


def asked(reader: Reads) -> dict[Pair, Review]:
    """By pair the last review as a sample or for its score, whether it waits or has been taken back (by a decision, or since the pair is no more)."""
    found = (entry.value for entry in reader.read("identity.review"))
    return {(one.a, one.b): one for one in found if isinstance(one, Review) and one.doubt in (Doubt.SAMPLE, Doubt.SCORE)}


def newest(reader: Reads) -> Model | None:
    """The model of the highest version that was sent to the bus; None when none was."""
    parts = [entry.value for entry in reader.read("identity.model") if isinstance(entry.value, ModelPart) and entry.value.blocks is None]
    last = max(parts, key=lambda part: part.version, default=None)
    return load(zlib.decompress(last.model)) if last else None


def alias(beginning: str, known: Iterable[str]) -> str:
    """The one alias that begins so; a whole token stands for itself. Raises NotOne."""
    found = {one for one in known if one.startswith(beginning)}
    if len(found) == 1:
        return found.pop()
    more = "; give more of it" if found else ": `lianfang identity review list` shows those that wait"
    raise NotOne(f"{len(found) or 'no'} aliases begin with {beginning}{more}")


_TOPICS: tuple[tuple[str, type[Fact]], ...] = (("identity.profile", Profile), ("identity.shared", Shared), ("identity.decision", Judgement))


def _stands(reader: Reads, topic: str, model: type[F], signatures: Signatures | None = None) -> list[F]:
    told = ((entry.key, entry.value) for entry in reader.read(topic) if entry.value is not None)
    found = standing(topic, (one for one in told if not (signatures and isinstance(one[1], Signed) and signatures.problem(topic, one[1]))))
    return [one for _, one in sorted(found.items()) if isinstance(one, model)]
