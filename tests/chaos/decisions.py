"""Stewards' decisions about people of the outbreak: made, replaced, and taken back."""

from __future__ import annotations

import random
from collections.abc import Sequence

from deploy.linkage.decide import decided, taken_back
from deploy.simulation.truth import TruePerson
from schemas.models.identity import Judgement, Verdict
from schemas.tokens import Keys

_FIRST = 1_580_000_000_000
_TOKENS = ("document", "account", "patient")
_EVERY, _MOST = 2, 200
_STAFF = "S-0001"


def decisions(people: Sequence[TruePerson], keys: Keys, dice: random.Random, portions: int) -> dict[int, list[Judgement]]:
    """By number of the portion what stewards write then: a pair made one person or two, later now and then the other way round, or taken back."""
    known = [tokens for person in people if len(tokens := _tokens(person, keys)) > 1]
    found: dict[int, list[Judgement]] = {}
    standing: dict[tuple[str, str], list[Judgement]] = {}
    for number in range(min(_MOST, max(4, portions // _EVERY))):
        one, other, verdict = _pair(known, dice)
        pair = min(one, other), max(one, other)
        if one == other or pair in standing:
            continue
        first = dice.randrange(portions)
        for portion in sorted({first, *(dice.randrange(first, portions) for _ in range(dice.randrange(3)))}):
            stands = standing.get(pair, [])
            if stands and dice.random() < 0.6:
                made = taken_back(stands, _STAFF, "mistake")
            else:
                verdict = verdict if not stands else Verdict.DIFFERENT if stands[0].verdict is Verdict.SAME else Verdict.SAME
                made = decided(*pair, verdict, _STAFF, "namesakes", _FIRST + number, stands)
            standing[pair] = [each for each in made if not each.retracted]
            found.setdefault(portion, []).extend(made)
    return found


def stand(made: Sequence[Judgement]) -> list[Judgement]:
    """Those that stand after all that were written in this order."""
    standing: dict[str, Judgement] = {}
    for one in made:
        if one.retracted:
            standing.pop(one.id, None)
        else:
            standing[one.id] = one
    return list(standing.values())


def _pair(known: Sequence[Sequence[str]], dice: random.Random) -> tuple[str, str, Verdict]:
    """Two handles of one person who are to be two, or handles of two who are to be one."""
    if dice.random() < 0.5:
        one, other = dice.sample(dice.choice(known), 2)
        return one, other, Verdict.DIFFERENT
    first, second = dice.sample(range(len(known)), 2)
    return dice.choice(known[first]), dice.choice(known[second]), Verdict.SAME


def _tokens(person: TruePerson, keys: Keys) -> list[str]:
    return [keys.token(kind, *parts) for kind, *parts in person.handles if kind in _TOKENS]
