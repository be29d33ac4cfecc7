"""What every vault does, held to the one in memory and the one in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.vault import Vault, VaultProblem
from schemas.vault.derived import Derived
from schemas.vault.local import Local
from schemas.vault.wrapping import FileWrapper


@pytest.fixture(params=["derived", "local"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    """Each vault."""
    return Derived(bytes(32)) if request.param == "derived" else Local(tmp_path / "vault.db", FileWrapper(tmp_path / "vault.key"))


def test_a_key_each(vault: Vault) -> None:
    """Each subject has a key of its own, of the first generation, which is the same when it is asked for again, now and in the past."""
    one = vault.current(["a", "b", "a"])
    assert {subject: key.generation for subject, key in one.items()} == {"a": 1, "b": 1}
    assert (len({key.key for key in one.values()}), {len(key.key) for key in one.values()}) == (2, {32})
    assert vault.current(["b", "a"]) == one
    assert vault.past("a", 1) == one["a"].key


def test_no_key_is_shown(vault: Vault) -> None:
    """What is printed of a key does not hold it."""
    assert repr(vault.current(["a"])["a"]) == "DataKey(generation=1)"


def test_closed_is_not_gone(vault: Vault) -> None:
    """After a generation is closed others seal under the next, and what was sealed before can still be opened."""
    before = vault.current(["a", "b"])
    assert vault.close(["a"]) == {"a": 1}
    after = vault.current(["a", "b"])
    assert (after["a"].generation, after["a"].key == before["a"].key, after["b"]) == (2, False, before["b"])
    assert (vault.past("a", 1), vault.past("a", 2)) == (before["a"].key, after["a"].key)


def test_destroyed_is_gone(vault: Vault) -> None:
    """A destroyed key is None for ever, is destroyed once, and no later generation has its number."""
    before = vault.current(["a", "b"])
    epoch = vault.epoch()
    assert (vault.destroy(vault.close(["a"])), vault.destroy({"a": 1})) == (1, 0)
    assert vault.epoch() > epoch
    assert vault.past("a", 1) is None
    assert (vault.current(["a"])["a"].generation, vault.past("b", 1)) == (2, before["b"].key)
    assert vault.destroy(vault.close(["a"])) == 1
    assert (vault.past("a", 1), vault.past("a", 2), vault.current(["a"])["a"].generation) == (None, None, 3)


@pytest.mark.parametrize("generation", [0, 256])
def test_what_never_was(vault: Vault, generation: int) -> None:
    """A generation that cannot be is not taken for a destroyed one."""
    vault.current(["a"])
    with pytest.raises(KeyError):
        vault.past("a", generation)


def test_no_more_generations(vault: Vault) -> None:
    """After 255 erasures of one subject nothing more is sealed for it, and the message says why."""
    for _ in range(255):
        vault.current(["a"])
        vault.close(["a"])
    with pytest.raises(VaultProblem, match="erased 255 times"):
        vault.current(["a"])
