"""What one record says: facts for each person in it, or every reason why it says nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.registry import sources
from schemas.models.identity import Handle, Mention
from schemas.models.raw import Reason
from schemas.models.record import Record, Scan
from schemas.source import KINDS, Source
from streams.normalise.interpret import Interpreter, check, interpret
from streams.normalise.known import memory
from streams.stage import Emit
from tests.streams.trial import KEYS, at

NUMBER = "11010519491231002X"
SOURCES = sources()
SCAN = {"scan_no": "S-1", "revision": 1, "openid": "ox-1", "phone": "13800000001", "name": "王芳", "id_no": NUMBER, "place_code": "MKT-1", "region": "530624100001",
        "direction": "进", "scanned_at": "2020-01-22T09:30:00+08:00"}  # fmt: skip


def source(**changes: Any) -> Source:
    """A source of scans in which the parts that matter to a test are given."""
    written: dict[str, Any] = {
        "name": "door", "says": "s", "says_zh": "s", "owner": "o", "purpose": "p", "kind": "scan", "id": ["no"], "subject": {"account": "who", "account_in": "door"},
        "map": {"at": {"path": "at", "as": "time"}, "place": {"const": "DOOR-1", "as": "code"}, "direction": {"path": "way", "as": "word", "words": {"in": "in", "": "pass"}}},
        "examples": [{"given": {}, "refuses": []}],
    }  # fmt: skip
    return Source.model_validate(written | changes)


def told(of: Source, fields: Mapping[str, Any], record: str = "r", version: int = 1) -> list[Emit]:
    """The facts of a record that must be understood."""
    found = interpret(of, fields, record, version, KEYS)
    return [item for item in found if isinstance(item, Emit)] if not [item for item in found if isinstance(item, Reason)] else pytest.fail(f"refused: {found}")


def records(emits: list[Emit]) -> list[Record]:
    """The records among some facts."""
    return [emit.value for emit in emits if isinstance(emit.value, Record)]


def mentions(emits: list[Emit]) -> list[Mention]:
    """The mentions among some facts."""
    return [emit.value for emit in emits if isinstance(emit.value, Mention)]


def refused(of: Source, fields: Mapping[str, Any]) -> dict[str, str]:
    """The problem at each field of a record that must be refused."""
    found = check(of, fields, KEYS)
    assert found
    return {reason.field: reason.problem for reason in found}


def test_a_record_and_its_further_handles() -> None:
    """One fact under the alias of the strongest handle, and a mention with the further handles, strongest first, under the same seal and caused by the record."""
    emits = told(SOURCES["scan-code"], SCAN)
    (scan,) = records(emits)
    assert isinstance(scan, Scan)
    assert (scan.alias, scan.place, scan.at) == (KEYS.token("document", "resident", "CN", NUMBER), "MKT-1", at("2020-01-22 09:30"))
    assert KEYS.open(scan.alias, scan.sealed)["name"] == "王芳"
    handles = [
        Handle(alias=KEYS.token("account", "scan-app", "ox-1"), reason="same account"),
        Handle(alias=KEYS.token("phone", "+8613800000001", "wangfang"), reason="same phone and name"),
    ]
    assert mentions(emits) == [
        Mention.of(causes=[scan.id], at=scan.at, alias=scan.alias, source="scan-code", handles=handles, only="resident", sealed=scan.sealed)
    ]
    assert [(emit.topic, emit.key) for emit in emits] == [("record.scan", scan.alias), ("identity.mention", scan.alias)]


def test_who_is_mentioned() -> None:
    """A record mentions whom it tells anything about: an account alone is an alias of which there is nothing to say."""
    assert not mentions(told(SOURCES["scan-code"], SCAN | {"phone": "", "name": "", "id_no": ""}))
    (named,) = mentions(told(SOURCES["scan-code"], SCAN | {"phone": "", "id_no": ""}))
    assert (named.handles, named.only, KEYS.open(named.alias, named.sealed)) == ([], "", {"name": "王芳"})
    (known,) = mentions(told(SOURCES["scan-code"], SCAN | {"phone": "", "name": ""}))
    assert (known.only, [handle.reason for handle in known.handles]) == ("resident", ["same account"])


def test_companions_are_mentioned_too() -> None:
    """Each companion is mentioned under the companion's own alias, also one whose alias is this record's alone."""
    emits = told(SOURCES["scan-code"], SCAN | {"companions": [{"name": "李样本", "phone": "13800000002"}, {"name": "无名", "age": "7"}]})
    _, second, third = records(emits)
    assert [one.alias for one in mentions(emits)][1:] == [second.alias, third.alias]
    assert KEYS.open(third.alias, third.sealed) == {"name": "无名", "born": "2012-01-23/2013-01-22"}


def test_whoever_answers_a_phone() -> None:
    """Two records with only a phone have one alias; one with a name on that phone has another, and is not tied to it."""
    nobody = SCAN | {"openid": "", "id_no": ""}
    bare, again = (records(told(SOURCES["scan-code"], nobody | {"name": ""}, record=record))[0] for record in ("r", "s"))
    named = told(SOURCES["scan-code"], nobody)
    assert bare.alias == again.alias == KEYS.token("number", "+8613800000001")
    assert records(named)[0].alias != bare.alias
    assert [one.handles for one in mentions(named)] == [[]]


def test_a_name_and_an_age_at_a_clinic() -> None:
    """Who is known by little has an alias that is the record's alone, in every version of it, and is mentioned to be compared."""
    visit = {"facility": "C", "visit_no": "1", "name": "罗试验", "age": "71", "region": "530624", "seen_at": "2020-01-25", "symptoms": "", "disposition": ""}
    (first,), (second,), (other,) = (mentions(told(SOURCES["clinic-visit"], visit, record, version)) for record, version in (("r", 1), ("r", 2), ("s", 1)))
    assert first.alias == second.alias == KEYS.token("record", "clinic-visit", "r", "0") != other.alias
    assert first.id != second.id
    assert KEYS.open(first.alias, first.sealed) == {"name": "罗试验", "born": "1948-01-26/1949-01-25"}


