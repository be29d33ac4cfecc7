"""`lianfang statistics`: what is shown to whom, as of when, and that it adds up."""

from __future__ import annotations

import json

import pytest

from connectors.reader import Entry
from schemas.models.case import LinkedCase, What
from schemas.models.statistic import Statistic
from streams.statistics import counted, stage
from tests.deploy import test_ages as ages
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.fakes import entry
from tests.streams.statistics.test_stage import FOUND, suspect
from tests.streams.tasks.cases import line
from tests.streams.trial import Trial

EXACT = ("--exact", "--by", "OP-1", "--reason", "quality")
SHOW = ("statistics", "show", "--region", "5306", "--measure", "status", "--json")


def history(*batches: tuple[LinkedCase, ...]) -> list[Entry]:
    """What the broker took of some batches of cases, a minute after each other from 2020-02-01 12:00 in China on."""
    first, second, found = Trial(counted.stage()), Trial(stage.stage()), []
    for number, cases in enumerate(batches):
        written = 1580529600000 + 60_000 * number
        found += [entry("case.linked", case, key=case.person, written=written) for case in cases]
        found += [entry("statistic", emit.value, key=emit.key, written=written) for emit in second.give(*[one.value for one in first.give(*cases)])]
    return found


MANY = tuple(suspect(str(number)) for number in range(20))
OTHER = tuple(suspect(f"isolated {number}", status="isolated") for number in range(7))
FEW = tuple(suspect(f"died {number}", status="died") for number in range(2))


def shown(run: Run, *words: str) -> dict[str, int | None]:
    """Counts by region and value."""
    return {f"{one['region']} {one['value']}": one["count"] for one in json.loads(run(*SHOW, *words).out)}


def test_small_counts_and_what_gives_them_away_are_left_out(run: Run, filled: Filled) -> None:
    """Two are not shown, nor the smallest count beside them; with a reason all are."""
    filled(*history((*MANY, *OTHER, *FEW)))
    assert shown(run) == {f"{region} {value}": count for region in ("5306", "530624") for value, count in (("suspected", 20), ("isolated", None), ("died", None))}
    assert shown(run, *EXACT)["5306 died"] == 2
    assert "*" in run(*SHOW[:-1]).out


def test_bands_of_ages(run: Run, filled: Filled) -> None:
    """Two children are not shown, nor by what is missing of all 30 cases; for a reason they are. Who told no age is 不详."""
    aged = [line(What.AGED, 0, note=word) for word in ("0-9", "30-39", "80+")]
    filled(*history(tuple(suspect(str(number), timeline=[FOUND, *aged[band:][:1]]) for number, band in enumerate([0] * 2 + [1] * 12 + [2] * 7 + [3] * 9))))
    show = ("statistics", "show", "--region", "5306", "--measure", "age")
    counts = {one["value"]: one["count"] for one in json.loads(run(*show, "--json").out) if one["region"] == "5306"}
    assert counts == {"0-9": None, "30-39": 12, "80+": None, "unknown": 9}
    assert json.loads(run(*show, *EXACT, "--json").out)[0] == {"region": "5306", "value": "0-9", "count": 2, "suppressed": False}
    assert "不详" in run(*show).out


def test_bands_of_ages_by_week(run: Run, filled: Filled) -> None:
    """As a table with a column for each band, as JSON, and exactly for a reason alone."""
    filled(*history(ages.cases(*ages.FEW)))
    words = ("statistics", "ages", "--region", "5306")
    assert "*" in run(*words).out
    told = {(one["from"], one["age_band"]): one["count"] for one in json.loads(run(*words, *EXACT, "--json").out)}
    assert (told["2020-01-20", "0-9"], told["all", "0-9"]) == (2, 19)
    assert "reason" in run(*words, "--exact").err


def test_as_it_was_known_then(run: Run, filled: Filled) -> None:
    """Past moments show what was known, and revisions how it changed."""
    filled(*history(MANY[:12], MANY[12:], (MANY[0].taken_back(),)))
    assert shown(run, *EXACT, "--as-of", "2020-02-01T11:59") == {}
    assert [shown(run, *EXACT, "--as-of", f"2020-02-01T12:0{minute}")["5306 suspected"] for minute in (0, 1, 2)] == [12, 20, 19]
    assert [one["count"] for one in json.loads(run(*SHOW, *EXACT, "--revisions").out)] == [12, 20, 19]


@pytest.mark.parametrize("words", [("--revisions",), ("--as-of", "2020-02-01T12:00"), ("--exact",), ("--exact", "--by", "OP-1"), (*EXACT[:-1], "curiosity")])
def test_who_sees_everything_says_who_and_why(words: tuple[str, ...], run: Run, filled: Filled) -> None:
    """Small counts and two moments side by side are shown for a reason only, and the command says what is missing."""
    filled(*history(MANY))
    told = run(*SHOW, *words)
    assert told.code == 1
    assert "reason" in told.err
    assert told.out == ""


def test_the_check_counts_anew(run: Run, filled: Filled) -> None:
    """What adds up exits with 0; a count that lost one and a cell that nobody counts exit with 1 and are named."""
    entries = history(MANY, FEW)
    filled(*entries)
    assert run("statistics", "check", "--patience", "0").code == 0
    (wrong, *_) = [one for one in entries if isinstance(one.value, Statistic) and one.value.measure == "status" and one.value.region == "53" and one.value.count == 20]
    assert isinstance(wrong.value, Statistic)
    filled(*[one for one in entries if one is not wrong])
    told = run("statistics", "check", "--patience", "0", "--json")
    assert told.code == 1
    assert json.loads(told.out)["wrong"] == [{"region": "53", "measure": "status", "value": "suspected", "day": "", "says": 0, "counted": 20}]
