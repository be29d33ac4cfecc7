"""Invented Chinese people, linked with the shipped spec and model."""

from __future__ import annotations

import pytest

from deploy.linkage.measure import inside, rates
from deploy.simulation.linkage import Written, people
from streams.identity.model import shipped
from streams.identity.spec import shipped as shipped_spec
from tests.accuracy import chinese
from tests.accuracy.chinese_link import People, by_rule, linked
from tests.realdata.data import VARIABLE

SPEC, MODEL = shipped_spec("people"), shipped("people")


@pytest.fixture(scope="module")
def written() -> list[Written]:
    """People whom the model was not trained on, all in one county, where namesakes live side by side."""
    return list(people(6_000, seed=11, counties=("530624",)))


@pytest.fixture(scope="module")
def found(written: list[Written]) -> People:
    """What comes of them."""
    return linked(SPEC, MODEL, written, seed=1)


def test_links_are_right_and_most_that_can_be_known_is_found(written: list[Written], found: People) -> None:
    """Of the pairs inside people 999 in a thousand are right, as are the links alone; four in five of all pairs are found."""
    clusters = rates(inside(found.people), chinese.true_pairs(written))
    links = rates(found.links, chinese.alias_pairs(written, found))
    assert clusters.precision >= 0.999
    assert links.precision >= 0.999
    assert links.found > 1_000
    assert clusters.recall >= 0.8


def test_every_record_is_of_one_person(written: list[Written], found: People) -> None:
    """Each record is in exactly one group."""
    assert sorted(record for group in found.people for record in group) == sorted(one.record for one in written)


def test_order_says_nothing(written: list[Written], found: People) -> None:
    """Aliases that arrive in another order give the same people."""
    other = linked(SPEC, MODEL, reversed(written), seed=2)
    assert sorted(map(sorted, other.people)) == sorted(map(sorted, found.people))


def test_errors_that_linking_is_made_for_are_got_past(written: list[Written], found: People) -> None:
    """Swapped days and months, lunar birthdays and misread numbers cost little; what only a steward can know costs more."""
    by = {one.record: one for one in written}
    shares = chinese.shares(chinese.true_pairs(written), inside(found.people), set(), lambda a, b: {*by[a].errors, *by[b].errors} or {"none"})
    linked_part = {kind: float(part) for kind, _, part, _ in shares}
    assert linked_part["none"] > 0.85
    assert min(linked_part[kind] for kind in ("lunar", "document_digit", "document_transposed", "fifteen", "traditional")) > 0.7


def test_blocks_stay_small(found: People) -> None:
    """No key of six thousand people in one county is crowded, and every rule but those for one document brings pairs together."""
    rules = by_rule(SPEC, found)
    assert all(crowded == 0 and largest < 40 for _, largest, crowded in rules.values())
    assert all(pairs for rule, (pairs, _, _) in rules.items() if rule != "document")


def test_tables_are_printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m tests.accuracy chinese` tells precision and recall by error, fields and rule."""
    monkeypatch.delenv(VARIABLE, raising=False)
    assert chinese.main(seed=1, number=400) == 0
    output = capsys.readouterr().out
    assert all(title in output for title in ("By kind of error", "By the fields that both records tell", "By blocking rule", "precision"))
