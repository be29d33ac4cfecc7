"""`python -m tests.realdata`: the files through the bus, in memory or (with --broker) on a real broker too, with what came of them and what does not hold."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from deploy.cli.output import table
from tests.realdata import broker, memory
from tests.realdata.answer import Answer
from tests.realdata.compare import differences, merged, records
from tests.realdata.data import Files, NoData, find
from tests.realdata.show import show


def main(words: Sequence[str]) -> int:
    """Run; the exit code is 0 when all holds or there are no data, and 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.realdata", description="Published case trajectories through the bus.")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--memory", action="store_true", help="In memory only; this is what happens without an option.")
    where.add_argument("--broker", action="store_true", help="In memory, and through the real commands on a broker of its own; the answers must be equal.")
    where.add_argument("--case", nargs=2, metavar=("PROVINCE", "NUMBER"), help="Print one published case (counted from 0) and its linked case, to compare by eye.")
    chosen = parser.parse_args(words)
    try:
        files = find()
    except NoData as why:
        print(f"skipped: {why}")
        return 0
    if chosen.case:
        return show(files, chosen.case[0], int(chosen.case[1]))
    problems = in_memory(files) + (on_a_broker(files) if chosen.broker else [])
    print("\n".join(["", *(f"WRONG: {problem}" for problem in problems)]) if problems else "\nAll of it holds.")
    return 1 if problems else 0


def in_memory(files: Files) -> list[str]:
    """Every file in memory, and one province in both forms; what does not hold."""
    answers = [memory.answer(name, paths) for name, paths in files.by_source().items()]
    tell(answers)
    shared, rows, together = memory.answer("trajectory", files.shared()), answers[1], merged(files.rows)
    problems = [problem for one in (*answers, shared) for problem in one.problems] + differences(shared, rows, together)
    if records("trajectory", files.shared()) != records("trajectory-csv", files.rows):
        problems.append("the steps of the cases and of the rows of one province are not the same")
    print(f"\nOne province in both forms: {shared.records} and {rows.records} steps, {len(shared.cases)} and {len(rows.cases)} linked cases;")
    print(f"{len(together)} people of the rows are several cases, which their columns do not tell apart; all others are the same.")
    return problems


def on_a_broker(files: Files) -> list[str]:
    """Every file on a real broker; where the answer is not the one in memory."""
    problems = []
    with broker.stack() as settings:
        keys = settings.keys.unkept()
        for name, paths in files.by_source().items():
            found, reconciled = broker.answer(settings, name, paths)
            tell([found])
            print(reconciled)
            problems += found.problems
            expected = memory.answer(name, paths, keys)
            for what in ("records", "applied", "duplicates", "rejected", "cases", "rejects"):
                if getattr(found, what) != getattr(expected, what):
                    problems.append(f"{name}: {what} on the broker are not those in memory")
    return problems


def tell(answers: Sequence[Answer]) -> None:
    """The tables for people."""
    rows = [(one.source, one.records, one.applied, one.duplicates, one.rejected, len(one.cases), f"{one.seconds:.1f}") for one in answers]
    table("What came of the records", ("source", "records in", "applied", "duplicates", "rejected", "linked cases", "seconds"), rows)
    for one in answers:
        table(f"{one.source}: refused, by reason", ("records", "reason"), [(count, why) for why, count in one.reasons.most_common()])
        table(f"{one.source}: linked cases", ("cases", "roles", "status"), [(count, *kind) for kind, count in sorted(one.kinds.items())])
        met = [case for case in one.cases if case["contacts"]]
        exposed = {(case["person"], other["person"]) for case in met for other in case["contacts"]}
        facts = [*one.counts.items(), ("people who exposed others", len(met)), ("people exposed", len({pair[1] for pair in exposed})), ("pairs", len(exposed))]
        table(f"{one.source}: contacts", ("what", "how many"), facts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
