"""Notes and keys: as Go and the specifications write them, strictly read; Ed25519 as Wycheproof tests it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.log.checkpoint import Head, read
from deploy.log.keys import BadKey, Kind, Private, Public, holds
from deploy.log.note import BadNote, Note, Signature, parse
from tests.deploy.log.pieces import LOG, WITNESSES, private, signed

GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = f"{GO_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
"""Of the tests of golang.org/x/mod/sumdb/note (BSD-3-Clause): the reference program of signed notes."""
C2SP_PUBLIC = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
C2SP_COSIGNED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""
WITNESS_PUBLIC = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
"""Of the tests of github.com/transparency-dev/formats (Apache-2.0)."""
ED25519 = json.loads((Path(__file__).parent / "vectors" / "ed25519.json").read_text("utf-8"))


@pytest.mark.parametrize(("public", "whole"), [(GO_PUBLIC, GO_NOTE), (C2SP_PUBLIC, C2SP_NOTE)])
def test_published_notes(public: str, whole: str) -> None:
    """Published notes hold under their keys, have one form, and hold no more when a letter is another."""
    note, key = parse(whole), Public.parse(public)
    assert (note.whole, str(key)) == (whole, public)
    assert key.verify(note.text, note.signatures[0]) is None
    with pytest.raises(BadNote, match="does not hold"):
        key.verify(note.text.replace("e", "a", 1), note.signatures[0])


def test_go_signs_the_same(tmp_path: Path) -> None:
    """Go's private key, read from a file, signs what Go signed."""
    path = tmp_path / "key"
    path.touch(0o600)
    path.write_text(GO_PRIVATE)
    key = Private.load(path, Kind.LOG)
    assert str(key.public) == GO_PUBLIC
    assert Note(GO_TEXT, ()).signed(key.sign(Note(GO_TEXT, ()))).whole == GO_NOTE


def test_published_checkpoint() -> None:
    """The checkpoint of the specifications says what they say it does; the witness's time is where they put it, and its key's id is made as they make it."""
    head, note = read(C2SP_COSIGNED)
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert (head.note.text, note.whole) == (note.text, C2SP_COSIGNED)
    assert int.from_bytes(note.signatures[1].data[:8], "big") == 1679315147
    assert Public.parse(WITNESS_PUBLIC).kind is Kind.WITNESS


def test_a_witness_signs_header_time_and_note() -> None:
    """What a witness signs is the text of tlog-cosignature, which no log's signature can be taken for."""
    note = signed_head()
    one = WITNESSES["county"].sign(note, 1679315147)
    public = WITNESSES["county"].public
    assert public.verify(note.text, one) == 1679315147
    plain = Public(public.name, Kind.LOG, public.key)
    plain.verify(f"cosignature/v1\ntime 1679315147\n{note.text}", Signature(plain.name, plain.number, one.data[8:]))
    for wrong in (Signature(one.name, one.number, (1679315148).to_bytes(8, "big") + one.data[8:]), Signature(one.name, one.number, one.data[8:]),
                  Signature(one.name, one.number, bytes(8) + one.data[8:])):  # fmt: skip
        with pytest.raises(BadNote):
            public.verify(note.text, wrong)
    with pytest.raises(TypeError):
        WITNESSES["county"].sign(note)
    with pytest.raises(TypeError):
        LOG.sign(note, 1)


def signed_head() -> Note:
    """Some checkpoint."""
    return Head("example.com/behind-the-sofa", 20852163, bytes(32)).note


@pytest.mark.parametrize("one", ED25519, ids=lambda one: f"{one['tcId']} {one['comment']}")
def test_wycheproof(one: dict[str, Any]) -> None:
    """Each of Wycheproof's Ed25519 signatures is taken or refused as it should be, those that were bent to be others' too."""
    assert holds(bytes.fromhex(one["pk"]), bytes.fromhex(one["msg"]), bytes.fromhex(one["sig"])) == (one["result"] == "valid")


