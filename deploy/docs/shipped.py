"""What is shipped, whatever the environment says: sources, agencies, stages and topics that the documents describe."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from connectors import registry
from schemas.agency import Agency
from schemas.source import Source
from schemas.tokens import Keys
from schemas.topics import Topic, written
from streams import path, policy
from streams.stage import Stage

ROOT = Path(__file__).parents[2]
"""The folder of the project."""


@dataclass(frozen=True)
class Shipped:
    """The parts, each by name; topics as they are written, with `raw.*` and its like once each."""

    sources: dict[str, Source]
    agencies: dict[str, Agency]
    stages: tuple[Stage, ...]
    topics: dict[str, Topic]


@cache
def shipped() -> Shipped:
    """Everything that is shipped. The stages have a key of zeros, for here they only say what they read and write."""
    sources, agencies = registry.sources(), registry.agencies()
    stages = path.build(sources, list(agencies.values()), policy.load(), Keys(bytes(32)))
    return Shipped(sources, agencies, stages, written())


def as_written(topic: str) -> str:
    """The name in topics.yaml of a topic: deliver.* for deliver.daguan-county-cdc."""
    group = f"{topic.partition('.')[0]}.*"
    return group if group in written() else topic
