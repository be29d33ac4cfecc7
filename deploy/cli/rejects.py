"""`lianfang rejects list` and `show`."""

from __future__ import annotations

from contextlib import closing

import click

from connectors.reader import Reader
from deploy.bus import Bus
from deploy.cli.output import Problem, as_json, local, short, show, table
from schemas.models.raw import Raw, Reject


@click.group()
def rejects() -> None:
    """Records that could not be understood, with every reason and the place of the original."""


@rejects.command("list")
@click.option("--source", help="Only those of one source.")
@as_json
def list_(source: str | None, json_: bool) -> None:
    """All refused records."""
    with closing(Bus().reader()) as reader:
        found = [reject for reject in _read(reader) if source in (None, reject.source)]
    rows = [
        (short(reject.record), reject.source, local(reject.at), "; ".join(f"{reason.field}: {reason.problem}" for reason in reject.reasons)) for reject in found
    ]
    show(
        json_,
        [reject.model_dump(mode="json") for reject in found],
        lambda: table(f"{len(rows)} refused records", ("record", "source", "received", "reasons"), rows),
    )


@rejects.command("show")
@click.argument("record")
@click.option("--original", is_flag=True, help="Also the bytes as they arrived. They may name a person.")
@as_json
def show_(record: str, original: bool, json_: bool) -> None:
    """One refused record, by its token or the beginning of it."""
    with closing(Bus().reader()) as reader:
        found = [reject for reject in _read(reader) if reject.record.startswith(record)]
        if not found:
            raise Problem(f"no refused record begins with {record}; `lianfang rejects list` shows them")
        value = [reject.model_dump(mode="json") | ({"original": _original(reader, reject)} if original else {}) for reject in found]
    show(json_, value, lambda: _tell(value))


def _original(reader: Reader, reject: Reject) -> str | None:
    """The bytes as they arrived, as text in UTF-8 or else GB18030; None when they are no raw message."""
    raw = reader.raw_bytes(reject.pointer.topic, reject.pointer.partition, reject.pointer.offset)
    if not isinstance(raw, Raw):
        return None
    try:
        return raw.body.decode("utf-8")
    except UnicodeDecodeError:
        return raw.body.decode("gb18030", "backslashreplace")


def _read(reader: Reader) -> list[Reject]:
    return [entry.value for entry in reader.read("reject") if isinstance(entry.value, Reject)]


def _tell(value: list[dict[str, object]]) -> None:
    for reject in value:
        pointer = reject["pointer"]
        table(
            "Refused record", ("", ""), [("record", reject["record"]), ("source", reject["source"]), ("version", reject["version"]), ("original at", pointer)]
        )
        reasons = reject["reasons"]
        assert isinstance(reasons, list)
        table("Reasons", ("field", "what is wrong and what is expected"), [(reason["field"], reason["problem"]) for reason in reasons])
        if "original" in reject:
            click.echo(f"Original (personal data; do not pass on):\n{reject['original']}")
