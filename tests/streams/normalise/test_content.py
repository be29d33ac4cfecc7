"""The fields of a record, read by what its source's file was made into once."""

from __future__ import annotations

from typing import Any

from schemas.source import Source
from schemas.tokens import Keys
from streams.normalise.content import content, entries
from tests.streams.trial import KEYS, at

TEXT = "2020-01-20 08:05"


def source(zone: str = "Asia/Shanghai", **rules: Any) -> Source:
    """A source of travel with some rules changed."""
    rules = {"at": {"path": "at", "as": "time"}, "came_from": {"const": "42", "as": "region"}} | rules
    return Source.model_validate({
        "name": "door", "says": "s", "says_zh": "s", "owner": "o", "purpose": "p", "kind": "travel", "zone": zone, "id": ["no"],
        "subject": {"account": "who", "account_in": "door"}, "map": rules, "examples": [{"given": {}, "refuses": []}],
    })  # fmt: skip


def found(of: Source, keys: Keys = KEYS, **fields: Any) -> dict[str, Any]:
    """What a source's map finds."""
    return content(entries(of, keys), fields)[0]


def test_the_same_text_in_two_zones() -> None:
    """Two sources in different zones read the same text, one after the other and again, each as a time of its own zone."""
    zones = {"Asia/Shanghai": 0, "Asia/Yangon": 90, "Asia/Bangkok": 60}
    plans = {zone: entries(source(zone), KEYS) for zone in zones}
    for _ in range(2):
        assert {zone: content(plan, {"at": TEXT})[0]["at"] for zone, plan in plans.items()} == {zone: at(TEXT) + late * 60_000 for zone, late in zones.items()}


def test_the_same_text_under_different_words() -> None:
    """A word means what its own source's file says, also when two files give it two meanings."""
    one, other = (source(transport={"path": "by", "as": "word", "words": {"1": means}}) for means in ("rail", "road"))
    for _ in range(2):
        assert (found(one, at=TEXT, by="1")["transport"], found(other, at=TEXT, by="1")["transport"]) == ("rail", "road")


def test_the_same_text_under_different_keys() -> None:
    """A token is of the keys of its own bus."""
    other = Keys(b"the secret of another bus, of no use either")
    of = source(transport={"path": "by", "as": "token"})
    assert found(of, at=TEXT, by="K109")["transport"] == KEYS.token("by", "K109")
    assert found(of, other, at=TEXT, by="K109")["transport"] == other.token("by", "K109")


def test_each_record_chooses_its_path() -> None:
    """Which of several paths counts is found out for each record anew."""
    of = source(came_from={"path": ["from", "province"], "as": "region"})
    plan = entries(of, KEYS)
    regions = [
        content(plan, {"at": TEXT, **fields})[0].get("came_from") for fields in ({"from": "420100"}, {"province": "湖北省"}, {"from": "", "province": "53"}, {})
    ]
    assert regions == ["4201", "42", "53", None]
    assert [reason.field for reason in content(plan, {"at": TEXT, "province": "Wuhan"})[1]] == ["province"]
