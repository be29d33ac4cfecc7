"""The identity of facts: it follows from causes and content, and never changes by accident."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.models.fact import NAMESPACE, Fact, Signed, digest_of, fact_id
from schemas.models.identity import Handle, Match, Mention
from schemas.topics import MODELS
from tests.schemas.strategies import values

VIEWS = {"LinkedCase", "Release"}
"""Facts whose retractions do not say again what was in them."""
FACTS = {name: model for name, model in MODELS.items() if issubclass(model, Fact)}
SAME = {"a": "a", "b": "b", "reason": "same document"}


def test_ids_do_not_change() -> None:
    """Ids computed at the first release: if one changes, everything that stands on a running bus loses its causes."""
    assert fact_id("raw", "scan-code", "0" * 32, 1) == "488e7dd573d154109ead97665e58e497"
    assert Match.of(causes=["c"], at=1, **SAME).id == "7fde3c28272156bfa8b10add6a8cac0d"
    assert digest_of(b"lianfang") == "246a2c5ee28a72bd41e650264f5c483c"


def test_a_fact_that_is_built_is_the_one_that_is_checked() -> None:
    """From all fields, of their types and in order, comes the same fact with the same id, and as much of it is written."""
    given = {"alias": "a", "source": "s", "handles": [Handle(alias="b", reason="same account")], "only": "", "sealed": b""}
    built, checked = Mention.built(["c"], at=1, **given), Mention.of(causes=["c"], at=1, **given)
    assert built == checked
    assert list(built.__dict__) == list(checked.__dict__)
    assert built.model_dump_json() == checked.model_dump_json()


def test_id_is_a_name_based_uuid() -> None:
    """Anybody can compute an id: UUID version 5 of the parts with a unit separator between them."""
    assert fact_id("raw", "travel", "t", 3) == uuid.uuid5(NAMESPACE, "raw\x1ftravel\x1ft\x1f3").hex


@given(st.lists(st.one_of(st.text(st.characters(codec="utf-8")), st.integers()), max_size=4))
def test_every_id_is_a_name_based_uuid(parts: list[object]) -> None:
    """The same for any parts, in any script."""
    assert fact_id(*parts) == uuid.uuid5(NAMESPACE, "\x1f".join(map(str, parts))).hex


@pytest.mark.parametrize("name", FACTS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_id_is_that_of_the_json(name: str, data: st.DataObject) -> None:
    """An id names the kind of fact and its JSON without id, retraction, signature and defaults; a retraction is an unsigned copy that says so, but for views."""
    nobody = dict.fromkeys(("key", "signature"), "") if issubclass(FACTS[name], Signed) else {}
    drawn = data.draw(values(FACTS[name]))
    made = FACTS[name].of(**{field: getattr(drawn, field) for field in FACTS[name].model_fields if field not in ("id", "retracted")})
    text = drawn.model_dump_json(exclude={"id", "retracted", *nobody}, exclude_defaults=True)
    assert made.id == made.identity() == drawn.identity() == uuid.uuid5(NAMESPACE, f"{name}\x1f{text}").hex
    assert made == drawn.model_copy(update={"id": made.id, "retracted": False})
    assert made.model_fields_set == set(FACTS[name].model_fields) - {"retracted"}
    back = made.model_copy(update={"retracted": True} | nobody)
    if name in VIEWS:
        assert (made.taken_back().id, made.taken_back().retracted) == (made.id, True)
    else:
        assert (repr(made.taken_back()), made.taken_back().__getstate__()) == (repr(back), back.__getstate__())
    assert not made.retracted


@given(values(Match))
def test_id_follows_from_causes_and_content(match: Match) -> None:
    """The same causes and content give the same id; a retraction keeps it; any other content gives another."""
    content = match.model_dump(exclude={"id", "retracted", "causes"})
    made = Match.of(causes=match.causes, **content)
    assert Match.of(causes=match.causes, **content) == made
    assert made.taken_back().id == made.id
    assert made.taken_back().retracted
    assert Match.of(causes=[*match.causes, "another"], **content).id != made.id
    assert Match.of(causes=match.causes, **content | {"a": match.a + "x"}).id != made.id


def test_content_is_checked() -> None:
    """What a fact is made of is validated as ever, the causes are a list of its own, and nobody gives an id."""
    causes = ["c"]
    made = Match.of(causes, at="7", **SAME)
    causes.append("another")
    assert (made.at, made.causes) == (7, ["c"])
    with pytest.raises(ValidationError, match="at"):
        Match.of([], at="soon", **SAME)
    with pytest.raises(ValidationError, match="reason"):
        Match.of([], at=1, a="a", b="b")
    with pytest.raises(TypeError, match="id"):
        Match.of([], at=1, id="i", **SAME)


@given(st.integers())
def test_facts_are_closed_and_frozen(at: int) -> None:
    """A field that the contract does not name is refused, and no field can be set afterwards."""
    with pytest.raises(ValidationError, match="extra"):
        Match.of(causes=[], at=at, more="x", **SAME)
    made = Match.of(causes=[], at=at, **SAME)
    with pytest.raises(ValidationError, match="frozen"):
        made.a = "other"  # type: ignore[misc]  # that is the point


def test_errors_say_no_value() -> None:
    """The error of a value that a model does not take names the field and never the value."""
    with pytest.raises(ValidationError) as caught:
        Match.model_validate({"id": "x", "at": "138 0000 0001", "a": ["杨测试"], **{key: SAME[key] for key in ("b", "reason")}})
    assert "at" in str(caught.value)
    assert "138" not in str(caught.value)
    assert "杨测试" not in str(caught.value)