def test_a_household_and_nobody_in_it() -> None:
    """A household alone names nobody, and the reason says so; with a sex or a birth date it tells of one of its people."""
    record = {"household_no": "H-1", "member_no": "2", "updated": "2020-01-05", "registered": "2020-01-05", "grid": "530624100001003", "grid_worker": "GW-1"}
    assert "household" in refused(SOURCES["household"], record)[""]
    (told_of,) = mentions(told(SOURCES["household"], record | {"sex": "女"}))
    assert KEYS.open(told_of.alias, told_of.sealed) == {
        "sex": "female",
        "region": "530624100001003",
        "household": KEYS.token("household", "grid-management", "H-1"),
    }


def test_a_field_that_is_wrong_for_two_reasons_alike() -> None:
    """The cell of a household is where the record is and where the person lives: a wrong one is said once."""
    record = {
        "household_no": "H-1",
        "member_no": "2",
        "updated": "2020-01-05",
        "registered": "2020-01-05",
        "grid": "5306241",
        "grid_worker": "GW-1",
        "name": "杨测试",
    }
    assert [reason.field for reason in check(SOURCES["household"], record, KEYS)] == ["grid"]


def test_companions() -> None:
    """Each companion has a fact of its own that names the subject's alias; one without any handle has an alias that is this record's alone."""
    fields = SCAN | {"companions": [{"name": "李样本", "phone": "13800000002"}, {"name": "无名"}]}
    subject, second, third = records(told(SOURCES["scan-code"], fields))
    assert subject.companion_of is None
    assert second.companion_of == third.companion_of == subject.alias
    assert second.alias == KEYS.token("phone", "+8613800000002", "liyangben")
    other = records(told(SOURCES["scan-code"], fields, record="another"))[2]
    assert len({subject.alias, second.alias, third.alias, other.alias}) == 4
    assert {one.at for one in (subject, second, third)} == {subject.at}


def test_a_companion_who_is_named_twice_is_one_fact() -> None:
    """The same person twice in the list is said once."""
    companion = {"name": "李样本", "phone": "13800000002"}
    assert len(told(SOURCES["scan-code"], SCAN | {"companions": [companion, companion]})) == len(told(SOURCES["scan-code"], SCAN | {"companions": [companion]}))


