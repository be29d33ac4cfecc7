"""What signing and verifying a decision costs: `python -m tests.bench.signing`."""

from __future__ import annotations

import time
from collections.abc import Callable

from schemas.models.control import LevelProposal
from schemas.signing import Signatures
from schemas.signing import _verified as verified
from tests.office import BUS, OFFICE, signed
from tests.schemas.test_signing import proposal

_MANY = 2_000


def _each(work: Callable[[LevelProposal], object], facts: list[LevelProposal]) -> float:
    """Microseconds for each."""
    began = time.perf_counter()
    for fact in facts:
        work(fact)
    return (time.perf_counter() - began) / len(facts) * 1e6


def main() -> None:
    """Print microseconds for a fact: signed, verified, verified again, and without a register."""
    plain = [proposal(until=proposal().until + number) for number in range(_MANY)]
    made = [signed("level.proposal", one) for one in plain]
    office, none = Signatures(OFFICE, BUS), Signatures()
    verified.cache_clear()
    print(f"{_each(lambda one: signed('level.proposal', one), plain):6.0f} µs  sign")
    print(f"{_each(lambda one: office.problem('level.proposal', one), made):6.0f} µs  verify")
    print(f"{_each(lambda one: office.problem('level.proposal', one), made):6.0f} µs  verify again")
    print(f"{_each(lambda one: none.problem('level.proposal', one), made):6.1f} µs  without a register")


if __name__ == "__main__":
    main()
