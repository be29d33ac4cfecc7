"""The contract: names, keys, writers and readers, retention, privacy; held against the path, both ways."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from deploy.docs.shipped import ROOT, as_written, shipped
from schemas.models.raw import Raw
from schemas.models.release import Release
from schemas.topics import MODELS, Topic, contract, model_of, written
from streams.path import STAGES
from streams.standing import VIEWS

TOPICS = written()
PARTS = shipped()
INPUTS = {stage.name: stage.inputs for stage in PARTS.stages}

WRITERS = {*STAGES, "stages", "the stage", "connectors", "deliver", "carry", "clock", "log", "stewards", "workers"}
READERS = {*STAGES, "the stage", "deliver", "log", "operators", "stewards", "the agency", "subscribers"}
OWNERS = {"the source", "the agency", "the stage", "operations", "linking", "tracing", "cases"}
RETENTIONS = {"forever", "7d", "30d", "90d", "365d"}


def full() -> dict[str, Topic]:
    """Every topic of what is shipped, on four partitions."""
    return contract(PARTS.sources, PARTS.agencies, INPUTS, 4)


def ends(*, outputs: bool) -> dict[str, set[str]]:
    """The stages that write (or read) each topic, as streams/path.py builds them."""
    found: dict[str, set[str]] = {}
    for stage in PARTS.stages:
        for topic in stage.outputs if outputs else stage.inputs:
            found.setdefault(as_written(topic), set()).add(stage.name)
    return found


@pytest.mark.parametrize("name", TOPICS)
def test_every_part_is_named(name: str) -> None:
    """Each topic has a legal name, a sentence, a key, and an owner, writer, readers and retention from the closed lists."""
    topic = TOPICS[name]
    assert re.fullmatch(r"[a-z]+(\.[a-z]+|\.\*)?", name)
    assert topic.says.endswith(".")
    assert topic.key
    assert topic.owner in OWNERS
    assert topic.writer in WRITERS
    assert set(topic.readers) <= READERS
    assert topic.retention in RETENTIONS


@pytest.mark.parametrize("name", full())
def test_names_are_legal_for_kafka(name: str) -> None:
    """Each name is one that Kafka takes, with room for a namespace."""
    assert re.fullmatch(r"[a-z0-9.-]{1,200}", name)


def test_stages_write_what_the_contract_says() -> None:
    """A stage writes a topic in streams/path.py exactly when it is the topic's writer in the contract; `stages` are all of them."""
    declared = ends(outputs=True)
    for name, topic in TOPICS.items():
        if topic.writer == "stages":
            assert declared.pop(name, set()) <= set(STAGES)
        else:
            assert declared.pop(name, set()) == ({topic.writer} & set(STAGES)), name
    assert declared == {}


def test_stages_read_what_the_contract_says() -> None:
    """A stage reads a topic in streams/path.py exactly when it is among the topic's readers in the contract."""
    declared = ends(outputs=False)
    for name, topic in TOPICS.items():
        assert declared.pop(name, set()) == set(topic.readers) & set(STAGES), name
    assert declared == {}


def test_every_source_and_agency_has_its_topic() -> None:
    """Each source and agency has a topic of its own that the path reads or writes, and each stage its changelog."""
    names = set(full())
    assert {f"raw.{name}" for name in PARTS.sources} == {name for name in names if name.startswith("raw.")}
    assert {f"deliver.{name}" for name in PARTS.agencies} == {name for name in names if name.startswith("deliver.")}
    assert {stage.changelog for stage in PARTS.stages} == {name for name in names if name.startswith("state.")}
    assert not any("*" in name for name in names)


@pytest.mark.parametrize("name", TOPICS)
def test_cleanup_and_retention(name: str) -> None:
    """A compacted topic keeps the latest of a key for ever, whatever the default says; another keeps everything for its retention."""
    topic = TOPICS[name]
    days = re.fullmatch(r"(\d+)d", topic.retention)
    expected = int(days[1]) * 86_400_000 if days and topic.cleanup == "delete" else -1
    assert topic.retention_ms == expected


