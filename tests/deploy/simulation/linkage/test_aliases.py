"""Records under their handles."""

from __future__ import annotations

from deploy.simulation.linkage.aliases import aliases, handles
from deploy.simulation.linkage.written import Written


def _written(record: str, **says: str) -> Written:
    return Written(record, "clinic", says, "p", ())


def test_strongest_handle_first() -> None:
    """A document before phone and name; a phone without a name only when there is nothing else; a misread document is none."""
    both = {"name": "杨测试", "phone": "+8613800000001"}
    assert handles(_written("1", document="passport:MP1", **both)) == ["passport:MP1", "phone:+8613800000001:yangceshi"]
    assert handles(_written("1", document="resident?:53", **both)) == ["phone:+8613800000001:yangceshi"]
    assert handles(_written("1", phone="+8613800000001")) == ["number:+8613800000001"]
    assert handles(_written("1", name="杨测试")) == ["record:1"]


def test_records_of_one_handle_are_one_alias() -> None:
    """Homophones with one phone are one alias, whose profile has both; a record that names two handles says so."""
    found = aliases([
        _written("1", name="杨测试", phone="+8613800000001"),
        _written("2", name="杨侧试", phone="+8613800000001"),
        _written("3", name="杨测试", phone="+8613800000001", document="passport:MP1"),
    ])  # fmt: skip
    assert [(alias.name, alias.records, alias.shared) for alias in found] == [
        ("passport:MP1", ["3"], ["phone:+8613800000001:yangceshi"]),
        ("phone:+8613800000001:yangceshi", ["1", "2"], []),
    ]
    assert found[1].profile == {"name": ["杨侧试", "杨测试"], "phone": ["+8613800000001"]}
