"""Golden messages: invented examples of every model, and the bytes that they have always been."""

from __future__ import annotations

import json
from io import BytesIO

import fastavro
import pytest

from deploy.docs import golden
from deploy.releases import FOLDER, released
from schemas.avro import plain
from schemas.codec import Codec
from schemas.models.case import LinkedCase
from schemas.models.fact import Fact
from schemas.topics import MODELS

BYTES = {name: [bytes.fromhex(line) for line in (golden.FOLDER / f"{name}.hex").read_text("utf-8").split()] for name in MODELS}


@pytest.mark.parametrize("name", MODELS)
def test_bytes_do_not_change(name: str) -> None:
    """Each example is encoded to the bytes beside it. After a changed example: delete the .hex file and run `python -m deploy.generate --release`."""
    assert "".join(f"{line.hex()}\n" for line in BYTES[name]) == golden.lines(name)


@pytest.mark.parametrize("name", MODELS)
def test_bytes_are_read(name: str) -> None:
    """The bytes are decoded to the examples, through the newest released schema."""
    versions = released(name)
    codec = Codec(golden.OneSchema(versions[max(versions)]), MODELS)
    assert [codec.decode(line) for line in BYTES[name]] == golden.examples(name)


@pytest.mark.parametrize(("name", "number"), [(name, number) for name in MODELS for number in released(name)])
def test_values_of_every_released_schema_are_read(name: str, number: int) -> None:
    """What a writer with a released schema wrote is read now: what it had is as it was, what it had not is at its default."""
    schema = plain(released(name)[number])
    known = {field["name"] for field in schema["fields"]}
    codec = Codec(golden.OneSchema(released(name)[number]), MODELS)
    for example in golden.examples(name):
        buffer = BytesIO()
        fastavro.schemaless_writer(buffer, fastavro.parse_schema(schema), example.model_dump())
        read = codec.decode(b"\0\0\0\0\1" + buffer.getvalue())
        expected = example.model_dump(include=known)
        assert read == MODELS[name].model_validate(expected)


@pytest.mark.parametrize("name", MODELS)
def test_ids_follow_from_the_content(name: str) -> None:
    """The id of each fact is the one that its content gives today; only a superseded case, which keeps the id of what it was, has another."""
    for example in golden.examples(name):
        if isinstance(example, Fact) and not (isinstance(example, LinkedCase) and example.superseded_by):
            assert example.identity() == example.id


def test_no_file_is_left_over() -> None:
    """Each model has its examples and bytes, each released schema a model, and there is nothing else."""
    assert {path.name for path in golden.FOLDER.iterdir()} == {f"{name}.{ending}" for name in MODELS for ending in ("json", "hex")}
    assert {path.name for path in FOLDER.iterdir()} == {*MODELS, "topics.json"}


def test_released_numbers_have_no_gap() -> None:
    """Versions are counted from 1, and are Avro of the model that they are under."""
    for name in MODELS:
        assert list(released(name)) == list(range(1, len(released(name)) + 1))
        assert {schema["name"] for schema in released(name).values()} == {name}


def test_examples_show_retractions() -> None:
    """Among the examples are asserted and retracted facts, and a case that moved to another key."""
    cases = [json.loads((golden.FOLDER / f"{name}.json").read_text("utf-8")) for name in ("LinkedCase", "Release", "Evidence")]
    assert all({example.get("retracted", False) for example in examples} == {False, True} for examples in cases)
    assert any(example.get("superseded_by") for example in cases[0])
