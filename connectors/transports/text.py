"""Bytes of a file: unpacked when compressed, and read in its encoding without losing one."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHUNK = 1 << 20
_KEEP = "lianfang.keep"
_RATIO, _SMALL = 200, 64 << 20
"""A compressed file that is unpacked to more than so many times its size, and to more than so many bytes, is no records: these compress to a tenth or so."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file become text, and back: its name for Python, the length of its mark, and how the file is damaged, if so.

    Bytes that do not fit become lone surrogates, so that `fits` tells a text that holds some, and `bytes_of` gives the bytes as they stand in the file (only
    half a character at the end of UTF-16 comes back with a second byte).
    """

    name: str
    mark: int = 0
    damage: str | None = None

    def bytes_of(self, text: str) -> bytes:
        """The bytes of some text as they stand in the file."""
        return text.encode(self.name, _KEEP)

    def utf8_of(self, text: str) -> bytes:
        """Some text in UTF-8, which it is not quite when the text does not fit."""
        return text.encode("utf-8", "surrogatepass" if self.name.startswith("utf-16") else _KEEP)


def fits(text: str) -> bool:
    """Whether all bytes of it were characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def encoding(path: Path) -> Encoding:
    """The encoding of a file: by its mark (UTF-8, UTF-16), else UTF-8 when more of it is UTF-8 than is not, else GB18030. Reads the whole file."""
    with opened(path) as file:
        head = file.read(4)
        mark, name = next(((mark, name) for mark, name in _MARKS if head.startswith(mark)), (b"", ""))
        name = name or ("utf-8" if _is_utf8(file, head) else "gb18030")
        while file.read(_CHUNK):
            pass
        return Encoding(name, len(mark), file.damage if isinstance(file, _Unpacked) else None)


def _is_utf8(file: BinaryIO, head: bytes) -> bool:
    """UTF-8 hardly ever fits by chance, so one broken byte does not make a file something else: the characters are counted, and the bytes that are none."""
    decoder = codecs.getincrementaldecoder("utf-8")("ignore")
    wide = broken = 0
    chunk = head
    while True:
        text = decoder.decode(chunk, final=not chunk)
        good = text.encode()
        wide += len(text) - len(text.encode("ascii", "ignore"))
        broken += len(chunk) - len(good)
        if not chunk:
            return broken <= wide
        chunk = file.read(_CHUNK)


def opened(path: Path) -> BinaryIO:
    """The content of a file, unpacked when it begins as gzip does, whatever it is called; what is damaged ends where the damage begins."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast("BinaryIO", _Unpacked(path, "rb")) if packed else path.open("rb")


@contextmanager
def decoded(path: Path, how: Encoding) -> Iterator[TextIO]:
    """The text of a file after its mark, line ends as they stand."""
    with opened(path) as file:
        file.read(how.mark)
        with io.TextIOWrapper(file, encoding=how.name, errors=_KEEP, newline="") as text:
            yield text


class _Unpacked(gzip.GzipFile):
    """A gzip file that ends where its damage begins, and says what it is."""

    damage: str | None = None
    _left: int | None = None

    def read(self, size: int | None = -1) -> bytes:
        return self._until_damage(super().read, size)

    def read1(self, size: int = -1) -> bytes:
        return self._until_damage(super().read1, size)

    def _until_damage(self, read: Any, size: int | None) -> bytes:
        if self.damage:
            return b""
        try:
            found: bytes = read(size)
        except EOFError:
            self.damage = "the compressed file ends early"
        except (zlib.error, gzip.BadGzipFile):
            self.damage = "the compressed file is damaged"
        else:
            if self._left is None:
                self._left = max(_SMALL, _RATIO * Path(self.name).stat().st_size)
            self._left -= len(found)
            if self._left >= 0:
                return found
            self.damage = f"the compressed file is unpacked to more than {_RATIO} times its size"
        return b""


def _keep(error: UnicodeError) -> tuple[str | bytes, int]:
    """Bytes that do not fit as lone surrogates, and back. Like Python's surrogateescape, but it takes all of them: of GB18030 they may be ASCII too."""
    if isinstance(error, UnicodeDecodeError):
        piece = error.object[error.start : error.end]
        if len(piece) > 1 and error.encoding.startswith("utf-16"):
            return _pass(error)
        return "".join(chr(0xDC00 | byte) for byte in piece), error.end
    if isinstance(error, UnicodeEncodeError):
        if error.encoding.startswith("utf-16"):
            return _pass(error)
        return bytes(ord(sign) & 0xFF for sign in error.object[error.start : error.end]), error.end
    raise error


_pass = codecs.lookup_error("surrogatepass")
codecs.register_error(_KEEP, _keep)
