"""Time passes by ticks alone: what expires, what is remembered of it, and when that is forgotten."""

from __future__ import annotations

from schemas.models.control import SLOTS, Level, LevelInForce, Tick
from schemas.models.identity import Mention
from schemas.models.record import Scan
from schemas.source import Rule
from streams.normalise.expiry import Keep
from streams.normalise.rows import held
from streams.normalise.stage import stage
from streams.policy import load
from streams.stage import Verdict
from tests.streams.normalise.test_stage import DOOR, FIELDS, doors, raw, refused
from tests.streams.trial import DAY, KEYS, Trial, at, values

STAGE = stage({"door": DOOR}, KEYS, Keep({"scan": 28 * DAY}, 60 * DAY))
SEEN = at(FIELDS["at"])
LAST = SEEN + 28 * DAY
"""The latest moment at which a scan of `FIELDS` stands."""
HERE = DOOR.model_copy(update={"map": DOOR.map | {"region": Rule.model_validate({"const": "530624", "as": "region"})}})
LEVELLED = stage(
    {"door": HERE},
    KEYS,
    Keep({"scan": 28 * DAY}, 60 * DAY, {Level.ALERT: {"scan": 14 * DAY}}, {Level.PEACE: frozenset({"scan"})}, load().levels),
)
"""Scans are used from an alert on, and kept for 14 days under one."""
APPLIED, DUPLICATE = Verdict.APPLIED, Verdict.DUPLICATE


def seen(trial: Trial) -> int:
    """How many records are remembered."""
    return sum(row[0] == 1 for row, _ in trial.rows())


def test_a_record_stands_to_the_last_moment_and_then_is_taken_back() -> None:
    """All that was written of it is retracted as it was asserted: the scan, and what it says of the person."""
    trial = Trial(STAGE)
    asserted = trial.give(raw())
    assert trial.give(Tick(at=LAST)) == []
    assert [(emit.topic, emit.key, emit.value) for emit in trial.give(Tick(at=LAST + 1))] == [(one.topic, one.key, one.value.taken_back()) for one in asserted if isinstance(one.value, Scan | Mention)]
    assert len(asserted) == 2
    assert seen(trial) == 1


def test_time_does_not_go_back() -> None:
    """An earlier tick, and the same one again, change nothing and are counted as duplicates."""
    trial = Trial(STAGE)
    trial.give_each([Tick(at=LAST + 1), Tick(at=LAST + 1), Tick(at=5), raw()])
    assert trial.verdicts == [APPLIED, DUPLICATE, DUPLICATE, APPLIED]
    assert doors(trial) == []


def test_a_record_that_comes_too_late_is_as_one_that_expired() -> None:
    """Of both nothing stands, and of both it is known that they came: the state is the same, and a lower version does not stand in their place."""
    before, after = Trial(STAGE), Trial(STAGE)
    before.give_each([raw(2), Tick(at=LAST + 1)])
    after.give_each([Tick(at=LAST + 1), raw(2)])
    assert [row for row, _ in before.rows()] == [row for row, _ in after.rows()]
    for trial in (before, after):
        trial.give_each([raw(1, at="2020-03-01 08:00"), raw(2)])
        assert trial.verdicts[-2:] == [DUPLICATE, DUPLICATE]
        assert doors(trial) == []


def test_a_correction_may_bring_an_expired_record_back() -> None:
    """A higher version with a later time stands; one with an earlier time ends what stood."""
    trial = Trial(STAGE)
    trial.give_each([raw(1), Tick(at=LAST + 1), raw(2, at="2020-03-01 08:00")])
    assert doors(trial) == ["D-1"]
    trial.give_each([raw(3)])
    assert doors(trial) == []
    trial.give_each([raw(4, retracts=True)])
    assert doors(trial) == []


def test_what_is_refused_does_not_expire() -> None:
    """The reject stands until it is repaired, and the record is forgotten when its last version came long ago."""
    trial = Trial(STAGE)
    bad = raw(1, at="no time").model_copy(update={"received_at": SEEN})
    trial.give_each([bad, Tick(at=SEEN + 60 * DAY)])
    assert len(refused(trial)) == 1
    assert seen(trial) == 1
    trial.give_each([Tick(at=SEEN + 60 * DAY + 1)])
    assert len(refused(trial)) == 1
    assert seen(trial) == 0


def test_what_expired_is_forgotten_later() -> None:
    """Counted from when it happened, not from when it came or expired."""
    trial = Trial(STAGE)
    trial.give_each([raw(), Tick(at=LAST + 1), Tick(at=SEEN + 60 * DAY)])
    assert seen(trial) == 1
    trial.give_each([Tick(at=SEEN + 60 * DAY + 1)])
    assert seen(trial) == 0


