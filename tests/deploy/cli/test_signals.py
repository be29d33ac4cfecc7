"""`lianfang signals`: what is shown to whom, and the scan."""

from __future__ import annotations

import json

from deploy.docs.golden import examples
from schemas.models.case import Status, What
from schemas.models.signal import Signal, Silence
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.fakes import entry
from tests.streams.statistics.test_stage import suspect
from tests.streams.tasks.cases import line

SIGNAL = next(one for one in examples("Signal") if isinstance(one, Signal))
FEW = SIGNAL.model_copy(update={"id": "f" * 32, "observed": 3, "day": "2020-01-21", "why": "3 cases"})
GONE = SIGNAL.model_copy(update={"id": "e" * 32})
SILENT = next(one for one in examples("Silence") if isinstance(one, Silence))
EXACT = ("--exact", "--by", "OP-1", "--reason", "tracing")


def test_standing_signals_the_latest_first(run: Run, filled: Filled) -> None:
    """Small counts and their words are left out, what was taken back is not there, and whoever says why sees all."""
    filled(*(entry("signal", one, key=one.region) for one in (SIGNAL, FEW, GONE, GONE.taken_back())), entry("signal.silence", SILENT, key=SILENT.place))
    shown = json.loads(run("signals", "list", "--region", "5306", "--json").out)
    assert [(one["day"], one["observed"], one["why"]) for one in shown["signals"]] == [("2020-01-21", None, None), ("2020-01-20", 5, SIGNAL.why)]
    assert [one["place"] for one in shown["silent"]] == [SILENT.place]
    assert [one["observed"] for one in json.loads(run("signals", "list", *EXACT, "--json").out)["signals"]] == [3, 5]
    table = run("signals", "list").out
    assert "under 5" in table
    assert "3 cases" not in table
    assert json.loads(run("signals", "list", "--region", "44", "--json").out)["signals"] == []


def test_who_sees_small_counts_says_why(run: Run, filled: Filled) -> None:
    """Otherwise nothing is shown."""
    filled()
    for words in (("list", "--exact"), ("scan", "--region", "53", "--until", "2020-01-20", "--by", "OP-1", "--reason", "curiosity")):
        told = run("signals", *words)
        assert (told.code, told.out) == (1, "")


def test_the_scan_counts_standing_cases(run: Run, filled: Filled) -> None:
    """Six suspected in one community on one day among others elsewhere earlier are a cluster there; without cases the command says so."""
    here = [suspect(f"here {number}", community="530624100001") for number in range(6)]
    there = [suspect(f"there {number}", community=f"53060200100{number}", timeline=[line(What.SUSPECTED, -24 * (2 + number))], status=Status.SUSPECTED) for number in range(9)]
    words = ("signals", "scan", "--region", "53", "--days", "14", "--until", "2020-01-20", "--measure", "report", "--by", "OP-1", "--reason", "tracing", "--json")
    filled(*(entry("case.linked", case, key=case.person) for case in (*here, *there)))
    (found,) = json.loads(run(*words).out)
    assert (found["first"], found["observed"]) == ("2020-01-20", 6)
    assert "530624100001".startswith(found["region"])
    filled()
    assert "no standing case" in run(*words).err
