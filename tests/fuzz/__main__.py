"""`make fuzz`."""

from __future__ import annotations

import argparse
import asyncio
import time

from tests.fuzz.run import Account, fuzz
from tests.fuzz.topics import vandalised

_STEP = 5_000


def main() -> None:
    """Try many inputs, and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=100_000, help="Inputs through connectors; half as many messages go straight onto topics.")
    parser.add_argument("--only", type=int, help="Only the input of this number.")
    asked = parser.parse_args()
    began, account = time.monotonic(), Account()
    numbers = [asked.only] if asked.only is not None else list(range(asked.count))
    for start in range(0, len(numbers), _STEP):
        asyncio.run(fuzz(asked.seed, numbers[start : start + _STEP], account))
        print(f"{min(start + _STEP, len(numbers)):,} inputs, {time.monotonic() - began:.0f} s", flush=True)
    print(*(f"{count:>9,}  {what}" for what, count in sorted(account.inputs.items())), sep="\n")
    print("records:", ", ".join(f"{count:,} {what}" for what, count in sorted(account.records.items())))
    print(f"slowest input: {account.slowest[0] * 1000:.0f} ms, number {account.slowest[1]}")
    if asked.only is None:
        found = vandalised(asked.seed, range(asked.count // 2))
        print("straight onto topics:", ", ".join(f"{count:,} {what}" for what, count in sorted(found.items())))
    print(f"seed {asked.seed}: every input is accounted for; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
