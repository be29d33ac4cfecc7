"""`lianfang border`: stays as pairs of entry and exit, how those who cross are known, and crossings by port."""

from __future__ import annotations

import json

import pytest

from schemas.models.case import What
from schemas.models.crossing import KnownBy
from schemas.models.record import Crossing, Direction
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.fakes import entry
from tests.streams.tasks.cases import COMMUNITY, NOON, after, line, told
from tests.streams.trial import DAY, HOUR

IN = line(What.STAY, place="PORT-RUILI", note="in", region=COMMUNITY)
ENTERED = line(What.ENTERED, place="PORT-RUILI", note="border_certificate", region=COMMUNITY)
OUT = line(What.STAY, 3, place="PATH-1", note="out", region="533102")


def crossing(letter: str, hours: int, place: str, known: KnownBy | None) -> Crossing:
    """A crossing that stands, under an alias of one letter."""
    return Crossing.of(causes=["c" * 32], at=NOON + hours * HOUR, source="border-crossing", record=f"{letter}{hours}", alias=letter * 32, place=place, region="532822",
                       direction=Direction.IN, known_by=None if known is None else [known])  # fmt: skip


@pytest.fixture(autouse=True)
def _bus(filled: Filled) -> None:
    """One who is in and too long, one who is in by a passport, one who went out again, one who was in twice, and one who crosses often and has no name."""
    late = told(IN, ENTERED, person="1" * 32)
    passport = told(line(What.ENTERED, place="PORT-HEKOU", note="passport", region="532532"), person="2" * 32)
    gone = told(IN, ENTERED, OUT, person="3" * 32)
    twice = told(*(line(What.ENTERED, hours, "PORT-MOHAN", "passport", region="532823") for hours in (1, 2)), line(What.STAY, 3, "PORT-MOHAN", "out"), person="4" * 32)
    often = told(*(line(What.IDENTIFIED, hours, "PORT-HEKOU", "none phone", region="532532") for hours in range(4)), line(What.STAY, 3, "PORT-HEKOU", "out", region="532532"), person="5" * 32)
    named = told(line(What.IDENTIFIED, 4, "PORT-RUILI", "passport document name", region="533102"), person="6" * 32)
    task = after(7 * 24 + 1, IN, ENTERED, person="1" * 32)["overstay"]
    facts = [*(("case.linked", one.person, one) for one in (late, passport, gone, twice, often, named)), ("task", task.task, task)]
    alone = [crossing("a", 1, "PORT-MOHAN", KnownBy.PHONE), crossing("a", 2, "PORT-DALUO", KnownBy.PHONE), crossing("b", 1, "PORT-DALUO", KnownBy.DOCUMENT),
             crossing("c", 1, "PORT-DALUO", KnownBy.PHONE), crossing("c", 2, "PORT-DALUO", KnownBy.NAME), crossing("d", 1, "PORT-DALUO", None)]  # fmt: skip
    void = crossing("e", 1, "PORT-DALUO", KnownBy.PHONE)
    facts += [("record.crossing", one.alias, one) for one in (*alone, crossing(gone.aliases[0][0], 1, "PORT-DALUO", KnownBy.PHONE), void, void.taken_back())]
    filled(*(entry(topic, fact, key=key, offset=number) for number, (topic, key, fact) in enumerate(facts)))


def test_who_is_in_the_country(run: Run) -> None:
    """By what is over first; with --over only those for whom somebody has to look."""
    found = json.loads(run("border", "list", "--inside", "--json").out)
    assert [(one["person"][0], one["port"], one["until"] - NOON, one["task"]) for one in found] == [("1", "PORT-RUILI", 7 * DAY, "open"), ("2", "PORT-HEKOU", 30 * DAY, "")]
    assert [one["person"][0] for one in json.loads(run("border", "list", "--over", "--json").out)] == ["1"]
    assert [one["person"][0] for one in json.loads(run("border", "list", "--inside", "--region", "5325", "--json").out)] == ["2"]
    text = run("border", "list").out
    assert all(word in text for word in ("border_certificate 边民证", "2020-01-27 12:00", "open 待办", "exit 缺出境记录"))


def test_stays_are_pairs(run: Run) -> None:
    """An entry with its exit; those of which one is missing are shown and counted, and a phone alone that went out is one."""
    found = {one["person"][0]: (one["since"] and one["since"] - NOON, one["left"] and one["left"] - NOON) for one in json.loads(run("border", "list", "--json").out) if not one["inside"] and not one["missing"]}
    assert found == {"3": (0, 3 * HOUR), "4": (2 * HOUR, 3 * HOUR)}
    missing = [(one["person"][0], one["missing"]) for one in json.loads(run("border", "list", "--missing", "--json").out)]
    assert sorted(missing) == [("1", "exit"), ("4", "exit"), ("5", "entry")]
    assert "6 stays 停留, 2 in the country 在境, 1 without an entry 缺入境, 2 without an exit 缺出境" in run("border", "list").out


def test_how_those_who_cross_are_known(run: Run) -> None:
    """One person with several crossings is one line; phones without anybody and people without a phone are counted."""
    found = json.loads(run("border", "people", "--json").out)
    assert [(one["person"][0], one["lately"], one["known_by"], one["signs"]) for one in found] == [("5", 4, ["phone"], ["often", "phone_alone"]), ("6", 1, ["document", "name"], ["no_phone"])]
    assert [one["person"][0] for one in json.loads(run("border", "people", "--sign", "no_phone", "--json").out)] == ["6"]
    assert [one["person"][0] for one in json.loads(run("border", "people", "--region", "5325", "--json").out)] == ["5"]
    assert "2 people who cross 出入境人员: 1 often without a name 无名频繁出入, 1 phone alone 有号无人, 1 no phone 有人无号" in run("border", "people").out


def test_phones_without_anybody_and_people_without_a_phone(run: Run) -> None:
    """Of linked cases and of those whom nobody follows, at the place of the last crossing; a name or document later is somebody."""
    found = {one["place"]: (one["phones"], one["phones_followed"], one["without"], one["without_followed"]) for one in json.loads(run("border", "phones", "--json").out)}
    assert found == {"PORT-HEKOU": (1, 1, 0, 0), "PORT-RUILI": (0, 0, 1, 1), "PORT-DALUO": (1, 0, 1, 0)}
    assert [one["place"] for one in json.loads(run("border", "phones", "--region", "5328", "--json").out)] == ["PORT-DALUO"]
    assert "2 phones alone 有号无人, 2 people without a phone 有人无号" in run("border", "phones").out


def test_crossings_by_port(run: Run) -> None:
    """Each way by itself."""
    found = {one["port"]: (one["in"], one["out"]) for one in json.loads(run("border", "ports", "--json").out)}
    assert found == {"PORT-RUILI": (2, 0), "PATH-1": (0, 1), "PORT-MOHAN": (0, 1), "PORT-HEKOU": (0, 1)}


def test_places_have_names(run: Run) -> None:
    """In tables beside or in place of the code; the register says where people may cross, and since when it holds."""
    assert "瑞丽口岸 Ruili" in run("border", "list").out
    assert {"磨憨口岸 Mohan"} <= {one["name"] for one in json.loads(run("border", "ports", "--json").out)}
    known = json.loads(run("border", "register", "--region", "533102", "--json").out)
    assert ([one["code"] for one in known["ports"]], [*known["counties"]], known["ports"][0]["customs"]) == (["PORT-RUILI", "PORT-WANDING"], ["533102"], "8603")
    assert all(word in run("border", "register").out for word in ("Register of ports 口岸名录, edition of 2026-11-28", "PATH-533102-n", "天保口岸 Tianbao"))
