"""Dashboard, alerts and pages against the list of metrics: nothing is asked for that nobody measures, and nothing is measured that nobody sees."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest
import yaml

from deploy.docs.shipped import ROOT
from deploy.operate.alerts import ALERTS, Alert
from deploy.operate.dashboard import ROWS, dashboard
from deploy.operate.files import scrape
from schemas.metrics import METRICS, Histogram, Part

OF_OTHERS = {"up", "process_start_time_seconds"}
"""Metrics of Prometheus itself and of every process."""
REHEARSED = ROOT / "tests/deploy/operate/alerts.test.yaml"
SERIES = {f"{one.name}{end}": one for one in METRICS for end in (("_bucket", "_count", "_sum") if isinstance(one, Histogram) else ("",))}
EXPRS = [expr for row in ROWS.values() for panel in row for expr in panel.exprs.values()]


def selectors(node: Any) -> Iterator[Any]:
    """All selectors of series in parsed PromQL."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    if isinstance(node, promql_parser.SubqueryExpr):  # of which the parser shows only the text
        yield from selectors(promql_parser.parse(str(node).rpartition("[")[0]))
    for name in ("expr", "lhs", "rhs", "vector_selector"):
        child = getattr(node, name, None)
        if child is not None:
            yield from selectors(child)
    for child in getattr(node, "args", ()) or ():
        yield from selectors(child)


def asked(expr: str) -> set[str]:
    """The names of series in PromQL; Grafana's own words for intervals are read as five minutes."""
    return {one.name for one in selectors(promql_parser.parse(expr.replace("$__rate_interval", "5m")))}


def words(expr: str) -> set[str]:
    """The labels that PromQL names: in matchers and behind `by`."""
    inside = re.findall(r'(\w+)(?:=~|!~|!=|=)"', expr)
    return {*inside, *(word.strip() for group in re.findall(r"by \(([^)]*)\)", expr) for word in group.split(","))}


@pytest.mark.parametrize("expr", [*EXPRS, *(alert.expr for alert in ALERTS)])
def test_every_expression_asks_for_what_is_measured(expr: str) -> None:
    """It is PromQL, its series are on the list, and its labels are theirs or those that Prometheus adds."""
    names = asked(expr)
    assert names
    assert names <= SERIES.keys() | OF_OTHERS
    labels = {label for name in names if name in SERIES for label in SERIES[name].label_names}
    assert words(expr) <= labels | {"le", "instance", "job"}


def test_every_metric_is_seen() -> None:
    """Each is on the dashboard or in an alert, and on the page."""
    seen = {SERIES[name].name for expr in (*EXPRS, *(alert.expr for alert in ALERTS)) for name in asked(expr) if name in SERIES}
    assert {one.name for one in METRICS} - seen == set()
    page = (ROOT / "deploy/operate/metrics.md").read_text("utf-8")
    assert [one.name for one in METRICS if f"`{one.name}`" not in page] == []


def test_the_check_can_fail() -> None:
    """A misspelt metric, a misspelt label and broken PromQL are seen."""
    assert not asked("sum(lianfang_stage_lag_secs)") <= SERIES.keys()
    assert words('sum by (stge) (x{topik="a"})') == {"stge", "topik"}
    with pytest.raises(ValueError, match=r"\S"):
        asked("sum by (stage (x)")


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_every_alert_can_be_acted_on(alert: Alert) -> None:
    """It has a runbook that names it, a sentence, and what it fills into the sentence is a label that its result has."""
    runbook = (ROOT / f"deploy/runbooks/{alert.runbook}.md").read_text("utf-8")
    assert f"Lianfang{alert.name}" in runbook
    assert alert.says.endswith(".")
    filled = set(re.findall(r"\$labels\.(\w+)", alert.says))
    kept = {word.strip() for group in re.findall(r"by \(([^)]*)\)", alert.expr) for word in group.split(",")}
    assert filled <= (kept or {"part", "instance", "job"})


def test_rules_are_as_prometheus_reads_them() -> None:
    """One group; names are unique, durations are durations, severities are two."""
    (group,) = yaml.safe_load((ROOT / "deploy/operate/alerts.yaml").read_text("utf-8"))["groups"]
    names = [rule["alert"] for rule in group["rules"]]
    assert len(names) == len(set(names)) == len(ALERTS)
    assert all(re.fullmatch(r"\d+[smhd]", rule["for"]) for rule in group["rules"])
    assert {rule["labels"]["severity"] for rule in group["rules"]} == {"page", "ticket"}


def test_prometheus_rehearses_every_alert() -> None:
    """Each has a case in which it fires; Prometheus' own tool runs them, when it is installed."""
    cases = yaml.safe_load(REHEARSED.read_text("utf-8"))["tests"]
    tried = [(one["alertname"], bool(one["exp_alerts"])) for case in cases for one in case["alert_rule_test"]]
    assert {name for name, fires in tried if fires} == {f"Lianfang{alert.name}" for alert in ALERTS}
    if not (tool := shutil.which("promtool")):
        pytest.skip("promtool is not installed (`make alerts` makes it where there is Go)")
    told = subprocess.run([tool, "test", "rules", str(REHEARSED)], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_dashboard_is_whole() -> None:
    """Every panel has a place that no other takes, an own number, and the data source that the dashboard lets one choose."""
    panels = json.loads(dashboard())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    fields = [(x, y) for panel in panels for at in [panel["gridPos"]] for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
    assert len(fields) == len(set(fields))
    assert {panel["datasource"]["uid"] for panel in panels if panel["type"] == "timeseries"} == {"${datasource}"}
    assert all(x < 24 for x, _ in fields)


def test_every_command_is_scraped() -> None:
    """The example names each command as the job that the alerts know."""
    jobs: Any = scrape()["scrape_configs"]
    assert [job["job_name"] for job in jobs] == [part.value for part in Part]


def test_names_are_prometheus_names() -> None:
    """Counters end in _total and nothing else does; each name says its unit where there is one; no label is a value of a message."""
    for one in METRICS:
        assert re.fullmatch(r"lianfang_[a-z_]+", one.name)
        assert one.name.endswith("_total") == (type(one).__name__ == "Counter"), one.name
        assert one.says.endswith("."), one.name
        assert set(one.label_names) <= {"stage", "topic", "partition", "verdict", "reason", "failure", "source", "code", "accepted", "agency", "answer", "part"}
