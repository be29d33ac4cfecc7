"""Whom somebody trusts (C2SP tlog-policy): which logs, which witnesses, and how many of these must have signed.

    log <public key of the log>
    witness county <public key> https://…       the address is for the log alone
    witness port <public key>
    group all-of-us 2 county port
    quorum all-of-us                            or: quorum none
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.log.checkpoint import Head, read
from deploy.log.keys import BadKey, Kind, Public
from deploy.log.note import BadNote


class BadPolicy(ValueError):
    """A policy cannot be used; the message names the line."""


class Untrusted(Exception):
    """A checkpoint is not trusted under a policy; the message says what lacks."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness of a policy."""

    name: str
    key: Public
    url: str | None


@dataclass(frozen=True, slots=True)
class Trusted:
    """A checkpoint that is trusted: what it states, and when which witnesses signed (seconds since 1970)."""

    head: Head
    witnesses: Mapping[str, int]
    unknown: int


@dataclass
class Policy:
    """Logs by origin, witnesses and groups by name, and the name that must have signed."""

    logs: dict[str, Public] = field(default_factory=dict)
    witnesses: dict[str, Witness] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str | None = None

    def trust(self, checkpoint: str) -> Trusted:
        """The checkpoint, if a log of ours signed it and the quorum of witnesses did; raises Untrusted."""
        try:
            head, note = read(checkpoint)
            log = self.logs.get(head.origin)
            if log is None:
                raise Untrusted(f"the log {head.origin} is not in the policy")
            signed = 0
            found: dict[str, int] = {}
            for one in note.signatures:
                if log.made(one):
                    log.verify(note.text, one)
                    signed += 1
                for witness in self.witnesses.values():
                    if witness.key.made(one):
                        found[witness.name] = witness.key.verify(note.text, one) or 0
        except BadNote as error:
            raise Untrusted(str(error)) from error
        if not signed:
            raise Untrusted(f"the log {head.origin} did not sign it")
        if not self.satisfied(found):
            listed, signers = ", ".join(self.witnesses) or "(none)", ", ".join(sorted(found)) or "none"
            raise Untrusted(f"of the witnesses {listed} only {signers} signed; the quorum is {self.quorum}")
        known = {(key.name, key.number) for key in (log, *(witness.key for witness in self.witnesses.values()))}
        return Trusted(head, found, sum((one.name, one.number) not in known for one in note.signatures))

    def satisfied(self, signed: Mapping[str, int]) -> bool:
        """Whether the quorum is among those who signed."""
        assert self.quorum
        return self.quorum == "none" or self._has(self.quorum, signed)

    def _has(self, name: str, signed: Mapping[str, int]) -> bool:
        if name in self.witnesses:
            return name in signed
        least, members = self.groups[name]
        return sum(self._has(member, signed) for member in members) >= least


def load(path: Path) -> Policy:
    """The policy in a file; raises BadPolicy naming file and line."""
    try:
        return parse(path.read_text("utf-8"))
    except (BadPolicy, UnicodeDecodeError) as error:
        raise BadPolicy(f"{path}: {error}") from error


def parse(text: str) -> Policy:
    """The policy that a text is; raises BadPolicy naming the line."""
    policy = Policy()
    for number, line in enumerate(text.split("\n"), 1):
        words = line.replace("\t", " ").split()
        if words and not words[0].startswith("#"):
            try:
                _LINES[words[0]](policy, words[1:])
            except KeyError:
                raise BadPolicy(f"line {number}: a line begins with {', '.join(_LINES)} or #") from None
            except (BadPolicy, BadKey) as error:
                raise BadPolicy(f"line {number}: {error}") from error
    if policy.quorum is None:
        raise BadPolicy("there is no line `quorum <name>`; `quorum none` says that the log's word alone is enough")
    return policy


def _log(policy: Policy, words: list[str]) -> None:
    key = _key(words, 0, Kind.LOG, (1, 2))
    if key.name in policy.logs or key.key in {one.key for one in policy.logs.values()}:
        raise BadPolicy("the log is there already")
    policy.logs[key.name] = key


def _witness(policy: Policy, words: list[str]) -> None:
    key = _key(words, 1, Kind.WITNESS, (2, 3))
    if key.key in {one.key.key for one in policy.witnesses.values()}:
        raise BadPolicy("the witness is there already, under another name")
    policy.witnesses[_new(policy, words[0])] = Witness(words[0], key, words[2] if len(words) > 2 else None)


def _group(policy: Policy, words: list[str]) -> None:
    if len(words) < 3:
        raise BadPolicy("a group is a name, how many (a number, any or all), and its members")
    name, least, *members = words
    if unknown := [one for one in members if one not in policy.witnesses and one not in policy.groups]:
        raise BadPolicy(f"{', '.join(unknown)} must stand above")
    count = {"any": 1, "all": len(members)}.get(least) or (int(least) if least.isascii() and least.isdecimal() else 0)
    if len(set(members)) != len(members) or not 1 <= count <= len(members):
        raise BadPolicy(f"{least} of {len(members)} cannot be: members are named once, and 1 to all of them are needed")
    policy.groups[_new(policy, name)] = (count, members)


def _quorum(policy: Policy, words: list[str]) -> None:
    if policy.quorum is not None or len(words) != 1:
        raise BadPolicy("a policy has one quorum, which is one name")
    if words[0] != "none" and words[0] not in policy.witnesses and words[0] not in policy.groups:
        raise BadPolicy(f"{words[0]} must stand above")
    policy.quorum = words[0]


_LINES: dict[str, Callable[[Policy, list[str]], None]] = {"log": _log, "witness": _witness, "group": _group, "quorum": _quorum}


def _key(words: list[str], at: int, kind: Kind, lengths: tuple[int, int]) -> Public:
    if len(words) not in lengths:
        raise BadPolicy(f"a {kind.name.lower()} is {'a name, ' if at else ''}a public key, and an address if there is one")
    key = Public.parse(words[at])
    if key.kind is not kind:
        raise BadPolicy(f"the key is not that of a {kind.name.lower()}")
    return key


def _new(policy: Policy, name: str) -> str:
    if name == "none" or name in policy.witnesses or name in policy.groups:
        raise BadPolicy(f"the name {name} is taken")
    return name
