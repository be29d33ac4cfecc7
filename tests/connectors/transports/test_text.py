"""From the bytes of a file to its text."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from connectors.transports.text import Encoding, decoded, encoding, fits

CHINESE = "大关县翠华镇辉煌社区居民委员会，网格员入户登记。"


def file(folder: Path, data: bytes) -> Path:
    """A file of some bytes."""
    path = folder / "file"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "utf-8"), (b"plain", "utf-8"), (CHINESE.encode(), "utf-8"), (CHINESE.encode("gb18030"), "gb18030"), ("\ufeffa".encode("utf-16-le"), "utf-16-le"),
        ("\ufeffa".encode("utf-16-be"), "utf-16-be"), (CHINESE.encode() + b"\xff", "utf-8"), (CHINESE.encode("gb18030") + b"\xff", "gb18030"),
        (CHINESE.encode()[:-1], "utf-8"), (b"x" * (1 << 20) + CHINESE.encode("gb18030"), "gb18030"), (b"x" * ((1 << 20) - 1) + CHINESE.encode(), "utf-8"),
    ],
)  # fmt: skip
def test_encoding(tmp_path: Path, data: bytes, expected: str) -> None:
    """The encoding is known by its mark, or by what most of the whole file fits; a broken byte does not change it."""
    assert encoding(file(tmp_path, data)).name == expected


@given(st.lists(st.sampled_from(["杨测试", "李样本", "翠华镇", "昭通市", "云南省", "疑似", "阴性", "出院", "K109", "36.8℃", "MKT-530624-07"]), min_size=3, max_size=30))
def test_gb18030_is_told_from_utf8(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    """A few ordinary words are enough to tell the two apart."""
    folder = tmp_path_factory.getbasetemp()
    text = ",".join(["姓名", *words])
    assert encoding(file(folder, text.encode("gb18030"))).name == "gb18030"
    assert encoding(file(folder, text.encode())).name == "utf-8"


@given(st.binary(max_size=80), st.sampled_from(["utf-8", "gb18030", "utf-16-le", "utf-16-be"]))
def test_no_byte_is_lost(tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
    """Any bytes become text and come back as they were, and whether all were characters is known."""
    assume(not data.startswith(b"\x1f\x8b"))
    data = data[: len(data) // 2 * 2] if name.startswith("utf-16") else data
    how = Encoding(name)
    with decoded(file(tmp_path_factory.getbasetemp(), data), how) as text:
        found = text.read()
    assert how.bytes_of(found) == data
    try:
        data.decode(name)
    except UnicodeDecodeError:
        assert not fits(found)
    else:
        assert fits(found)


@pytest.mark.parametrize(("cut", "said"), [(lambda data: data[:-9], "the compressed file ends early"), (lambda data: data[:-20], "the compressed file ends early"),
                                           (lambda data: data[:60] + b"\xff" * 20 + data[80:], "the compressed file is damaged"),
                                           (lambda data: data[:-8] + b"\0" * 8, "the compressed file is damaged"), (lambda data: data + b"more", "the compressed file is damaged")])  # fmt: skip
def test_damage(tmp_path: Path, cut: object, said: str) -> None:
    """A compressed file that is damaged or cut off is told so, and what stands before the damage can be read."""
    lines = "".join(f"{number} {CHINESE}\n" for number in range(500))
    assert callable(cut)
    path = file(tmp_path, cut(gzip.compress(lines.encode())))
    how = encoding(path)
    assert how.damage == said
    with decoded(path, how) as text:
        found = text.read().encode("utf-8", "surrogateescape")
    assert lines.encode().startswith(found)


def test_several_members(tmp_path: Path) -> None:
    """A gzip file of several members is read to its end."""
    path = file(tmp_path, gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    with decoded(path, encoding(path)) as text:
        assert text.read() == "one\ntwo\n"
