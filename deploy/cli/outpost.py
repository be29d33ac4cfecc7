"""`lianfang outpost`: village clinics on weak connections."""

from __future__ import annotations

import os
import secrets
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import click

from connectors import packs
from connectors.envelope import Item
from connectors.messages import form
from connectors.messages.form import Clinic, Register
from connectors.messages.write import TooLong, written
from connectors.publish import Publisher
from connectors.transports import files
from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.output import Problem, as_json, show, table
from deploy.outposts import said
from deploy.outposts.answers import answers
from deploy.outposts.card import card
from deploy.outposts.outbox import Numbered, Outbox
from deploy.outposts.taking import Sends, Taken, Taking
from schemas.document import load
from schemas.settings import Settings
from streams.normalise.interpret import check
from streams.standing import standing

_KEY = click.option("--key", "key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File with the clinic's key, which `outpost key` made.")


@click.group()
def outpost() -> None:
    """Village clinics on weak connections: text messages, small files on a stick or by mail, and answers when they are back.

    \b
    For the wall:       outpost card 711                                   numbers with letters, and how to write
    Messages:           LIANFANG_OUTPOSTS=clinics.yaml lianfang serve      the gateway posts to /v1/messages
    At the clinic:      outpost pack CLIN-530624-11 outpost-visit visits.csv --key clinic.key --out stick/
    At the township:    outpost take stick/*                               what is whole is taken, once; the rest is named
    Answers:            outpost answers 711 --texts                        what is new; then: outpost confirm 711 27, or the message 711 收27

    LIANFANG_OUTPOSTS names the register of clinics (YAML): code, number, region, staff, phones, places, language, key.
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


@outpost.command("card")
@click.argument("clinic")
@click.option("--first", default=1, show_default=True, type=click.IntRange(1, 9999), help="The first running number on it.")
@click.option("--count", default=60, show_default=True, type=click.IntRange(1, 500), help="How many numbers.")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Unset: that of the clinic.")
@as_json
def card_(clinic: str, first: int, count: int, language: str | None, json_: bool) -> None:
    """The printed card of a CLINIC (its number or place code): one page with all that is needed to write reports by hand."""
    if first + count > 10_000:
        raise Problem("numbers end at 9999: the next card begins at 1 again, when what was sent under them is older than a month")
    one = _clinic(clinic)
    lines = card(one, form.shipped(), Bus().sources, first, count, language or one.language)
    show(json_, {"clinic": one.code, "lines": lines}, lambda: click.echo("\n".join(lines)))


@outpost.command("write")
@click.argument("clinic")
@click.argument("number", type=click.IntRange(1, 9999))
@click.argument("kind")
@click.argument("fields", nargs=-1)
@click.option("--revision", default=1, show_default=True, type=click.IntRange(1, 99), help="The version; a higher one corrects.")
@as_json
def write(clinic: str, number: int, kind: str, fields: tuple[str, ...], revision: int, json_: bool) -> None:
    """The messages of a report, each of one short message, with their letters: KIND and FIELDS as on the card. Without fields it takes the report back.

    \b
    lianfang outpost write 711 15 诊 名李样本 电13800000002 时2.1-9:30 症热咳 判疑
    """  # noqa: D301 - click's mark for a paragraph to leave as it is
    found = form.shipped().kind(kind.upper())
    if not found:
        raise Problem(f"no kind {kind}: the kinds are {', '.join(form.shipped().kinds)}")
    if unknown := [word for word in fields if not found[1].entry(word[0].upper())]:
        raise Problem(f"{len(unknown)} of the fields begin with no key: keys are {', '.join(found[1].fields)}")
    try:
        texts = written(_clinic(clinic), number, found[0], {word[0].upper(): word[1:] for word in fields}, revision)
    except TooLong as error:
        raise Problem(str(error)) from error
    show(json_, {"texts": texts}, lambda: click.echo("\n".join(texts)))


@outpost.command("key")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json
def key_(file: Path, json_: bool) -> None:
    """Make the key of a clinic's small files in FILE: one copy stays at the clinic, one lies beside the register, which names it."""
    if file.exists():
        raise Problem(f"{file} is there already: what was sealed under it could not be opened any more")
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32) + "\n")
    show(json_, {"file": str(file)}, lambda: click.echo(f"made {file}; carry it to the clinic by hand, never with the files"))


