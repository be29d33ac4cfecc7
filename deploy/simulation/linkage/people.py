"""The records of any number of invented people, one after another, in little memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from deploy.simulation.dice import Dice
from deploy.simulation.linkage.hand import Hand
from deploy.simulation.linkage.homes import Homes
from deploy.simulation.linkage.naming import names as named
from deploy.simulation.linkage.rates import counties as all_counties
from deploy.simulation.linkage.rates import rates
from deploy.simulation.linkage.written import Written


def people(number: int, seed: int, names: Path | None = None, counties: Sequence[str] = ()) -> Iterator[Written]:
    """The records of so many people, household by household; equal arguments give equal records.

    `names` is a folder of the CSV files of ChineseNames, or None for the shipped names; `counties` are the codes of those where they live, all of Yunnan when
    none is given. Raises ValueError for less than one person, when it comes to a county with more people than resident numbers, and as `CountedNames` for names
    that are not there.
    """
    if number < 1:
        raise ValueError("at least one person is needed")
    return _records(number, seed, names, counties)


def shuffled(records: Iterator[Written], seed: int, window: int = 100_000) -> Iterator[Written]:
    """The records in an order of chance, as far as a window of so many of them allows."""
    dice, held = Dice(seed, "order"), []
    for record in records:
        held.append(record)
        if len(held) > window:
            yield _taken(dice, held)
    while held:
        yield _taken(dice, held)


def _records(number: int, seed: int, folder: Path | None, counties: Sequence[str]) -> Iterator[Written]:
    world, names = rates(), named(folder)
    errors = {name: rate.value for name, rate in world.errors.items()}
    chances = {name: rate.value for name, rate in world.people.items()}
    sources, shares = list(world.sources), list(accumulate(source.share for source in world.sources.values()))
    counts, sums = list(world.records.value), list(accumulate(world.records.value.values()))
    homes = Homes(seed, number, names, world, counties or all_counties())
    written, place = 0, 0
    while written < number:
        home = homes.home(place)
        dice = Dice(seed, f"records {place}")
        place += 1
        for person in home.members[: number - written]:
            written += 1
            for each in range(dice.weighed(counts, sums)):
                source = dice.weighed(sources, shares)
                while source == "border" and person.nationality == "CN" and dice.chance(0.8):
                    source = dice.weighed(sources, shares)
                hand = Hand(dice, errors, chances, names, world.sources[source])
                yield hand.write(f"{person.key}-{each}", source, person, home)


def _taken(dice: Dice, held: list[Written]) -> Written:
    """One of those held, which the last takes the place of."""
    place = dice.between(0, len(held) - 1)
    held[place], held[-1] = held[-1], held[place]
    return held.pop()
