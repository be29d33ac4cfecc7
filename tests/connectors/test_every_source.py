"""Every source file, by its own examples: a new one needs no new test."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors import registry
from connectors.envelope import Item, envelopes
from connectors.registry import BadFile
from schemas.document import load
from schemas.models.raw import Raw, Reason
from schemas.models.record import Record
from schemas.source import Example, PersonMap, Source, find
from schemas.tokens import Keys
from streams.normalise.interpret import interpret
from streams.stage import Emit

KEYS = Keys(b"a secret for tests, 32 bytes long")
SOURCES = registry.sources()
EXAMPLES = {f"{name}-{number}": (source, example) for name, source in SOURCES.items() for number, example in enumerate(source.examples, 1)}
REFUSED = {name: pair for name, pair in EXAMPLES.items() if pair[1].refuses}

YAML = """
name: {name}
says: An employee came to work.
says_zh: 职工到岗。
owner: a company
purpose: epidemic-control
kind: gate
id: [no]
subject: {{phone: phone, name: name}}
map: {{at: {{path: time, as: time}}, place: {{path: gate, as: code}}, region: {{path: area, as: region}}, direction: {{const: in}}}}
examples:
  - given: {{no: 0870, name: 李样本, phone: 13800000002, time: 2020-01-23, gate: G1, area: 530624}}
    gives: {{direction: in}}
