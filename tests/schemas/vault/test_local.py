"""The vault in a file: shared by processes, its bytes after destruction, and its wrapping keys while they change."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.vault import VaultProblem
from schemas.vault.local import Local
from schemas.vault.wrapping import FileWrapper

MAKES = """
import sys
from pathlib import Path
from schemas.vault.local import Local
from schemas.vault.wrapping import FileWrapper
home = Path(sys.argv[1])
vault = Local(home / "vault.db", FileWrapper(home / "vault.key"))
for first in range(0, 200, 10):
    for subject, key in vault.current(f"s{number}" for number in range(first, first + 10)).items():
        print(subject, key.generation, key.key.hex())
"""


def opened(home: Path) -> Local:
    """The vault of a folder, as a process opens it."""
    return Local(home / "vault.db", FileWrapper(home / "vault.key"))


def files(home: Path) -> bytes:
    """All bytes of the vault's database, with its write-ahead log."""
    return b"".join(file.read_bytes() for file in sorted(home.glob("vault.db*")))


def wrapped(home: Path, subject: str) -> bytes:
    """The wrapped bytes of a subject's key, as the file has them."""
    with sqlite3.connect(home / "vault.db") as db:
        (found,) = db.execute("SELECT wrapped FROM keys WHERE subject = ?", (subject,)).fetchone()
    db.close()
    assert isinstance(found, bytes)
    return found


