"""Records of every source with a mark of its own in each field that names a person, in free text and in the number of the record; good ones and bad ones.

A mark is found again in whatever form bytes may have it: as it is, escaped as in JSON or in an address, or as a wide text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from schemas.source import PersonMap, Source
from tests.properties.people import resident

Fields = dict[str, Any]
_SIGNS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日月盈昃列张寒来暑往秋收冬藏"
_PLACES = ("phone", "name", "document", "account", "patient", "address", "household")
_STEMS = ("欧阳", "1397747", "5306241973", "ox-marked-", "PMARKED", "标记", "H-MARKED-")
"""How marks begin, or what is in the middle: where none of these is, there is no mark."""


class Marks:
    """Makes marks, each once, and knows them all by what they are."""

    def __init__(self) -> None:
        """None yet."""
        self.known: dict[str, str] = {}
        self._number = 0

    def mark(self, what: str) -> str:
        """A new mark that is valid as a name, phone, document and so on; free text for anything else."""
        self._number += 1
        n = self._number
        sign = _SIGNS[n // len(_SIGNS)] + _SIGNS[n % len(_SIGNS)]
        made = {
            "name": f"欧阳{sign}", "phone": f"1397747{n:04d}", "document": resident(f"5306241973{1 + n // 280:02d}{1 + n % 28:02d}{n % 900:03d}"),
            "account": f"ox-marked-{n}", "patient": f"PMARKED{n}", "address": f"标记村{sign}{n}号", "household": f"H-MARKED-{n}",
        }.get(what, f"云C标记{n}号{sign}")  # fmt: skip
        self.known[made] = what
        return made

    def found(self, data: bytes) -> list[str]:
        """What the marks are that some bytes hold, each kind once."""
        if not any(form in data for stem in _STEMS for form in _forms(stem)):
            return []
        return sorted({what for mark, what in self.known.items() if any(form in data for form in _forms(mark))})


def _forms(mark: str) -> Iterator[bytes]:
    yield mark.encode()
    if not mark.isascii():
        yield json.dumps(mark).strip('"').encode()
        yield json.dumps(mark).strip('"').upper().replace("\\U", "\\u").encode()
        yield quote(mark).encode()
        yield mark.encode("utf-16-le")
        yield mark.encode("utf-16-be")


def good(source: Source, given: Mapping[str, Any], marks: Marks, number: int) -> Fields:
    """An example of a source as another record of another person, with marks wherever it names one, and with two fields that nobody reads."""
    fields = dict(given)
    _person(fields, source.subject, source, marks)
    if source.companions and source.companion:
        companion: Fields = {}
        _person(companion, source.companion, source, marks)
        fields[source.companions] = [companion]
    if source.id[-1] not in (source.subject.account, "date"):
        fields[source.id[-1]] = f"{marks.mark('record')}-{number}"
    return fields | {"plate": marks.mark("plate"), "remark": marks.mark("remark")}


def _person(fields: Fields, where: PersonMap, source: Source, marks: Marks) -> None:
    for what in _PLACES:
        path = getattr(where, what)
        if path is not None and path not in source.id[:-1]:
            fields[path] = marks.mark(what)
    if where.document_kind:
        fields[where.document_kind] = next(word for word, kind in where.document_words.items() if kind == "resident")
    if where.alias:
        fields.pop(where.alias, None)
    for path in (where.born, where.age, where.sex):  # the number of the document says them
        if path:
            fields.pop(path, None)


def bad(source: Source, given: Mapping[str, Any], marks: Marks) -> Iterator[bytes]:
    """Bodies that are refused in every way: wrong in each field, no identity, cut short, no JSON, deep, with strange characters, too long, and no UTF-8."""
    fields = good(source, given, marks, 0)
    yield _body({name: value if str(value) in marks.known else f"{value}{marks.mark('spoiled')}" for name, value in fields.items()})
    yield _body({name: value for name, value in fields.items() if name not in source.id})
    yield _body({name: {"x": [value]} for name, value in fields.items()})
    yield _body(fields)[:-9]
    yield f"{marks.mark('garbage')} is no JSON".encode()
    yield _body(fields | {"deep": 0}).replace(b'"deep": 0', b'"deep": ' + b"[" * 3000 + b"]" * 3000)
    yield _body(fields | {"odd": "\0\ud800", marks.mark("column"): 1e308})
    yield _body(fields | {"long": marks.mark("oversized") * 60_000})
    yield _body(fields).replace("欧".encode(), b"\xff\xfe")


def _body(fields: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(fields, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(fields).encode()