def test_ids_follow_from_record_version_and_content() -> None:
    """The same version of the same record gives the same facts; another record or another version others, so that one can be taken back without the other."""
    first, again = (told(SOURCES["scan-code"], SCAN) for _ in range(2))
    assert first == again
    others = [told(SOURCES["scan-code"], SCAN, record="another"), told(SOURCES["scan-code"], SCAN, version=2)]
    ids = [emit.value.id for emits in (first, *others) for emit in emits if isinstance(emit.value, Record | Mention)]
    assert len(set(ids)) == len(ids) == 6


def test_every_reason_at_once_at_the_field_of_the_source() -> None:
    """All that is wrong is said at once, each at the field as the source calls it, companions by their place in the list."""
    wrong = SCAN | {"phone": "139", "id_no": "1", "place_code": "", "direction": "sideways", "scanned_at": "tomorrow", "region": "99",
                    "companions": [{"name": "李样本", "phone": "138"}, "李样本"]}  # fmt: skip
    found = refused(SOURCES["scan-code"], wrong)
    assert set(found) == {"phone", "id_no", "place_code", "direction", "scanned_at", "region", "companions.0.phone", "companions.1"}
    assert found["place_code"] == "missing"
    assert "companions" in refused(SOURCES["scan-code"], SCAN | {"companions": "李样本"})


@pytest.mark.parametrize("empty", [None, "", []])
def test_no_companions(empty: Any) -> None:
    """An empty list, an empty text and null are no companions."""
    assert told(SOURCES["scan-code"], SCAN | {"companions": empty}) == told(SOURCES["scan-code"], SCAN)


def test_nobody() -> None:
    """A record that names nobody, for a name alone is nobody's, is refused for the whole; companions do not stand in for the subject."""
    nobody = {key: value for key, value in SCAN.items() if key not in ("openid", "phone", "id_no")}
    assert set(refused(SOURCES["scan-code"], nobody | {"companions": [{"name": "李样本", "phone": "13800000002"}]})) == {""}


def test_rules_of_a_map() -> None:
    """The first path that holds something counts, a constant needs none, an optional field may be missing, and an empty field can be a word."""
    of = source(map={"at": {"path": ["seen.at", "at"], "as": "time"}, "place": {"const": "door-1", "as": "code"}, "region": {"path": "where", "as": "region", "optional": True},
                     "direction": {"path": "way", "as": "word", "words": {"in": "in", "": "pass"}}})  # fmt: skip
    (scan,) = records(told(of, {"who": "a", "seen": {"at": "2020-01-20"}, "at": "2020-01-21"}))
    assert isinstance(scan, Scan)
    assert (scan.at, scan.place, scan.region, scan.direction) == (at("2020-01-20"), "DOOR-1", None, "pass")
    (scan,) = records(told(of, {"who": "a", "seen": {"at": ""}, "at": "2020-01-21", "where": "530600"}))
    assert (scan.at, scan.region) == (at("2020-01-21"), "5306")
    assert refused(of, {"who": "a"}) == {"seen.at": "missing"}


def test_tokens_are_of_the_value() -> None:
    """A token is of what the source says and of where it says it, not of its width."""
    of = source(map={"at": {"path": "at", "as": "time"}, "place": {"path": "door", "as": "token"}, "direction": {"const": "pass"}})
    first, wide, other = (records(told(of, {"who": "a", "at": "2020-01-20", "door": door}))[0] for door in ("A1", "Ａ１", "A2"))
    assert isinstance(first, Scan)
    assert isinstance(wide, Scan)
    assert isinstance(other, Scan)
    assert first.place == wide.place == KEYS.token("door", "A1") != other.place


def test_tokens_of_several_paths_and_of_constants() -> None:
    """Whichever path holds the value, its token is that of the first; a constant's is that of our field."""
    of = source(map={"at": {"path": "at", "as": "time"}, "place": {"path": ["door", "gate"], "as": "token"}, "direction": {"const": "pass"}})
    door, gate = (records(told(of, {"who": "a", "at": "2020-01-20", name: "A1"}))[0] for name in ("door", "gate"))
    fixed = source(map={"at": {"path": "at", "as": "time"}, "place": {"const": "A1", "as": "token"}, "direction": {"const": "pass"}})
    constant = records(told(fixed, {"who": "a", "at": "2020-01-20"}))[0]
    assert isinstance(door, Scan)
    assert isinstance(gate, Scan)
    assert isinstance(constant, Scan)
    assert door.place == gate.place == KEYS.token("door", "A1")
    assert constant.place == KEYS.token("place", "A1")


