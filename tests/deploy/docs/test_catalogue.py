"""The catalogue names everything and says it in tables that Markdown reads."""

from __future__ import annotations

import re

import pytest

from deploy.docs.catalogue import catalogue, stays
from deploy.docs.markdown import section, table
from deploy.docs.models import kind, parts
from deploy.docs.shipped import shipped
from schemas.avro import schema_of
from schemas.topics import MODELS, written
from streams.stage import Stage

PARTS = shipped()
TEXT = catalogue(PARTS)


@pytest.mark.parametrize("name", PARTS.topics)
def test_topics(name: str) -> None:
    """Each topic has a row with what it says, its key, owner, writer, readers and privacy class."""
    topic = PARTS.topics[name]
    (row,) = [line for line in TEXT.splitlines() if line.startswith(f"| `{name}` | {topic.says}")]
    assert all(part in row for part in (topic.key, topic.owner, topic.writer, ", ".join(topic.readers), topic.privacy, stays(topic)))


@pytest.mark.parametrize("stage", PARTS.stages, ids=lambda stage: str(stage.name))
def test_state(stage: Stage) -> None:
    """Each kind of row that a stage keeps has a line with its version, its number and what it is."""
    assert all(f"| {stage.name} | {stage.version} | {table.number} | {table.says} |" in TEXT for table in stage.tables)


@pytest.mark.parametrize("name", PARTS.sources)
def test_sources(name: str) -> None:
    """Each source has a row in both languages, with its kind, purpose and owner."""
    source = PARTS.sources[name]
    (row,) = [line for line in TEXT.splitlines() if line.startswith(f"| `{name}` | {source.says}")]
    assert all(part in row for part in (source.says_zh, f"record.{source.kind}", source.purpose, source.owner))


@pytest.mark.parametrize("name", PARTS.agencies)
def test_agencies(name: str) -> None:
    """Each agency has its purposes with legal basis and expiry, and what it wants with its fields."""
    agency = PARTS.agencies[name]
    part = TEXT.split(f"\n### {name}\n")[1].split("\n### ")[0]
    assert agency.says_zh in part
    assert all(f"| {one.name} | {one.legal_basis} | {one.expires_days} days" in part for one in agency.purposes)
    assert all(", ".join(want.fields) in part for want in agency.wants)


def test_models_and_fields() -> None:
    """Each model, part and vocabulary has a section with all of its fields or words."""
    for name in MODELS:
        for one in parts(schema_of(MODELS[name])):
            section_ = TEXT.split(f"\n### {one['name']}\n")[1].split("\n### ")[0]
            assert all(f"| `{field['name']}` |" in section_ for field in one.get("fields", []))
            assert all(f"| `{word}` |" in section_ for word in one.get("symbols", []))


def test_links_lead_somewhere() -> None:
    """Every link inside the page has its heading, and no heading is there twice."""
    headings = [re.sub(r"[^\w -]", "", line.lstrip("# ")).lower().replace(" ", "-") for line in TEXT.splitlines() if line.startswith("#")]
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= set(headings)
    assert len(headings) == len(set(headings))


def test_tables_hold() -> None:
    """Every line of a table has as many cells as its head, whatever the cells hold."""
    for block in re.findall(r"(?:^\|.*\n)+", TEXT, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1
    assert table(("a",), [("x|y\nz",), (None,)]) == "| a |\n| --- |\n| x\\|y z |\n|  |\n"


def test_markdown_sections() -> None:
    """A section leaves empty paragraphs out."""
    assert section(2, "Title", "", "text\n") == "## Title\n\ntext\n"


def test_how_long_messages_stay() -> None:
    """Retention is said in words."""
    assert {name: stays(written()[name]) for name in ("presence", "audit", "case.linked")} == {
        "presence": "30 days", "audit": "for ever", "case.linked": "the latest of a key, for ever",
    }  # fmt: skip
    assert stays(written()["presence"].model_copy(update={"retention": "12h"})) == "12 hours"


def test_types_in_words() -> None:
    """Each form of type has its words, and one that has none is an error and not silence."""
    assert kind(["null", {"type": "array", "items": "string"}]) == "list of text, or null"
    assert kind({"type": "map", "values": "long"}) == "whole number by name"
    with pytest.raises(TypeError, match="fixed"):
        kind({"type": "fixed", "size": 2})
