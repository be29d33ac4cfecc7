"""Which command asks for which role: everyone that decides or shows a person does, and a new command is not forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from deploy.cli.main import GROUPS, lianfang
from deploy.docs.shipped import ROOT
from deploy.staff.proof import make
from deploy.staff.register import Role
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.cli.people import Sent, publisher

LOOK = ("--reason", "tracing")
PERSON, OTHER = "a" * 32, "b" * 32
AGENCY, MODEL, IDENTIFIERS = (str(ROOT / name) for name in ("connectors/agencies/daguan-county-cdc.yaml", "pyproject.toml", "schemas/golden/CaseLook.json"))
ACTS: dict[str, tuple[Role, tuple[str, ...]]] = {
    "cases list": (Role.OFFICER, ("--whole", "--json", *LOOK)),
    "cases show": (Role.OFFICER, (PERSON, *LOOK)),
    "resident report": (Role.OFFICER, ("--reason", "request", "--file", IDENTIFIERS)),
    "cases sources": (Role.OFFICER, (PERSON, *LOOK)),
    "clusters show": (Role.OFFICER, (PERSON, *LOOK)),
    "handover offer": (Role.OFFICER, (PERSON, "--to", "530602")),
    "handover accept": (Role.OFFICER, (PERSON,)),
    "handover refuse": (Role.OFFICER, (PERSON, "--reason", "not_ours")),
    "tasks accept": (Role.WORKER, (PERSON,)),
    "tasks done": (Role.WORKER, (PERSON,)),
    "tasks skip": (Role.WORKER, (PERSON,)),
    "tasks refuse": (Role.WORKER, (PERSON,)),
    "tasks hand-over": (Role.WORKER, (PERSON, "--to", "GW-1")),
    "supplies propose": (Role.OFFICER, ("--item", "mask", "--region", "5306")),
    "supplies accept": (Role.WORKER, ("D-1",)),
    "supplies refuse": (Role.WORKER, ("D-1",)),
    "supplies sent": (Role.WORKER, ("D-1",)),
    "supplies received": (Role.WORKER, ("D-1",)),
    "rejects show": (Role.STEWARD, (PERSON, *LOOK)),
    "rejects repair": (Role.STEWARD, (PERSON, "--set", "a=b", "--reason", "asked")),
    "rejects approve": (Role.STEWARD, (PERSON,)),
    "levels propose": (Role.OFFICER, ("5306", "alert", "--basis", "突发公共卫生事件应急条例, art. 27", "--since", "2020-01-20", "--until", "2020-01-30", "--past",
                                      "--reason", "outbreak")),
    "levels approve": (Role.OFFICER, (PERSON,)),
    "levels end": (Role.OFFICER, (PERSON, "--reason", "over")),
    "areas declare": (Role.OFFICER, ("5306", "--basis", "突发公共卫生事件应急条例, art. 33", "--since", "2020-01-20", "--until", "2020-01-30", "--reason", "outbreak")),
    "areas approve": (Role.OFFICER, (PERSON,)),
    "areas end": (Role.OFFICER, (PERSON, "--reason", "over")),
    "agencies explain": (Role.OFFICER, (AGENCY, PERSON, *LOOK)),
    "agencies propose": (Role.OFFICER, (AGENCY, "--reason", "new-agency")),
    "agencies approve": (Role.OFFICER, (PERSON,)),
    "identity explain": (Role.STEWARD, (PERSON, OTHER, *LOOK)),
    "identity switch": (Role.STEWARD, (MODEL,)),
    "identity review show": (Role.STEWARD, (PERSON, OTHER, *LOOK)),
    "identity review decide": (Role.STEWARD, (PERSON, OTHER, "same", "--reason", "called")),
    "identity review undo": (Role.STEWARD, (PERSON, OTHER, "--reason", "mistake")),
    "statistics show": (Role.OFFICER, ("--region", "530624", "--measure", "onset", "--exact", *LOOK)),
    "statistics ages": (Role.OFFICER, ("--region", "530624", "--exact", *LOOK)),
    "signals list": (Role.OFFICER, ("--region", "530624", "--exact", *LOOK)),
    "signals scan": (Role.OFFICER, ("--region", "530624", "--until", "2020-01-30", *LOOK)),
    "tokens rotate propose": (Role.STEWARD, ("--reason", "known")),
    "tokens rotate approve": (Role.STEWARD, (PERSON,)),
    "erase propose": (Role.STEWARD, (PERSON, "--reason", "request")),
    "erase approve": (Role.STEWARD, (PERSON,)),
}  # fmt: skip
"""The role that a command needs, and words with which it can be run."""
_SYSTEM = "the secret of its principal is what lets one run it; it decides about nobody, and shows nobody"
_MASKED = "shows keys, regions, counts or masked values; what tells more of a person is another command"
_FILES = "reads files, not the bus"
FREE: dict[str, str] = dict.fromkeys(
    ("up", "down", "status", "settings", "topics plan", "topics apply", "acls plan", "acls apply", "acls rotate", "worker", "publish", "outpost take", "serve", "replay", "clock",
     "deliver", "vault status", "vault rotate", "tokens rotate carry", "reconcile", "staff key", "staff list", "log key", "log run", "log checkpoint", "log export", "log show",
     "drill start", "drill end", "verify", "witness key", "witness run", "witness forks"), _SYSTEM,
) | dict.fromkeys(("clusters list", "tasks list", "tasks show", "tasks late", "tasks record", "rejects list", "trace", "levels list", "levels show", "agencies check", "agencies diff", "agencies dry-run",
                   "agencies list", "identity try", "identity review list", "identity review estimate", "erase list", "tokens rotate show", "statistics check", "releases list", "releases outstanding", "measures list", "measures refused",
                   "measures alerts", "border list", "border people", "border phones", "border ports", "supervision complaints", "supervision complaint", "supervision closures", "isolation list", "isolation show", "isolation beyond", "areas list", "handover list", "drill report", "notices list", "notices show", "needs list", "needs show", "supplies list", "supplies dispatches", "outpost answers", "outpost confirm"), _MASKED,
) | dict.fromkeys(("identity train", "identity evaluate", "identity report", "try", "drill list", "border register", "scenario list", "scenario show", "scenario run", "simulate", "demo", "notices preview", "outpost card", "outpost write", "outpost key", "outpost pack", "outpost open"), _FILES)  # fmt: skip
"""Commands that ask nobody who they are, and why not."""


def leaves() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its words."""

    def under(words: str, command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command]]:
        if not isinstance(command, click.Group):
            yield words, command
            return
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from under(f"{words} {name}".strip(), inner, context)

    with click.Context(lianfang) as context:
        for name in [name for group in GROUPS.values() for name in group]:
            found = lianfang.get_command(context, name)
            assert found is not None
            yield from under(name, found, context)


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch, filled: Filled) -> Sent:
    """What the commands write to an empty bus."""
    filled()
    return publisher(monkeypatch)


