"""A few invented people in a file, of whom it is known by hand what becomes of each pair; and profiles on a bus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from schemas.models.identity import Doubt, Judgement, Profile, Review, Verdict
from schemas.tokens import Keys
from streams.identity.profile import fields, seal, together
from streams.identity.spec import Truth
from tests.streams.identity.small import SPEC

FILE = SPEC.model_copy(update={"columns": {"name": "name", "dob": "born", "tel": "phone"}, "id": "row", "truth": Truth(column="person", pattern="P(.*)")})
"""The small spec for files: a link from 8 bits on, a review from 2, at most 4 records under a key."""
ROWS = """\
row, name, dob, tel, person, errors
a1, Wang Ceshi, 1980-01-01, 1, P1,
a2, Wang Ceshi, 1980-01-01, , P1, phone-missing
b1, Li Yangben, 1951-12-23, 2, P2,
b2, Li Yangben, 1951-12-24, , P2, one-digit phone-missing
c1, Zhao Shili, 1999-09-09, 2, P3,
d1, Sun Moushi, 1960-05-05, 3, P4,
d2, Sun Moushi, , 3, P4, birth-missing
e1, Zhou Heshi, 1970-07-07, 4, P5,
e2, Qian Neishi, 1931-08-28, 4, P5, other-name
f1, Wu Jiashi, 1961-01-11, 9, P6,
f2, Wu Jiashi, 1962-02-12, 9, P6, other-date
g1, Zheng Yishi, 1963-03-13, 9, P7,
h1, Feng Bingshi, 1964-04-14, 9, P8,
i1, Chen Dingshi, 1965-05-15, 9, P9,
"""
"""P1 is linked; P2 shares no key; P4 waits; P5 weighs too little; P6 is under one key, with five records."""
A, B, C = "a" * 32, "b" * 32, "c" * 32


def write(folder: Path, name: str = "people.csv", text: str = ROWS) -> Path:
    """The file."""
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def profile(keys: Keys, alias: str, *, at: int = 1, **said: str) -> Profile:
    """What one record says of an alias, sealed with these keys."""
    return Profile.of(causes=[f"{alias} {at}"], at=at, alias=alias, sealed=seal(keys, alias, fields(together([("scan-code", said)]))))


def waits(a: str, b: str, doubt: Doubt = Doubt.SCORE, weight: int | None = 4000) -> Review:
    """A pair that waits."""
    return Review.of(causes=[], at=7, a=a, b=b, doubt=doubt, weight=weight)


def decision(a: str, b: str, verdict: Verdict, at: int = 100, by: str = "S-1") -> Judgement:
    """What a steward decided."""
    return Judgement.of(causes=[], at=at, a=a, b=b, verdict=verdict, decider=by, reason="documents-seen")


def alias(number: int) -> str:
    """A token."""
    return f"{number:032x}"


def numbered(count: int) -> Sequence[tuple[str, str]]:
    """Pairs of tokens, no two of which share one."""
    return [(alias(2 * number + 1), alias(2 * number + 2)) for number in range(count)]
