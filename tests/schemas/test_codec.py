"""Confluent wire format: what is written, what is read, and what is refused without saying a value."""

from __future__ import annotations

import copy
from contextlib import suppress
from io import BytesIO
from typing import Any

import fastavro
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deploy.docs.golden import examples
from schemas.avro import pack, plain, schema_of
from schemas.codec import Codec, Undecodable
from schemas.models.identity import Match
from schemas.models.raw import Raw
from schemas.models.record import Lab, Result
from schemas.raws import Raws
from schemas.registry import RegistryError
from schemas.tokens import Keys
from schemas.topics import MODELS
from tests.schemas.ids import Ids

LAB = Lab.of(causes=["c" * 32], source="lab-result", record="r" * 32, alias="a" * 32, at=1579921200000, place="LAB-530602-01", reported=1579996800000,
             result=Result.POSITIVE, method="RT-PCR")  # fmt: skip


def written(schema: dict[str, Any], value: dict[str, Any]) -> bytes:
    """Bytes under schema id 1, as somebody with this schema writes them."""
    buffer = BytesIO()
    fastavro.schemaless_writer(buffer, fastavro.parse_schema(plain(schema)), value)
    return b"\0\0\0\0\1" + buffer.getvalue()


def reader(schema: Any) -> Codec:
    """A codec whose registry has this schema under id 1."""
    ids = Ids()
    ids.schemas.append(schema)
    return Codec(ids, MODELS)


def changed(**fields: dict[str, Any] | None) -> dict[str, Any]:
    """The schema of Lab with fields replaced, added or (None) removed."""
    schema = copy.deepcopy(schema_of(Lab))
    kept = [fields.get(field["name"], field) for field in schema["fields"]]
    new = [field for name, field in fields.items() if field and name not in Lab.model_fields]
    return schema | {"fields": [field for field in [*kept, *new] if field]}


def test_wire_format() -> None:
    """A value is a zero byte, the id of its schema in four bytes, and the Avro body."""
    ids = Ids()
    ids.schemas += ["another"] * 299
    data = Codec(ids, MODELS, "ns.").encode("record.lab", LAB)
    assert data == b"\0" + (300).to_bytes(4, "big") + pack(LAB)
    assert ids.asked == ["ns.record.lab-value"]


def test_registry_is_asked_once() -> None:
    """However many values travel, the registry is asked once for a topic and once for an id."""
    ids = Ids()
    codec = Codec(ids, MODELS)
    for _ in range(3):
        assert codec.decode(codec.encode("record.lab", LAB)) == LAB
    assert ids.asked == ["record.lab-value", 1]


def test_value_of_an_older_schema() -> None:
    """What was written before a field existed is read with the field's default."""
    schema = changed(method=None)
    value = LAB.model_dump(exclude={"method"})
    assert reader(schema).decode(written(schema, value)) == LAB.model_copy(update={"method": ""})


def test_value_of_a_newer_schema() -> None:
    """A field that came later is passed over, and a word that came later is refused and never read as another."""
    more = changed(extra={"name": "extra", "type": "string", "default": ""})
    assert reader(more).decode(written(more, LAB.model_dump() | {"extra": "x"})) == LAB
    kind = next(field["type"] for field in schema_of(Lab)["fields"] if field["name"] == "result")
    worded = changed(result={"name": "result", "type": kind | {"symbols": [*kind["symbols"], "borderline"]}})
    assert reader(worded).decode(written(worded, LAB.model_dump())) == LAB
    with pytest.raises(Undecodable, match="not a Lab under schema 1"):
        reader(worded).decode(written(worded, LAB.model_dump() | {"result": "borderline"}))


def test_every_truncation_is_refused() -> None:
    """A value that is cut short anywhere, or goes on, is refused, and the message holds none of it."""
    codec = reader(schema_of(Lab))
    data = written(schema_of(Lab), LAB.model_dump())
    for wrong in (*(data[:end] for end in range(len(data))), data + b"x"):
        with pytest.raises(Undecodable) as caught:
            codec.decode(wrong)
        assert not any(secret in str(caught.value) for secret in ("530602", "RT-PCR", "aaaa", "lab-result"))


