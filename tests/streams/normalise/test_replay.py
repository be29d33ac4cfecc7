"""Replay after a source's file was corrected: in the end everything is as if the corrected file had been there from the beginning."""

from __future__ import annotations

import random

import pytest

from schemas.models.raw import Raw, Reject
from schemas.source import Source
from streams.normalise.stage import stage
from streams.stage import Verdict
from tests.streams.normalise.test_stage import DOOR, doors, raw
from tests.streams.trial import KEYS, Trial

ELSEWHERE = Source.model_validate(DOOR.model_dump(by_alias=True) | {"map": {**{name: rule.model_dump(by_alias=True) for name, rule in DOOR.map.items()},
                                                                            "place": {"path": "gate", "as": "code"}}})  # fmt: skip
"""The same source with another mapping: the place is in another field, which some records have and some do not."""
BOTH = (DOOR, ELSEWHERE)


def some(dice: random.Random) -> list[Raw]:
    """Versions of three records: with a place in the one field, in the other, in both or in none, and some that take the record back."""
    found = []
    for record in "abc":
        for version in dice.sample(range(1, 20), dice.randint(1, 5)):
            places = {"door": dice.choice(("", f"D-{version}")), "gate": dice.choice(("", f"G-{version}"))}
            found.append(raw(version, record, retracts=dice.random() < 0.15, who=f"ox-{version}", **places))
    dice.shuffle(found)
    return found


def anew(raws: list[Raw], number: int) -> list[Raw]:
    """The same as a replay sends them: of each record the highest version first."""
    return [one.model_copy(update={"replay": number}) for one in sorted(raws, key=lambda one: one.version, reverse=True)]


def everything(trial: Trial) -> dict[str, list[str]]:
    """What stands on all topics."""
    return {topic: sorted(one.model_dump_json() for one in trial.stands(topic)) for topic in ("record.scan", "identity.mention", "reject")}


@pytest.mark.parametrize("seed", range(40))
def test_comes_to_the_same_as_the_corrected_file(seed: int) -> None:
    """Facts, mentions and rejects that stand after a replay are those of a bus that had the corrected file at once; a second correction undoes the first."""
    dice = random.Random(seed)
    raws = some(dice)
    first, second = dice.sample(BOTH, 2)
    trial, fresh, undone = (Trial(stage({"door": source}, KEYS)) for source in (first, second, first))
    for one in (trial, fresh, undone):
        one.give_each(raws)
    trial.stage = fresh.stage
    trial.give_each(anew(raws, 1))
    assert everything(trial) == everything(fresh)
    trial.stage = undone.stage
    trial.give_each(anew(raws, 2))
    assert everything(trial) == everything(undone)


def test_a_replay_changes_nothing_without_a_correction() -> None:
    """Replayed under the same file, or delivered twice, nothing is written, and each message counts as a duplicate."""
    raws = some(random.Random(3))
    trial = Trial(stage({"door": DOOR}, KEYS))
    trial.give_each(raws)
    before, wrote = everything(trial), len(trial.wrote)
    trial.verdicts.clear()
    trial.give_each([*anew(raws, 1), *anew(raws, 1), *raws])
    assert everything(trial) == before
    assert len(trial.wrote) == wrote
    assert set(trial.verdicts) == {Verdict.DUPLICATE}


def test_what_comes_after_a_replay() -> None:
    """A version that comes first after the replay replaces what the replay said, like any other."""
    trial = Trial(stage({"door": ELSEWHERE}, KEYS))
    old = raw(1, door="D-1")
    trial.give_each([old])
    assert [one.version for one in trial.stands("reject") if isinstance(one, Reject)] == [1]
    trial.stage = stage({"door": DOOR}, KEYS)
    trial.give_each(anew([old], 1))
    assert (doors(trial), trial.stands("reject")) == (["D-1"], [])
    trial.give_each([raw(2, door="D-2")])
    assert doors(trial) == ["D-2"]


def test_a_reject_is_written_only_when_it_changes() -> None:
    """Each message that counts as rejected has a reject of its own, and a refusal for other reasons takes the old reject back."""
    trial = Trial(stage({"door": DOOR}, KEYS))
    bad = raw(1, door="", gate="")
    trial.give_each([bad])
    trial.stage = stage({"door": ELSEWHERE}, KEYS)
    trial.verdicts.clear()
    trial.give_each(anew([bad], 1))
    assert trial.verdicts == [Verdict.REJECTED]
    (reject,) = trial.stands("reject")
    assert isinstance(reject, Reject)
    assert [reason.field for reason in reject.reasons] == ["gate"]
