"""`python -m tests.accuracy`: how well sets with truth are linked, trained on themselves without it, one record at a time, beside Splink."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec

from deploy.cli.output import table
from deploy.linkage.measure import Rates
from deploy.linkage.train import train
from streams.identity.records import Record
from streams.identity.spec import Spec, shipped
from tests.accuracy import generate
from tests.accuracy.linker import link
from tests.accuracy.measure import Accuracy, accuracy, true_pairs
from tests.accuracy.published import NUMBER, PUBLISHED, folder, read, without
from tests.realdata.data import NoData

GENERATED: dict[str, Callable[[int], tuple[Spec, list[Record]]]] = {
    "like-febrl": lambda seed: _generated(without(shipped("febrl"), (NUMBER,)), generate.febrl(1000, seed)),
    "like-febrl-hard": lambda seed: _generated(without(shipped("febrl"), (NUMBER,)), generate.febrl(1000, seed, mistakes=8, most=5)),
    "like-febrl-single": lambda seed: _generated(without(shipped("febrl"), (NUMBER,)), generate.febrl(1000, seed, most=0)),
    "like-fake": lambda seed: _generated(shipped("fake"), generate.fake(250, seed)),
    "like-fake-large": lambda seed: _generated(shipped("fake"), generate.fake(1000, seed)),
    "like-fake-sparse": lambda seed: _generated(shipped("fake"), generate.fake(250, seed, missing=0.4)),
}
"""Sets that are drawn with the seed, by name."""
_CHINESE = "tests.accuracy.chinese"
HEADS = ("set", "records", "pairs", "blocked R", "links P", "links R", "links F1", "review", "of them true", "clusters P", "clusters R", "clusters F1", "Splink", "s")


def main(words: Sequence[str]) -> int:
    """Print the table; the exit code is 0 also where the published sets are not here."""
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy", description="How well people are linked.")
    parser.add_argument("--data", metavar="DIR", help="The folder above febrl and fake-1000; LIANFANG_REALDATA when it is not given.")
    parser.add_argument("--seed", type=int, default=1, help="Of what is generated, and of the order in which records arrive.")
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"Which: {', '.join([*PUBLISHED, *GENERATED])}, chinese. All but the last when none is named.")
    chosen = parser.parse_args(words)
    if chosen.sets == ["chinese"] and find_spec(_CHINESE):
        return int(import_module(_CHINESE).main(chosen.seed))
    unknown = set(chosen.sets) - set(PUBLISHED) - set(GENERATED)
    if unknown:
        parser.error(f"there is no set {', '.join(sorted(unknown))}")
    rows = []
    for name in chosen.sets or [*PUBLISHED, *GENERATED]:
        try:
            rows.append(measured(name, chosen.seed, chosen.data))
        except NoData as why:
            print(f"{name} skipped: {why}")
    table(f"Trained on the set itself, without its truth; records in random order, seed {chosen.seed}", HEADS, rows)
    print("P: precision; R: recall; Splink: F1 of its clusters at a fixed and at the best threshold.")
    return 0


def measured(name: str, seed: int, data: str | None) -> tuple[object, ...]:
    """The row of a set; raises NoData when it is published and not here."""
    spec, records = GENERATED[name](seed) if name in GENERATED else read(folder(data), name)
    started = time.perf_counter()
    found, true = assess(spec, records, seed)
    splink = PUBLISHED[name].splink if name in PUBLISHED else None
    beside = "/".join(f"{figure:.3f}" for figure in splink) if splink else ""
    seconds = f"{time.perf_counter() - started:.0f}"
    links, clusters = figures(found.links), figures(found.clusters)
    return (name, len(records), true, f"{found.candidates.recall:.4f}", *links, found.review.found, found.review.right, *clusters, beside, seconds)


def assess(spec: Spec, records: list[Record], seed: int) -> tuple[Accuracy, int]:
    """Train on records without their truth, link them in an order drawn with the seed, and judge; with the number of true pairs."""
    model = train(spec, (record.profile for record in records), "the set itself")
    true = true_pairs(records)
    return accuracy(spec, link(spec, model, records, seed), true), len(true)


def figures(rates: Rates) -> tuple[str, str, str]:
    """Precision, recall and F1, as written."""
    return f"{rates.precision:.4f}", f"{rates.recall:.4f}", f"{rates.f1:.4f}"


def _generated(spec: Spec, rows: generate.Rows) -> tuple[Spec, list[Record]]:
    return spec, generate.records(spec, rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
