"""Everything that concerns a person is in the report, and nothing of another; by an independent search for the marks of each."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from pydantic import BaseModel

from deploy.residents.asked import NotAsked, Resident, aliases, parsed, resident
from deploy.residents.concerns import is_about_people
from deploy.residents.held import about_people, held
from deploy.residents.page import page
from deploy.residents.report import SECTIONS, TITLES, report
from schemas.models.fact import Fact
from schemas.models.identity import Link
from schemas.models.raw import Raw
from schemas.topics import MODELS, written
from streams.memory import Bus
from tests.deploy.residents.town import PEOPLE, document, marks, messages, reader, topics, town
from tests.properties.bus import KEYS, sources

OF_NOBODY = {"Signal", "Attendance", "Silence", "Tick", "Rules", "Ledger", "ModelPart", "Taken", "Checkpoint", "AgencyProposal", "Dispatch", "Supply", "RotationProposal", "RotationApproval", "Carried", "AgencyApproval", "LevelInForce", "LevelProposal", "LevelApproval",
             "LevelEnd", "RiskArea", "AreaProposal", "AreaApproval", "AreaEnd", "Statistic", "MeasureRefused", "MeasureAlert", "MeasureBeyond", "PublicNotice", "ClosureAlert"}  # fmt: skip
"""Models that name no person, so that no report looks for one in them."""


@cache
def world() -> Bus:
    """The town, made once."""
    return town()


@cache
def who(number: int) -> Resident:
    """One of the people, by the document that they show."""
    given = aliases({"document": document(number)}, sources().values(), KEYS)
    links = [one for one in world().standing("identity.link").values() if isinstance(one, Link)]
    return resident(given, links)


@cache
def told(number: int) -> dict[str, Any]:
    """The report of one of the people."""
    mine = who(number)
    return report(held(reader(world()), topics(), mine, KEYS), mine, topics(), 1)


def _clear(value: BaseModel) -> str:
    """All that a message says to who has every key, as text: what is sealed is opened under each alias that it names."""
    text = json.dumps(value.model_dump(mode="json"), ensure_ascii=False) + (value.body.decode() if isinstance(value, Raw) else "")
    sealed, alias = getattr(value, "sealed", None), getattr(value, "alias", None)
    return text + (json.dumps(KEYS.decrypt(alias, sealed), ensure_ascii=False) if isinstance(sealed, bytes) and sealed and alias else "")


def _names(value: BaseModel, number: int) -> bool:
    return any(one in _clear(value) for one in (*marks(number), *who(number).aliases))


def unexplained(found: dict[str, Any], number: int) -> int:
    """How many messages stand that name the person, in clear, sealed or by an alias, and are neither in the report nor counted as another's."""
    ids = {str(one.get("id")) for section in found["sections"].values() for one in section}
    stood = {(name, one.id): one for name in world().topics for one in world().standing(name).values() if isinstance(one, Fact)}
    elsewhere: dict[str, int] = found["named_elsewhere"]
    return sum(_names(one, number) and one.id not in ids for one in stood.values()) - sum(elsewhere.values())


@pytest.mark.parametrize("number", range(PEOPLE))
def test_everything_that_names_the_person_is_there(number: int) -> None:
    """Each fact that stands and names the person is in the report, or is another's and counted as such; and so is each raw message."""
    assert unexplained(told(number), number) == 0
    raws = [one.value for one in messages(world()) if isinstance(one.value, Raw) and _names(one.value, number)]
    assert {f"{raw.record} {raw.version}" for raw in raws} == {one["id"] for one in told(number)["sections"]["arrived"]}
    assert raws