@outpost.command("pack")
@click.argument("clinic")
@click.argument("source")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the pieces.")
@click.option("--size", default=20_000, show_default=True, type=click.IntRange(500), help="Bytes of a piece: what one mail or a minute on 2G carries.")
@_KEY
@click.option("--clear", is_flag=True, help="Leave the pieces open, for trying: whoever finds the stick reads them.")
@as_json
def pack(clinic: str, source: str, path: Path, out: Path, size: int, key: Path | None, clear: bool, json_: bool) -> None:
    """Pack the records of PATH (CSV or JSON) as SOURCE of a CLINIC (place code): numbered pieces, sealed, each of which is taken by itself.

    Works without a bus. The same file gives the same pieces, so a piece that was lost is packed again.
    """
    if bool(key) is clear:
        raise Problem("name the clinic's key with --key (`outpost key` makes one), or for trying say --clear")
    sources = Bus().sources
    known = [kind.source for kind in form.shipped().kinds.values()]
    if source not in known:
        raise Problem(f"clinics send {', '.join(known)}; {source} is none of them")
    found = [_fields(one) for one in files.items(path, sources[source])]
    if faults := [str(number) for number, one in enumerate(found, 1) if one is None]:
        raise Problem(f"records {', '.join(faults[:10])} of {path.name} cannot be read: correct them first")
    records = [one for one in found if one is not None]
    pieces = packs.pack(clinic.upper(), source, records, size, form.key_of(key) if key else None)
    out.mkdir(parents=True, exist_ok=True)
    names = [out / f"{path.stem}-{number:03}-of-{len(pieces):03}.lfp" for number in range(1, len(pieces) + 1)]
    for name, data in zip(names, pieces, strict=True):
        name.write_bytes(data)
    value = {"records": len(records), "pieces": [{"file": str(name), "bytes": len(data)} for name, data in zip(names, pieces, strict=True)]}
    rows = [(name.name, len(data)) for name, data in zip(names, pieces, strict=True)]
    show(json_, value, lambda: table(f"{len(records)} records in {len(rows)} pieces 分{len(rows)}件", ("file 文件", "bytes 字节"), rows))


@outpost.command("take")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def take(paths: tuple[Path, ...], json_: bool) -> None:
    """Take the small files of clinics, in any order: pieces that are whole, each once; what is broken or missing is named, to be brought again.

    Of each file: records = taken + rejected + duplicates. Exits with 1 while something is broken or missing.
    """
    bus, register, keys = Bus(acts=roles.INTAKE), *_register()
    publisher = bus.publisher()
    try:
        taking = Taking(bus.sources, bus.settings.keys, form.shipped(), register, partial(_checked, bus), bus.settings.home, publisher.bus())
        told = [(path, one) for path in paths for one in taking.take(packs.pieces(path.read_bytes(), keys), partial(_as, publisher))]
    finally:
        publisher.close()
    empty = [path for path in paths if path not in {name for name, _ in told}]
    last = {(one.clinic, one.pack): one for _, one in told}
    value = {"files": [{"file": str(path), **one.model_dump()} for path, one in told], "nothing_in": [str(path) for path in empty]}
    show(json_, value, lambda: _took(told, empty))
    if empty or any(one.broken for _, one in told) or any(one.missing for one in last.values()):
        raise click.exceptions.Exit(1)


@outpost.command("answers")
@click.argument("clinic")
@click.option("--since", type=click.IntRange(0), help="Everything after an answer, by its number. Unset: after the last that the clinic confirmed.")
@click.option("--texts", is_flag=True, help="As short messages, for the gateway to send.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write them as a small file, sealed if the clinic has a key.")
@as_json
def answers_(clinic: str, since: int | None, texts: bool, out: Path | None, json_: bool) -> None:
    """What became of a CLINIC's reports, by their numbers: taken, refused and what to correct, received, sampled, result; what is new since it confirmed.

    Given again until it is confirmed, by `outpost confirm` or by the message that each text ends with. Nobody is named. Of a patient only what was released to
    the clinic's own agency file, if it has one.
    """
    one, bus = _clinic(clinic), Bus()
    with closing(bus.reader()) as reader:
        def messages(topic: str) -> list[tuple[str, Any]]:
            return [(entry.key, entry.value) for entry in reader.read(topic) if entry.value is not None]

        stands = answers(one.code, form.shipped(), bus.agencies.values(), bus.settings.keys, messages, lambda topic: standing(topic, messages(topic)))
    found = Outbox(bus.settings.home).since(one.code, stands, since)
    if out:
        key = _register()[1].get(one.code)
        out.write_bytes(b"".join(packs.pack(one.code, "answers", [answer.model_dump() for answer in found], 20_000, key)))
    told = said.texts(found, one) if texts else []
    value = {"clinic": one.code, "answers": [answer.model_dump() for answer in found]} | ({"texts": told} if texts else {})
    show(json_, value, lambda: click.echo("\n".join(told)) if texts else _answered(found, one))