@settings(max_examples=500, deadline=None)
@given(data=st.one_of(st.binary(max_size=60), st.binary(max_size=60).map(lambda body: b"\0\0\0\0\1" + body)))
@example(data=b"\0\0\0\0\1" + b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01")
@example(data=b"\0\0\0\0\1" + b"\x01")
def test_garbage_is_refused(data: bytes) -> None:
    """Whatever the bytes are, decoding gives a value or raises Undecodable, and nothing else."""
    with suppress(Undecodable):
        assert isinstance(reader(schema_of(Lab)).decode(data), Lab)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_damage_is_refused(data: st.DataObject) -> None:
    """The same for a true message in which bytes were changed."""
    name = data.draw(st.sampled_from(sorted(MODELS)))
    codec = reader(schema_of(MODELS[name]))
    wire = bytearray(b"\0\0\0\0\1" + pack(examples(name)[0]))
    for place in data.draw(st.lists(st.integers(5, len(wire) - 1), min_size=1, max_size=4)):
        wire[place] = data.draw(st.integers(0, 255))
    with suppress(Undecodable):
        assert isinstance(codec.decode(bytes(wire)), MODELS[name])


@pytest.mark.parametrize("schema", [
    None, "string", ["null", "string"], {"type": "array", "items": "string"}, {"type": "record", "name": "Lab", "namespace": "elsewhere", "fields": []},
    {"type": "record", "name": "Nothing", "namespace": "org.lianfang", "fields": []},
    {"type": "record", "name": "Lab", "namespace": "org.lianfang", "fields": [{"name": "x", "type": "Missing"}]},
])  # fmt: skip
def test_foreign_schemas_are_refused(schema: Any) -> None:
    """An id of no schema, of one that is not ours, of no model of this version, or that cannot be read, is refused."""
    with pytest.raises(Undecodable, match="schema 1"):
        reader(schema).decode(b"\0\0\0\0\1abc")


@pytest.mark.parametrize("magic", [1, 255])
def test_another_first_byte_is_refused(magic: int) -> None:
    """Bytes that do not begin with zero are not in our wire format, whatever follows; and they are not taken for ours once ours were read."""
    codec = reader(schema_of(Lab))
    data = written(schema_of(Lab), LAB.model_dump())
    assert codec.decode(data) == LAB
    with pytest.raises(Undecodable, match="wire format"):
        codec.decode(bytes([magic]) + data[1:])


def test_unknown_id_is_asked_again() -> None:
    """An id that the registry does not know yet is refused now and read soon once it does, for registries may lag; until then it is asked once, not each time."""
    ids, now = Ids(), [100.0]
    codec = Codec(ids, MODELS, clock=lambda: now[0])
    data = written(schema_of(Lab), LAB.model_dump())
    for _ in range(50):
        with pytest.raises(Undecodable, match="is none of the bus"):
            codec.decode(data)
    assert ids.asked == [1]
    ids.schemas.append(schema_of(Lab))
    now[0] += 3
    assert codec.decode(data) == LAB
    assert ids.asked == [1, 1]


def test_many_unknown_ids_are_not_kept_for_ever() -> None:
    """However many ids garbage names, what is remembered of them is bounded."""
    codec = Codec(Ids(), MODELS)
    for number in range(5_000):
        with pytest.raises(Undecodable):
            codec.decode(b"\0" + (number + 10).to_bytes(4, "big") + b"x")
    assert len(codec._unknown) <= 1_000


def test_value_of_another_topic_is_refused() -> None:
    """A value whose model is not the topic's is refused when the topic is given."""
    codec = reader(schema_of(Lab))
    data = written(schema_of(Lab), LAB.model_dump())
    assert codec.decode(data, "record.lab") == LAB
    for topic in ("contact", "raw.scan-code", "state.cases", "nothing"):
        with pytest.raises(Undecodable, match=f"does not belong on {topic}"):
            codec.decode(data, topic)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_many_values_are_read_as_each(data: st.DataObject) -> None:
    """Of values of two schemas, of another topic, and of garbage in any order, each is the value or the refusal that it is alone."""
    codec, match = Codec(Ids(), MODELS), examples("Match")[0]
    wires = [codec.encode("record.lab", LAB), codec.encode("identity.match", match), b"\0\0\0\0\x09abc", b"\1\0\0\0\1", b"", b"\0\0\0\0"]
    wires += [wires[0][:-1], wires[0] + b"x", wires[0].replace(b"\1", b"\2", 1)]
    drawn = data.draw(st.lists(st.sampled_from(wires), max_size=12))
    assert [said(one) for one in codec.decode_all("record.lab", drawn)] == [said(alone(codec, one)) for one in drawn]


def test_many_sealed_values_are_opened_as_each() -> None:
    """Of sealed values, one changed on the way, and garbage, each is the value or the refusal that it is alone; what they need is asked for once."""
    keys = Keys(bytes(32))
    looked: list[list[str]] = []
    codec = Codec(Ids(), MODELS, guards={Raw: Raws(keys, lambda raw: [raw.record])})
    wires = [codec.encode("raw.door", Raw(source="door", record=name, version=1, digest="", body=name.encode(), received_at=1)) for name in ("a", "b", "c")]
    wires[1:1] = [wires[0][:-12] + b"?" + wires[0][-11:], b"\0\0\0\0\x09abc", wires[0][:-1]]
    alike = [said(alone(codec, wire, "raw.door")) for wire in wires]
    keys.vault.look = lambda subjects: looked.append(list(subjects))  # type: ignore[method-assign]
    assert [said(one) for one in codec.decode_all("raw.door", wires)] == alike
    assert [isinstance(one, Raw) for one in alike] == [True, False, False, False, True, True]
    assert [one for some in looked for one in some] == ["a", "a", "b", "c"]


def alone(codec: Codec, data: bytes, topic: str = "record.lab") -> object:
    """What `decode` gives or raises."""
    try:
        return codec.decode(data, topic)
    except Undecodable as error:
        return error


def said(found: object) -> object:
    """A value, or the text of a refusal."""
    return str(found) if isinstance(found, Undecodable) else found


def test_many_values_are_asked_for_once() -> None:
    """The registry is asked once for neighbours with one header, known or not, and is asked again, after a while, for what it did not know."""
    ids = Ids()
    data = Codec(ids, MODELS).encode("record.lab", LAB)
    ids.asked.clear()
    now = [0.0]
    codec = Codec(ids, MODELS, clock=lambda: now[0])
    strange = b"\0\0\0\0\x09abc"
    assert [type(one) for one in codec.decode_all("record.lab", [data, data, strange, strange])] == [Lab, Lab, Undecodable, Undecodable]
    assert ids.asked == [1, 9]
    codec.decode_all("record.lab", iter([strange, data]))
    assert ids.asked == [1, 9]
    now[0] += 3
    codec.decode_all("record.lab", iter([strange, data]))
    assert ids.asked == [1, 9, 9]
    assert codec.decode_all("record.lab", []) == []


def test_registry_that_is_away_is_no_garbage() -> None:
    """When the registry does not answer, the error is the registry's: nothing is refused for it."""

    class Away(Ids):
        def by_id(self, number: int) -> Any:
            raise RegistryError("away")

    with pytest.raises(RegistryError):
        Codec(Away(), MODELS).decode(b"\0\0\0\0\1abc")
    with pytest.raises(RegistryError):
        Codec(Away(), MODELS).decode_all("record.lab", [b"\0\0\0\0\1abc"])


def test_each_topic_has_its_own_subject() -> None:
    """Two topics with one model are two subjects, so that each can evolve by its own rule."""
    ids = Ids()
    codec = Codec(ids, MODELS)
    match = examples("Match")[0]
    raw = examples("Raw")[0]
    assert isinstance(match, Match)
    assert isinstance(raw, Raw)
    for topic, value in (("raw.a", raw), ("raw.b", raw), ("identity.match", match)):
        codec.encode(topic, value)
    assert ids.asked == ["raw.a-value", "raw.b-value", "identity.match-value"]
