"""The catalogue: every topic, source, agency and model, for people."""

from __future__ import annotations

from deploy.docs.markdown import NOTICE, section, table
from deploy.docs.models import models
from deploy.docs.shipped import Shipped
from schemas.agency import Agency, Want, Webhook
from schemas.models.release import View
from schemas.privacy import fields
from schemas.source import Source
from schemas.subscription import Subscription
from schemas.topics import Topic
from schemas.vocabulary import vocabulary
from streams.stage import Stage

_INTRODUCTION = """\
Everything that travels on the bus, generated from [schemas/topics.yaml](../schemas/topics.yaml), the models, and the files of sources and agencies.
How it flows is drawn in [flow.md](flow.md); what subscribers rely on is in [asyncapi.yaml](../schemas/asyncapi.yaml)."""


def catalogue(parts: Shipped) -> str:
    """The whole catalogue as Markdown."""
    return "\n".join(
        [
            NOTICE + "\n",
            section(1, "Catalogue 目录", _INTRODUCTION),
            section(2, "Topics 主题", table(_TOPIC, map(_topic, parts.topics.values())), _PRIVACY),
            section(2, "State 状态", _STATE, table(_ROW, [row for stage in parts.stages for row in _rows(stage)])),
            section(2, "Sources 数据来源", table(_SOURCE, map(_source, parts.sources.values()))),
            section(2, "Agencies 机构", *map(_agency, parts.agencies.values())),
            section(2, "Privacy classes 隐私分级", _CLASSES, table(_CLASS, _classes()), table(_FIELD, _fields())),
            models(),
        ]
    )


_TOPIC = ("topic", "what is on it", "key", "value", "stays", "partitions", "owner", "writer", "readers", "privacy", "compatible")
_PRIVACY = """\
`raw.*` stands for one topic for each source, `deliver.*` for each agency, `state.*` for each stage; `as set` is the setting `partitions`.
Privacy: identified values name persons; pseudonymous ones speak of aliases and person keys; none are about no person."""


def _topic(topic: Topic) -> tuple[str, ...]:
    value = "bytes" if topic.model is None else f"[{topic.value}](#{topic.value.lower()})"
    partitions = "as the stage's inputs" if topic.name == "state.*" else str(topic.partitions or "as set")
    return (f"`{topic.name}`", topic.says, topic.key, value, stays(topic), partitions, topic.owner, topic.writer, ", ".join(topic.readers), topic.privacy,
            topic.compatibility if topic.model else "-")  # fmt: skip


_STATE = """\
What stages keep, on disk and in `state.*`. A key is the number of the row in one byte, what it is about in sixteen, and what follows in sixteen for an id and
eight for a moment. State of another version is migrated or refused."""
_ROW = ("stage", "version", "number", "a row", "in memory", "goes before all else")


def _rows(stage: Stage) -> list[tuple[str, ...]]:
    urgent = ", ".join(f"`{topic}`" for topic in stage.urgent) or "-"
    return [(stage.name, str(stage.version), str(one.number), one.says, "what was last asked for" if one.few else "-", urgent) for one in stage.tables]


def stays(topic: Topic) -> str:
    """How long messages stay, in words."""
    if topic.cleanup == "compact":
        return "the latest of a key, for ever"
    if topic.retention == "forever":
        return "for ever"
    number, unit = topic.retention[:-1], {"h": "hours", "d": "days"}[topic.retention[-1]]
    return f"{number} {unit}"


_SOURCE = ("source", "what a record says", "中文", "gives", "purpose", "owner", "a record is", "corrected by", "taken back by")


def _source(source: Source) -> tuple[str, ...]:
    back = f"{source.retracts.path}: {', '.join(source.retracts.words)}" if source.retracts else "never"
    return (f"`{source.name}`", source.says, source.says_zh, f"`record.{source.kind}`", source.purpose, source.owner, ", ".join(source.id),
            source.version.path if source.version else "never", back)  # fmt: skip


_WANT = ("role", "statuses", "when the agency's region is", "purpose", "fields", "why these are needed")


def _agency(agency: Agency) -> str:
    where = f"region `{agency.region}`" if agency.region else f"facility `{agency.facility}`"
    how = "by webhook and by its topic" if isinstance(agency.deliver, Webhook) else "by its topic"
    wants = [(want.role, ", ".join(want.statuses or ["all"]), ", ".join(want.why), want.purpose, ", ".join(want.fields), _needs(want)) for want in agency.wants]
    purposes = [(one.name, one.legal_basis, f"{one.expires_days} days after the latest event") for one in agency.purposes]
    return section(
        3, agency.name, f"{agency.says} {agency.says_zh}", f"{agency.kind}, {where}; receives {how}, `deliver.{agency.name}`.",
        table(("purpose", "legal basis", "copies are deleted"), purposes), *([table(_WANT, wants)] if wants else []),
        *([table(_SUBSCRIBED, [_subscribed(agency, one) for one in agency.subscribes])] if agency.subscribes else []),
    )  # fmt: skip


_SUBSCRIBED = ("is told of", "where", "purpose", "fields", "until", "counts as they are, because")


def _subscribed(agency: Agency, one: Subscription) -> tuple[str, ...]:
    where = ", ".join(one.regions) or agency.region or str(agency.facility)
    return f"`{one.topic}`", where, one.purpose, ", ".join(one.asked), str(one.until or ""), one.small_counts or ""


def _needs(want: Want) -> str:
    return "; ".join(f"{privacy}: {why}" for privacy, why in want.needs.items())


_CLASSES = """\
How far each field of a linked case touches the person, from [privacy.yaml](../schemas/vocabulary/privacy.yaml). An agency file says
for identifying and for sensitive fields why they are needed; `lianfang agencies check` refuses one that does not."""
_CLASS = ("class", "中文", "meaning", "source")
_FIELD = ("field", "中文", "class", "may be released")


def _classes() -> list[tuple[str, ...]]:
    return [(name, one["zh"], one["en"], one["source"]) for name, one in vocabulary("privacy")["classes"].items()]


def _fields() -> list[tuple[str, ...]]:
    return [(f"{one.name}: {one.en}", one.zh, one.privacy, "yes" if one.name in View.model_fields else "no") for one in fields().values()]