def test_missing_words() -> None:
    """A word that is missing is said to be missing, and one that may be is left out."""
    words = {"path": "from", "as": "word", "words": {"缅甸": "MM"}}
    of = source(kind="crossing", map={"at": {"path": "at", "as": "time"}, "place": {"const": "P"}, "direction": {"const": "in"}, "came_from": words})
    assert refused(of, {"who": "a", "at": "2020-01-20"}) == {"from": "missing"}
    free = source(
        kind="crossing",
        map={"at": {"path": "at", "as": "time"}, "place": {"const": "P"}, "direction": {"const": "in"}, "came_from": words | {"optional": True}},
    )
    assert records(told(free, {"who": "a", "at": "2020-01-20"}))[0].model_dump()["came_from"] == ""
    assert set(refused(free, {"who": "a", "at": "2020-01-20", "from": "elsewhere"})) == {"from"}


def test_what_only_the_model_finds_is_said_at_the_field_of_the_source() -> None:
    """A value that a source's file lets through, and that is no word of ours, is refused at the source's field too, without the word."""
    of = source(map={"at": {"path": "at", "as": "time"}, "place": {"const": "DOOR-1"}, "direction": {"path": ["way", "which"]}})
    found = refused(of, {"who": "a", "at": "2020-01-20", "which": "sideways"})
    assert set(found) == {"which"}
    assert "sideways" not in found["which"]


@pytest.mark.parametrize(("name", "path"), [("clinic-visit", "temperature"), ("entry-exit", "temperature"), ("clockin", "tw")])
def test_temperatures_are_those_of_bodies(name: str, path: str) -> None:
    """Wherever a body temperature comes from, one that no body has is refused at its field, and none is no mistake."""
    one = SOURCES[name]
    fields = next(example.given for example in one.examples if (example.gives or {}).get("temperature"))
    assert told(one, fields | {path: ""})
    for wrong in ("98.6", "3.65", "0"):
        assert set(refused(one, fields | {path: wrong})) == {path}


def test_the_end_is_not_before_the_beginning() -> None:
    """A step that ends before it begins is refused at its end: it would be a presence that no range of time finds."""
    of = source(kind="step", map={"at": {"path": "from", "as": "time"}, "until": {"path": "to", "as": "time"}, "precise": {"const": "true"}})
    assert told(of, {"who": "a", "from": "2020-01-20 08:00", "to": "2020-01-20 08:00"})
    assert set(refused(of, {"who": "a", "from": "2020-01-20 08:00", "to": "2020-01-20 07:59"})) == {"to"}


