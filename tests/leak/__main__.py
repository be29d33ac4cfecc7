"""`python -m tests.leak` plays until something leaks, then puts in leaks that must be found; `--broker` looks at an outbreak on a real broker too."""

from __future__ import annotations

import sys
import time
from collections import Counter

import click
from rich.console import Console

from tests.leak.broker import on_a_broker
from tests.leak.mutations import MUTATIONS
from tests.leak.play import plays, run
from tests.leak.test_leak import found
from tests.leak.watch import Leak

_AT_ONCE = 100


@click.command()
@click.option("--plays", "number", default=2_000, show_default=True, help="How many plays, a hundred of each seed.")
@click.option("--seed", default=1, show_default=True, help="The first seed; the others follow it.")
@click.option("--mutations/--no-mutations", default=True, show_default=True, help="Whether leaks are put in on purpose too.")
@click.option("--broker/--no-broker", default=True, show_default=True, help="Whether an outbreak goes over a real broker too, and every topic is read.")
def main(number: int, seed: int, *, mutations: bool, broker: bool) -> None:
    """Look at every message that the path writes in random plays; fails when one is where it must not be, or a leak made on purpose is not found."""
    console, wrong, began = Console(), 0, time.monotonic()
    counts: Counter[str] = Counter()
    for first in range(seed, seed + max(1, number // _AT_ONCE)):
        for place, play in enumerate(plays(min(number, _AT_ONCE), first)):
            try:
                counts += run(play)
            except Leak as leak:
                wrong += 1
                console.print(f"seed {first}, play {place}: {leak}", markup=False)
    console.print(f"{number:,} plays in {time.monotonic() - began:.0f} s, {wrong} with a leak; messages looked at: {_told(counts)}")
    missed = [name for name, mutation in MUTATIONS.items() if mutations and not _shown(mutation, seed)]
    console.print(f"{len(MUTATIONS) if mutations else 0} leaks made on purpose, not found: {', '.join(missed) or 'none'}")
    if broker:
        console.print(f"on the broker nothing leaked; messages looked at: {_told(on_a_broker())}")
    sys.exit(bool(wrong or missed))


def _shown(mutation: object, seed: int) -> bool:
    assert callable(mutation)
    with mutation():
        return any(found(plays(_AT_ONCE, first)) for first in range(seed, seed + 5))


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{topic} {count:,}" for topic, count in counts.most_common())


if __name__ == "__main__":
    main()