def test_compacted_topics_name_no_retention() -> None:
    """Nobody writes a retention for a compacted topic, which would say something that is not so."""
    entries = yaml.safe_load((ROOT / "schemas" / "topics.yaml").read_text("utf-8"))["topics"]
    compacted = [name for name, topic in TOPICS.items() if topic.cleanup == "compact"]
    assert [name for name in compacted if "retention" in entries[name]] == []


def test_only_state_is_plain_bytes() -> None:
    """Every topic but the changelogs has a model, and so a registered schema."""
    assert [name for name, topic in TOPICS.items() if topic.model is None] == ["state.*"]


def test_no_model_is_an_orphan() -> None:
    """Every model is the value of a topic."""
    assert {topic.value for topic in TOPICS.values()} - {"none"} == set(MODELS)


def test_views_are_compacted() -> None:
    """What is read as a view (the latest of a key) is compacted; what is read as a set of facts only where its key is the fact's id, or facts would be lost."""
    compacted = {name for name, topic in TOPICS.items() if topic.cleanup == "compact" and topic.key != "id of the fact"}
    assert {name for name in TOPICS if name.startswith(VIEWS)} == compacted - {"ledger", "state.*", "control.tick", "control.rules"}


def test_names_of_persons_are_marked() -> None:
    """Topics whose values hold direct identifiers in clear are marked identified, and only they."""
    identified = {name for name, topic in TOPICS.items() if topic.privacy == "identified"}
    assert identified == {name for name, topic in TOPICS.items() if topic.model in (Raw, Release)}


def test_partitions_of_what_is_read_together() -> None:
    """All inputs of a stage have equally many partitions, and its changelog as many."""
    topics = full()
    for stage in PARTS.stages:
        assert {topics[name].partitions for name in (*stage.inputs, stage.changelog)} == {1 if stage.name in ("links", "decisions") else 4}


def test_unequal_partitions_are_refused() -> None:
    """A stage that would read topics with other numbers of partitions together is refused, by its name."""
    with pytest.raises(ValueError, match="stage odd reads topics with"):
        contract(PARTS.sources, PARTS.agencies, {"odd": ("identity.match", "presence")}, 4)


def test_numbers_are_the_settings() -> None:
    """Partitions and copies are those of the settings wherever the contract names none."""
    topics = contract(PARTS.sources, PARTS.agencies, INPUTS, 9, replication=3)
    assert topics["presence"].partitions == 9
    assert topics["identity.match"].partitions == 1
    assert {topic.replication for topic in topics.values()} == {3}


@pytest.mark.parametrize(("change", "problem"), [
    ({"value": "Nothing"}, "Nothing is no model"), ({"retention": "a while"}, "retention"), ({"privacy": "secret"}, "privacy"), ({"name": "Upper"}, "name"),
    ({"readers": []}, "readers"), ({"colour": "red"}, "colour"),
])  # fmt: skip
def test_wrong_entries_are_refused(change: dict[str, Any], problem: str) -> None:
    """An entry that names no model, or says what cannot be said, is refused with the field's name."""
    entry: dict[str, Any] = {"name": "presence", "says": "x.", "key": "k", "value": "Presence", "owner": "o", "writer": "w", "readers": ["r"], "privacy": "none",
                             "cleanup": "delete", "retention": "30d", "compatibility": "full"}  # fmt: skip
    assert Topic.model_validate(entry).value == "Presence"
    with pytest.raises(ValidationError, match=problem):
        Topic.model_validate(entry | change)


def test_model_of_a_topic() -> None:
    """The model of a topic is found by the topic's full name."""
    assert model_of("raw.scan-code") is Raw
    assert model_of("deliver.daguan-county-cdc") is Release
    assert model_of("state.cases") is None
    assert model_of("elsewhere") is None
