"""A row under the tokens of before, renamed, is the row that the same record makes under those of now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from connectors.envelope import Item, envelopes
from schemas.models.rotation import Carried
from schemas.raws import Raws
from schemas.tokens import Keys
from streams.normalise.carrying import joined
from streams.normalise.renewal import Renewal, UnknownSource
from streams.normalise.rows import Said, Seen, Version, hold, kept, whose
from streams.normalise.stage import VERSION, stage
from streams.normalise.whose import persons
from streams.stage import Verdict
from tests.connectors.test_every_source import EXAMPLES, SOURCES
from tests.oracle.facts import body
from tests.streams.trial import Trial

SECRETS = (b"the secret of the tests, of no use elsewhere", b"what renewed the secret of the tests, of no use")
BEFORE, NOW = Keys(SECRETS[0]), Keys(SECRETS)
RENEWAL = Renewal(SOURCES, BEFORE, NOW)
STANDING = {name: (source, example) for name, (source, example) in EXAMPLES.items() if example.gives is not None}
_ROWS, _PRESENT = 1, 1
_KEY = "person"
"""Field in which a record says a key of the bus: under the tokens of now its source says another."""


def rows(name: str, fields: Mapping[str, Any], keys: Keys) -> list[bytes]:
    """The rows of a record of a source."""
    sealing, trial = Raws(keys, persons(SOURCES, keys)), Trial(stage(SOURCES, keys))
    raws = envelopes(SOURCES[name].model_copy(update={"split": None}), Item(body(fields)), keys)
    trial.give(*(sealing.opened(sealing.closed(raw)).model_copy(update={"received_at": 5}) for raw in raws))
    return [value for key, value in trial.state.scan(b"", b"\xff") if key[0] == _ROWS]


def plain(data: bytes) -> tuple[str, str, Seen]:
    """What a row says, without where its raw messages are and of which bytes: those tell the key that a source says."""
    source, record, seen = whose(data)
    return source, record, seen._replace(versions=tuple(one._replace(offset=0, digest="") for one in seen.versions))


@pytest.mark.parametrize("name", STANDING)
def test_every_source_is_renamed_whole(name: str) -> None:
    """Of each example of each source, all tokens, seals and ids in the renamed row are those of the record under the new secret."""
    source, example = STANDING[name]
    given = dict(example.given)
    said = given | ({_KEY: NOW.renewed(str(given[_KEY]))} if source.subject.alias and given.get(_KEY) else {})
    (before,), (now,) = rows(source.name, given, BEFORE), rows(source.name, said, NOW)
    found = RENEWAL(before)
    assert found is not None
    record, row = found
    assert record == whose(now)[1] != whose(before)[1]
    assert plain(row) == plain(now)
    assert kept(whose(row)[2].said, source.name, record)


def test_the_keys_of_all_are_foreseen() -> None:
    """Every renamed alias has its key before any row is renamed."""
    data = [row for name in ("lab-result", "household") for one, (source, example) in STANDING.items() if source.name == name for row in rows(name, example.given, BEFORE)]
    asked: list[str] = []
    RENEWAL.foresee(data)
    for row in data:
        found = RENEWAL(row)
        assert found
        asked += [emit.key for emit in kept(whose(found[1])[2].said, "", "")]
    assert asked


def test_what_was_refused_is_left_out() -> None:
    """Nothing of a record that was refused is carried, nor of a version of it; one that was understood anew stays refused."""
    good, bad = Version(1, False, "d" * 32, True, "", 0, 0, 5), Version(2, False, "e" * 32, False, "", 0, 0, 6, 0, "f" * 32)
    assert RENEWAL(hold(Seen((bad,)), "door", "a" * 32)) is None
    found = RENEWAL(hold(Seen((good, bad)), "door", "a" * 32))
    assert found
    assert [one.version for one in whose(found[1])[2].versions] == [1]
    found = RENEWAL(hold(Seen((good, bad._replace(replay=3))), "door", "a" * 32))
    assert found
    assert [(one.version, one.valid, one.reject) for one in whose(found[1])[2].versions] == [(1, True, ""), (2, False, "")]


def test_whose_key_was_destroyed_is_not_carried() -> None:
    """A record of somebody who was erased stands no more, also when the row does not say so yet."""
    source, example = STANDING["household-1"]
    keys = Keys(SECRETS[0])
    (row,) = rows(source.name, example.given, keys)
    aliases = {emit.key for emit in kept(whose(row)[2].said, source.name, "")}
    keys.vault.destroy(dict.fromkeys(aliases, _PRESENT))
    found = Renewal(SOURCES, keys, NOW)(row)
    assert found
    assert whose(found[1])[2].said.facts == b""


def test_a_source_without_a_file_is_asked_for() -> None:
    """Whose fields are tokens is known from its file alone."""
    source, example = STANDING["household-1"]
    (row,) = rows(source.name, example.given, BEFORE)
    with pytest.raises(UnknownSource, match="bring its file back"):
        Renewal({}, BEFORE, NOW)(row)


@pytest.mark.parametrize(("have", "come", "facts", "at"), [
    (Said(b"facts", "scan", 5), Said(at=5), b"", 5), (Said(at=5), Said(b"facts", "scan", 5), b"", 5), (Said(), Said(at=5), b"", 5),
    (Said(b"facts", "scan", 5), Said(b"facts", "scan", 5), b"facts", 5),
])  # fmt: skip
def test_that_nothing_is_left_outweighs_what_was_said(have: Said, come: Said, facts: bytes, at: int) -> None:
    """Of one version, in any order."""
    one = Version(1, False, "d" * 32, True, "", 0, 0, 5)
    said = joined(Seen((one,), have), Seen((one,), come)).said
    assert (said.facts, said.at) == (facts, at)


@pytest.mark.parametrize("turned", [False, True])
def test_the_higher_version_and_the_later_replay_count(turned: bool) -> None:
    """In any order: what a higher version says, and what a version says since it was understood anew, also that it is refused."""
    one, two = (Version(number, False, "d" * 32, True, "", 0, 0, 5) for number in (1, 2))
    pairs = [
        (Seen((one,), Said(b"1", "scan", 1)), Seen((one, two), Said(b"2", "scan", 1)), b"2"),
        (Seen((one,), Said(b"1", "scan", 1)), Seen((one._replace(replay=1),), Said(b"2", "scan", 1)), b"2"),
        (Seen((one, two), Said(b"2", "scan", 1)), Seen((one, two._replace(valid=False, replay=1)), Said()), b""),
    ]
    assert [joined(*((b, a) if turned else (a, b))).said.facts for a, b, _ in pairs] == [facts for _, _, facts in pairs]


def test_a_row_of_another_form_is_refused() -> None:
    """It is told what to do, and nothing stands."""
    source, example = STANDING["lab-result-1"]
    (row,) = rows(source.name, example.given, BEFORE)
    found = RENEWAL(row)
    assert found
    trial = Trial(stage(SOURCES, NOW))
    (emit,) = trial.give_each([Carried(record=found[0], form=VERSION - 1, row=found[1])])
    assert trial.verdicts == [Verdict.REJECTED]
    assert emit.topic == "reject"
    trial.give_each([Carried(record=found[0], form=VERSION, row=found[1])] * 2)
    assert trial.verdicts[1:] == [Verdict.APPLIED, Verdict.DUPLICATE]
