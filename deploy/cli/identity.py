"""`lianfang identity`: train, evaluate and report; explain, review, try and switch are in modules of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from deploy.cli.explain import explain
from deploy.cli.linkage import FILES, MODEL, ORDER, SPEC, WITHOUT, given_or_trained, records_of, spec_of, trained
from deploy.cli.output import Problem, as_json, progress, show, table
from deploy.cli.reviews import review
from deploy.cli.switch import switch, try_
from deploy.linkage.evaluate import Evaluation, Share
from deploy.linkage.evaluate import evaluate as compute
from deploy.linkage.files import Read
from deploy.linkage.measure import Rates
from streams.identity.model import Model, save
from streams.identity.spec import Spec


@click.group()
def identity() -> None:
    """Which records are of one person: train and judge the weights, explain a pair, decide about pairs that wait.

    \b
    With files:   train, evaluate, report, explain --file
    On the bus:   review, explain, try, switch
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


for command in (explain, review, try_, switch):
    identity.add_command(command)


@identity.command("train")
@FILES
@SPEC
@WITHOUT
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the model goes.")
@click.option("--version", default=1, show_default=True, type=click.IntRange(1), help="Version of the model; the bus takes only one higher than its own.")
@as_json
def train(files: tuple[Path, ...], spec: str, without: tuple[str, ...], out: Path, version: int, json_: bool) -> None:
    """Learn what agreement weighs from the records of CSV FILES, without being told who is who, and write it as a model file.

    The weights are estimated by expectation maximisation over all pairs (Fellegi and Sunter 1969; Winkler 1988). A truth column is not read.
    """
    read_as = spec_of(spec, without)
    model = trained(read_as, records_of(read_as, files), files, version)
    out.write_text(save(model), "utf-8")
    show(json_, {"model": str(out), **model.model_dump(mode="json", exclude={"fields": {"__all__": {"terms"}}})}, lambda: _model(model, out))


@identity.command("evaluate")
@FILES
@SPEC
@WITHOUT
@MODEL
@ORDER
@as_json
def evaluate(files: tuple[Path, ...], spec: str, without: tuple[str, ...], model: str | None, order: int, json_: bool) -> None:
    """Link the records of CSV FILES one at a time in random order, through the stages that run on the bus, and judge the people beside the truth.

    The truth column is used for judging only. Rates are of pairs: inside the final clusters, and of automatic links before they are made clusters. A column
    `errors` (kinds of error, with semicolons between) gives recall by kind of error.
    """
    _, _, found, _ = _evaluated(files, spec_of(spec, without), model, order)
    show(json_, found.document(), lambda: tell(found))


@identity.command("report")
@FILES
@SPEC
@WITHOUT
@MODEL
@ORDER
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the page goes.")
@as_json
def report(files: tuple[Path, ...], spec: str, without: tuple[str, ...], model: str | None, order: int, out: Path, json_: bool) -> None:
    """Write one HTML page about how well CSV FILES are linked, with pictures; it opens without a network.

    Precision and recall over the threshold, what is missed and by which blocking rule, the weights, and how the weight of some pairs adds up. Nothing in it is
    personal. Needs the extra `report`.
    """
    from deploy.linkage.pictures import NoPictures
    from deploy.linkage.report import report as page

    read_as, weighed, found, read = _evaluated(files, spec_of(spec, without), model, order)
    progress("drawing")
    try:
        text = page(read_as, weighed, read, found, order)
    except NoPictures as error:
        raise Problem(str(error)) from error
    out.write_text(text, "utf-8")
    show(json_, {"report": str(out), **found.document()}, lambda: click.echo(f"Written to {out}: open it in a browser."))


def _evaluated(files: Sequence[Path], read_as: Spec, model: str | None, order: int) -> tuple[Spec, Model, Evaluation, Read]:
    read = records_of(read_as, files)
    if not read.person:
        raise Problem(f"these files do not tell who is who: the spec {read_as.name} reads it from {read_as.truth.column if read_as.truth else 'no column'}")
    weighed = given_or_trained(read_as, model, read, files)
    progress(f"linking {len(read.records):,} records one at a time")
    try:
        return read_as, weighed, compute(read_as, weighed, read, order, progress), read
    except ValueError as error:
        raise Problem(str(error)) from error


def _model(model: Model, out: Path) -> None:
    levels = [(name, level, one) for name, field in model.fields.items() for level, one in field.levels.items()]
    rows = [(name, level, f"{one.m:.4g}", f"{one.u:.4g}", f"{one.weight / 1000:+.2f}", one.says) for name, level, one in levels]
    table(f"Model {model.version} for {model.spec}, written to {out}", ("field", "level", "m", "u", "bits", ""), rows)
    click.echo(f"Before anything is compared a pair weighs {model.prior / 1000:+.2f} bits. m, u: share of the pairs of one person, and of two, at the level.")


def tell(found: Evaluation) -> None:
    """The tables for people."""
    columns = ("", "pairs", "true", "to find", "precision", "recall", "F1")
    rates = [("final clusters", *_rates(found.clusters)), ("automatic links", *_rates(found.links))]
    table(f"{found.records:,} records of {found.people:,} people", columns, rates)
    table("Pairs that wait for a steward", ("doubt", "pairs", "true"), [(doubt, one.found, one.right) for doubt, one in found.reviews.items()])
    table("True pairs in different clusters, by cause", ("cause", "pairs"), [one for one in found.missed.items() if one[1]])
    _shares("Recall where a field is missing in either record", found.fields)
    if found.errors:
        _shares("Recall by kind of error in either record", found.errors)
    half, most = (f"{1000 * found.linked.quantile(share):.1f} ms" for share in (0.5, 0.99))
    click.echo(f"\n{found.linked.per_second:,.0f} records a second in one process; half within {half}, 99 of 100 within {most}.")


def _rates(rates: Rates) -> tuple[object, ...]:
    return (*rates, f"{rates.precision:.4f}", f"{rates.recall:.4f}", f"{rates.f1:.4f}")


def _shares(title: str, shares: Sequence[Share]) -> None:
    table(title, ("", "true pairs", "in one cluster", "recall"), [(one.what, one.true, one.found, f"{one.recall:.4f}") for one in shares])
