"""The policy file: every entry has a source, and what cannot be meant is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

import streams
from schemas.models.case import Status
from streams.policy import Policy, load
from tests.streams.trial import DAY, HOUR, MINUTE, at

SHIPPED = Path(streams.__file__).parent / "policy.yaml"


def written(folder: Path, **changes: Any) -> Path:
    """A copy of the shipped file with some entries changed; None leaves one out."""
    entries = yaml.safe_load(SHIPPED.read_text("utf-8")) | changes
    path = folder / "policy.yaml"
    path.write_text(yaml.safe_dump({name: entry for name, entry in entries.items() if entry is not None}, allow_unicode=True), "utf-8")
    return path


def test_shipped_policy() -> None:
    """Durations are milliseconds, statuses are ours, and risk areas begin and end at midnight UTC; every entry of the file is an entry of the policy."""
    policy = load()
    assert (policy.assumed_stay, policy.longest_stay, policy.before_onset) == (30 * MINUTE, 12 * HOUR, 2 * DAY)
    assert policy.tracing_statuses == [Status.SUSPECTED, Status.PROBABLE, Status.CONFIRMED]
    assert all(area.since % DAY == area.until % DAY == 0 and area.since < area.until for area in policy.risk_areas)
    assert set(yaml.safe_load(SHIPPED.read_text("utf-8"))) == set(Policy.model_fields)


def test_longest_presence() -> None:
    """The longest that somebody can be at a place is that of a stay or of a published step, whichever is longer."""
    policy = load()
    for stay, step, longest in ((1, 2, 2), (2, 1, 2)):
        assert policy.model_copy(update={"longest_stay": stay, "longest_step": step}).longest_presence == longest


def test_a_file_of_its_own(tmp_path: Path) -> None:
    """Another file is read instead of the shipped one, with its own numbers."""
    path = written(tmp_path, lingering={"value": "3h", "source": "a test"}, depth={"value": 2, "source": "a test"})
    policy = load(path)
    assert (policy.lingering, policy.depth, policy.longest_stay) == (3 * HOUR, 2, 12 * HOUR)


@pytest.mark.parametrize("entry", [{"value": "30m"}, {"value": "30m", "source": ""}, {"value": "30m", "source": None}])
def test_an_entry_without_a_source_is_refused(tmp_path: Path, entry: dict[str, Any]) -> None:
    """A number that decides what is linked says where it is from; the error names the entry."""
    with pytest.raises(ValueError, match="without a source: lingering"):
        load(written(tmp_path, lingering=entry))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lingering", "30"), ("lingering", "half an hour"), ("lingering", "-1h"), ("lingering", "1.5h"), ("lingering", "1w"), ("lingering", ""), ("depth", 0), ("depth", 4), ("fever", 36),
        ("fever", 42), ("tracing_statuses", ["ill"]), ("assumed_stay", "13h"), ("risk_areas", [{"region": "42", "since": "2020", "until": "2020-03-25"}]),
        ("risk_areas", [{"region": "42", "since": "2020-01-23"}]), ("risk_areas", [{"region": "42", "since": "2020-01-23", "until": "2020-03-25", "why": "x"}]),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(tmp_path: Path, name: str, value: Any) -> None:
    """Durations without a unit, depths and temperatures out of bounds, unknown statuses, a usual stay longer than the longest, and half a risk area."""
    with pytest.raises(ValidationError, match=name):
        load(written(tmp_path, **{name: {"value": value, "source": "a test"}}))


@pytest.mark.parametrize(("name", "value"), [("assumed_stay", "12h"), ("fever", 36.1), ("fever", 41.9), ("depth", 1), ("depth", 3), ("risk_areas", []), ("lingering", "0m")])
def test_what_is_at_the_edge_is_taken(tmp_path: Path, name: str, value: Any) -> None:
    """A usual stay as long as the longest, no risk area, no lingering, and the least and the most of what has bounds."""
    load(written(tmp_path, **{name: {"value": value, "source": "a test"}}))


@pytest.mark.parametrize(("change", "name"), [({"depth": None}, "depth"), ({"length": {"value": "1h", "source": "a test"}}, "length")])
def test_missing_and_unknown_entries_are_refused(tmp_path: Path, change: dict[str, Any], name: str) -> None:
    """An entry that is missing, or that means nothing, is an error and not a default."""
    with pytest.raises(ValidationError, match=name):
        load(written(tmp_path, **change))


NEW_YEAR = at("2019-12-31 08:00")
"""Midnight UTC of 31 December 2019, so that a number of days after it is a day of January 2020."""
AREAS = [{"region": "4201", "since": "2020-01-10", "until": "2020-01-20"}, {"region": "MM", "since": "2020-01-15", "until": "2020-02-01"}]


@pytest.mark.parametrize(
    ("region", "start", "end", "risky"),
    [
        ("4201", 10, 12, True), ("420106001", 10, 12, True), ("42", 10, 12, False), ("4202", 10, 12, False), (None, 10, 12, False), ("", 10, 12, False), ("MM", 10, 14, False),
        ("MM", 10, 15, True), ("4201", 1, 9, False), ("4201", 1, 10, True), ("4201", 19, 30, True), ("4201", 20, 30, False), ("4201", 1, 30, True), ("4201", 12, 12, True),
    ],
)  # fmt: skip
def test_risky(tmp_path: Path, region: str | None, start: int, end: int, risky: bool) -> None:
    """A region inside an area counts when the stay touches the time in which it was one, whose first moment is included and whose end is not."""
    policy = load(written(tmp_path, risk_areas={"value": AREAS, "source": "a test"}))
    assert policy.risky(region, NEW_YEAR + start * DAY, NEW_YEAR + end * DAY) == risky

