"""Trains the model that is shipped for the people of the bus, on invented people.

    python -m deploy.simulation.linkage.model streams/identity/specs/people.json

It is trained on records, not on aliases: pairs of records of one document show how often everything else of one person differs. The invented people are few
beside those of a province, so the prior is not theirs. Training draws a sample of the pairs that share no key, in which there are next to no namesakes: how
often two people have one name, or names that sound the same, is counted instead.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Hashable, Iterable
from math import log2
from pathlib import Path

from deploy.linkage.train import train
from deploy.simulation.linkage.people import people
from streams.identity.kinds import KINDS
from streams.identity.model import LevelWeight, Model, save, weight
from streams.identity.spec import shipped

PEOPLE, SEED = 100_000, 1
PRIOR = round(1000 * log2(2 / 120_000_000))
"""For the 47 million people of Yunnan: of 120 million records, each is of one person with two others. In thousandths of a bit."""
_NAME, _LEVELS = "name", ("same", "same sound")


def trained(number: int = PEOPLE, seed: int = SEED) -> Model:
    """The model for so many invented people; the same for the same numbers."""
    profiles = [{field: [value] for field, value in written.says.items()} for written in people(number, seed)]
    told = f"the records of {number:,} invented people (lianfang simulate --linkage --seed {seed}); prior of 47 million people"
    model = train(shipped("people"), profiles, told)
    names = [text for profile in profiles for text in profile.get(_NAME, ())]
    return namesakes(model, names).model_copy(update={"prior": PRIOR})


def namesakes(model: Model, names: Iterable[str]) -> Model:
    """The model with how often names of two people are the same, or sound the same, as it is counted: of all pairs, less those of one person.

    Where no two share one it is taken that half a pair does.
    """
    prepared = [name for text in names if (name := KINDS["chinese-name"].prepare(text))]
    same, sound = _shared((name.han, name.letters) for name in prepared), _shared(name.letters for name in prepared)
    least = 1 / (len(prepared) * (len(prepared) - 1))
    field, one = model.fields[_NAME], 2 ** (model.prior / 1000)
    counted = {}
    for level, both in zip(_LEVELS, (same, sound - same), strict=True):
        m = field.levels[level].m
        u = max(both - one * m, least)
        says = f"{_NAME} {level}: {m / u:.3g} times as frequent among pairs of one person as among pairs of two, whose names were counted."
        counted[level] = LevelWeight(m=m, u=u, weight=weight(m, u), says=says)
    levels = {level: counted.get(level, old) for level, old in field.levels.items()}
    return model.model_copy(update={"fields": model.fields | {_NAME: field.model_copy(update={"levels": levels})}})


def _shared(values: Iterable[Hashable]) -> float:
    """The share of pairs that have the same value."""
    counts = Counter(values)
    whole = counts.total()
    return sum(count * (count - 1) for count in counts.values()) / (whole * (whole - 1))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(save(trained()), "utf-8")
