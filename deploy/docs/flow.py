"""The flow of facts as a Mermaid diagram, drawn from what stages read and write and from topics.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from deploy.docs.markdown import NOTICE, section
from deploy.docs.shipped import Shipped, as_written
from schemas.agency import Webhook

_INTRODUCTION = """\
Boxes are stages, drums are topics, and topics with the same writers and readers share a drum. What each topic holds is in the [catalogue](catalogue.md).
Red drums hold names of persons. The loop from `cases` over `trace.order` and back is the tracing of contacts."""

_STYLES = ("classDef stage fill:#e8f0fe,stroke:#1a56db,color:#111;", "classDef identified fill:#fde8e8,stroke:#c81e1e,color:#111;",
           "classDef pseudonymous fill:#f3f4f6,stroke:#4b5563,color:#111;", "classDef none fill:#ffffff,stroke:#9ca3af,color:#111;",
           "classDef outside fill:#fdf6b2,stroke:#8e4b10,color:#111;")  # fmt: skip


@dataclass(frozen=True)
class Drum:
    """Topics with the same writers, readers and privacy class."""

    topics: tuple[str, ...]
    writers: tuple[str, ...]
    readers: tuple[str, ...]
    privacy: str


def flow(parts: Shipped) -> str:
    """The diagram and a few words, as Markdown."""
    diagram = "\n".join(["```mermaid", "flowchart LR", *(f"  {line}" for line in lines(parts)), "```"])
    return "\n".join([NOTICE + "\n", section(1, "Flow 数据流", _INTRODUCTION, diagram, _aside(parts))])


def lines(parts: Shipped) -> Iterator[str]:
    """The diagram, line by line."""
    webhooks = [name for name, agency in parts.agencies.items() if isinstance(agency.deliver, Webhook)]
    outside = {
        "connectors": ("connectors", parts.sources), "deliver": ("deliver", ()), "clock": ("clock", ()), "carry": ("tokens rotate", ()), "log": ("log", ()),
        "the agency": ("agencies", parts.agencies),
        "subscribers": ("subscribers", ()), "operators": ("operators", ()), "stewards": ("stewards", ()), "workers": ("workers that start", ()),
    }  # fmt: skip
    drums = list(_drums(parts))
    yield from _nodes({stage.name: (stage.name, ()) for stage in parts.stages}, '["{}"]', "stage")
    yield from _nodes(outside, '(["{}"])', "outside")
    for number, drum in enumerate(drums):
        yield f'topic{number}[("{"<br/>".join(drum.topics)}")]:::{drum.privacy}'
    for number, drum in enumerate(drums):
        yield from (f"{_id(writer)} --> topic{number}" for writer in drum.writers)
        yield from (f"topic{number} --> {_id(reader)}" for reader in drum.readers)
    if webhooks:
        yield f"{_id('deliver')} -- webhook --> {_id('the agency')}"
    yield from _STYLES


def _drums(parts: Shipped) -> Iterator[Drum]:
    """All topics but those of the runtime itself, grouped, in the order of the contract."""
    writers, readers = _ends(parts, outputs=True), _ends(parts, outputs=False)
    groups: dict[tuple[tuple[str, ...], tuple[str, ...], str], list[str]] = {}
    for name, topic in parts.topics.items():
        writes = writers.get(name) or [topic.writer]
        if topic.writer != "the stage" and writes != ["stages"]:
            reads = dict.fromkeys([*readers.get(name, []), *topic.readers])
            groups.setdefault((tuple(writes), tuple(reads), topic.privacy), []).append(name)
    for (sides, others, privacy), names in groups.items():
        yield Drum(tuple(names), sides, others, privacy)


def _ends(parts: Shipped, *, outputs: bool) -> dict[str, list[str]]:
    """The stages at one end of each topic, by the topic's name in the contract."""
    found: dict[str, dict[str, None]] = {}
    for stage in parts.stages:
        for topic in stage.outputs if outputs else stage.inputs:
            found.setdefault(as_written(topic), {})[stage.name] = None
    return {topic: list(stages) for topic, stages in found.items()}


def _nodes(nodes: Mapping[str, tuple[str, Iterable[str]]], shape: str, style: str) -> Iterator[str]:
    for name, (title, items) in nodes.items():
        listed = [f"<i>{item}</i>" for item in items]
        yield f"{_id(name)}{shape.format('<br/>'.join([f'<b>{title}</b>', *listed]))}:::{style}"


def _id(name: str) -> str:
    return f"n_{name.replace(' ', '_')}"


def _aside(parts: Shipped) -> str:
    """The topics that every stage has, in words."""
    common = [f"`{name}` ({topic.says.rstrip('.')[0].lower()}{topic.says.rstrip('.')[1:]})" for name, topic in parts.topics.items()
              if topic.writer in ("stages", "the stage")]  # fmt: skip
    return f"Every stage also writes {', '.join(common)}."
