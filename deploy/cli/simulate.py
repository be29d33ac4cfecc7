"""`lianfang simulate`."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from deploy.cli.output import Problem, as_json, show, table
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
@as_json
def simulate(out: Path, seed: int, people: int, days: int, start: datetime, json_: bool) -> None:
    """Write the records of an invented outbreak, one file for each source in the form in which it comes, and truth.json: what was really so.

    Some records are late, out of order, sent twice, wrong and corrected, taken back, or broken on purpose; the truth counts them.
    """
    try:
        outbreak = compute(seed, people, days, start.date())
    except ValueError as error:
        raise Problem(str(error)) from error
    paths = save(outbreak, out)
    truth = outbreak.truth
    files = [{"file": str(paths[count.source]), "form": FORMS[count.source].says, **count.model_dump()} for count in truth.sources]
    facts = _facts(truth)
    show(json_, {"files": files, "truth": str(out / "truth.json"), **facts}, lambda: _tell(out, truth.sources, facts))


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