def register(home: Path, monkeypatch: pytest.MonkeyPatch, *roles: Role) -> None:
    """Write a register with one member of these roles, whose key is at hand, and name it."""
    public = make(home / "key", "")
    (home / "staff.yaml").write_text(json.dumps({"staff": {"OP-1": {"roles": roles, "area": "everywhere", "key": public}}}))
    monkeypatch.setenv("LIANFANG_STAFF", str(home / "staff.yaml"))
    monkeypatch.setenv("LIANFANG_STAFF_KEY", str(home / "key"))


def test_no_command_is_forgotten() -> None:
    """Each command needs a role, or it is said why it needs none; whatever takes a staff code needs one."""
    found = dict(leaves())
    assert sorted(found) == sorted([*ACTS, *FREE])
    assert sorted(name for name, command in found.items() if any(one.name == "by_" for one in command.params)) == sorted(ACTS)


@pytest.mark.parametrize("words", sorted(ACTS))
def test_whoever_has_all_other_roles_is_refused(words: str, run: Run, home: Path, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under all roles but its own a command is refused before it reads or writes anything."""
    needed, arguments = ACTS[words]
    register(home, monkeypatch, *(one for one in Role if one is not needed))
    told = run(*words.split(), *arguments, "--by", "OP-1")
    assert f"this needs the role {needed}, and OP-1 is" in told.err
    assert (told.code, told.out, sent.sent) == (1, "", [])


@pytest.mark.parametrize("words", sorted(ACTS))
def test_whoever_has_the_role_is_not(words: str, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under its own role alone a command goes on, to say what it misses on an empty bus."""
    needed, arguments = ACTS[words]
    register(home, monkeypatch, needed)
    told = run(*words.split(), *arguments, "--by", "OP-1")
    assert told.code in (0, 1), told.err
    assert "role" not in told.err, told.err


@pytest.mark.parametrize("words", sorted(ACTS))
def test_the_key_is_asked_for(words: str, run: Run, home: Path, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who types the code of another, without that one's key, is refused."""
    needed, arguments = ACTS[words]
    register(home, monkeypatch, needed)
    make(home / "mine", "")
    monkeypatch.setenv("LIANFANG_STAFF_KEY", str(home / "mine"))
    told = run(*words.split(), *arguments, "--by", "OP-1")
    assert "is not that of OP-1 in the register" in told.err
    assert (told.code, told.out, sent.sent) == (1, "", [])
