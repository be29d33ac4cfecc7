"""A small spec with a model, and mentions, profiles and blocks to give to the stages. All people are invented."""

from __future__ import annotations

from typing import TypedDict, Unpack

from schemas.models.identity import Block, Handle, Mention, Profile
from schemas.tokens import Keys
from streams.identity.model import FieldWeights, LevelWeight, Model
from streams.identity.opened import Opened
from streams.identity.profile import seal
from streams.identity.spec import Contradiction, Rule, Spec, SpecField
from tests.streams.trial import KEYS


class Fields(TypedDict, total=False):
    """What may be said of somebody."""

    name: str
    born: str
    phone: str


SPEC = Spec(
    name="small",
    says="Names, birth dates and phones.",
    fields=[SpecField(name="name", kind="latin-name"), SpecField(name="born", kind="date"), SpecField(name="phone", kind="exact")],
    rules=[Rule(name="phone", parts=["phone.whole"], says="a phone"), Rule(name="birthday", parts=["born.whole"], says="a birthday")],
    contradictions=[Contradiction(when={"name": ["different"], "born": ["different"]}, says="names and birth dates differ")],
    link=8.0,
    review=2.0,
    crowd=4,
)
OPENED = Opened(SPEC, KEYS)
_BITS = {"name": (7, 6, 5, 3, 2, -4), "born": (9, 4, 4, 2, 0, -5), "phone": (5, -1)}


def model(version: int = 1, **more: tuple[int, ...]) -> Model:
    """Weights in bits by field, of a version."""
    bits = _BITS | more
    weights = {
        field.name: FieldWeights(levels={level: LevelWeight(m=0.5, u=0.5, weight=each * 1000, says=f"{field.name} is {level}.")
                                         for level, each in zip(kind.levels, bits[field.name], strict=True)})
        for field, kind in zip(SPEC.fields, SPEC.kinds, strict=True)
    }  # fmt: skip
    return Model(version=version, spec="small", trained_on="nothing", prior=-6000, fields=weights)


def mention(alias: str, at: int, *handles: str, keys: Keys = KEYS, only: str = "", source: str = "scan-code", cause: str = "", **fields: str) -> Mention:
    """What a record says of an alias."""
    shared = [Handle(alias=handle, reason="same account") for handle in handles]
    sealed = keys.seal(alias, fields)
    return Mention.of(causes=[f"{cause}{alias} {at} {source}"], at=at, alias=alias, source=source, handles=shared, only=only, sealed=sealed)


def profile(alias: str, *, at: int = 1, only: str = "", **fields: Unpack[Fields]) -> Profile:
    """What all records say of an alias."""
    return Profile.of(causes=[f"{alias} {at}"], at=at, alias=alias, only=only, sealed=_sealed(alias, fields))


def block(alias: str, key: str, *, at: int = 1, **fields: Unpack[Fields]) -> Block:
    """A profile under a blocking key."""
    whole = profile(alias, at=at, **fields)
    return Block.of(causes=[whole.id], at=at, block=KEYS.token("block", key), alias=alias, reason=key, sealed=whole.sealed)


def _sealed(alias: str, fields: Fields) -> bytes:
    return seal(KEYS, alias, {field: [str(value)] for field, value in sorted(fields.items())})
