"""Which secrets the tokens of a bus are under follows from its namespace."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.renewal import after, epoch, file
from schemas.settings import BadSecret, Settings
from schemas.tokens import Keys

ONE, TWO, DIGESTS = b"1" * 32, b"2" * 32, b"d" * 32


@pytest.mark.parametrize(("namespace", "number", "next_"), [
    ("", 1, "e2."), ("x.", 1, "x.e2."), ("x.e2.", 2, "x.e3."), ("e9.", 9, "e10."), ("x.e10.", 10, "x.e11."), ("e2.x.", 1, "e2.x.e2."), ("e1.", 1, "e1.e2."),
    ("some2.", 1, "some2.e2."), ("e02.", 1, "e02.e2."),
])  # fmt: skip
def test_the_namespace_says_how_many(namespace: str, number: int, next_: str) -> None:
    """Its last word counts, if it is a number from 2 on."""
    assert (epoch(namespace), after(namespace)) == (number, next_)
    assert epoch(next_) == number + 1


def test_secrets_are_beside_the_first(tmp_path: Path) -> None:
    """The second is needed where the namespace says so, and not looked at elsewhere."""
    first = tmp_path / "secret"
    first.write_bytes(ONE)
    assert file(first, 1) == first
    with pytest.raises(BadSecret, match="under 2"):
        _ = Settings(home=tmp_path, namespace="x.e2.").keys
    file(first, 2).write_bytes(TWO)
    assert Settings(home=tmp_path, namespace="x.e2.").keys.token("d", "a") == Keys((ONE, TWO)).token("d", "a")
    assert Settings(home=tmp_path, namespace="x.").keys.token("d", "a") == Keys(ONE).token("d", "a")
    file(first, 2).write_bytes(b"short")
    with pytest.raises(BadSecret, match=r"secret\.2: the secret must hold"):
        _ = Settings(home=tmp_path, namespace="x.e2.").keys


def test_the_key_of_digests_is_a_file_of_its_own(tmp_path: Path) -> None:
    """With it, digests do not follow from the secret; without it they do, as on buses from before; a file that is named must be there."""
    (tmp_path / "secret").write_bytes(ONE)
    assert Settings(home=tmp_path).keys.digest(b"x") == Keys(ONE).digest(b"x")
    (tmp_path / "digest.key").write_bytes(DIGESTS)
    assert Settings(home=tmp_path).keys.digest(b"x") == Keys(TWO, digests=DIGESTS).digest(b"x") != Keys(ONE).digest(b"x")
    assert Settings(home=tmp_path).keys.token("d") == Keys(ONE).token("d")
    with pytest.raises(BadSecret, match="bring back the file"):
        _ = Settings(home=tmp_path, digest_file=tmp_path / "elsewhere").keys
    (tmp_path / "digest.key").write_bytes(b"short")
    with pytest.raises(BadSecret, match="key of digests must hold"):
        _ = Settings(home=tmp_path).keys