"""


def raws(source: Source, example: Example) -> list[Raw]:
    """The raw messages of an example, as a JSON source would send it."""
    return list(envelopes(source, Item(json.dumps(example.given, ensure_ascii=False).encode()), KEYS))


def whole(source: Source, example: Example) -> Raw:
    """The raw message of an example that stands for a record: of a source with a function of its own, the record it makes."""
    body = json.dumps(example.given, ensure_ascii=False).encode()
    plain = source.model_copy(update={"split": None})
    (raw,) = envelopes(plain, Item(body), KEYS)
    return raw


def understood(source: Source, example: Example) -> list[Emit] | list[Reason]:
    """What normalise makes of an example."""
    raw = whole(source, example)
    return interpret(source, load(raw.body), raw.record, raw.version, KEYS)


def facts(source: Source, example: Example) -> list[Record]:
    """The record facts of an example: one for each person in it, the subject first."""
    return [one.value for one in understood(source, example) if isinstance(one, Emit) and isinstance(one.value, Record)]


@pytest.mark.parametrize(("source", "example"), EXAMPLES.values(), ids=EXAMPLES)
def test_example(source: Source, example: Example) -> None:
    """An example gives what it says, is refused in exactly the fields that it says, or takes itself back."""
    raw = whole(source, example)
    if example.retracts:
        assert (raw.retracts, raw.fault) == (True, None)
        return
    assert not raw.retracts
    if example.gives is not None:
        assert raw.fault is None
        said = facts(source, example)[0].model_dump(mode="json")
        assert {name: said[name] for name in example.gives} == example.gives
    else:
        found = understood(source, example)
        assert sorted(one.field for one in found if isinstance(one, Reason)) == sorted(example.refuses or [])


@pytest.mark.parametrize(("source", "example"), REFUSED.values(), ids=REFUSED)
def test_reasons_hold_no_values(source: Source, example: Example) -> None:
    """A reason says what is expected and repeats nothing that the source sent."""
    sent = {str(value) for value in example.given.values() if isinstance(value, str) and len(str(value)) > 3}
    said = " ".join(one.problem for one in understood(source, example) if isinstance(one, Reason))
    assert said
    assert not [value for value in sent if value in said]


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_shows_every_field(source: Source) -> None:
    """Every path of the mapping and of the persons stands filled in an example that is understood, and there is one that is refused."""
    good = [source.derived(example.given) for example in source.examples if example.gives is not None]
    paths = [path for rule in source.map.values() for path in rule.paths]
    unseen = [path for path in [*paths, *_handles(source.subject)] if not any(find(given, path) not in (None, "") for given in good)]
    assert not unseen
    along = [item for given in good for item in find(given, source.companions or "") or [] if isinstance(item, dict)]
    assert not [path for path in _handles(source.companion) if not any(item.get(path) for item in along)]
    assert any(example.refuses for example in source.examples)
    assert bool(source.retracts) == any(example.retracts for example in source.examples)


def _handles(where: PersonMap) -> Iterator[str]:
    for name in ("name", "phone", "document", "document_kind", "nationality", "account", "alias", "patient", "patient_of",
                 "sex", "born", "age", "home", "address", "household"):  # fmt: skip
        if path := getattr(where, name):
            yield path
    yield from where.case


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_says_what_it_is(source: Source) -> None:
    """A source says in English and in Chinese what a record of it says, who answers for it, and why."""
    assert re.fullmatch(r"[A-Z].*\.", source.says)
    assert re.search(r"[一-鿿].*。$", source.says_zh)
    assert source.owner
    assert source.purpose


def test_kinds_that_the_path_needs() -> None:
    """Scans, first visits, laboratory results, households, entry-exit registers, clock-ins, travel and crossings each have a source."""
    assert {source.kind for source in SOURCES.values()} >= {"scan", "visit", "lab", "household", "gate", "clockin", "travel", "crossing"}


def test_people_without_a_phone() -> None:
    """Somebody scanned along without a phone is a person of their own, and so is one of whom only the name is known."""
    source = SOURCES["scan-code"]
    (example,) = [one for one in source.examples if one.given.get("companions") and one.gives]
    subject, child, named, shared = facts(source, example)
    assert {one.companion_of for one in (child, named, shared)} == {subject.alias}
    assert len({one.alias for one in (subject, child, named, shared)}) == 4
    assert KEYS.open(named.alias, named.sealed) == {"name": "罗例子"}
    assert child.alias == KEYS.token("document", "resident", "CN", "530624201405060019")


def test_added_file_is_found(tmp_path: Path) -> None:
    """A YAML file in a further folder is a source, with no other edit, and is read as a source sends it: 0870 is no number."""
    (tmp_path / "gatehouse.yaml").write_text(YAML.format(name="gatehouse"), "utf-8")
    found = registry.sources(tmp_path)
    assert set(found) == {*SOURCES, "gatehouse"}
    (raw,) = raws(found["gatehouse"], found["gatehouse"].examples[0])
    assert raw.record == KEYS.token("record", "gatehouse", "0870")
    assert facts(found["gatehouse"], found["gatehouse"].examples[0])[0].source == "gatehouse"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: gate", "kind: door", "kind door is not one of"),
        ("owner: a company", "owner: a company\nowners: two", "owners: Extra inputs"),
        ("owner: a company\n", "", "owner: Field required"),
        ("owner: a company", "owner: a company\nowner: another", "owner stands twice"),
        ("place:", "plaice:", "map names plaice"),
        ("place: {path: gate, as: code}, ", "", "map does not name place"),
        ("{const: in}", "{const: sideways}", "map.direction gives 'sideways'"),
        ("{const: in}", "{path: way, as: word, words: {进: inside}}", "map.direction gives 'inside'"),
        ("kind: gate", "kind: gate\nzone: Asia/Daguan", "zone: Value error, expected a time zone"),
        ("kind: gate", "kind: gate\nsplit: connectors.sources.nowhere:rows", "split: Value error, expected module:function"),
        ("    gives: {direction: in}", "", "examples.0: Value error, an example has one of"),
        ("name: gatehouse", "name: other", "name is 'other' and must be 'gatehouse'"),
        ("id: [no]", "id: []", "id: List should have at least 1 item"),
        ("id: [no]", "id: [no", "not YAML"),
    ],
)
def test_wrong_file_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A source file with a mistake is refused with its own name and that of the field."""
    path = tmp_path / "gatehouse.yaml"
    text = YAML.format(name="gatehouse")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(BadFile) as refused:
        registry.sources(tmp_path)
    assert str(path) in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize("content", ["", "- a list", "just text", "name: [gatehouse]", "\x00"])
def test_no_mapping_is_refused(tmp_path: Path, content: str) -> None:
    """A file that holds no mapping is refused by name, like any other mistake."""
    (tmp_path / "gatehouse.yaml").write_text(content, "utf-8")
    with pytest.raises(BadFile, match=r"gatehouse\.yaml"):
        registry.sources(tmp_path)


def test_name_that_is_taken(tmp_path: Path) -> None:
    """A further source cannot take the name of a shipped one."""
    (tmp_path / "clockin.yaml").write_text(YAML.format(name="clockin"), "utf-8")
    with pytest.raises(BadFile, match="already is a clockin"):
        registry.sources(tmp_path)

