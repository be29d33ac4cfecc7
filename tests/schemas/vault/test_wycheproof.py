"""Wycheproof's vectors against what seals, wraps and names: valid ones open, and each that was bent to fool an implementation is refused."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from schemas.tokens import Keys
from schemas.vault import VaultProblem
from schemas.vault.wrapping import FileWrapper
from tests.schemas.vault.test_vectors import Plainly

_FOLDER = Path(__file__).parent / "vectors"
GCM: list[dict[str, Any]] = json.loads((_FOLDER / "wycheproof-aes-gcm.json").read_text("utf-8"))
HMAC: list[dict[str, Any]] = json.loads((_FOLDER / "wycheproof-hmac-sha256.json").read_text("utf-8"))


def _sealed(one: dict[str, Any]) -> tuple[bytes, bytes, bytes, bytes]:
    key, bound, message = (bytes.fromhex(one[name]) for name in ("key", "aad", "msg"))
    return key, bound, message, bytes.fromhex(one["iv"] + one["ct"] + one["tag"])


@pytest.mark.parametrize("one", GCM, ids=lambda one: f"{one['tcId']} {one['result']}")
def test_a_box_opens_what_is_valid_alone(one: dict[str, Any]) -> None:
    """The box of a person's data key gives the message of a valid vector, and nothing of one with a changed tag."""
    key, bound, message, sealed = _sealed(one)
    if one["result"] == "valid":
        assert Plainly(key).open(sealed, bound) == message
    else:
        with pytest.raises(InvalidTag):
            Plainly(key).open(sealed, bound)


@pytest.mark.parametrize("one", GCM, ids=lambda one: f"{one['tcId']} {one['result']}")
def test_a_wrapping_key_opens_what_is_valid_alone(one: dict[str, Any], tmp_path: Path) -> None:
    """The same of the key file that wraps data keys."""
    key, bound, message, sealed = _sealed(one)
    file = tmp_path / "key"
    file.write_text(f"w {b64encode(key).decode()}\n", "ascii")
    file.chmod(0o600)
    if one["result"] == "valid":
        assert FileWrapper(file).unwrap("w", sealed, bound) == message
    else:
        with pytest.raises(VaultProblem):
            FileWrapper(file).unwrap("w", sealed, bound)


@pytest.mark.parametrize("one", HMAC, ids=lambda one: f"{one['tcId']} {one['result']}")
def test_what_names_is_hmac(one: dict[str, Any]) -> None:
    """The digest under the bus's secret, from which tokens are cut, begins with the tag of a valid vector, and with no tag of another."""
    found = Keys(bytes.fromhex(one["key"]))._digest(bytes.fromhex(one["msg"])).hex()
    assert found.startswith(one["tag"]) == (one["result"] == "valid")


def test_there_are_enough_of_both() -> None:
    """The excerpts hold as many as were published for these sizes."""
    counts = [[sum(one["result"] == result for one in every) for result in ("valid", "invalid")] for every in (GCM, HMAC)]
    assert counts == [[39, 27], [60, 108]]
