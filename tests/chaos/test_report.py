"""The report: recovery by kind of fault, and a document for everything."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.chaos.faults import Fault, Kind
from tests.chaos.report import lines, quantile, rows, save
from tests.chaos.run import Outcome
from tests.chaos.units import End
from tests.simulation.anomalies import Anomaly, Name


def _fault(kind: Kind, lasted: float, took: float) -> Fault:
    nothing = frozenset[str]()
    return Fault(kind, nothing, nothing, lasted, lambda: None, lambda: None, injected=10.0, healed=10.0 + lasted, recovered=10.0 + lasted + took)


@pytest.mark.parametrize(("values", "share", "found"), [([], 0.5, 0.0), ([3.0], 0.99, 3.0), ([4.0, 1.0, 3.0, 2.0], 0.5, 3.0), (list(range(200)), 0.99, 198)])
def test_quantile(values: list[float], share: float, found: float) -> None:
    """The value below which a share of them lies."""
    assert quantile(values, share) == found


def test_recovery_counts_from_the_end_of_the_fault() -> None:
    """A row for each kind: how often, how long it lasted, how long until all went on; what never recovered is no recovery of no time."""
    stuck = _fault(Kind.CUT, 1.0, 0.0)
    stuck.recovered = 0.0
    found = {row["fault"]: row for row in rows([_fault(Kind.CUT, 1.0, 2.0), _fault(Kind.CUT, 3.0, 6.0), stuck, _fault(Kind.ZOMBIE, 5.0, 0.5)])}
    assert found[Kind.CUT] == {"fault": "connections cut", "times": 3, "lasted": 1.7, "recovery_p50": 6.0, "recovery_p99": 6.0, "recovered": 2}
    assert found[Kind.ZOMBIE]["recovery_p50"] == 0.5


def test_the_report_is_lines_of_json(tmp_path: Path) -> None:
    """Run, faults, topics, processes that ended and anomalies are each a line, and the run says how it is done again."""
    outcome = Outcome("python -m tests.chaos --seed 3", {"seed": 3}, [_fault(Kind.CUT, 1.0, 2.0)], [(End("upstream", 1.0, 1, "disk"), True)], Counter({"presence": 4}),
                      [Anomaly(Name.STUCK, "cases on case.evidence/0")])  # fmt: skip
    save(outcome, tmp_path / "report.jsonl")
    told = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text("utf-8").splitlines()]
    assert told == list(lines(outcome))
    assert [one["what"] for one in told] == ["run", "fault", "topic", "end", "anomaly"]
    assert told[0]["again"] == "python -m tests.chaos --seed 3"
