"""Tokens and seals: keyed, separate for each domain, and closed to everybody without the secret."""

from __future__ import annotations

import hmac
import re
from hashlib import blake2b, sha256

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from schemas.tokens import Keys

SECRET = bytes(range(32))
KEYS = Keys(SECRET)
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)


def test_token_is_an_hmac() -> None:
    """A token is the first 128 bits of HMAC-SHA-256 over each part behind its length; and the value never changes."""
    expected = hmac.new(SECRET, b"8:document8:resident2:CN18:530624198001010015", sha256).hexdigest()[:32]
    assert KEYS.token("document", "resident", "CN", "530624198001010015") == expected == "b0ee317a48cb1e9ec2bb7d7a9969a59c"


@given(st.lists(TEXT, min_size=1, max_size=4), st.lists(TEXT, min_size=1, max_size=4))
def test_other_parts_give_another_token(one: list[str], other: list[str]) -> None:
    """Two tokens are equal only when domain and all parts are, whatever marks they hold."""
    assert (KEYS.token(*one) == KEYS.token(*other)) == (one == other)


def test_parts_cannot_be_shifted() -> None:
    """A part that holds a separator or looks like a length is not two parts."""
    texts = [("d", "a", "b"), ("d", "a\x1fb"), ("d", "a1:b"), ("d", "ab"), ("d", "", "ab"), ("da", "b"), ("d", "a", "b", "")]
    assert len({KEYS.token(*parts) for parts in texts}) == len(texts)


def test_other_secret_gives_another_token() -> None:
    """Without the secret a token says nothing: under another one it is another."""
    assert Keys(SECRET[::-1]).token("phone", "+8613800000001") != KEYS.token("phone", "+8613800000001")


@given(st.dictionaries(TEXT, TEXT, min_size=1, max_size=4), TEXT)
def test_seal_and_open(identifiers: dict[str, str], alias: str) -> None:
    """What is sealed for an alias is opened with it, is the same bytes each time, and holds no name in clear."""
    sealed = KEYS.seal(alias, identifiers)
    assert KEYS.open(alias, sealed) == identifiers
    assert KEYS.seal(alias, dict(reversed(identifiers.items()))) == sealed


def test_a_seal_never_changes() -> None:
    """The bytes of a seal, pinned: a replay in years seals the same."""
    sealed = KEYS.seal("a" * 32, {"name": "杨测试", "phone": "+8613800000001"})
    assert sealed.hex() == "017c281aa6438086a1e8d673b9c8c4761fdd06d87b05c35e7d8d7bee1fccef1af51a303608eaf617dcfcf7c28f1de6903c868f50ba5a8ea5257182366508c0c46bad398adaf70cdac93680c846"


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6))
def test_nothing_is_left_of_what_came_before(texts: list[tuple[str, str]]) -> None:
    """Tokens and seals in any sequence are those that new keys give: none depends on those before it."""
    for domain, part in texts:
        fresh = Keys(SECRET)
        assert KEYS.token(domain, part) == fresh.token(domain, part)
        assert KEYS.seal(part, {"name": domain}) == fresh.seal(part, {"name": domain})


@pytest.mark.parametrize("size", [32, 63, 64, 65, 200])
def test_secrets_of_any_length(size: int) -> None:
    """A secret longer than a block of the hash is one too, as HMAC has it."""
    secret = bytes(range(size))
    assert Keys(secret).token("d") == hmac.new(secret, b"1:d", sha256).hexdigest()[:32]


def test_seal_hides() -> None:
    """The sealed bytes hold neither the name nor the number."""
    sealed = KEYS.seal("a" * 32, {"name": "杨测试", "phone": "+8613800000001"})
    assert "杨测试".encode() not in sealed
    assert b"13800000001" not in sealed


def test_nothing_seals_to_nothing() -> None:
    """No identifiers give no bytes, and no bytes no identifiers."""
    assert KEYS.seal("a", {}) == b""
    assert KEYS.open("a", b"") == {}


def test_tampering_is_seen() -> None:
    """A changed byte, another alias or another secret does not open."""
    sealed = KEYS.seal("alias", {"name": "李样本"})
    for place in range(len(sealed)):
        with pytest.raises(InvalidTag):
            KEYS.open("alias", sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :])
    with pytest.raises(InvalidTag):
        KEYS.open("other", sealed)
    with pytest.raises(InvalidTag):
        Keys(SECRET[::-1]).open("alias", sealed)


def test_an_erased_alias_opens_as_nothing() -> None:
    """What was sealed before the key was destroyed is nothing, what is sealed later is under another key, and others stay as they were."""
    keys = Keys(SECRET)
    before, other = keys.seal("alias", {"name": "李样本"}), keys.seal("other", {"name": "杨测试"})
    keys.vault.destroy(keys.vault.close(["alias"]))
    after = keys.seal("alias", {"name": "李样本"})
    assert (keys.open("alias", before), keys.open("alias", after), keys.open("other", other)) == ({}, {"name": "李样本"}, {"name": "杨测试"})
    assert before != after


def test_a_digest_is_keyed() -> None:
    """Whoever has the bytes and not the secret does not find the digest; equal bytes have equal digests."""
    assert KEYS.digest(b"530624198001010015") == Keys(SECRET).digest(b"530624198001010015") != Keys(SECRET[::-1]).digest(b"530624198001010015")
    assert blake2b(b"530624198001010015", digest_size=16).hexdigest() != KEYS.digest(b"530624198001010015")


@pytest.mark.parametrize("size", [0, 16, 31])
def test_short_secret_is_refused(size: int) -> None:
    """A secret of less than 32 bytes is no secret."""
    with pytest.raises(ValueError, match="32 bytes"):
        Keys(bytes(size))


def test_a_renewed_token_is_that_of_the_token_before() -> None:
    """Whoever holds the last secret renames any token, and whoever has the identifier comes to the same; without the last secret nobody does."""
    more = (SECRET, SECRET[::-1], b"a third secret that is of no use elsewhere")
    one, two, three = (Keys(more[:count]) for count in (1, 2, 3))
    assert two.token("phone", "+8613800000001") == two.renewed(KEYS.token("phone", "+8613800000001")) == two.renewed(one.token("phone", "+8613800000001"))
    assert three.token("d", "a", "b") == three.renewed(two.token("d", "a", "b"))
    assert len({keys.token("d", "a") for keys in (one, two, three)}) == 3
    assert re.fullmatch("[0-9a-f]{32}", three.token("d"))
    assert three.first.token("d", "a") == one.token("d", "a")
    assert (one.first, three.unkept().token("d")) == (one, three.token("d"))
    with pytest.raises(ValueError, match="nothing was renewed"):
        one.renewed("0" * 32)


def test_no_renewal_changes_a_digest() -> None:
    """Digests follow from a key of their own, or from the first secret; a short key is refused."""
    assert Keys((SECRET, SECRET[::-1])).digest(b"x") == KEYS.digest(b"x")
    own = Keys(SECRET, digests=b"k" * 32)
    assert own.digest(b"x") == Keys((SECRET[::-1], SECRET), digests=b"k" * 32).digest(b"x") == own.unkept().digest(b"x") != KEYS.digest(b"x")
    with pytest.raises(ValueError, match="32 bytes"):
        Keys(SECRET, digests=b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        Keys(())


def test_a_vault_that_follows_from_the_secret_follows_from_the_last() -> None:
    """What was sealed under the secret that others know opens nothing that is sealed since."""
    assert Keys((SECRET, SECRET[::-1])).vault.name == Keys(SECRET[::-1]).vault.name != KEYS.vault.name
