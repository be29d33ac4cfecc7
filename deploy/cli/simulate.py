"""`lianfang simulate`."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from deploy.cli.output import Problem, as_json, show, table
from deploy.simulation.linkage import people as people_for_linking
from deploy.simulation.linkage.save import save as save_people
from deploy.simulation.outbreak import START
from deploy.simulation.outbreak import simulate as compute
from deploy.simulation.truth import Count, Truth
from deploy.simulation.write import FORMS, save


@click.command()
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the files; those of the same names are replaced.")
@click.option("--seed", default=1, show_default=True, help="Equal seeds give equal files, byte for byte, on every machine.")
@click.option("--people", default=400, show_default=True, help="How many people.")
@click.option("--days", default=21, show_default=True, help="How many days.")
@click.option("--start", default=START.isoformat(), show_default=True, type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--linkage", is_flag=True, help="Instead of an outbreak: people with one to five records each, and who is who, to train and to judge linking.")
@click.option("--names", type=click.Path(exists=True, file_okay=False, path_type=Path), help="With --linkage: folder data-csv of the R package ChineseNames.")
@as_json
def simulate(out: Path, seed: int, people: int, days: int, start: datetime, linkage: bool, names: Path | None, json_: bool) -> None:
    """Write the records of an invented outbreak, one file for each source in the form in which it comes, and truth.json: what was really so.

    Some records are late, out of order, sent twice, wrong and corrected, taken back, or broken on purpose; the truth counts them.

    With --linkage, write people.csv: what records say of invented people, with the errors that linking has to get past.
    """
    if linkage:
        _people(out, seed, people, names, json_)
        return
    if names:
        raise Problem("--names goes with --linkage; an outbreak has names that say by themselves that they are invented")
    try:
        outbreak = compute(seed, people, days, start.date())
    except ValueError as error:
        raise Problem(str(error)) from error
    paths = save(outbreak, out)
    truth = outbreak.truth
    files = [{"file": str(paths[count.source]), "form": FORMS[count.source].says, **count.model_dump()} for count in truth.sources]
    facts = _facts(truth)
    show(json_, {"files": files, "truth": str(out / "truth.json"), **facts}, lambda: _tell(out, truth.sources, facts))


def _people(out: Path, seed: int, number: int, names: Path | None, json_: bool) -> None:
    out.mkdir(parents=True, exist_ok=True)
    try:
        counts = save_people(people_for_linking(number, seed, names), out / "people.csv")
    except (ValueError, KeyError, FileNotFoundError) as error:
        raise Problem(f"no people could be made: {error}") from error
    told = dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
    path = out / "people.csv"
    show(json_, {"file": str(path), "seed": seed, **told}, lambda: table(f"Written to {path}", ("", "how many"), list(told.items())))


def _facts(truth: Truth) -> dict[str, object]:
    """The truth in a few numbers."""
    return {
        "seed": truth.seed, "start": truth.start, "days": truth.days, "people": len(truth.people), "infected": len(truth.infections),
        "cases": dict(sorted(Counter(case.status for case in truth.cases).items())), "returnees": len(truth.returnees), "co_presences": len(truth.co_presences),
    }  # fmt: skip


def _tell(out: Path, counts: list[Count], facts: dict[str, object]) -> None:
    columns = ("file", "form", "messages", "records", "duplicates", "corrections", "retractions", "broken", "late")
    rows = [(FORMS[one.source].file, FORMS[one.source].says, *(getattr(one, column) for column in columns[2:])) for one in counts]
    table(f"Written to {out}", columns, rows)
    cases = facts["cases"]
    assert isinstance(cases, dict)
    told = {**facts, "cases": ", ".join(f"{count} {status}" for status, count in cases.items())}
    table("What was so 真实情况 (all of it: truth.json)", ("", ""), [(name.replace("_", "-"), value) for name, value in told.items()])