@pytest.mark.parametrize("whole", [
    "", "text\n", "text\n\n", "\n\n— a AAAAAAA=\n", "text\n\n— a AAAAAAA=", "text\n\n— a AAAAAA==\n", "text\n\n- a AAAAAAA=\n", "text\n\n—  AAAAAAA=\n", "text\n\n— a b AAAAAAA=\n",
    "text\n\n— a+b AAAAAAA=\n", "text\n\n— a AAAAAAB=\n", "text\n\n— a AAAA AAA=\n", "te\txt\n\n— a AAAAAAA=\n", "text\r\n\n— a AAAAAAA=\n", "text\n\n— a AAAAAAA=\n\n", "text\n\n" + "— a AAAAAAA=\n" * 65,
])  # fmt: skip
def test_what_is_no_note(whole: str) -> None:
    """What is not in the one form of a note is refused."""
    with pytest.raises(BadNote):
        parse(whole)


@pytest.mark.parametrize("lines", ["a\n1", "a\n01\nx", "a\n-1\nx", "a\n1\nAAAA", "a\n1\nx\nmore", "\n1\nx", "a\n１\nx", "a\n9223372036854775808\nx"])
def test_what_is_no_checkpoint(lines: str) -> None:
    """A checkpoint is three lines, a size in its one form, and a root of 32 bytes."""
    root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    with pytest.raises(BadNote):
        read(f"{lines.replace('x', root)}\n\n— a AAAAAAA=\n")


def test_signatures_have_one_order() -> None:
    """The log stands first, witnesses by their lines, each once, in whatever order they came."""
    note = signed_head()
    log, one, two = LOG.sign(note), WITNESSES["county"].sign(note, 5), WITNESSES["port"].sign(note, 6)
    assert note.signed(log).signed(two, one, one, log) == note.signed(log).signed(one).signed(two) == Note(note.text, (log, one, two))


def test_keys_in_files(tmp_path: Path) -> None:
    """A key file is only its owner's, never overwritten, and never used for what it is not; no message or representation holds the key."""
    path = tmp_path / "deep" / "key"
    key = Private.new("example.org/new", Kind.WITNESS)
    key.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert Private.load(path, Kind.WITNESS) == key
    assert key.seed.hex() not in repr(key)
    with pytest.raises(BadKey, match="never overwritten"):
        key.save(path)
    with pytest.raises(BadKey, match="one key does one thing"):
        Private.load(path, Kind.LOG)
    path.chmod(0o640)
    with pytest.raises(BadKey, match="chmod 600"):
        Private.load(path, Kind.WITNESS)
    path.chmod(0o600)
    for text in (path.read_text().replace("PRIVATE", "PUBLIC"), "x", str(key.public), path.read_text().replace("new+", "now+")):
        path.write_text(text)
        with pytest.raises(BadKey, match="no private key of this program"):
            Private.load(path, Kind.WITNESS)
    with pytest.raises(BadKey, match="lianfang log key"):
        Private.load(tmp_path / "none", Kind.LOG)
    with pytest.raises(BadNote):
        Private.new("two words", Kind.LOG)


@given(st.integers(0, len(GO_PUBLIC) - 1), st.characters(codec="ascii"))
def test_a_mangled_key_is_none(at: int, sign: str) -> None:
    """A public key in which one sign is another is refused."""
    mangled = GO_PUBLIC[:at] + sign + GO_PUBLIC[at + 1 :]
    if mangled.strip() != GO_PUBLIC:
        with pytest.raises(BadKey):
            Public.parse(mangled)


def test_checkpoints_are_by_their_log(tmp_path: Path) -> None:
    """The same name with another key has another id, so its signature is nobody's."""
    from deploy.log.edge import Edge

    other = Private(LOG.name, Kind.LOG, private("somebody else").seed)
    note = signed(Edge().grow([b"x"])[0], log=other)
    assert not LOG.public.made(note.signatures[0])