def test_processes_agree(tmp_path: Path) -> None:
    """Processes that make keys for the same subjects at once, in a vault that none of them made, all have the same keys."""
    running = [subprocess.Popen([sys.executable, "-c", MAKES, str(tmp_path)], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    told = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert told[0].count("\n") == 200
    assert told[0] == told[1] == told[2]


def test_a_vault_that_is_opened_twice_stays_one(tmp_path: Path) -> None:
    """A process that opens the file a second time keeps the locks of the first, so that another one that ends does not take the write-ahead log away under it."""
    first, second = opened(tmp_path), opened(tmp_path)
    subprocess.run([sys.executable, "-c", MAKES, str(tmp_path)], stdout=subprocess.DEVNULL, timeout=60, check=True)
    mine = first.current(["late"])["late"].key.hex()
    told = subprocess.run([sys.executable, "-c", MAKES + "print(vault.past('late', 1).hex())", str(tmp_path)], stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    assert told.stdout.splitlines()[-1] == mine
    for vault in (first, second):
        vault.close_file()


def test_another_process_hears_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has a key in memory lets go of it when another one destroys it."""
    monkeypatch.setattr("schemas.vault.local._LOOK", 0.0)
    one, other = opened(tmp_path), opened(tmp_path)
    assert one.name == other.name
    key = one.current(["a"])["a"]
    assert other.past("a", 1) == key.key
    one.destroy(one.close(["a"]))
    assert (other.past("a", 1), other.current(["a"])["a"].generation) == (None, 2)


def test_looked_at_together(tmp_path: Path) -> None:
    """Whose keys were looked at is asked for no more, and nobody gets a key by being looked at; a key that another process destroyed is not given."""
    keys = opened(tmp_path).current(f"s{number}" for number in range(1200))
    vault, asked = opened(tmp_path), list[str]()
    vault.epoch()
    vault._db.set_trace_callback(asked.append)
    vault.look([*keys, "nobody", "s7"])
    assert len(asked) == 3
    assert {subject: vault.past(subject, 1) for subject in keys} == {subject: key.key for subject, key in keys.items()}
    assert vault.current(keys) == keys
    assert [said for said in asked if "FROM keys" in said] == asked[:3]
    assert vault.counts() == {next(iter(vault.counts())): 1200}
    with pytest.raises(KeyError):
        vault.past("nobody", 1)
    opened(tmp_path).destroy({"s7": 1})
    later = opened(tmp_path)
    later.look(keys)
    assert (later.past("s7", 1), later.past("s8", 1), later.current(["s7"])["s7"].generation) == (None, keys["s8"].key, 2)


def test_destroyed_bytes_are_nowhere(tmp_path: Path) -> None:
    """The wrapped key is in the files before it is destroyed, and in no byte of them afterwards, the write-ahead log included."""
    vault = opened(tmp_path)
    vault.current(f"s{number}" for number in range(300))
    bytes_of = wrapped(tmp_path, "s7")
    assert bytes_of in files(tmp_path)
    assert vault.destroy(vault.close(["s7"])) == 1
    assert bytes_of not in files(tmp_path)
    assert wrapped(tmp_path, "s8") in files(tmp_path)


def test_no_key_is_in_clear(tmp_path: Path) -> None:
    """The database holds no key as it is used, and only its owner may read it."""
    vault = opened(tmp_path)
    keys = vault.current(["a", "b"])
    assert not any(key.key in files(tmp_path) for key in keys.values())
    assert [oct((tmp_path / name).stat().st_mode)[-3:] for name in ("vault.db", "vault.key")] == ["600", "600"]


def test_new_wrapping_key(tmp_path: Path) -> None:
    """After a rotation all keys are the same, the old wrapping key is gone, and a copy of the old database opens no more."""
    vault = opened(tmp_path)
    keys = vault.current(f"s{number}" for number in range(25))
    vault.destroy(vault.close(["s0"]))
    (old,) = set(vault.counts()) - {""}
    copy = wrapped(tmp_path, "s1")
    assert list(vault.rotate(10)) == [10, 20, 24]
    assert vault.counts().keys() - {old, ""} == {FileWrapper(tmp_path / "vault.key").current()}
    assert (vault.counts()[""], old in (tmp_path / "vault.key").read_text()) == (1, False)
    again = opened(tmp_path)
    assert {subject: again.past(subject, 1) for subject in keys} == {subject: key.key for subject, key in keys.items()} | {"s0": None}
    with pytest.raises(VaultProblem, match="does not hold the wrapping key"):
        FileWrapper(tmp_path / "vault.key").unwrap(old, copy, b"1:s1")


def test_all_goes_on_meanwhile(tmp_path: Path) -> None:
    """Keys that another process makes between two steps of a rotation are under the new wrapping key, and it opens what was moved."""
    vault, other = opened(tmp_path), opened(tmp_path)
    before = vault.current(f"s{number}" for number in range(20))
    steps = vault.rotate(5)
    assert next(steps) == 5
    made = other.current(["new"])["new"]
    assert other.past("s3", 1) == before["s3"].key
    assert list(steps) == [10, 15, 20]
    assert opened(tmp_path).past("new", 1) == made.key
    assert other.past("s19", 1) == before["s19"].key


def test_a_stopped_rotation_goes_on(tmp_path: Path) -> None:
    """One that was stopped is ended by the next, which makes no further wrapping key."""
    vault = opened(tmp_path)
    vault.current(f"s{number}" for number in range(20))
    next(vault.rotate(5))
    assert len(FileWrapper(tmp_path / "vault.key").known()) == 2
    assert list(opened(tmp_path).rotate(5)) == [5, 10, 15]
    assert len(FileWrapper(tmp_path / "vault.key").known()) == 1


def test_no_key_in_the_place_of_another(tmp_path: Path) -> None:
    """A wrapped key that somebody put under another subject is refused."""
    opened(tmp_path).current(["a", "b"])
    with sqlite3.connect(tmp_path / "vault.db") as db:
        db.execute("UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE subject = 'a') WHERE subject = 'b'")
    db.close()
    with pytest.raises(VaultProblem, match="not the one that was wrapped"):
        opened(tmp_path).past("b", 1)


@pytest.mark.parametrize(("content", "problem"), [("", "holds no wrapping keys"), ("one line of something else", "holds no wrapping keys"), ("a AAAA", "holds no wrapping keys")])
def test_what_is_no_key_file(tmp_path: Path, content: str, problem: str) -> None:
    """A file without wrapping keys is refused, and not filled with new ones."""
    (tmp_path / "vault.key").write_text(content)
    (tmp_path / "vault.key").chmod(0o600)
    with pytest.raises(VaultProblem, match=problem):
        opened(tmp_path)
    assert (tmp_path / "vault.key").read_text() == content


def test_others_may_not_read(tmp_path: Path) -> None:
    """A key file that others can read is refused with what to do."""
    opened(tmp_path).current(["a"])
    (tmp_path / "vault.key").chmod(0o640)
    with pytest.raises(VaultProblem, match="chmod 600"):
        opened(tmp_path)


def test_a_lost_key_file(tmp_path: Path) -> None:
    """With another key file the message says which wrapping key is missing."""
    opened(tmp_path).current(["a"])
    (tmp_path / "vault.key").unlink()
    with pytest.raises(VaultProblem, match="bring back the file"):
        opened(tmp_path).current(["a"])


def test_what_is_no_vault(tmp_path: Path) -> None:
    """A file that is no database is refused and left as it is."""
    (tmp_path / "vault.db").write_bytes(content := os.urandom(5000))
    with pytest.raises(VaultProblem, match="is no vault"):
        opened(tmp_path)
    assert (tmp_path / "vault.db").read_bytes() == content
