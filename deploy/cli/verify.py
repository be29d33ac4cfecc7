"""`lianfang verify`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from deploy.cli.output import Problem, as_json, show, table
from deploy.log import verify as proofs
from deploy.log.policy import load

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
@click.option("--policy", "policy", type=_FILE, required=True, help="Whom you trust (C2SP tlog-policy): the log, its witnesses, and how many of them.")
@click.option("--since", "since", type=_FILE, multiple=True, help="A checkpoint that you kept: the log must have grown from it.")
@click.option("--release", "release", type=_FILE, help="A release as you received it, in JSON: it must be what the log says, unchanged.")
@as_json
def verify(bundle: Path, policy: Path, since: tuple[Path, ...], release: Path | None, json_: bool) -> None:
    """Prove what is in a BUNDLE (or in the whole folder of a log) without any broker. Exits with 1 when anything in it was tampered with.

    \b
    A policy is a text file:
        log example.org/yunnan+1a2b3c4d+A…             as `lianfang log key` printed it
        witness county example.org/county+5e6f7a8b+B…  as `lianfang witness key` printed it
        quorum county                                  or a group: `group two 2 county port`, `quorum two`
    """  # noqa: D301 - the control character itself, click's mark for a paragraph to leave as it is
    trusted, kept = load(policy), [path.read_text("utf-8") for path in since]
    try:
        proved = proofs.folder(bundle, trusted, kept) if bundle.is_dir() else proofs.verify(bundle.read_bytes(), trusted, kept)
        told = proofs.same_release(proved, release.read_bytes()) if release else None
    except proofs.NotProved as error:
        raise Problem(f"NOT PROVED: {error}") from error
    value = {
        "proved": True, "log": proved.trusted.head.origin, "size": proved.trusted.head.size, "witnesses": dict(proved.trusted.witnesses),
        "unknown_signatures": proved.trusted.unknown, "grown_since": proved.earlier, "release": told,
        "entries": [{"entry": number, **one} for number, one in proved.entries.items()],
    }  # fmt: skip
    show(json_, value, lambda: _tell(proved, told))


def _tell(proved: proofs.Proved, release: str | None) -> None:
    head, signers = proved.trusted.head, proved.trusted.witnesses
    facts: list[tuple[str, Any]] = [("log", head.origin), ("entries", head.size)]
    facts += [(f"witness {name}", f"signed {datetime.fromtimestamp(min(at, 2**36), UTC):%Y-%m-%d %H:%M:%S} UTC") for name, at in sorted(signers.items())]
    facts += [("only grew since", f"{size} entries") for size in proved.earlier] + ([("release, as received", release)] if release else [])
    facts += [("signatures of keys that you do not know", proved.trusted.unknown)] if proved.trusted.unknown else []
    table("Proved 已证实", ("", ""), facts)
    shown = list(proved.entries.items())[:1000]
    columns = ("topic", "about", "agency", "purpose", "legal_basis", "decision", "by", "reason")
    table(f"{len(proved.entries)} entries in it 日志条目", ("entry", *columns), [(number, *(one.get(name) for name in columns)) for number, one in shown])
