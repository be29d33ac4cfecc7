"""What the log keeps of a message: where it is, its digest, and nothing that names a person."""

from __future__ import annotations

import json

import pytest

from deploy.docs.golden import examples
from deploy.log.entry import SAYS, Said, about, entry, read, text
from schemas.models.identity import ModelPart
from schemas.topics import written
from tests.deploy.log.pieces import audit, receipt

LEFT_OUT = {"identity.model": "the model itself and the orders for blocks"}
ALLOWED = {"about", "agency", "purpose", "legal_basis", "decision", "fields", "retracted", "by", "reason", "at", "region"}


@pytest.mark.parametrize("name", [name for name, topic in written().items() if topic.writer == "stewards" or "log" in topic.readers])
def test_what_people_do_is_recorded(name: str) -> None:
    """Whatever stewards write is recorded, and what the contract gives the log to read; all of it stays on the bus for ever, so that the log can be made anew."""
    assert name in SAYS or name.startswith("audit.")
    assert (written()[name].retention, written()[name].cleanup) == ("forever", "delete")


@pytest.mark.parametrize("name", SAYS)
def test_entries_say_what_is_allowed_and_no_more(name: str) -> None:
    """An entry of each golden example has only allowed words, no key or alias of a person, no sealed bytes, and no code of a place but the region of a level or a measure, which is of nobody."""
    assert set(SAYS[name]) <= ALLOWED
    for example in examples(written()[name].value):
        data = entry(Said(name, 1, 2, b"bytes"), example)
        assert set(read(data)) <= ALLOWED | {"topic", "partition", "offset", "sha256"}
        content = example.model_dump(mode="json")
        hidden = [content[field] for field in ("person", "a", "b", "alias", "sealed", "record", "digest") if content.get(field)]
        assert not [value for value in hidden if str(value) in data.decode()]
        assert "5306" not in str(read(data).get("reason", ""))


def test_an_entry_is_its_bytes() -> None:
    """The exact line of a release, which can never change again."""
    assert entry(Said("audit", 3, 1177, b"as on the bus"), audit(7)).decode() == (
        '{"about":"00000000000000000000000000000007","agency":"daguan-county-cdc","decision":"released","fields":["names","status"],"legal_basis":"Law, art. 39",'
        '"offset":1177,"partition":3,"purpose":"investigation","sha256":"dea886a6c51f7fbf9fcffb0a80a8883c424235b06984937800f83456df4df8fb","topic":"audit"}'
    )


def test_what_cannot_be_read_is_recorded_all_the_same() -> None:
    """Of bytes that mean nothing the entry says place and digest, and is about nothing."""
    data = entry(Said("audit", 0, 0, b"garbage"), None)
    assert set(read(data)) == {"topic", "partition", "offset", "sha256"}
    assert about(data) is None


def test_a_field_that_comes_later_changes_nothing_before() -> None:
    """What is empty is left out: entries of messages from before a field was there are as they were."""
    old = audit(1).model_copy(update={"legal_basis": ""})
    assert "legal_basis" not in read(entry(Said("audit", 0, 0, b""), old))
    assert "retracted" not in read(entry(Said("receipt", 0, 0, b""), receipt(1)))
    assert about(entry(Said("identity.model", 0, 0, b""), ModelPart(version=5))) == "5"


@pytest.mark.parametrize("data", [b'{"b":1,"a":2}', b'{"a": 1}', b'{"a":"\\u00e9"}', b"[]", b'{"a":1,"a":1}'])
def test_one_form_only(data: bytes) -> None:
    """An entry in another form than the log writes is refused."""
    with pytest.raises(ValueError, match="in another form"):
        read(data)
    assert read(text(json.loads(data)).encode()) == json.loads(data) if data != b"[]" else True
