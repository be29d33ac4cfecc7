"""Drawn sets with truth: what the linker must reach on people whom nobody has seen before."""

from __future__ import annotations

import random
from itertools import permutations

import pytest

from deploy.linkage.measure import Rates, inside
from deploy.linkage.train import train
from streams.identity.records import Record
from streams.identity.spec import Spec, shipped
from tests.accuracy import generate
from tests.accuracy.__main__ import assess, main
from tests.accuracy.linker import Linker, link
from tests.accuracy.measure import true_pairs
from tests.accuracy.published import NUMBER, without

FEBRL = without(shipped("febrl"), (NUMBER,))


def drawn(spec: Spec, rows: generate.Rows) -> list[Record]:
    """Drawn rows as records."""
    return generate.records(spec, rows)


@pytest.mark.parametrize("seed", [11, 12])
def test_people_like_those_of_febrl_are_found(seed: int) -> None:
    """With three mistakes a record, the clusters are right in 998 of 1,000 pairs, and next to no link is wrong."""
    found, true = assess(FEBRL, drawn(FEBRL, generate.febrl(250, seed)), seed)
    assert true > 400
    assert found.clusters.f1 >= 0.998
    assert found.links.precision >= 0.999


def test_people_like_those_of_fake_are_found() -> None:
    """With a third of the cells missing or mistyped, the clusters are right in 92 of 100 pairs; links that were wrong would make chains."""
    spec = shipped("fake")
    found, true = assess(spec, drawn(spec, generate.fake(150, 13)), 13)
    assert true > 800
    assert found.clusters.f1 >= 0.92
    assert found.links.precision >= 0.99


def test_where_nobody_is_twice_nobody_is_linked() -> None:
    """Trained on people of whom each has one record, the model links none of them."""
    found, true = assess(FEBRL, drawn(FEBRL, generate.febrl(400, 14, most=0)), 14)
    assert true == 0
    assert found.links.found == 0


def test_order_says_nothing() -> None:
    """Whatever the order in which records arrive, the same pairs have the same weights and the same people come out."""
    records = drawn(FEBRL, generate.febrl(60, 15))
    model = train(FEBRL, [record.profile for record in records], "drawn")
    first, *others = (link(FEBRL, model, records, seed) for seed in range(4))
    for other in others:
        assert other.weights == first.weights
        assert sorted(other.groups) == sorted(first.groups)


def test_a_crowded_key_gives_its_pairs_back() -> None:
    """When a key becomes crowded, the pairs that only it brought together go, in every order."""
    spec = FEBRL.model_copy(update={"crowd": 2, "rules": [rule for rule in FEBRL.rules if rule.name in ("born", "place")]})
    records = [{"born": ["19800101"], "place": ["the willows"]}, {"born": ["19800101"], "place": ["the willows"]}, {"born": ["19800101"]}]
    model = train(FEBRL, records, "three")
    for order in permutations(range(3)):
        linker = Linker(spec, model)
        for place in order:
            linker.take(str(place), records[place])
        assert list(linker.linked().weights) == [("0", "1")]


def test_what_is_drawn_follows_from_the_seed() -> None:
    """The same seed draws the same rows, another seed others; mistakes are made, and every person has a true row."""
    rows = list(generate.febrl(30, 5))
    assert rows == list(generate.febrl(30, 5))
    assert rows != list(generate.febrl(30, 6))
    right = {row["rec_id"].split("-")[1]: row for row in rows if row["rec_id"].endswith("-org")}
    wrong = [row for row in rows if "-dup-" in row["rec_id"]]
    assert len(right) == 30
    assert all(right[row["rec_id"].split("-")[1]] != row for row in wrong)
    assert list(generate.fake(5, 5)) == list(generate.fake(5, 5))


def test_rates_are_counted_over_pairs() -> None:
    """Of three pairs found two are right, of four there are to find; nothing found of nothing is perfect."""
    rates = Rates(3, 2, 4)
    assert (rates.precision, rates.recall) == (2 / 3, 1 / 2)
    assert rates.f1 == pytest.approx(2 * (2 / 3) * (1 / 2) / (2 / 3 + 1 / 2))
    assert Rates(0, 0, 0).f1 == Rates(0, 0, 0).precision == Rates(0, 0, 0).recall == 1
    assert inside([["c", "a", "b"]]) == {("a", "b"), ("a", "c"), ("b", "c")}
    assert true_pairs([Record("2", {}, "x"), Record("1", {}, "x"), Record("3", {}, "y")]) == {("1", "2")}


def test_the_table_is_printed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The command measures the sets that it is told, says why it leaves out what is not here, and refuses others."""
    monkeypatch.delenv("LIANFANG_REALDATA", raising=False)
    monkeypatch.setitem(main.__globals__["GENERATED"], "small", lambda seed: (FEBRL, drawn(FEBRL, generate.febrl(40, seed))))
    assert main(["--seed", str(random.Random(1).randrange(9)), "small", "febrl1"]) == 0
    printed = capsys.readouterr().out
    assert "febrl1 skipped: LIANFANG_REALDATA is not set" in printed
    assert "small" in printed
    with pytest.raises(SystemExit):
        main(["other"])
