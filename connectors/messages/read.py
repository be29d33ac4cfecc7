"""Reads a message: a clinic's number, then reports with semicolons between. It decodes and does not interpret.

    711 15K 诊 名李样本 电13800000002 时2.1-9:30 症热咳 温38.2 判疑 转1
    711 15K-2 诊 撤                                 the second version of report 15 takes it back
    711 16M 诊 1/2 名王虚构 证530602199102030025     the first of two parts, which may come in any order
    711 收27                                        the clinic has its answers up to 27

Full-width signs, small letters and commas for spaces are the same. A message may end with `#` and two letters (`check.letters`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.messages import check
from connectors.messages.form import Clinic, Entry, Format, Kind

LONGEST = 1_600
"""Signs of a message that are read: ten messages of 160, as phones join them."""
MOST_PARTS = 9
_END = re.compile(r"\s*#\s*([A-Z]{2})\s*$")
_HEAD = re.compile(r"([0-9]{1,4})([A-Z])(?:-([0-9]{1,2}))?", re.ASCII)
_PART = re.compile(r"([1-9])/([1-9])", re.ASCII)
_ANSWERS = re.compile(r"[收A]([0-9]{1,9})", re.ASCII)
_BACK = {"撤", "作废", "VOID"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, or with the head ('' as the key), in both languages; it repeats nothing that was written."""

    key: str
    says: str
    says_zh: str


@dataclass(frozen=True, slots=True)
class Said:
    """One report, or a part of one: its fields by key as they were written, and what is wrong with it.

    `number` is 0 where it cannot be relied on, `kind` is '' where it cannot be read.
    """

    number: int
    kind: str = ""
    revision: int = 1
    part: int = 1
    parts: int = 1
    fields: Mapping[str, str] = field(default_factory=dict)
    back: bool = False
    problems: tuple[Problem, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What a message holds: its reports, and up to which answer the clinic has them (None where it does not say)."""

    reports: tuple[Said, ...] = ()
    has: int | None = None
    problem: Problem | None = None


def content(text: str) -> str:
    """A message in the form over which its letters go: half-width, in capitals, one space between words, none around semicolons."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).upper()
    return ";".join(" ".join(re.split(r"[\s,、]+", part.strip(" \t\r\n,、"))) for part in plain.split(";")).strip(";")


def read(text: str, clinic: Clinic, form: Format) -> Message:
    """What a clinic's message holds; a problem of the whole when it is not the clinic's own, is cut off, or was mistyped."""
    if len(text) > LONGEST:
        return Message(problem=Problem("", "too long: send fewer reports at once", "过长，请分开发送"))
    whole = content(text)
    end = _END.search(whole)
    body = content(whole[: end.start()]) if end else whole
    if end and end[1] != check.letters(body):
        return Message(problem=Problem("#", "mistyped: the last two letters do not fit; send it again", "有误字，末两位校验不符，请核对重发"))
    if not end and (clinic.checked or "#" in body):
        return Message(problem=Problem("#", "cut off: it must end with # and two letters; send it again", "不完整，末尾应有#和两位校验，请重发"))
    number, _, rest = body.partition(" ")
    if number != clinic.number:
        return Message(problem=Problem("", "begin with the number of your clinic", f"请以本室编号{clinic.number}开头"))
    pieces = [piece for piece in rest.split(";") if piece]
    if not pieces:
        return Message(problem=Problem("", "no report in it; the card shows how to write one", "没有内容，请照卡片填写"))
    has = [int(match[1]) for piece in pieces if (match := _ANSWERS.fullmatch(piece))]
    return Message(tuple(_report(piece, clinic, form) for piece in pieces if not _ANSWERS.fullmatch(piece)), max(has, default=None))


def _report(piece: str, clinic: Clinic, form: Format) -> Said:
    first, *words = piece.split(" ")
    head = _HEAD.fullmatch(first)
    if not head or int(head[1]) == 0 or head[2] != check.letter(clinic.number, int(head[1])):
        return Said(0, text=piece, problems=(Problem("", "number and letter do not fit: copy them from the card", "序号与字母不符，请照卡片抄写"),))
    number, revision = int(head[1]), int(head[3] or 1)
    found = form.kind(words[0]) if words else None
    if not found:
        kinds = ", ".join(f"{one.latin} {one.says}" for one in form.kinds.values())
        kinds_zh = "".join(form.kinds)
        return Said(number, "", revision, text=piece, problems=(Problem("", f"after the number comes one of {kinds}", f"序号后应为{kinds_zh}之一"),))
    sign, kind = found
    words = words[1:]
    part = _PART.fullmatch(words[0]) if words else None
    which, of = (int(part[1]), int(part[2])) if part else (1, 1)
    fields, problems = _fields(words[1:] if part else words, kind)
    if which > of:
        problems.append(Problem("", "there are fewer parts than it says", "分条号有误"))
    back = "" in fields
    if not back and of == 1:
        problems += lacking(fields, kind)
    return Said(number, sign, revision, which, of, {key: value for key, value in fields.items() if key}, back, tuple(problems), piece)


def _fields(words: list[str], kind: Kind) -> tuple[dict[str, str], list[Problem]]:
    """The fields by key, that of a retraction as ''; and what is wrong with their keys."""
    fields: dict[str, str] = {}
    problems: list[Problem] = []
    for word in words:
        if word in _BACK:
            fields[""] = word
            continue
        found = kind.entry(word[0])
        value = word[1:].removeprefix(":").replace("_", " ").strip()
        if not found:
            keys = ", ".join(one.latin for one in kind.fields.values())
            problems.append(Problem("?", f"a word begins with no key; keys are {keys}", f"有一项开头不是{''.join(kind.fields)}"))
        elif not value or fields.get(found[0], value) != value:
            problems.append(wrong(found[0], found[1]))
        else:
            fields[found[0]] = value
    return fields, list(dict.fromkeys(problems))


def lacking(fields: Mapping[str, str], kind: Kind) -> list[Problem]:
    """Fields that a whole report must have and this one has not."""
    missing = [(key, entry) for key, entry in kind.fields.items() if entry.needed and key not in fields]
    return [Problem(key, f"{entry.latin} is missing: {entry.hint}", f"缺{key}（{entry.hint_zh}）") for key, entry in missing]


def wrong(key: str, entry: Entry) -> Problem:
    """That a field cannot be read, with what is expected."""
    return Problem(key, f"{entry.latin}: expected {entry.hint}", f"{key}应为{entry.hint_zh}")
