"""Small files in pieces: what is whole is read, what is not is named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.packs import MARK, Piece, pack, pieces

KEY, OTHER = bytes(range(32)), bytes(32)
CLINIC = "CLIN-530624-11"
RECORDS: list[dict[str, Any]] = [{"机构": CLINIC, "序号": str(number), "姓名": f"李样本{number}"} for number in range(1, 60)]
_PIECES = pack(CLINIC, "outpost-visit", RECORDS, 120, KEY)


def read(data: bytes, key: bytes | None = KEY) -> list[Piece]:
    """The pieces in some bytes."""
    return list(pieces(data, {CLINIC: key} if key else {}))


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(len(_PIECES))), st.binary(max_size=50), st.integers(0, 3))
def test_pieces_in_any_order_and_again_hold_all_records(order: list[int], between: bytes, twice: int) -> None:
    """However pieces are put together, with other bytes between, each gives its records."""
    found = read(between.join(_PIECES[number] for number in [*order, *order[:twice]]))
    assert len(found) == len(order) + twice
    held = {piece.head.piece: piece.records for piece in found}
    assert [one for number in sorted(held) for one in held[number]] == RECORDS


@given(st.integers(0, sum(map(len, _PIECES))))
def test_half_a_file_gives_what_is_whole(cut: int) -> None:
    """A file that was cut anywhere gives the pieces before the cut, and names the one in which it is."""
    found = read(b"".join(_PIECES)[:cut])
    whole = [piece for piece in found if not piece.broken]
    assert [one for piece in whole for one in piece.records] == RECORDS[: sum(len(piece.records) for piece in whole)]
    ends = [sum(map(len, _PIECES[: number + 1])) for number in range(len(_PIECES))]
    assert len(whole) == sum(end - 1 <= cut for end in ends)  # the newline at the end of a piece says nothing
    assert len(found) - len(whole) <= 1


@given(st.integers(0, len(_PIECES[0]) - 2), st.integers(1, 255))
def test_a_changed_byte_is_found(place: int, by: int) -> None:
    """No piece of which a byte changed gives records."""
    data = bytearray(_PIECES[0])
    data[place] = (data[place] + by) % 256
    assert [piece for piece in read(bytes(data)) if not piece.broken and piece.records] == []


def test_nobody_reads_it_without_the_key() -> None:
    """A sealed piece shows no name, opens under no other key, and under none; one that says to be another's does not open either."""
    assert not [piece for piece in _PIECES if "李样本".encode() in piece]
    assert {piece.broken for piece in [*read(_PIECES[0], OTHER), *read(_PIECES[0], None)]} == {"not sealed under the key of this clinic: the register names its file"}
    moved = _PIECES[0].replace(b'"piece":1,', b'"piece":2,')
    assert read(moved)[0].broken


def test_who_has_a_key_seals() -> None:
    """An open piece of a clinic that has a key may be anybody's, and is not taken; of one without a key it is."""
    (piece,) = pack(CLINIC, "outpost-visit", RECORDS[:2], 10_000, None)
    assert read(piece)[0].broken
    assert read(piece, None)[0].records == tuple(RECORDS[:2])


def test_the_same_records_are_the_same_pieces() -> None:
    """A piece that was lost is packed again, byte for byte, and every piece is about as small as was asked."""
    assert pack(CLINIC, "outpost-visit", RECORDS, 120, KEY) == _PIECES
    assert len(_PIECES) > 3
    assert max(len(piece) for piece in _PIECES) < 120 + 400


@pytest.mark.parametrize("data", [b"", b"nothing", MARK + b"{}\n", MARK + b"[1]\n", MARK + b'{"clinic": 3}\n', MARK * 3], ids=range(6))
def test_what_is_no_piece(data: bytes) -> None:
    """Other bytes hold no piece."""
    assert read(data) == []


def test_a_bomb_is_not_unpacked() -> None:
    """What unpacks to more than sixteen megabytes is refused."""
    (piece,) = pack(CLINIC, "outpost-visit", [{"a": " " * (17 * 2**20)}], 10**9, KEY)
    assert read(piece)[0].broken == "not what it says it is: pack it again"
