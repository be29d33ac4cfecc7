"""The AsyncAPI document: the topics of subscribers, their schemas, and the rules in words."""

from __future__ import annotations

from typing import Any

import yaml

from deploy.docs.asyncapi import asyncapi
from deploy.docs.shipped import ROOT, shipped

PARTS = shipped()
DOCUMENT: dict[str, Any] = yaml.safe_load(asyncapi(PARTS))


def resolve(reference: str) -> Any:
    """What a reference inside the document leads to."""
    found: Any = DOCUMENT
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def references(value: Any) -> list[str]:
    """All references in a value."""
    if isinstance(value, dict):
        return [one for key, inner in value.items() for one in ([inner] if key == "$ref" else references(inner))]
    return [one for inner in value for one in references(inner)] if isinstance(value, list) else []


def test_channels_are_what_subscribers_may_read() -> None:
    """The channels are the topics that others than stages, the deliverer and operators read, and no more."""
    outside = {name.replace("*", "{agency}") for name, topic in PARTS.topics.items() if {"subscribers", "the agency"} & set(topic.readers)}
    assert {channel["address"] for channel in DOCUMENT["channels"].values()} == outside
    assert DOCUMENT["channels"]["releases"]["parameters"]["agency"]["enum"] == list(PARTS.agencies)


def test_references_lead_somewhere() -> None:
    """Each reference is to a part of the document, or to a committed schema."""
    for reference in references(DOCUMENT):
        if reference.startswith("#/"):
            assert resolve(reference)
        else:
            assert (ROOT / "schemas" / reference).is_file()


def test_payloads_are_the_models_of_the_topics() -> None:
    """Each message's payload is the committed Avro schema of its topic's model, and its key and cleanup are the contract's."""
    for name, channel in (("case.linked", "linkedCases"), ("isolation", "isolations"), ("task", "tasks"), ("deliver.*", "releases")):
        topic = PARTS.topics[name]
        (message,) = [resolve(one["$ref"]) for one in DOCUMENT["channels"][channel]["messages"].values()]
        assert message["payload"]["schemaFormat"].startswith("application/vnd.apache.avro")
        assert message["payload"]["schema"]["$ref"] == f"./generated/{topic.value}.avsc"
        assert message["bindings"]["kafka"]["key"]["description"].lower().startswith(topic.key)
        assert DOCUMENT["channels"][channel]["bindings"]["kafka"]["topicConfiguration"]["cleanup.policy"] == [topic.cleanup]


def test_rules_are_said() -> None:
    """The rules that a subscriber needs are in the description: views, retraction, the successor, isolation, times, unknown words, expiry."""
    said = DOCUMENT["info"]["description"]
    assert all(word in said for word in ("latest message of a key", "retracted: true", "superseded_by", "read_committed", "UTC milliseconds", "`unknown`", "expires"))
    assert DOCUMENT["asyncapi"] == "3.0.0"
