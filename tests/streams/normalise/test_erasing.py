"""Erasure in normalise: what is taken back, what stays erased, and what is a new matter."""

from __future__ import annotations

from typing import Any

from schemas.models.control import SLOTS, Erasure
from schemas.models.fact import Fact
from schemas.models.raw import Raw, Reject
from schemas.raws import ERASED, Raws
from schemas.tokens import Keys
from streams.normalise.stage import stage
from streams.normalise.whose import persons
from streams.stage import Verdict
from tests.streams.normalise.test_stage import DOOR, doors, raw, refused
from tests.streams.trial import Trial, values

REJECTED = Verdict.REJECTED


class Site:
    """A stage with a vault of its own, and raw messages as they come from the bus."""

    def __init__(self) -> None:
        self.keys = Keys(b"the secret of the tests, of no use elsewhere")
        self.raws = Raws(self.keys, persons({"door": DOOR}, self.keys))
        self.stage = stage({"door": DOOR}, self.keys)

    def raw(self, version: int = 1, **more: Any) -> Raw:
        """A raw message as it is on the topic."""
        return self.raws.closed(raw(version, **more))

    def erase(self, of: Raw, generation: int = 1) -> list[Erasure]:
        """Erase everybody in it."""
        return [Erasure(alias=alias, generation=generation, cause="") for alias in of.under]


def test_what_stands_is_taken_back_word_for_word() -> None:
    """Every fact of the record is retracted as it was asserted, and the record keeps its place: sent again it is a duplicate."""
    site = Site()
    trial, closed = Trial(site.stage), site.raw()
    opened = site.raws.opened(closed)
    asserted = trial.give(opened)
    gone = trial.give(*site.erase(closed))
    assert [(one.topic, one.key, one.value) for one in gone] == [(one.topic, one.key, one.value.taken_back()) for one in asserted if isinstance(one.value, Fact)]
    assert gone
    assert trial.give(opened) == []


def test_the_same_before_and_after() -> None:
    """Whether the erasure or the record comes first, and when it is read again without its key: the same stands, and the rows are of the same records."""
    site = Site()
    closed, other = site.raw(), site.raw(record="other", who="ox-9", phone="13900000009", name="李样本")
    opened, kept = site.raws.opened(closed), site.raws.opened(other)
    after, before, again = Trial(site.stage), Trial(site.stage), Trial(site.stage)
    after.give_each([opened, kept, *site.erase(closed)])
    before.give_each([*site.erase(closed), opened, kept])
    site.keys.vault.destroy(site.keys.vault.close(closed.under))
    unreadable = site.raws.opened(closed)
    assert unreadable.fault == ERASED
    again.give_each([unreadable, kept, *site.erase(closed)])
    assert again.verdicts[0] == REJECTED
    assert [reason.problem for one in values(again.wrote, Reject) for reason in one.reasons] == [ERASED]
    for trial in (after, before, again):
        assert len(doors(trial)) == 1
        assert {row for row, _ in trial.rows()} == {row for row, _ in after.rows()}


def test_a_lower_version_does_not_take_its_place() -> None:
    """As with one that expired: the erased version is the highest, and says nothing."""
    site = Site()
    closed = site.raw(2)
    trial = Trial(site.stage)
    trial.give_each([site.raws.opened(closed), *site.erase(closed), site.raws.opened(site.raw(1))])
    assert doors(trial) == []


def test_what_comes_later_counts() -> None:
    """A higher version that was sealed under the next key stands, and the erasure said again does not touch it; one of the next key does."""
    site = Site()
    first = site.raw(1)
    trial = Trial(site.stage)
    trial.give_each([site.raws.opened(first), *site.erase(first)])
    site.keys.vault.destroy(site.keys.vault.close(first.under))
    second = site.raw(2)
    trial.give_each([site.raws.opened(second), *site.erase(first)])
    assert len(doors(trial)) == 1
    trial.give_each(site.erase(second, generation=2))
    assert doors(trial) == []


def test_in_pieces() -> None:
    """Said for some slots at a time it takes back each record once, whichever piece comes first."""
    site = Site()
    closed = [site.raw(record=f"r{number}") for number in range(40)]
    trial = Trial(site.stage)
    trial.give_each([site.raws.opened(one) for one in closed])
    edges = [(0, 1000), (1001, 2500), (2501, SLOTS - 1)]
    gone = [one for first, last in reversed(edges) for one in trial.give(Erasure(alias=closed[0].under[0], generation=1, first=first, last=last, cause=""))]
    assert len([one for one in gone if one.topic == "record.scan"]) == 40
    assert doors(trial) == []


def test_refused_for_something_else() -> None:
    """A record that cannot be understood is refused for that, erased or not."""
    site = Site()
    bad = site.raw(at="no time")
    before, after = Trial(site.stage), Trial(site.stage)
    before.give_each([site.raws.opened(bad), *site.erase(bad)])
    after.give_each([*site.erase(bad), site.raws.opened(bad)])
    assert refused(before) == refused(after)
    assert len(refused(before)) == 1


def test_somebody_else_is_left_alone() -> None:
    """An erasure of another alias changes nothing."""
    site = Site()
    trial = Trial(site.stage)
    trial.give(site.raws.opened(site.raw()))
    assert trial.give(Erasure(alias="c" * 32, generation=255, cause="")) == []
    assert len(doors(trial)) == 1
