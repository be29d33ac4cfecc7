"""Verifying without us: a bundle, or the whole folder of a log, under a policy. Needs no broker, no settings, and none of the code that writes a log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from deploy.log import checkpoint, entry, merkle, note
from deploy.log.bundle import FORMAT, PROOF, written
from deploy.log.policy import Policy, Trusted, Untrusted
from deploy.log.proofs import Unproved, grown, included
from deploy.log.tiles import BadTree, Tiles
from schemas.models.release import Release


class NotProved(Exception):
    """Something in it was tampered with, or does not prove what it should; the message says what."""


@dataclass(frozen=True, slots=True)
class Proved:
    """What holds: the checkpoint, the entries with their numbers, and the sizes of the earlier checkpoints from which the log only grew."""

    trusted: Trusted
    entries: dict[int, dict[str, Any]]
    earlier: list[int]


def verify(data: bytes, policy: Policy, since: Sequence[str] = ()) -> Proved:
    """What a bundle proves; raises NotProved. `since` are checkpoints that somebody kept: the log of the bundle must have grown from each of them."""
    try:
        return _verified(data, policy, since)
    except (ValueError, Unproved, Untrusted) as error:
        raise NotProved(str(error)) from error


def folder(path: Path, policy: Policy, since: Sequence[str] = ()) -> Proved:
    """What the whole folder of a log proves, every entry read and hashed; raises NotProved."""
    try:
        kept = (path / "checkpoint").read_bytes().decode("utf-8")
        trusted = policy.trust(kept)
        tree = Tiles(path, trusted.head.size)
        entries = [one for number in range(-(-tree.size // 256)) for one in tree.bundle(number)]
        _rooted(entries, tree.size, trusted.head.root)
        earlier = []
        for one in since:
            head = _since(one, policy, trusted)
            _rooted(entries, head.size, head.root)
            earlier.append(head.size)
        return Proved(trusted, {number: entry.read(one) for number, one in enumerate(entries)}, earlier)
    except (ValueError, Unproved, Untrusted, BadTree, FileNotFoundError) as error:
        raise NotProved(str(error)) from error


def same_release(proved: Proved, told: bytes) -> str:
    """Return the id of a release, as an agency got it in JSON, when it is what the entries are about; raises NotProved.

    The content of a release gives its id, so that nothing in it can be another; a retraction has no content, and must be in the log as one.
    """
    try:
        release = Release.model_validate_json(told)
    except ValidationError as error:
        raise NotProved("the file is no release: " + ", ".join(".".join(map(str, one["loc"])) or "not JSON" for one in error.errors())) from None
    if not release.retracted and release.identity() != release.id:
        raise NotProved(f"the release {release.id} was changed: its content does not give its id")
    decision = "retracted" if release.retracted else "released"
    wanted = {"topic": "audit", "about": release.id, "agency": release.agency, "purpose": release.purpose, "decision": decision}
    if not any(wanted.items() <= one.items() for one in ({name: said.get(name) for name in wanted} for said in proved.entries.values())):
        raise NotProved(f"no entry says that the release {release.id} was {decision} to {release.agency} for {release.purpose}")
    return release.id


def _verified(data: bytes, policy: Policy, since: Sequence[str]) -> Proved:
    bundle = _shaped(data)
    trusted, whole = policy.trust(bundle.checkpoint), bundle.checkpoint
    if note.parse(whole).signed().whole != whole:
        raise NotProved("the signatures of the checkpoint are not in their order")
    entries: dict[int, dict[str, Any]] = {}
    for one in bundle.entries:
        number = _included(one.entry.encode(), one.proof, whole, trusted)
        if entries and number <= max(entries):
            raise NotProved("the entries are not in their order")
        entries[number] = entry.read(one.entry.encode())
    earlier = [_grown(one.checkpoint, one.path, policy, trusted) for one in bundle.earlier]
    for kept in since:
        head = _since(kept, policy, trusted)
        if head not in (*earlier, trusted.head):
            raise NotProved(f"it does not prove growth since the checkpoint of {head.size} entries: ask for it with `lianfang log export --since`")
    return Proved(trusted, entries, [head.size for head in earlier])


class _Strict(BaseModel):
    """Nothing but what is named, each of its own type."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)


class _Entry(_Strict):
    entry: str
    proof: str


class _Earlier(_Strict):
    checkpoint: str
    path: list[str]


class _Bundle(_Strict):
    format: Literal["lianfang.org/log-bundle@v1"]
    entries: list[_Entry]
    earlier: list[_Earlier]
    checkpoint: str


def _shaped(data: bytes) -> _Bundle:
    """The bundle that some bytes are; raises NotProved unless they are in its one form."""
    try:
        content = json.loads(data.decode("utf-8"))
        bundle = _Bundle.model_validate(content)
    except (ValidationError, ValueError, RecursionError) as error:
        raise NotProved(f"not a bundle of the format {FORMAT} ({type(error).__name__})") from None
    if written(content) != data:
        raise NotProved("the file is not in the form in which a bundle is written")
    return bundle


def _included(one: bytes, proof: str, whole: str, trusted: Trusted) -> int:
    """The number of an entry whose tlog-proof holds under the checkpoint of the bundle."""
    head, gap, signed = proof.partition("\n\n")
    lines = head.split("\n")
    if not gap or signed != whole or lines[0] != PROOF or len(lines) < 2 or not lines[1].startswith("index "):
        raise NotProved("a proof is not in the form of a tlog-proof under the checkpoint of the bundle")
    number = note.number(lines[1].removeprefix("index "))
    included(merkle.leaf(one), number, trusted.head.size, note.hashes(lines[2:]), trusted.head.root)
    return number


def _grown(earlier: str, path: list[str], policy: Policy, trusted: Trusted) -> checkpoint.Head:
    head = _since(earlier, policy, trusted)
    if len(note.parse(earlier).signatures) != 1:
        raise NotProved("an earlier checkpoint stands in a bundle with the signature of the log alone")
    grown(head.size, trusted.head.size, note.hashes(path), head.root, trusted.head.root)
    return head


def _since(kept: str, policy: Policy, trusted: Trusted) -> checkpoint.Head:
    """An earlier checkpoint of the same log, signed by it. Its witnesses are not asked for: the log's own word is what it must stand by."""
    head, before = checkpoint.read(kept)
    key = policy.logs.get(head.origin)
    mine = [one for one in before.signatures if key and key.made(one)]
    if head.origin != trusted.head.origin or not key or not mine:
        raise NotProved(f"an earlier checkpoint is not signed by the log {trusted.head.origin}")
    for one in mine:
        key.verify(before.text, one)
    return head


def _rooted(entries: Sequence[bytes], size: int, root: bytes) -> None:
    """Raise NotProved unless the first `size` entries give the root."""
    if size > len(entries) or merkle.over([merkle.leaf(one) for one in entries[:size]]) != root:
        raise NotProved(f"the entries are not those of the checkpoint of {size} entries: some were changed, added, removed or moved")