@pytest.mark.parametrize("model", ["Task", "Scan", "Link", "Profile", "Release"])
def test_what_is_overlooked_is_found(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a fault left one kind of message out, the search above would find it."""
    monkeypatch.setattr("deploy.residents.held.is_about_people", lambda one: one.__name__ != model and is_about_people(one))
    assert unexplained(report(held(reader(world()), topics(), who(0), KEYS), who(0), topics(), 1), 0) > 0


@pytest.mark.parametrize("number", range(PEOPLE))
def test_nothing_of_another_is_there(number: int) -> None:
    """No mark, key or alias of anybody else is anywhere in the report or on the page; those of the person are."""
    text = json.dumps(told(number), ensure_ascii=False)
    both = text + page(told(number))
    others = {one for other in range(PEOPLE) if other != number for one in (*marks(other), *who(other).aliases)}
    assert not [one for one in others if one in both]
    assert not [one for one in marks(number) if one not in text]


def test_what_a_case_is_told() -> None:
    """The case is told of records by source, links with reasons, the linked case with its timeline, tasks, releases with purpose and law, and who looked."""
    found = told(0)["sections"]
    assert {one["source"] for one in found["records"]} == {"scan-code", "lab-result"}
    assert {"same phone and name"} <= {reason for one in found["linking"] if one["topic"] == "identity.link" for reason in one["reasons"]}
    (case,) = [one for one in found["case"] if one["topic"] == "case.linked"]
    assert (case["status"], {line["what"] for line in case["timeline"]} >= {"positive", "stay"}) == ("confirmed", True)
    assert {one["person"] for one in case["contacts"]} == {"another person 他人"}
    assert all(one["purpose"] and one["legal_basis"] and one["fields"] and one["agency"] and not one["retracted"] for one in found["releases"])
    assert {one["release"] for one in found["releases"] if one["stands"]} == {one["id"] for one in found["stands_released"]} != set()
    assert all((one["expires"] is not None) == one["stands"] for one in found["releases"])
    assert found["tasks"]
    assert [(one["by"], one["reason"]) for one in found["looks"]] == [("CDC-7", "tracing")]
    assert told(3)["sections"]["looks"] == []
    assert [one["reasons"][0]["field"] for one in told(1)["sections"]["refused"]] == ["result"]


def test_each_model_is_of_somebody_or_said_to_be_of_nobody() -> None:
    """Of each model on a topic the report knows how it names a person, or it is listed as naming nobody; so no topic that comes later is forgotten."""
    assert {name for name, model in MODELS.items() if not is_about_people(model)} == OF_NOBODY
    assert {one for topic in written().values() for one in [topic.value] if topic.privacy != "none" and one != "none"} & OF_NOBODY == {"Statistic", "Signal", "Carried"}  # counts, which are of a linked case only in their causes; rows, of which normalise writes the records anew
    assert set(about_people(topics())) >= {"raw.scan-code", "deliver.daguan-county-cdc", "receipt", "case.look"}


def test_the_page() -> None:
    """It has every section in both languages, runs nothing, and asks no other machine for anything."""
    text = page(told(0))
    assert all(zh in text and en in text for zh, en in TITLES.values())
    assert set(told(0)["sections"]) == set(TITLES) >= set(SECTIONS)
    assert not [one for one in ("<script", "http://", "https://", 'src="', "href=") if one in text]
    spoiled = told(0) | {"sections": {"who": [{"topic": "<img src=x>", "says": {"name": ["<b>&"]}}]}}
    assert "<img" not in page(spoiled)
    assert "&lt;b&gt;&amp;" in page(spoiled)


@pytest.mark.parametrize(("said", "problem"), [
    ({"phone": "13900000000"}, "nobody is told"), ({"name": "杨标记甲"}, "nobody is told"), ({}, "nobody is told"), ({"document": "12"}, "document: "),
    ({"document": document(0), "name": "杨标记乙", "phone": "13900000001"}, "2 people"),
])  # fmt: skip
def test_nobody_or_several(said: dict[str, str], problem: str) -> None:
    """A phone alone, which others may have, shows nothing; nor do identifiers of two people. What is said about it holds no identifier."""
    links = [one for one in world().standing("identity.link").values() if isinstance(one, Link)]
    with pytest.raises(NotAsked, match=problem) as told_:
        resident(aliases(said, sources().values(), KEYS), links)
    assert not [value for value in said.values() if value in str(told_.value)]


def test_every_handle_leads_to_the_person() -> None:
    """A document, a name with a phone, an account, an alias: the same person; of somebody unknown nothing is held."""
    links = [one for one in world().standing("identity.link").values() if isinstance(one, Link)]
    name, phone, number = marks(1)
    for said in ({"document": number}, {"name": name, "phone": phone}, {"account": "ox-mark"}, {"key": who(1).person}):
        assert resident(aliases(said, sources().values(), KEYS), links).person == who(1).person
    nobody = resident(aliases({"document": document(7)}, sources().values(), KEYS), links)
    assert nobody.person == ""
    assert held(reader(world()), topics(), nobody, KEYS).found == {}


def test_a_request_is_one_object_of_texts() -> None:
    """Anything else is refused, and nothing of it is said again."""
    assert parsed('{"name": " 杨 ", "phone": ""}') == {"name": "杨"}
    for text in ("[]", "x", '{"name": 1}', '{"13900000000": "x"}'):
        with pytest.raises(NotAsked) as told_:
            parsed(text)
        assert "13900000000" not in str(told_.value)
