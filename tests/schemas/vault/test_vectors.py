"""Public vectors for what the seals are made of, those that must fail too."""

from __future__ import annotations

import hmac
import json
import random
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from schemas.tokens import Keys
from schemas.vault.box import Box

GCM = json.loads((Path(__file__).parent / "vectors" / "aes-256-gcm.json").read_text("utf-8"))
DICE = random.Random(1)


class Plainly(Box):
    """A box whose cipher has the key itself and no key derived from it, so that published vectors fit."""

    def __init__(self, key: bytes) -> None:
        super().__init__(key)
        self._cipher = type(self._cipher)(key)


@pytest.mark.parametrize("one", GCM, ids=[f"{number} {'valid' if one['pt'] is not None else 'invalid'}" for number, one in enumerate(GCM)])
def test_nist(one: dict[str, Any]) -> None:
    """Each of NIST's AES-256-GCM vectors opens to its plaintext, or is refused where the tag is not that of the rest."""
    sealed = bytes.fromhex(one["iv"] + one["ct"] + one["tag"])
    box, bound = Plainly(bytes.fromhex(one["key"])), bytes.fromhex(one["aad"])
    if one["pt"] is None:
        with pytest.raises(InvalidTag):
            box.open(sealed, bound)
    else:
        assert box.open(sealed, bound).hex() == one["pt"]


def test_there_are_both() -> None:
    """The excerpt has vectors that must open and such that must not."""
    invalid = sum(one["pt"] is None for one in GCM)
    assert (len(GCM), invalid) == (30, 15)


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 500])
def test_no_bit_may_change(size: int) -> None:
    """A flipped bit anywhere, a byte less or more, or other bytes to which it is bound: nothing opens."""
    box, plain = Box(bytes(range(32))), DICE.randbytes(size)
    sealed = box.seal(plain, b"bound")
    assert box.open(sealed, b"bound") == plain
    changed = [bytes([*sealed[:place], sealed[place] ^ 1 << bit, *sealed[place + 1 :]]) for place in range(len(sealed)) for bit in range(8)]
    wrong = [(one, b"bound") for one in (*changed, sealed[:-1], sealed[1:], sealed + b"\0", b"", sealed[:27])]
    for one, bound in [*wrong, (sealed, b""), (sealed, b"bounD"), (sealed, b"bound\0")]:
        with pytest.raises(InvalidTag):
            box.open(one, bound)


def test_no_nonce_comes_twice() -> None:
    """Other values, and equal ones bound to something else, have other nonces: a shifted border between the two as well."""
    box = Box(bytes(32))
    pairs = [(b"", b""), (b"a", b""), (b"", b"a"), (b"ab", b"c"), (b"a", b"bc"), (b"abc", b""), (bytes(8), b""), (b"", bytes(8))]
    assert len({box.seal(plain, bound)[:12] for plain, bound in pairs}) == len(pairs)
    assert box.seal(b"a", b"b") == Box(bytes(32)).seal(b"a", b"b") != Box(bytes(31) + b"\1").seal(b"a", b"b")


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_only_whole_keys(size: int) -> None:
    """A key of another length is refused, so that none is AES-128 by mistake."""
    with pytest.raises(ValueError, match="32 bytes"):
        Box(bytes(size))


@pytest.mark.parametrize(("key", "message", "expected"), [
    ("0b" * 20, "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    ("4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    ("aa" * 20, "dd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
])  # fmt: skip
def test_rfc_4231(key: str, message: str, expected: str) -> None:
    """HMAC-SHA-256 as the tokens use it gives what the standard says, and something else for a changed message or key."""
    found = hmac.digest(bytes.fromhex(key), bytes.fromhex(message), "sha256").hex()
    assert found == expected
    assert expected not in (hmac.digest(bytes.fromhex(key), bytes.fromhex(message) + b"\0", "sha256").hex(), hmac.digest(b"\1" + bytes.fromhex(key), bytes.fromhex(message), "sha256").hex())


def test_tokens_go_on_from_the_state_after_the_secret() -> None:
    """A token, which copies a half-done HMAC, is the HMAC of the whole."""
    secret = bytes.fromhex("aa" * 131)
    assert Keys(secret).token("a", "b") == hmac.digest(secret, b"1:a1:b", "sha256").hex()[:32]
