"""The product's interface as AsyncAPI 3.0: the topics that others than stages and operators may read."""

from __future__ import annotations

import tomllib
from typing import Any

import yaml

from deploy.docs.shipped import ROOT, Shipped
from schemas.topics import Topic

_RULES = """\
The linked cases of the bus, what is to be done about them, who is told what, and for each agency the fields that it may see.

Rules for the channels here:

- **A view, by key.** The latest message of a key is what stands for that key, and replaces all before it. The topics are compacted: reading one from its
  beginning gives the whole view. Messages of one key come in order; of different keys in any.
- **Retracted.** A message with `retracted: true` says that nothing stands for the key any more. It carries the last state, so that it is known what ended.
  Remove your copy. It is an ordinary message, not a tombstone (null value), and stays until a later one replaces it.
- **Superseded.** When two handles turn out to be one person, or one to be two, a person's key can change. The old key is retracted with `superseded_by`, the
  key under which the person now is; follow it, also over several steps.
- **The same again changes nothing.** `id` names the content: two messages with the same `id` and `retracted` are the same. Receivers may get one twice.
- **Read committed.** Set `isolation.level=read_committed`, or you see what was taken back before it counted.
- **Times** are UTC milliseconds (`timestamp-millis`), all event time: when it happened, not when it was told.
- **Values** are Avro in Confluent wire format: a zero byte, the schema's id in four bytes, the body. Schemas are registered under `<topic>-value` and are
  FULL_TRANSITIVE: old and new readers read old and new values. A word that came after your schema is read as `unknown`.
- **Purpose.** A release names its purpose and legal basis, and `expires`: delete the copy then, or earlier when it is retracted.
- **Checkpoints are no view.** Each stands for ever beside those before it; every later one holds all that the earlier ones held (`lianfang verify`)."""


def asyncapi(parts: Shipped) -> str:
    """The document as YAML."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    names = ("case.linked", "isolation", "task", "notice", "notice.public", "supply", "dispatch", "need", "deliver.*", "audit.checkpoint")
    linked, apart, task, resident, public, supply, dispatch, need, deliver, checkpoint = (parts.topics[name] for name in names)
    document = {
        "asyncapi": "3.0.0",
        "info": {"title": "Lianfang 联防", "version": version, "description": _RULES},
        "defaultContentType": "application/vnd.apache.avro",
        "servers": {"bus": _SERVER},
        "channels": {
            "linkedCases": _channel(linked, "case.linked", "linkedCase"),
            "isolations": _channel(apart, "isolation", "isolation"),
            "tasks": _channel(task, "task", "task"),
            "residentNotices": _channel(resident, "notice", "residentNotice"),
            "publicNotices": _channel(public, "notice.public", "publicNotice"),
            "supplies": _channel(supply, "supply", "supply"),
            "dispatches": _channel(dispatch, "dispatch", "dispatch"),
            "needs": _channel(need, "need", "need"),
            "releases": _channel(deliver, "deliver.{agency}", "release") | {"parameters": {"agency": _agencies(parts)}},
            "checkpoints": _channel(checkpoint, "audit.checkpoint", "checkpoint"),
        },
        "operations": {
            "publishLinkedCases": _operation("linkedCases", "The bus says what stands about a person. Needs permission to read the topic."),
            "publishIsolations": _operation("isolations", "The bus says who is to stay apart, and who not any more. Needs permission to read the topic."),
            "publishTasks": _operation("tasks", "The bus says what is to be done, by whom and by when. Needs permission to read the topic."),
            "publishResidentNotices": _operation("residentNotices", "The bus says what a resident is to be told. Needs permission to read the topic."),
            "publishPublicNotices": _operation("publicNotices", "The bus says what the public of an area is to be told; nobody is named."),
            "publishSupplies": _operation("supplies", "The bus says what a place has of an item, and when it runs out; nobody is named."),
            "publishDispatches": _operation("dispatches", "The bus says how far a dispatch of supplies is; nobody is named."),
            "publishNeeds": _operation("needs", "The bus says what a person needs, and which provider has it. Needs permission to read the topic."),
            "publishReleases": _operation("releases", "The bus releases fields to one agency; only that agency may read its topic."),
            "publishCheckpoints": _operation(
                "checkpoints", "The log says what it holds, signed. Keep each: with it you can prove later that nothing was removed."
            ),
        },
        "components": {
            "messages": {
                "linkedCase": _message(linked), "isolation": _message(apart), "task": _message(task), "residentNotice": _message(resident),
                "publicNotice": _message(public), "supply": _message(supply), "dispatch": _message(dispatch), "need": _message(need),
                "release": _message(deliver), "checkpoint": _message(checkpoint),
            },
        },
    }
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=160)
    return f"# Generated by `make generate`; what is written here by hand is lost.\n{text}"


_SERVER = {
    "host": "{brokers}",
    "protocol": "kafka",
    "description": "Any Kafka from 3.5 on, with a Confluent-compatible schema registry beside it.",
    "variables": {"brokers": {"description": "Bootstrap servers, host:port with commas. A namespace, where one is set, stands before every topic's name."}},
}


class _Dumper(yaml.SafeDumper):
    """Text of several lines as a block, for people; nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """No anchors."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _channel(topic: Topic, address: str, message: str) -> dict[str, Any]:
    configuration = {"cleanup.policy": [topic.cleanup], "retention.ms": topic.retention_ms}
    return {
        "address": address,
        "description": f"{topic.says} Privacy class: {topic.privacy}. Owner: {topic.owner}.",
        "messages": {message: {"$ref": f"#/components/messages/{message}"}},
        "bindings": {"kafka": {"topicConfiguration": configuration, "bindingVersion": "0.5.0"}},
    }


def _agencies(parts: Shipped) -> dict[str, Any]:
    return {"description": "Name of the agency, as its file in connectors/agencies is called.", "enum": list(parts.agencies)}


def _operation(channel: str, summary: str) -> dict[str, Any]:
    return {"action": "send", "channel": {"$ref": f"#/channels/{channel}"}, "summary": summary}


def _message(topic: Topic) -> dict[str, Any]:
    assert topic.model is not None
    key = {"type": "string", "description": f"{topic.key.capitalize()}, UTF-8."}
    return {
        "name": topic.value,
        "summary": (topic.model.__doc__ or "").strip(),
        "contentType": "application/vnd.apache.avro",
        "payload": {"schemaFormat": "application/vnd.apache.avro;version=1.9.0", "schema": {"$ref": f"./generated/{topic.value}.avsc"}},
        "bindings": {"kafka": {"key": key, "schemaIdLocation": "payload", "schemaIdPayloadEncoding": "confluent", "bindingVersion": "0.5.0"}},
    }
