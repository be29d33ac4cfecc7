"""`python -m tests.accuracy chinese`: how well invented Chinese people are linked, by kind of error, by what both records say, and by blocking rule."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from deploy.cli.output import table
from deploy.linkage.measure import inside, rates
from deploy.simulation.linkage import Written, people
from streams.identity.model import shipped
from streams.identity.spec import Spec
from streams.identity.spec import shipped as shipped_spec
from tests.accuracy.chinese_link import People, by_rule, linked
from tests.accuracy.measure import Pairs
from tests.realdata.data import VARIABLE

NUMBER = 20_000
OTHERS = 100
"""Added to the seed, so that the people are not those on whom the shipped model was trained (seed 1)."""
_MOST = 25
"""Rows of the fields that both records tell."""
_HEADS = ("found", "right", "precision", "recall")


def main(seed: int = 1, number: int = NUMBER) -> int:
    """Print the tables, for the shipped names in all of Yunnan and in one county, and for the names of ChineseNames where they are."""
    spec, model = shipped_spec("people"), shipped("people")
    for title, folder, counties in _worlds():
        records = list(people(number, seed + OTHERS, folder, counties))
        found = linked(spec, model, records, seed)
        print(f"\n{number:,} people, {title}, {len(records):,} records, {len(found.aliases):,} aliases, seed {seed}; model {model.version}, {model.trained_on}")
        tell(spec, records, found)
    return 0


def tell(spec: Spec, records: Sequence[Written], found: People) -> None:
    """Print what is right and what is missed."""
    true, clusters = true_pairs(records), inside(found.people)
    aliases = alias_pairs(records, found)
    parts = {
        "same handle": inside(alias.records for alias in found.aliases.values()), "links": found.records(found.links),
        "review": found.records(found.review), "people": clusters,
    }  # fmt: skip
    table("Pairs of records", ("", *_HEADS), [(name, *_row(pairs, true)) for name, pairs in parts.items()])
    table("Pairs of aliases", ("", *_HEADS), [("links", *_row(found.links, aliases)), ("review", *_row(found.review, aliases))])
    reached = clusters | parts["review"]
    heads = ("true pairs", "linked", "linked or in review")
    written = {one.record: one for one in records}
    errors = shares(true, clusters, reached, lambda a, b: {*written[a].errors, *written[b].errors} or {"none"})
    table("By kind of error in either record", ("error", *heads), errors)
    fields = shares(true, clusters, reached, lambda a, b: [" ".join(sorted({*written[a].says} & {*written[b].says}))])
    table("By the fields that both records tell", ("fields", *heads), fields[:_MOST])
    _tell_rules(spec, found, aliases)


def _tell_rules(spec: Spec, found: People, true: Pairs) -> None:
    rules = by_rule(spec, found)
    under: dict[tuple[str, str], list[str]] = defaultdict(list)
    for rule, (pairs, _, _) in rules.items():
        for pair in pairs:
            under[pair].append(rule)
    rows = [(rule, len(pairs), len(pairs & true), sum(under[pair] == [rule] for pair in pairs & found.links & true), largest, crowded)
            for rule, (pairs, largest, crowded) in rules.items()]  # fmt: skip
    table("By blocking rule, pairs of aliases", ("rule", "pairs", "of them true", "links found by it alone", "largest block", "blocks left out"), rows)
    print(f"{len(true)} true pairs of aliases, {len(true & set(under))} under a common key.")


def true_pairs(records: Iterable[Written]) -> Pairs:
    """The pairs of records of one person."""
    return inside(_by_person((one.person, one.record) for one in records))


def alias_pairs(records: Iterable[Written], found: People) -> Pairs:
    """The pairs of aliases of one person; an alias of several people, by a number misread as another's, counts for each."""
    person = {one.record: one.person for one in records}
    return inside(_by_person((person[record], alias.name) for alias in found.aliases.values() for record in alias.records))


def shares(true: Pairs, clusters: Pairs, reached: Pairs, kinds: Callable[[str, str], Iterable[str]]) -> list[tuple[str, int, str, str]]:
    """For each kind of pair how many there are, and which shares are linked, and linked or in review; the most frequent first."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for a, b in true:
        for kind in kinds(a, b):
            for place, there in enumerate((True, (a, b) in clusters, (a, b) in reached)):
                counts[kind][place] += there
    ordered = sorted(counts.items(), key=lambda one: (-one[1][0], one[0]))
    return [(kind, whole, f"{one / whole:.3f}", f"{other / whole:.3f}") for kind, (whole, one, other) in ordered]


def _row(pairs: Pairs, true: Pairs) -> tuple[object, ...]:
    one = rates(pairs, true)
    return one.found, one.right, f"{one.precision:.5f}", f"{one.recall:.4f}"


def _by_person(members: Iterable[tuple[str, str]]) -> list[set[str]]:
    people: dict[str, set[str]] = defaultdict(set)
    for person, member in members:
        people[person].add(member)
    return list(people.values())


def _worlds() -> list[tuple[str, Path | None, tuple[str, ...]]]:
    """Names and counties: the shipped names, all counties or one, and the names of ChineseNames where the environment names the folder."""
    folder = Path(os.environ[VARIABLE]) / "chinese-names" if os.environ.get(VARIABLE) else None
    shipped_names = [("shipped names", None, ()), ("shipped names, all in one county", None, ("530624",))]
    return [*shipped_names, *([("names of ChineseNames", folder, ())] if folder and folder.is_dir() else [])]