def read_door(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a source's own function reads out of its text."""
    return {"door": fields["note"].split()[1]}


def test_fields_that_are_read_out_of_others() -> None:
    """A source's own function adds fields, which are then mapped like those that were sent."""
    of = source(
        derive=f"{__name__}:read_door", map={"at": {"path": "at", "as": "time"}, "place": {"path": "door", "as": "code"}, "direction": {"const": "pass"}}
    )
    (scan,) = records(told(of, {"who": "a", "at": "2020-01-20", "note": "door d-7"}))
    assert isinstance(scan, Scan)
    assert scan.place == "D-7"


@pytest.mark.parametrize("fields", [{"note": "door"}, {"note": None}, {}])
def test_a_function_that_fails_refuses_the_record(fields: dict[str, Any]) -> None:
    """Whatever a source's own function stumbles over is a reason for this record and not the end of the stage; the reason does not hold what it stumbled over."""
    of = source(derive=f"{__name__}:read_door")
    found = refused(of, {"who": "坎那利", "at": "2020-01-20"} | fields)
    assert set(found) == {""}
    assert "坎那利" not in found[""]


def test_an_interpreter_has_no_memory_of_records() -> None:
    """One interpreter over good and bad records, in turn and again, says of each what one of its own says."""
    kept = Interpreter(SOURCES["scan-code"], KEYS, memory())
    companions = [{"name": "李样本", "phone": "13800000002"}, {"name": "无名"}]
    records_ = [
        SCAN,
        SCAN | {"phone": "139", "place_code": ""},
        SCAN | {"companions": companions},
        SCAN | {"phone": "139"},
        SCAN | {"companions": [*companions, "罗例子", {"phone": "1"}]},
    ]
    for number, fields in enumerate(records_ * 2):
        assert kept(fields, str(number), number) == Interpreter(SOURCES["scan-code"], KEYS)(fields, str(number), number)


def test_long_text_is_refused() -> None:
    """Free text has an end."""
    of = source(kind="travel", map={"at": {"path": "at", "as": "time"}, "came_from": {"const": "42"}, "transport": {"path": "by", "optional": True}})
    assert told(of, {"who": "a", "at": "2020-01-20", "by": "车" * 200})
    assert set(refused(of, {"who": "a", "at": "2020-01-20", "by": "车" * 201})) == {"by"}


def test_a_measure_says_nothing_of_who_somebody_is() -> None:
    """Of a request with three handles and a name the strongest handle alone is left, and no mention by which people could be joined."""
    one = SOURCES["measure-request"]
    emits = told(one, one.examples[1].given)
    assert [emit.topic for emit in emits] == ["record.measure"]
    assert (records(emits)[0].alias, records(emits)[0].sealed) == (KEYS.token("document", "resident", "CN", one.examples[1].given["id_no"]), b"")
    nobody = {name: said for name, said in one.examples[1].given.items() if name not in ("id_no", "phone", "openid")}
    assert "no one person" in refused(one, nobody)[""]


EXAMPLES = [(name, number) for name, one in SOURCES.items() for number, example in enumerate(one.examples) if not example.retracts]


@pytest.mark.parametrize(("name", "number"), EXAMPLES)
def test_examples_of_every_source(name: str, number: int) -> None:
    """Each example of each source's file gives, or refuses, what the file says."""
    one = SOURCES[name]
    example = one.examples[number]
    if example.gives is None:
        assert set(refused(one, example.given)) == set(example.refuses or [])
    else:
        fact = records(told(one, example.given))[0]
        assert type(fact) is KINDS[one.kind]
        assert {key: getattr(fact, key) for key in example.gives} == example.gives


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every single value in a record."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield path
    else:
        for key, one in inner:
            yield from places(one, (*path, key))


CANARIES = st.sampled_from(
    ["坎那利王", "Kanariya Q", "4815162342", "+4815162342", "48151623421234567X", "481516", "4815-16-23", "4815年16月23日4时8分", "KNR/4815-16", "4815.162", "ကာနရီ"]
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map("坎那利{}4815".format)  # fmt: skip
TRACES = ("坎那", "anariya", "4815", "KNR", "ကာနရီ")
"""At least one of these is in every canary."""


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_no_reason_holds_a_value(data: st.DataObject) -> None:
    """Whatever stands in whatever field of a record of any source: the reasons name fields of the record and hold nothing that stands in one."""
    one = SOURCES[data.draw(st.sampled_from(sorted(SOURCES)))]
    fields = copy.deepcopy(data.draw(st.sampled_from(one.examples)).given)
    if one.companions:
        fields[one.companions] = [
            {path: "x" for path in (one.companion.name, one.companion.document, one.companion.phone, one.companion.sex, one.companion.age) if path}
        ]
    for path in data.draw(st.lists(st.sampled_from(list(places(fields))), min_size=1, unique=True)):
        inner = fields
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = data.draw(CANARIES)
    known = {".".join(map(str, path)) for path in places(fields)} | _named(one)
    for reason in check(one, fields, KEYS):
        assert reason.field in known
        assert not [trace for trace in TRACES if trace in reason.problem]


def _named(one: Source) -> set[str]:
    """Every field that the source's file names, and '' for the whole."""
    subject = one.subject.model_dump()
    return {
        "",
        *(path for rule in one.map.values() for path in rule.paths),
        *(str(path) for path in subject.values() if isinstance(path, str)),
        str(one.companions),
    }
