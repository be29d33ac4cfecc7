"""One JSON object read strictly, and every other thing refused with what is wrong."""

from __future__ import annotations

import json
import re

import pytest

from schemas.document import DEEPEST, load


def nested(depth: int, opening: str, closing: str) -> bytes:
    """An object in which brackets stand within brackets, the object's own among them."""
    return f'{{"a": {opening * (depth - 1)}0{closing * (depth - 1)}}}'.encode()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"\xff", "not UTF-8"), (b'\xef\xbb\xbf{"a": 1}', "not JSON: Unexpected UTF-8 BOM (decode using utf-8-sig) at character 0"), (b"", "not JSON: Expecting value at character 0"),
        (b"[1]", "not a JSON object"), (b"1", "not a JSON object"), (b'{"a": NaN}', "not JSON: NaN is no number"), (b'{"a": 1, "a": 2}', "a key stands twice in one object"),
        (b'{"a": {"b": 1, "b": 1}}', "a key stands twice in one object"), (b'{"a": "\\ud800"}', "holds half a character (a lone surrogate)"), (b'{"a": 1} x', "not JSON: Extra data at character 9"),
    ],
)  # fmt: skip
def test_what_is_refused(body: bytes, problem: str) -> None:
    """Other encodings, other values, numbers that are none, keys twice, half characters: each with its own words."""
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        load(body)


def test_numbers_stay_as_they_are_written() -> None:
    """A number is the text that stood there, so that nothing is rounded."""
    assert load(b'{"a": 1.50, "b": 12345678901234567890, "c": -0, "d": [1e3], "e": true, "f": null}') == {
        "a": "1.50", "b": "12345678901234567890", "c": "-0", "d": ["1e3"], "e": True, "f": None,
    }  # fmt: skip


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a": ', "}")])
def test_how_deep_it_may_be(opening: str, closing: str) -> None:
    """As deep as is said, and no deeper, in lists and objects."""
    assert load(nested(DEEPEST, opening, closing))
    for depth in (DEEPEST + 1, 10_000):
        with pytest.raises(ValueError, match="nested too deeply"):
            load(nested(depth, opening, closing))


def test_many_brackets_are_not_deep() -> None:
    """Brackets beside each other and in texts do not count."""
    fields = {"a": "[" * 100, "b": [[]] * 100, "c": {"d": "{" * 100}}
    assert load(json.dumps(fields).encode()) == fields
