"""That it is they who sit at the keyboard."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from deploy.staff.proof import make, prove
from deploy.staff.register import Member, NotAllowed, Role


def member(key: str) -> Member:
    """An officer with a key."""
    return Member(roles=frozenset({Role.OFFICER}), area="everywhere", key=key)


def test_the_key_of_the_code_proves_it(tmp_path: Path) -> None:
    """Opened by its passphrase; the file is its owner's alone, and is never replaced."""
    public = make(tmp_path / "key", "open sesame")
    prove("OP-1", member(public), tmp_path / "key", lambda: "open sesame")
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        make(tmp_path / "key", "")


def test_no_other_key_proves_it(tmp_path: Path) -> None:
    """Not another person's, not with a wrong passphrase, not a file that is none, and not none at all."""
    public, _ = make(tmp_path / "key", "open sesame"), make(tmp_path / "other", "")
    (tmp_path / "text").write_text("no key")
    for path, passphrase, says in (
        (tmp_path / "other", "", "is not that of OP-1"), (tmp_path / "key", "guessed", "not opened by that passphrase"), (tmp_path / "text", "", "holds no key"),
        (None, "", "LIANFANG_STAFF_KEY"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match=says):
            prove("OP-1", member(public), path, partial(str, passphrase))
