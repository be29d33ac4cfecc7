"""JSON in its usual wrappings, whole and broken."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.envelope import Item
from connectors.transports import documents
from connectors.transports.documents import objects, split
from connectors.transports.text import Encoding
from schemas.document import load

UTF8 = Encoding("utf-8")

scalars = st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(codec="utf-8"))
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3), max_leaves=8)
records = st.dictionaries(st.text(st.characters(codec="utf-8")), values, max_size=4)


def found(text: str) -> list[tuple[str, str]]:
    """Body of each item of a text and what is wrong with it, '' for nothing."""
    return [(item.body.decode("utf-8", "surrogateescape"), problem(item)) for item in split(io.StringIO(text, newline=""), UTF8)]


def problem(item: Item) -> str:
    """What is wrong with an item, by its own fault or as the envelope would find it."""
    if item.fault:
        return item.fault
    try:
        load(item.body)
    except ValueError as error:
        return str(error)
    return ""


class Dripping(io.StringIO):
    """A text that comes in pieces of any size."""

    def __init__(self, text: str, sizes: list[int]) -> None:
        super().__init__(text, newline="")
        self.sizes = sizes

    def read(self, size: int | None = -1) -> str:
        """The next piece."""
        size = self.sizes.pop() if self.sizes else 7
        return super().read(size)


@given(st.lists(records, max_size=6), st.sampled_from(["array", "pretty array", "lines", "crlf lines", "pretty", "indented"]), st.booleans(), st.data())
def test_comes_back_byte_for_byte(written: list[dict[str, Any]], form: str, ascii_: bool, data: st.DataObject) -> None:
    """Any records, in any wrapping and cut anywhere, come back item by item as they were written."""
    bodies = [json.dumps(one, ensure_ascii=ascii_, indent=2 if form in ("pretty", "indented") else None) for one in written]
    text = {
        "array": "[" + ", ".join(bodies) + "]",
        "pretty array": " [\n\t" + "\n\t,\n\t".join(bodies) + "\n]\n",
        "lines": "\n".join(bodies),
        "crlf lines": "\r\n\r\n".join(bodies) + "\r\n",
        "pretty": "\n".join(bodies) + "\n",
        "indented": "\n".join("  " + body.replace("\n", "\n  ") for body in bodies) + "\n",
    }[form]
    if form == "indented":
        bodies = [body.replace("\n", "\n  ") for body in bodies]
    sizes = data.draw(st.lists(st.integers(1, 40), max_size=60))
    assert [item.body.decode() for item in split(Dripping(text, sizes), UTF8)] == bodies


@given(st.lists(records, max_size=3), st.lists(records, max_size=3), st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=12))
def test_broken_line_spoils_only_itself(before: list[dict[str, Any]], after: list[dict[str, Any]], junk: str) -> None:
    """Of JSON Lines, a line that is broken in any way takes no other with it."""
    lines = [json.dumps(one) for one in before] + ['{"a": ' + junk] + [json.dumps(one) for one in after]
    got = found("\n".join(lines))
    good = [body for body, wrong in got if not wrong]
    expected = [json.dumps(one) for one in before + after]
    assert [body for body in good if body in expected] == expected
    assert len(good) <= len(expected) + 1


@pytest.mark.parametrize(
    "broken",
    ['{"a": }', '{"a": 1, }', "{'a': 1}", '{"a": NaN1}', '{"a": "x\ty"}', '{"a": 01}', '{"a" 1}', '{"a": [1, 2}', '{"a": {"b": 1}', '{"a": "x"y"}', '{"a": "x', '{"a": "\\x"}',
     '{"a": tru}', '{"a": 1}}', '{"a": 1} "b"', "a b", '{"a": 1e}', "[{]", '{"companions": [{"b": 1}, {"b": 2}], "a": nix}'],
)  # fmt: skip
@pytest.mark.parametrize("form", ["lines", "array of lines", "pretty array"])
def test_broken_value_spoils_only_itself(broken: str, form: str) -> None:
    """Where values have lines of their own, a broken one is refused with its own bytes, and those beside it are taken."""
    between, start, end = {"lines": ("\n", "", ""), "array of lines": (",\n", "[\n", "\n]"), "pretty array": ("\n  ,\n  ", "[\n  ", "\n]")}[form]
    got = found(start + between.join(['{"n": 1}', broken, '{"n": 2}']) + end)
    assert [body for body, wrong in got if not wrong] == ['{"n": 1}', '{"n": 2}']
    assert "".join(body for body, wrong in got if wrong).replace(" ", "").replace("\n", "").startswith(broken.replace(" ", "").rstrip(","))


@pytest.mark.parametrize("broken", ['{"a": }', '{"a": 1, }', "{'a': 1}", "nix", "1", "null", '{"a": 1} 2', '{"a": "\\x"}', "[1, {]}"])
def test_broken_element_in_one_line(broken: str) -> None:
    """In an array of one line too, as long as its brackets and quotes are whole."""
    got = found(f'[{{"n": 1}}, {broken}, {{"n": 2}}]')
    assert [body for body, wrong in got if not wrong] == ['{"n": 1}', '{"n": 2}']
    assert [body for body, wrong in got if wrong] == [broken]


@pytest.mark.parametrize("broken", ['{"a": {"b": 1}', '{"a": "x"y"}', '{"a": "x}'])
def test_unclosed_element_in_one_line(broken: str) -> None:
    """Where nothing tells how far a broken element goes, what is behind it is refused with it: nothing is lost or taken for something else."""
    text = f'[{{"n": 1}}, {broken}, {{"n": 2}}]'
    got = found(text)
    assert [body for body, wrong in got if not wrong] == ['{"n": 1}']
    assert got[1][0] == text.removeprefix('[{"n": 1}, ')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"n": 1}', "the array is not closed"), ('[{"n": 1},', "the array is not closed"), ('[{"n": 1},]', "nothing after a comma"), ('[,{"n": 1}]', "nothing before a comma"),
        ('[{"n": 1},,{"n": 1}]', "nothing before a comma"), ('[{"n": 1} {"n": 1}]', "no comma after it"), ('[{"n": 1}]]', "something follows the array"),
        ('[{"n": 1}]\n{"n": 1}', "something follows the array"), ('{"n": 1} {"n": 1}', "Extra data"), ('{"n": 1},\n{"n": 1}', "Extra data"), ('\x0c{"n": 1}', "Expecting value"),
        ('\ufeff{"n": 1}', "not JSON"), ('[\ufeff{"n": 1}]', "not JSON"), ("[", "the array is not closed"),
    ],
)  # fmt: skip
def test_wrong_between_values(text: str, said: str) -> None:
    """What is wrong between the values is told, and never passes in silence."""
    assert any(said in wrong for _, wrong in found(text))


def test_unclosed_arrays_are_told_apart() -> None:
    """Two files that end early do so with different bytes, so that neither hides the other."""
    first, second = (found(f'[{{"n": {number}}},')[-1] for number in (1, 2))
    assert first[1] == second[1] == "the array is not closed"
    assert first[0] != second[0]


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "[]", "[ \n ]\n"])
def test_nothing(text: str) -> None:
    """An empty file and an empty array hold nothing, and nothing is wrong with that."""
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "nested too deeply"), ('[{"a":' * 50_000, "nested too deeply"), ('{"a":' * 500 + "1" + "}" * 500, "nested too deeply"),
        ('{"a": "\\ud83d"}', "lone surrogate"), ('{"a": 1, "a": 1}', "stands twice"), ('{"a": {"b": 1, "b": 2}}', "stands twice"), ('{"a": Infinity}', "no number"),
    ],
)  # fmt: skip
def test_refused_as_a_whole(text: str, said: str) -> None:
    """Deep nesting, half characters, keys that stand twice and words that are no numbers are refused without a crash."""
    assert any(said in wrong for _, wrong in found(text))
    assert not [body for body, wrong in found(text) if not wrong]


def test_numbers_as_written() -> None:
    """Numbers of any size pass as they are written, in the bytes and when they are read."""
    number = "1" + "0" * 10_000 + ".5E-400"
    ((body, wrong),) = found(f'{{"n": {number}}}')
    assert (body, wrong) == (f'{{"n": {number}}}', "")
    assert load(body.encode())["n"] == number


@pytest.mark.parametrize("start", ["[", ""])
def test_endless_value_comes_in_pieces(start: str) -> None:
    """A value that never ends is passed on in pieces, so that memory stays bounded; what begins on a line after it is read again."""
    filler = '"x": "' + "长" * 5000
    text = start + '{"n": 1}' + (",\n" if start else "\n") + "{" + filler * 40 + '\n{"n": 2}' + ("]" if start else "")
    with patch.object(documents, "_FAR", 20_000), patch.object(documents, "_CHUNK", 1000):
        got = found(text)
    assert [body for body, wrong in got if not wrong] == ['{"n": 1}', '{"n": 2}']
    pieces = [body for body, wrong in got if wrong]
    assert len(pieces) > 1
    assert "".join(pieces) == "{" + filler * 40
    assert max(map(len, pieces)) < 100_000


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("packed", [False, True])
def test_encodings(tmp_path: Path, charset: str, packed: bool) -> None:
    """Files in UTF-8, with its mark, UTF-16 by its mark and GB18030, packed or not, give bodies in UTF-8."""
    written = [{"name": "杨测试𠀀", "n": number} for number in range(3)]
    data = json.dumps(written, ensure_ascii=False).encode(charset)
    path = tmp_path / "file"
    path.write_bytes(gzip.compress(data) if packed else data)
    assert [json.loads(item.body) for item in objects(path)] == written


def test_broken_byte_spoils_one(tmp_path: Path) -> None:
    """A byte that is no UTF-8 spoils the object that it is in, which keeps it."""
    path = tmp_path / "file"
    path.write_bytes('{"name": "杨测试"}\n{"name": "李样本?"}\n{"name": "赵例子"}\n'.encode().replace(b"?", b"\xff"))
    first, second, third = objects(path)
    assert (problem(first), problem(second), problem(third)) == ("", "not UTF-8", "")
    assert second.body == '{"name": "李样本?"}'.encode().replace(b"?", b"\xff")
