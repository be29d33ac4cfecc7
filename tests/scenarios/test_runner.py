"""The runner fails a story whose expectations are not what stands; else no story would prove anything."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from deploy.scenarios.story import Story
from tests.scenarios.runner import tell
from tests.scenarios.world import MemoryWorld

_RETURN = {
    "declaration_no": "D-1",
    "revision": "1",
    "name": "周假名",
    "phone": "13800000004",
    "from": "420100",
    "to": "530624100001",
    "arrived": "2020-01-20 21:15",
}
_HOME = {"cuihua-community": {"周假名": {"roles": ["returnee"]}}, "daguan-county-cdc": {"周假名": {}}}
_TASKS = ["check of 530624100001 open by 2020-01-22 21:15", "visit of 530624100001 open by 2020-01-21 21:15"]

_PROVED = {"cuihua-community": ["周假名 released"], "yunnan-province-cdc": []}
_ALL = ["county", "port", "village"]


def _story(**expect: Any) -> Story:
    return Story.model_validate({
        "title": "A return", "title_zh": "返乡", "story": "Somebody comes back from Wuhan and declares it; more does not happen.",
        "people": {"周假名": {"phone": "13800000004 周假名"}, "杨测试": {"phone": "13800000001 杨测试"}},
        "steps": [{"says": "The return is declared.", "publish": [{"source": "travel", "records": [_RETURN]}], "log": "kept", "expect": expect}],
    })  # fmt: skip


@pytest.mark.parametrize("expect", [{"cases": {"周假名": {"roles": ["returnee"], "status": "none"}}}, {"releases": _HOME}, {"rejects": []}, {"tasks": {"周假名": _TASKS}}, {"proved": _PROVED}, {"witnessed": _ALL}])
def test_a_story_that_is_true_passes(expect: dict[str, Any]) -> None:
    """What stands is accepted."""
    tell(_story(**expect), MemoryWorld(10))


@pytest.mark.parametrize("expect", [
    {"cases": {}},
    {"cases": {"周假名": {}, "杨测试": {}}},
    {"cases": {"周假名": {"status": "suspected"}}},
    {"cases": {"周假名": {"roles": ["case"]}}},
    {"releases": {"cuihua-community": {"周假名": {}}}},
    {"releases": _HOME | {"yunnan-province-cdc": {"周假名": {}}}},
    {"releases": _HOME | {"cuihua-community": {"周假名": {"fields": ["names"]}}}},
    {"releases": _HOME | {"no-such-agency": {}}},
    {"rejects": ["travel: phone"]},
    {"tasks": {}},
    {"tasks": {"周假名": _TASKS[:1]}},
    {"tasks": {"杨测试": _TASKS}},
    {"proved": {"cuihua-community": []}},
    {"proved": _PROVED | {"cuihua-community": ["周假名 retracted"]}},
    {"proved": {"yunnan-province-cdc": ["周假名 released"]}},
    {"witnessed": []},
    {"superseded": {"周假名": "杨测试"}},
    {"superseded": {"杨测试": "周假名"}},
])  # fmt: skip
def test_a_story_that_is_not_true_fails(expect: dict[str, Any]) -> None:
    """A case, a release, a proof or a reject too many or too few, another value, another agency, and a succession that was not."""
    with pytest.raises(AssertionError):
        tell(_story(**expect), MemoryWorld(10))


@pytest.mark.parametrize("expect", [{"case": {}}, {"cases": {"周假名": {"state": "suspected"}}}, {"releases": {"cuihua-community": {"周假名": {"field": []}}}}])
def test_a_misspelt_expectation_is_no_story(expect: dict[str, Any]) -> None:
    """A word that the form of stories does not have is refused, and does not pass unread."""
    with pytest.raises(ValidationError):
        _story(**expect)
