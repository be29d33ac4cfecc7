"""`lianfang identity explain`."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import click

from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.linkage import EXISTING, by, given_or_trained, model_of, people, records_of, spec_of, unmasked
from deploy.cli.output import Problem, as_json, show, table
from deploy.cli.staff import allowed
from deploy.linkage import standing
from deploy.linkage.beside import Beside, beside
from deploy.linkage.look import record_look
from deploy.linkage.measure import pair
from deploy.linkage.pictures import NoPictures, waterfall
from deploy.staff.register import Role
from schemas.models.identity import Look, Profile
from streams.identity.model import BadModel, Model, check
from streams.identity.profile import unseal
from streams.identity.spec import Spec


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--file", "files", multiple=True, type=EXISTING, help="Two records of this CSV file, by their ids, instead of two aliases; once for each file.")
@click.option("--spec", help="With --file: how records are compared, by name or as a YAML file.")
@click.option("--model", help="A model file, or the name of a shipped one. Without it: on the bus what counts there; with --file as for evaluate.")
@click.option("--picture", type=click.Path(dir_okay=False, path_type=Path), help="Also draw how the weight adds up, as SVG. Needs the extra `report`.")
@by
@as_json
def explain(
    a: str, b: str, files: tuple[Path, ...], spec: str | None, model: str | None, picture: Path | None, reason: str | None, by_: str | None, json_: bool
) -> None:
    """Show why two aliases, A and B, are one person or not: what each field says, what it weighs, and how that adds up.

    A and B are tokens or beginnings of them, or with --file ids of records. Values are masked unless --reason and --by are given.
    """
    plain = unmasked(reason, by_)
    if bool(files) != bool(spec):
        raise Problem("--file and --spec belong together: records of a file are compared as a spec says")
    if files:
        read_as, found = _from_files(a, b, files, spec or "", model, plain)
    else:
        read_as, found = _from_bus(a, b, model, reason, by_)
    if picture:
        draw(picture, found, read_as)
    show(json_, found.document(), lambda: tell(found, read_as))


def _from_files(a: str, b: str, files: tuple[Path, ...], spec: str, model: str | None, plain: bool) -> tuple[Spec, Beside]:
    read_as = spec_of(spec)
    read = records_of(read_as, files)
    profiles = {record.id: record.profile for record in read.records}
    for one in (a, b):
        if one not in profiles:
            raise Problem(f"no record {one}; ids are those of the column {read_as.id}, with the file's name and a slash before them where two files share some")
    return read_as, beside(read_as, given_or_trained(read_as, model, read, files), profiles[a], profiles[b], plain=plain)


def _from_bus(a: str, b: str, model: str | None, reason: str | None, by_: str | None) -> tuple[Spec, Beside]:
    bus = Bus(acts=roles.STEWARD)
    if unmasked(reason, by_):
        allowed(bus.settings, str(by_), Role.STEWARD)
    with closing(bus.reader()) as reader:
        profiles = standing.profiles(reader)
        newest = None if model else standing.newest(reader)
        one, other = aliases(a, b, profiles)
    spec, own = people()
    given = model_of(model, spec) if model else counts(spec, own, newest)
    return spec, compare(bus, spec, given, (profiles[one], profiles[other]), reason, by_)


def counts(spec: Spec, own: Model, newest: Model | None) -> Model:
    """The model that counts on the bus: the newest that was sent, unless the software brings a newer one. Raises Problem when it is not of the spec."""
    found = max([own, *([newest] if newest else [])], key=lambda model: model.version)
    try:
        check(found, spec)
    except BadModel as error:
        raise Problem(f"model {found.version} on the bus is of another spec than this software's ({error}): switch to one of a higher version") from error
    return found


def aliases(a: str, b: str, known: dict[str, Profile]) -> tuple[str, str]:
    """Two different aliases that begin so, the smaller first; raises Problem."""
    try:
        one, other = pair(standing.alias(a, known), standing.alias(b, known))
    except standing.NotOne as error:
        raise Problem(f"{error}; only aliases with a profile can be compared") from error
    if one == other:
        raise Problem(f"{a} and {b} are one alias: name two")
    return one, other


def compare(bus: Bus, spec: Spec, model: Model, both: tuple[Profile, Profile], reason: str | None, by_: str | None) -> Beside:
    """Two profiles of the bus side by side; unmasked, and recorded, when there is a reason. Raises Problem without one where it is only half given."""
    plain = unmasked(reason, by_)
    if plain:
        allowed(bus.settings, str(by_), Role.STEWARD)  # again, for whoever calls this without asking before
        look(bus, Look.of(causes=[one.id for one in both], at=time.time_ns() // 1_000_000, a=both[0].alias, b=both[1].alias, by=by_, reason=reason))
    one, other = (unseal(bus.settings.keys, each.alias, each.sealed) for each in both)
    return beside(spec, model, one, other, plain=plain)


def look(bus: Bus, seen: Look) -> None:
    """Record a look before anything is shown."""
    with closing(bus.publisher()) as publisher:
        record_look(publisher, seen)


def draw(path: Path, found: Beside, spec: Spec) -> None:
    """Write the picture; raises Problem when matplotlib is not there."""
    try:
        path.write_text('<?xml version="1.0" encoding="utf-8"?>\n' + waterfall(found.bars, spec.link, spec.review), "utf-8")
    except NoPictures as error:
        raise Problem(str(error)) from error


def tell(found: Beside, spec: Spec) -> None:
    """The tables for people."""
    table("Side by side", ("field", "A", "B"), [(name, " | ".join(one), " | ".join(other)) for name, (one, other) in found.values.items()])
    rows = [(bar.field, bar.level, f"{bar.end - bar.start:+.2f}", f"{bar.end:+.2f}", bar.says) for bar in found.bars]
    table("How the weight adds up, in bits", ("field", "level", "weighs", "so far", "why"), rows)
    cannot = f", but they cannot be one person: {found.contradiction}" if found.contradiction else ""
    click.echo(f"\n{found.weight / 1000:+.2f} bits: {found.grade}{cannot}. Linked from {spec.link:g} bits on, reviewed from {spec.review:g}.")