@outpost.command("confirm")
@click.argument("clinic")
@click.argument("answer", type=click.IntRange(1))
@as_json
def confirm(clinic: str, answer: int, json_: bool) -> None:
    """Say that a CLINIC has its answers up to a number: they are not given again. Said again, it changes nothing."""
    one = _clinic(clinic)
    has = Outbox(Settings().home).confirm(one.code, answer)
    show(json_, {"clinic": one.code, "has": has}, lambda: click.echo(f"{one.code} has its answers up to {has}"))


@outpost.command("open")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_KEY
@as_json
def open_(path: Path, key: Path | None, json_: bool) -> None:
    """Show the answers in a small file, at the clinic; works without a bus."""
    data = path.read_bytes()
    heads = {piece.head.clinic for piece in packs.pieces(data, {})}
    pieces = list(packs.pieces(data, dict.fromkeys(heads, form.key_of(key)) if key else {}))
    if not pieces or any(piece.broken for piece in pieces):
        raise Problem(f"{path.name}: {'; '.join(sorted({piece.broken for piece in pieces})) or 'no piece is in it'}")
    found = [Numbered.model_validate(record) for piece in pieces for record in piece.records if piece.head.what == "answers"]
    show(json_, [one.model_dump() for one in found], lambda: _answered(found, None))


def _fields(item: Item) -> dict[str, Any] | None:
    """What a record says; None when it cannot be read."""
    try:
        return None if item.fault else dict(item.fields) if item.fields is not None else load(item.body)
    except ValueError:
        return None


def _register() -> tuple[Register, dict[str, bytes]]:
    path = Settings().outposts
    if path is None:
        raise Problem("LIANFANG_OUTPOSTS is not set: it names the register of clinics (YAML), as `lianfang outpost --help` says")
    found = form.register(path)
    return found, found.keys(path.parent)


def _clinic(name: str) -> Clinic:
    path = Settings().outposts
    if path is None:
        raise Problem("LIANFANG_OUTPOSTS is not set: it names the register of clinics (YAML), as `lianfang outpost --help` says")
    found = form.register(path).called(name.upper())
    if not found:
        raise Problem(f"no clinic {name} in {path}: name it by its number or place code")
    return found


def _checked(bus: Bus, source: Any, fields: Any) -> Any:
    return check(source, fields, bus.settings.keys)


def _as(publisher: Publisher, source: str) -> Sends:
    del source
    return publisher


def _took(told: list[tuple[Path, Taken]], empty: list[Path]) -> None:
    columns = ("file 文件", "clinic 机构", "source", "pieces 件", "again 曾收", "broken 损坏", "missing 缺", "records 条", "taken 已收", "rejected 退回",
               "duplicates 重复")  # fmt: skip
    rows = [(path.name, one.clinic, one.source, *map(_list, (one.pieces, one.again, one.broken, one.missing)), one.records, one.taken, one.rejected,
             one.duplicates) for path, one in told]  # fmt: skip
    table("Small files 小文件", columns, rows)
    for path, one in told:
        for number, why in one.broken.items():
            click.echo(f"{path.name}, piece {number}: {why}")
        for each in one.refused:
            click.echo(f"{path.name}, report {each.number or '?'}: {', '.join(each.fields)}")
    for path in empty:
        click.echo(f"{path.name}: no piece is in it")


def _list(numbers: Any) -> str:
    return ", ".join(map(str, numbers))


def _answered(found: list[Numbered], clinic: Clinic | None) -> None:
    rows = [(one.answer, one.kind, one.number, said.line(one, "zh"), said.line(one, "en")) for one in found]
    table(f"{len(rows)} answers 答复" + (f" for {clinic.code}" if clinic else ""), ("answer 号", "kind", "report 序号", "答复", "answer"), rows)
