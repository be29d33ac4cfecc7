"""What `lianfang verify` needs, says, and refuses, beyond what random tampering finds."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from deploy.docs.golden import examples
from deploy.log import proofs
from deploy.log.bundle import bundle, proof, written
from deploy.log.entry import Said, entry
from deploy.log.tiles import Tiles
from deploy.log.verify import NotProved, folder, same_release, verify
from schemas.models.release import Audit, Decision, Release
from tests.deploy.log.pieces import LOG, ORIGIN, WITNESSES, entries, policy, private, signed, stored

RELEASE = next(one for one in examples("Release") if isinstance(one, Release) and not one.retracted)


def released(**more: str) -> bytes:
    """The entry of the release."""
    said = Audit(release=RELEASE.id, agency=RELEASE.agency, person=RELEASE.person, purpose=RELEASE.purpose, decision=Decision.RELEASED, reason="", fields=[], at=1)
    return entry(Said("audit", 0, 0, b""), said.model_copy(update=more))


def given(tmp_path: Path, *some: bytes) -> Tiles:
    """A log of some entries after a hundred others."""
    return Tiles(stored(tmp_path / "log", [*entries(100), *some]).folder, 100 + len(some))


def test_a_release_as_it_was_received(tmp_path: Path) -> None:
    """The release that an agency holds is the one in the log; one with another content, agency or purpose is not."""
    tiles = given(tmp_path, released())
    proved = verify(written(bundle(tiles, [100], signed(tiles, *WITNESSES).whole)), policy(3))
    told = RELEASE.model_dump_json().encode()
    assert same_release(proved, told) == RELEASE.id
    with pytest.raises(NotProved, match="was retracted to"):
        same_release(proved, RELEASE.taken_back().model_dump_json().encode())
    content = json.loads(told)
    for field, value in (("agency", "another"), ("expires", 1), ("person", "0" * 32), ("id", "0" * 32)):
        with pytest.raises(NotProved, match="its content does not give its id"):
            same_release(proved, json.dumps(content | {field: value}).encode())
    for wrong in (b"{}", b"x", json.dumps(content | {"more": "x"}).encode()):
        with pytest.raises(NotProved, match="is no release"):
            same_release(proved, wrong)


def test_a_retraction_as_it_was_received(tmp_path: Path) -> None:
    """A retraction is in the log as one; what is in the log as a retraction does not say that the release was made."""
    tiles = given(tmp_path, released(decision="retracted"))
    proved = verify(written(bundle(tiles, [100], signed(tiles, *WITNESSES).whole)), policy())
    assert same_release(proved, RELEASE.taken_back().model_dump_json().encode()) == RELEASE.id
    with pytest.raises(NotProved, match="was released to"):
        same_release(proved, RELEASE.model_dump_json().encode())


@pytest.mark.parametrize("more", [{"agency": "another"}, {"purpose": "another"}, {"release": "0" * 32}])
def test_a_release_to_somebody_else(more: dict[str, str], tmp_path: Path) -> None:
    """An entry about another release, agency or purpose proves nothing about this one."""
    tiles = given(tmp_path, released(**more))
    proved = verify(written(bundle(tiles, [100], signed(tiles, *WITNESSES).whole)), policy())
    with pytest.raises(NotProved, match="no entry says"):
        same_release(proved, RELEASE.model_dump_json().encode())


def test_growth_since_a_kept_checkpoint(tmp_path: Path) -> None:
    """Who kept a checkpoint demands growth from it: a bundle with the proof is taken, one without is refused, and so is one from another history."""
    tiles = given(tmp_path)
    now, kept = signed(tiles, *WITNESSES).whole, signed(tiles, "county", size=40).whole
    assert verify(written(bundle(tiles, [7], now, [kept])), policy(), [kept]).earlier == [40]
    assert verify(written(bundle(tiles, [7], now)), policy(), [now]).earlier == []
    with pytest.raises(NotProved, match=r"growth since the checkpoint of 40 entries: ask for it with `lianfang log export --since`"):
        verify(written(bundle(tiles, [7], now)), policy(), [kept])
    other = Tiles(stored(tmp_path / "other", entries(40, "other")).folder, 40)
    with pytest.raises(NotProved, match="does not begin with that of 40"):
        verify(written(bundle(tiles, [7], now, [signed(other).whole])), policy())
    stranger = signed(tiles, size=40, log=private("stranger", LOG.kind)).whole
    with pytest.raises(NotProved, match=f"not signed by the log {ORIGIN}"):
        verify(written(bundle(tiles, [7], now, [stranger])), policy())
    with pytest.raises(ValueError, match="cannot go on from one of 100"):
        bundle(tiles, [7], kept, [now])


def test_a_whole_folder(tmp_path: Path) -> None:
    """A whole folder is proved entry by entry, and since each kept checkpoint; another history of the same owner is not."""
    store = stored(tmp_path / "log", entries(300))
    tiles = Tiles(store.folder, 300)
    store.keep(signed(tiles, *WITNESSES).whole)
    kept = [signed(tiles, size=size).whole for size in (1, 256, 300)]
    proved = folder(store.folder, policy(), kept)
    assert (len(proved.entries), proved.earlier, list(proved.trusted.witnesses)) == (300, [1, 256, 300], ["county", "port", "township"])
    forged = signed(Tiles(stored(tmp_path / "forged", entries(300, "forged")).folder, 300), size=256).whole
    with pytest.raises(NotProved, match="not those of the checkpoint of 256 entries"):
        folder(store.folder, policy(), [forged])
    with pytest.raises(NotProved):
        folder(tmp_path / "nothing", policy())


def test_a_proof_is_a_tlog_proof(tmp_path: Path) -> None:
    """A proof has the lines of C2SP tlog-proof: its name, the index, the hashes, an empty line, the checkpoint."""
    tiles = given(tmp_path)
    note = signed(tiles).whole
    lines = proof(tiles, 7, note, 100).split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 7"]
    assert all(len(line) == 44 for line in lines[2:9])
    assert "\n".join(lines[9:]) == f"\n{note}"


def test_the_verifier_is_not_the_writer() -> None:
    """How proofs are verified shares with how they are made only the two hashes and the empty root."""
    tree = ast.parse(Path(proofs.__file__).read_text("utf-8"))
    ours = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("deploy") for alias in node.names}
    assert ours == {"EMPTY", "node"}


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"{}", b"[" * 100_000, b'{"format":"lianfang.org/log-bundle@v1"}'])
def test_what_is_no_bundle(data: bytes) -> None:
    """Other files are refused with a word, whatever they are."""
    with pytest.raises(NotProved, match="not a bundle of the format"):
        verify(data, policy())
