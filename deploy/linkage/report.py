"""One page about how well some records are linked, that opens without a network: everything is in it, and nothing personal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from deploy.linkage import pictures
from deploy.linkage.curve import curve
from deploy.linkage.evaluate import Evaluation
from deploy.linkage.examples import Example, examples
from deploy.linkage.files import Read
from deploy.linkage.measure import Rates, together
from deploy.linkage.pairwise import Pairwise, RuleCount
from deploy.linkage.waterfall import bars, grade
from streams.identity.model import Model
from streams.identity.spec import Spec

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1d2b36; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #c9d6df; } h3 { font-size: 1rem; }
table { border-collapse: collapse; margin: .6rem 0; } th, td { text-align: left; padding: .15rem .9rem .15rem 0; vertical-align: top; }
th { border-bottom: 1px solid #c9d6df; } td.number { text-align: right; font-variant-numeric: tabular-nums; } svg { max-width: 100%; height: auto; }
"""
_OVER = "Of pairs that share a blocking key, before they are made clusters. Both thresholds were fixed in advance."
_RULE = ("rule", "pairs", "true", "only by this", "lost to crowded keys", "why")
Cell = object


def report(spec: Spec, model: Model, read: Read, found: Evaluation, seed: int) -> str:
    """The page, as HTML. Raises NoPictures when matplotlib is not installed."""
    pairwise = Pairwise(spec, model, read.records)
    weights, true = pairwise.weights(), together(read.person)
    counts = pairwise.rules(true)
    shown = examples(weights, true, round(spec.link * 1000), round(spec.review * 1000))
    parts = [
        *_head(spec, model, found, seed),
        *_section("Accuracy", _table(("", "pairs", "true", "precision", "recall", "F1"), _accuracy(found))),
        *_section("Precision and recall over the threshold", _says(_OVER), pictures.curves(curve(weights, true), spec.link, spec.review)),
        *_section("What is missed, and why", _table(("cause", "true pairs"), found.missed.items()), *_recalls(found)),
        *_section("Blocking rules", pictures.rules(counts, len(true)), _table(_RULE, _rules(counts))),
        *_section("Weights", pictures.weights(model), _table(("field", "level", "m", "u", "bits", ""), _weights(model))),
        *_section("Some pairs", *(part for example in shown for part in _example(spec, read, pairwise, example))),
    ]  # fmt: skip
    head = f'<head><meta charset="utf-8"><title>{escape(f"Linkage: {spec.name}")}</title><style>{_STYLE}</style></head>'
    return "\n".join(["<!doctype html>", '<html lang="en">', head, "<body>", *parts, "</body></html>", ""])


def _head(spec: Spec, model: Model, found: Evaluation, seed: int) -> Iterator[str]:
    yield f"<h1>Linkage: {escape(spec.name)}</h1>"
    yield _says(spec.says)
    yield _says(f"{found.records:,} records of {found.people:,} people came one at a time in an order drawn with seed {seed}.")
    yield _says(f"Model version {model.version}, trained on {model.trained_on} without labels.")
    yield _says(f"Pairs are linked from {spec.link:g} bits on, and reviewed from {spec.review:g}.")
    yield _says(f"{found.linked.per_second:,.0f} records a second in one process.")


def _accuracy(found: Evaluation) -> Iterator[Sequence[Cell]]:
    yield "final clusters", *_rates(found.clusters)
    yield "automatic links", *_rates(found.links)
    for doubt, rates in found.reviews.items():
        yield f"waits for a steward: {doubt.value}", rates.found, rates.right, "", "", ""


def _rates(rates: Rates) -> tuple[Cell, ...]:
    return rates.found, rates.right, f"{rates.precision:.4f}", f"{rates.recall:.4f}", f"{rates.f1:.4f}"


def _recalls(found: Evaluation) -> Iterator[str]:
    for title, shares in (("Recall where a field is missing in either record", found.fields), ("Recall by kind of error in either record", found.errors)):
        if shares:
            yield f"<h3>{title}</h3>"
            yield _table(("", "true pairs", "in one cluster", "recall"), ((one.what, one.true, one.found, f"{one.recall:.4f}") for one in shares))


def _rules(counts: Sequence[RuleCount]) -> Iterator[Sequence[Cell]]:
    return ((one.rule, one.pairs, one.true, one.alone, one.crowded, one.says) for one in counts)


def _weights(model: Model) -> Iterator[Sequence[Cell]]:
    for name, field in model.fields.items():
        for level, one in field.levels.items():
            yield name, level, f"{one.m:.4g}", f"{one.u:.4g}", f"{one.weight / 1000:+.2f}", one.says


def _example(spec: Spec, read: Read, pairwise: Pairwise, example: Example) -> Iterator[str]:
    one, other = example.pair
    steps = bars(pairwise.explain(one, other))
    made = grade(spec, example.weight, pairwise.contradiction(one, other))
    yield f"<h3>{escape(example.says)}</h3>"
    yield _says(f"{read.places[one]} and {read.places[other]}: {example.weight / 1000:+.2f} bits, {made}; found by {', '.join(pairwise.shared(one, other))}.")
    yield pictures.waterfall(steps, spec.link, spec.review)


def _section(title: str, *parts: str) -> Iterator[str]:
    yield f"<h2>{escape(title)}</h2>"
    yield from parts


def _says(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    return f"<table><tr>{head}</tr>" + "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows) + "</table>"


def _cell(value: Cell) -> str:
    if isinstance(value, int):
        return f'<td class="number">{value:,}</td>'
    return f"<td>{escape(str(value))}</td>"
