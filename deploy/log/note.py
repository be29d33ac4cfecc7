"""Signed notes (C2SP signed-note): text, and under it the signatures of keys that have names.

Read strictly: each note has exactly one form in bytes, so that nothing in it can be changed without a trace.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass

_MOST = 64
"""Signatures that a note may have; more are refused before any is verified."""
_NAME = re.compile(r"[^\s+]+")


class BadNote(ValueError):
    """Bytes that are no note, or no key; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: the name of a key, four bytes that tell it from others of the name, and what it signed with."""

    name: str
    number: bytes
    data: bytes

    @property
    def line(self) -> str:
        """As it stands under the note."""
        return f"— {self.name} {encoded(self.number + self.data)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """Text that ends with a newline, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    @property
    def whole(self) -> str:
        """The note as it is sent."""
        return f"{self.text}\n{''.join(one.line for one in self.signatures)}"

    def signed(self, *more: Signature) -> Note:
        """The note with further signatures: the first as it was, all others by name, none twice."""
        rest = {one.line: one for one in (*self.signatures[1:], *more) if one not in self.signatures[:1]}
        return Note(self.text, (*self.signatures[:1], *sorted(rest.values(), key=lambda one: one.line)))


def parse(whole: str) -> Note:
    """The note that some text is; raises BadNote."""
    if any(sign < " " and sign != "\n" for sign in whole):
        raise BadNote("a note has no control characters")
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not text or not lines.endswith("\n"):
        raise BadNote("a note is text, an empty line, and signatures, each ended by a newline")
    listed = lines[:-1].split("\n")
    if len(listed) > _MOST:
        raise BadNote(f"a note has at most {_MOST} signatures")
    return Note(f"{text}\n", tuple(map(signature, listed)))


def signature(line: str) -> Signature:
    """The signature on a line without its newline; raises BadNote."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—":
        raise BadNote("a signature is a dash, the name of a key, and base64, with spaces between")
    data = decoded(parts[2])
    if len(data) < 5:
        raise BadNote("a signature is too short")
    return Signature(named(parts[1]), data[:4], data[4:])


def named(name: str) -> str:
    """A name of a key; raises BadNote when it may not be one."""
    if not _NAME.fullmatch(name):
        raise BadNote("the name of a key is not empty and has no spaces and no plus; most are like example.org/log")
    return name


def encoded(data: bytes) -> str:
    """Base64."""
    return b64encode(data).decode("ascii")


def decoded(text: str) -> bytes:
    """The bytes of base64 in its one form; raises BadNote."""
    try:
        data = b64decode(text, validate=True)
    except (Error, ValueError) as error:
        raise BadNote("not base64") from error
    if encoded(data) != text:
        raise BadNote("base64 in another form than the one that encoding gives")
    return data


def hashes(lines: list[str]) -> list[bytes]:
    """SHA-256 hashes of lines of base64; raises BadNote."""
    found = [decoded(line) for line in lines]
    if len(found) > 63 or any(len(one) != 32 for one in found):
        raise BadNote("a proof has at most 63 hashes of 32 bytes")
    return found


def number(text: str) -> int:
    """A size or an index in its one form; raises BadNote."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text, re.ASCII) or int(text) >= 2**63:
        raise BadNote("a size is a number in decimal digits without leading zeroes")
    return int(text)
