"""JSON in its usual wrappings: an array, objects one after the other, one object a line.

Where a value ends is found by json's own scanner, so that its bytes are passed on as they stand. A value that does not parse is passed on too, up to where the
next one can begin, and the envelope says what is wrong with it: a broken one spoils only itself, unless it lacks a bracket or quote in a file without lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TextIO

from connectors.envelope import Item
from connectors.transports.text import Encoding, decoded, encoding

BLANK = " \t\r\n"
"""What JSON allows between its signs, and nothing else."""
_BLANKS = re.compile(rf"[{BLANK}]*")
_TOKENS = re.compile(r'"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"?|[\[\]{},]')
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_CHUNK = 1 << 20
_FAR = 1 << 24
"""Signs after which a value that has not ended is taken for one that never will."""
_TAIL = 16
"""An error this near to the end of what is at hand may go away when more is read."""


def objects(path: Path, how: Encoding | None = None) -> Iterator[Item]:
    """One item for each value in a file; bodies are in UTF-8, whatever the file is in."""
    how = how or encoding(path)
    with decoded(path, how) as text:
        yield from split(text, how)


def split(text: TextIO, how: Encoding) -> Iterator[Item]:
    """One item for each element of an array, or for each of the values that stand one after the other."""
    window = _Window(text, how)
    gap = "\n" + window.skip()
    yield from _array(window) if window.sign == "[" else _sequence(window, gap)


class _Window:
    """The part of a text that is at hand; what lies before `at` is done with."""

    def __init__(self, file: TextIO, how: Encoding) -> None:
        self._file, self._how = file, how
        self.text, self.at = "", 0

    @property
    def sign(self) -> str:
        """The sign that is next, '' when none is at hand."""
        return self.text[self.at : self.at + 1]

    @property
    def ahead(self) -> int:
        """How many signs are at hand."""
        return len(self.text) - self.at

    def more(self) -> bool:
        """Read on, as much again as is at hand; False at the end."""
        found = self._file.read(max(_CHUNK, self.ahead))
        self.text, self.at = self.text[self.at :] + found, 0
        return bool(found)

    def take(self, length: int) -> str:
        """Be done with so many signs."""
        self.at += length
        return self.text[self.at - length : self.at]

    def skip(self) -> str:
        """Be done with the blanks that are next; after it, there is no sign only at the end."""
        gone = ""
        while True:
            match = _BLANKS.match(self.text, self.at)
            assert match
            gone = _shortened(gone + self.take(match.end() - self.at))
            if self.ahead or not self.more():
                return gone

    def item(self, text: str, fault: str | None = None) -> Item:
        """The item of some text."""
        return Item(self._how.utf8_of(text.strip(BLANK)), fault=fault)


def _shortened(blanks: str) -> str:
    """Blanks of which only the end is kept when they are many: what counts is whether a line ends there, and how far in the next one begins."""
    if len(blanks) < _CHUNK:
        return blanks
    indent = blanks[-_CHUNK // 2 :].rpartition("\n")[2]
    return f"\n{indent}" if "\n" in blanks or "\r" in blanks else indent


def _array(window: _Window) -> Iterator[Item]:
    """The elements of an array. What is wrong between elements is an item with the one before, to show the place."""
    last, comma = window.take(1), True
    while True:
        gap = window.skip()
        match window.sign:
            case "":
                yield window.item(last, "the array is not closed")
                return
            case ",":
                if comma:
                    yield window.item(f"{last} {window.sign}", "nothing before a comma")
                comma = bool(window.take(1))
            case "]":
                if comma and last != "[":
                    yield window.item(f"{last} , ]", "nothing after a comma")
                window.take(1)
                yield from _rest(window, "something follows the array")
                return
            case _:
                last, comma = (yield from _element(window, gap)), False


def _element(window: _Window, gap: str) -> Generator[Item, None, str]:
    """One element, good when it parses and a comma or the end of the array follows; returns its text."""
    value = window.take(_length(window))
    after = window.skip()
    if value and window.sign in ("", ",", "]"):
        yield window.item(value)
    elif value and window.sign == "{":
        yield window.item(value, "no comma after it")
    else:
        value = yield from _broken(window, gap, value + after, in_array=True)
    return value


def _sequence(window: _Window, gap: str) -> Iterator[Item]:
    """Values one after the other: objects, each with the end of its line to itself, and lines that are none."""
    while window.sign:
        value = window.take(_length(window)) if window.sign == "{" else ""
        after = window.skip()
        if value and (not window.sign or "\n" in after or "\r" in after):
            yield window.item(value)
            gap = after
        else:
            yield from _broken(window, gap, value + after, in_array=False)
            gap = window.skip()


def _length(window: _Window) -> int:
    """Of the value that begins here; 0 when it does not parse."""
    while True:
        try:
            end = _DECODER.raw_decode(window.text, window.at)[1]
        except RecursionError:
            return 0
        except json.JSONDecodeError as error:
            settled = error.pos < len(window.text) - _TAIL and not error.msg.startswith("Unterminated string")
            if settled or window.ahead > _FAR or not window.more():
                return 0
        else:
            if end < len(window.text) or not window.more():
                return end - window.at


def _broken(window: _Window, gap: str, begun: str, *, in_array: bool) -> Generator[Item, None, str]:
    """The value that does not parse here, up to where the next one can begin: one item, or several when that is far; returns the text of the last.

    `gap` is what stood before it, `begun` what of it is taken already.
    """
    line = _next_line(gap, whole=in_array or window.sign == "{")
    fault = None
    while (length := _to_next(window, line, in_array=in_array and not fault)) is None:
        if window.ahead > _FAR:
            fault = "its end was not found"
            yield window.item(begun + window.take(window.ahead), fault)
            begun = ""
        if not window.more():
            length = window.ahead
            break
    text = (begun + window.take(length)).rstrip(BLANK)
    if text:
        yield window.item(text.removesuffix(",") if in_array else text, fault)
    return text


def _next_line(gap: str, *, whole: bool) -> re.Pattern[str]:
    """The end of a line after which another value can begin: any line, or when values may be of several lines, one that opens an object no deeper in."""
    indent = len(gap.rpartition("\n")[2]) if "\n" in gap else 0
    return re.compile(rf"\n(?=[ \t]{{0,{indent}}}\{{)" if whole else r"\n")


def _to_next(window: _Window, line: re.Pattern[str], *, in_array: bool) -> int | None:
    """How far it is to the next such line, or, in an array, to the comma or bracket that ends the element; None when neither is at hand."""
    match = line.search(window.text, window.at)
    ends = [match.start()] if match else []
    if in_array and (end := _balanced(window.text, window.at)) is not None:
        ends.append(end)
    return min(ends) - window.at if ends else None


def _balanced(text: str, at: int) -> int | None:
    """Where the first comma or closing bracket stands outside of brackets and strings; a string ends with its line at the latest."""
    depth = 0
    for match in _TOKENS.finditer(text, at):
        sign = match[0]
        if sign in ("{", "["):
            depth += 1
        elif depth and sign in ("}", "]"):
            depth -= 1
        elif not depth and sign in (",", "]"):
            return match.start()
    return None


def _rest(window: _Window, fault: str) -> Iterator[Item]:
    """All that is left, in pieces; nothing when it is blank."""
    window.skip()
    while window.ahead or window.more():
        yield window.item(window.take(window.ahead), fault)