def test_kinds_that_are_not_named_are_kept() -> None:
    """Without a word about scans no tick ends them."""
    trial = Trial(stage({"door": DOOR}, KEYS, Keep({"gate": DAY}, DAY)))
    trial.give_each([raw(), Tick(at=LAST + 4000 * DAY)])
    assert doors(trial) == ["D-1"]


def test_a_tick_is_of_its_slots_alone() -> None:
    """In as many pieces as one likes: each record expires with one of them, and with the last none is left."""
    trial = Trial(STAGE)
    trial.give_each([raw(record=str(number)) for number in range(40)])
    for piece in range(8):
        before = len(doors(trial))
        gone = trial.give(Tick(at=LAST + 1, first=SLOTS // 8 * piece, last=SLOTS // 8 * (piece + 1) - 1))
        assert len(values(gone, Scan)) == before - len(doors(trial))
        assert before - len(doors(trial)) < 40
    assert doors(trial) == []


def test_a_tick_of_no_slot_does_nothing() -> None:
    """Also with its last slot before its first, or with slots that there are not."""
    trial = Trial(STAGE)
    trial.give_each([raw(), Tick(at=LAST + 1, first=3, last=2), Tick(at=LAST + 1, first=-9, last=-1), Tick(at=LAST + 1, first=SLOTS, last=1 << 60)])
    assert trial.verdicts == [APPLIED, DUPLICATE, DUPLICATE, DUPLICATE]
    assert doors(trial) == ["D-1"]


def level(of: Level, start: int = -2, days: int = 20, region: str = "5306") -> LevelInForce:
    """A level about the time of the record of `FIELDS`."""
    return LevelInForce.of(causes=[], at=SEEN + start * DAY, until=SEEN + (start + days) * DAY, region=region, level=of, legal_basis="An invented law, art. 1",
                           by="OP-1", approved_by="OP-2")  # fmt: skip


def test_what_may_not_be_collected_says_nothing() -> None:
    """It is known that it came and nothing is written of it; a level of its place and time lets it be written, one of another place or time does not."""
    trial = Trial(LEVELLED)
    assert trial.give(raw()) == []
    assert trial.give(level(Level.ALERT, region="5301"), level(Level.ALERT, start=1)) == []
    written = trial.give(level(Level.ALERT))
    assert doors(trial) == ["D-1"]
    assert [(emit.topic, emit.key, emit.value) for emit in written] == [(emit.topic, emit.key, emit.value) for emit in Trial(stage({"door": HERE}, KEYS)).give(raw())]
    assert trial.give(level(Level.EMERGENCY)) == [], "what stands is not written again"
    trial.give(level(Level.ALERT).taken_back())
    assert doors(trial) == ["D-1"]
    trial.give(level(Level.EMERGENCY).taken_back())
    assert doors(trial) == []


def test_a_level_says_how_long_it_is_kept() -> None:
    """After its days it is taken back and held; a higher level that is known later gives it back for the rest of its own; after that it is gone for good."""
    trial = Trial(LEVELLED)
    trial.give_each([level(Level.ALERT), raw(), Tick(at=SEEN + 14 * DAY)])
    assert doors(trial) == ["D-1"]
    trial.give(Tick(at=SEEN + 14 * DAY + 1))
    assert doors(trial) == []
    trial.give(level(Level.EMERGENCY))
    assert doors(trial) == ["D-1"]
    trial.give(Tick(at=LAST + 1))
    assert doors(trial) == []
    trial.give(level(Level.EMERGENCY).taken_back())
    trial.give(level(Level.EMERGENCY))
    assert doors(trial) == []
    assert seen(trial) == 1


def test_a_held_record_is_corrected_and_retracted_in_silence() -> None:
    """Versions count as ever: the highest is what a level brings, one that contradicts is refused, and a retraction leaves nothing to bring."""
    trial = Trial(LEVELLED)
    trial.give_each([raw(1), raw(2, door="D-2")])
    assert trial.wrote == []
    trial.give(level(Level.ALERT))
    assert doors(trial) == ["D-2"]
    trial.give(level(Level.ALERT).taken_back())
    trial.give(raw(3, retracts=True))
    trial.give(level(Level.ALERT))
    assert doors(trial) == []


def test_what_is_held_goes_with_its_last_day() -> None:
    """The row of a record that was only held keeps no facts once no level keeps its kind any longer."""
    trial = Trial(LEVELLED)
    trial.give(raw())
    assert [bool(held(data).said.facts) for row, data in trial.rows() if row[0] == 1] == [True]
    trial.give_each([Tick(at=LAST + 1), level(Level.EMERGENCY)])
    assert [bool(held(data).said.facts) for row, data in trial.rows() if row[0] == 1] == [False]
    assert trial.wrote == []
