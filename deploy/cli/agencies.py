"""`lianfang agencies`: files of agencies checked, explained, compared and tried; proposing and approving are in a module of their own."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from cryptography.exceptions import InvalidTag

from connectors.registry import BadFile, agency
from deploy.access import roles
from deploy.agencies.check import alone, findings
from deploy.agencies.diff import Direction, changes
from deploy.agencies.explain import applied, explained
from deploy.agencies.forms import allowed as allowed_forms
from deploy.agencies.forms import kind
from deploy.agencies.rules import RULES, Finding, Severity
from deploy.agencies.trial import Trial, tried
from deploy.bus import Bus
from deploy.cli.approve import approve, list_, propose
from deploy.cli.cases import areas, look, one_case, read
from deploy.cli.linkage import EXISTING, unmasked
from deploy.cli.output import Problem, as_json, progress, show, table
from deploy.cli.staff import allowed
from deploy.linkage.decide import reasons
from deploy.staff.register import Role
from schemas.agency import Agency, sharing
from schemas.forms import Form
from schemas.models.release import Release
from schemas.privacy import Privacy, of_class
from streams.standing import standing


@click.group()
def agencies() -> None:
    """Agency files, before they go live: what they would release, to whom, why, and who approved it.

    \b
    A file is new or changed:   `agencies check FILE`, `agencies diff NAME FILE`, `agencies dry-run FILE`
    It is to go live:           `agencies propose FILE`, then `agencies approve DIGEST` by a second person
    Somebody asks:              `agencies explain NAME`, and why they got one person: `agencies explain NAME PERSON`
    """  # noqa: D301 - click's mark for a paragraph to leave as it is


for command in (propose, approve, list_):
    agencies.add_command(command)


@agencies.command()
@click.argument("where", required=False, metavar="[FILE|FOLDER]", type=click.Path(exists=True, path_type=Path))
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@as_json
def check(where: Path | None, strict: bool, json_: bool) -> None:
    """Hold agency files against the rules: legal basis, need of each field, regions, roles, purposes that repeat each other. Exits with 1 when one is refused.

    Without a file or folder: the files that count now.
    """
    read_, checked, found = _checked(where)
    joint, limits = sharing(read_), [one for each in read_ for one in _limits(each)]
    refused = [one for one in found if one.severity is Severity.REFUSED]
    counts = {"checked": checked, "refused": len(refused), "warnings": len(found) - len(refused)}
    value = {**counts, "findings": [_document(one) for one in found], "joint": joint, "forms": [asdict(one) for one in limits]}
    rows = [(one.agency, one.severity, one.where, one.problem, f"{one.rule}: {RULES[one.rule].says} ({RULES[one.rule].source})") for one in found]
    title = f"{len(checked)} agencies 机构: {len(refused)} refusals, {len(found) - len(refused)} warnings"
    joins = [(name, agency, purpose) for name, members in joint.items() for agency, purpose in members]

    def told() -> None:
        table(title, ("agency", "", "where", "problem", "rule"), rows)
        if joins:
            table("Who calls people by the same codes, and can join copies 共同用途", ("joint purpose", "agency", "purpose"), joins)
        forms = [(one.agency, one.purpose, one.kind, one.privacy, ", ".join(one.finest) or "as it is") for one in limits]
        table("The finest form that a purpose may have without a reason 最细粒度", ("agency", "purpose", "", "privacy", "finest"), forms)

    show(json_, value, told)
    if refused or (strict and found):
        raise click.exceptions.Exit(1)


@agencies.command()
@click.argument("name")
@click.argument("person", required=False)
@click.option("--by", "by_", metavar="STAFF", help="Staff code of who asks about a person; needed with PERSON, and recorded.")
@click.option("--reason", metavar="WORD", help=f"Why somebody asks about a person: {', '.join(reasons('look'))}.")
@as_json
def explain(name: str, person: str | None, reason: str | None, by_: str | None, json_: bool) -> None:
    """Say what the agency NAME (or that of a file) gets, of whom, why, under which law, until when.

    With PERSON, the key of a linked case or its beginning: which purposes apply to that case and why, and why the others do not. Who asks this sees something
    of a case, which is recorded: give --by and --reason.
    """
    bus = Bus(acts=roles.STEWARD)
    one = named(bus, name)
    sentences = explained(one, bus.agencies.values())
    value: dict[str, Any] = {"agency": one.name, "digest": one.digest, "sentences": [asdict(each) for each in sentences]}
    if person is None:
        show(json_, value, lambda: click.echo("\n".join(f"{each.zh}\n  {each.en}" for each in sentences)))
        return
    if not unmasked(reason, by_) or reason is None or by_ is None:
        raise Problem("this tells something of a person's case: give --reason and --by")
    allowed(bus.settings, by_, Role.OFFICER)
    with closing(bus.reader()) as reader:
        case = one_case(reader, person)
    allowed(bus.settings, by_, Role.OFFICER, areas(case))
    look(bus, case, by_, reason)
    found = applied(one, case)
    rows = [(each.purpose, each.role, "yes 适用" if each.applies else "no 不适用", "; ".join(each.because)) for each in found]
    show(json_, value | {"person": case.person, "wants": [asdict(each) for each in found]},
         lambda: table(f"{one.name} and the case {case.person}", ("purpose", "role", "applies", "because"), rows))  # fmt: skip


@agencies.command()
@click.argument("old")
@click.argument("new")
@as_json
def diff(old: str, new: str, json_: bool) -> None:
    """Say what NEW would release more and less than OLD, purpose by purpose and field by field. Each is a file, or the name of an agency that counts now."""
    bus = Bus(acts=roles.STEWARD)
    before, after = named(bus, old), named(bus, new)
    found = changes(before, after)
    counts = {direction.value: sum(one.direction is direction for one in found) for direction in Direction}
    value = {"old": before.digest, "new": after.digest, **counts, "changes": [asdict(one) for one in found]}
    rows = [(one.direction, one.privacy, one.where, one.says) for one in found]
    title = f"{after.name}: {counts['more']} more, {counts['less']} less, {counts['other']} otherwise; digest {after.digest}"
    show(json_, value, lambda: table(title, ("", "privacy", "where", "what"), rows))


@agencies.command("dry-run")
@click.argument("file", type=EXISTING)
@click.option("--sample", default=5, show_default=True, type=click.IntRange(0), help="How many releases are shown, masked.")
@as_json
def dry_run(file: Path, sample: int, json_: bool) -> None:
    """Count what the agency of FILE would be released of the linked cases that stand, beside what stands released to it. Writes nothing.

    Facts of its subscriptions are about no person, and are not counted here: `agencies explain FILE` says which those are.

    Once a changed file is live, a case is released by it when the case next changes; this counts as if all were routed at once.
    """
    one, bus = agency(file), Bus(acts=roles.STEWARD)
    with closing(bus.reader()) as reader:
        cases = read(reader)
        messages = reader.read(f"deliver.{one.name}") if one.name in bus.agencies else iter(())
        stands = standing(f"deliver.{one.name}", ((entry.key, entry.value) for entry in messages if entry.value is not None))
    progress(f"{len(cases):,} linked cases, {len(stands):,} releases and bulletins that stand for {one.name}")
    before = {(each.person, each.purpose): each for each in stands.values() if isinstance(each, Release) and each.bulletin is None}
    try:
        found = tried(one, cases, before, bus.settings.keys, sample)
    except InvalidTag as error:
        raise Problem("the cases on this bus were sealed under another vault: LIANFANG_VAULT_FILE and LIANFANG_VAULT_KEY name it") from error
    show(json_, {"agency": one.name, "digest": one.digest, **asdict(found)}, lambda: _told(one, found))


def _document(one: Finding) -> dict[str, Any]:
    rule = RULES[one.rule]
    return asdict(one) | {"severity": rule.severity, "rule_says": rule.says, "source": rule.source}


def named(bus: Bus, name: str) -> Agency:
    """The agency of a file, or of a name among those that count now; raises BadFile and Problem."""
    if name.endswith(".yaml"):
        return agency(Path(name))
    if name not in bus.agencies:
        raise Problem(f"there is no agency {name}, and no file .yaml is named; agencies are {', '.join(bus.agencies)}")
    return bus.agencies[name]


@dataclass(frozen=True, slots=True)
class Limit:
    """The finest forms of a privacy class for a purpose, and what kind of purpose it is."""

    agency: str
    purpose: str
    kind: str
    privacy: Privacy
    finest: list[Form]


def _limits(one: Agency) -> list[Limit]:
    """Of each purpose the classes that are asked for and have any form."""
    found = []
    for purpose in one.purposes:
        asked = {field for want in one.wants if want.purpose == purpose.name for field in want.fields}
        forms = allowed_forms(one, purpose)
        found += [Limit(one.name, purpose.name, kind(one, purpose), privacy, forms.get(privacy, []))
                  for privacy in (Privacy.SENSITIVE, Privacy.QUASI) if of_class(asked, privacy)]  # fmt: skip
    return found


def _checked(where: Path | None) -> tuple[list[Agency], list[str], list[Finding]]:
    """The agencies that could be read, the names of all that were looked at, and everything found. A file alone cannot tell who else names a joint purpose."""
    if where is None:
        here = Bus(acts=roles.STEWARD).agencies
        return list(here.values()), list(here), [found for one in here.values() for found in findings(one)] + alone(here.values())
    paths = sorted(where.glob("*.yaml")) if where.is_dir() else [where]
    if not paths:
        raise Problem(f"{where} holds no file that ends with .yaml")
    found: list[Finding] = []
    read_: list[Agency] = []
    for path in paths:
        try:
            one = agency(path)
        except BadFile as error:
            found.append(Finding(path.stem, "form", path.name, str(error)))
            continue
        read_.append(one)
        found += findings(one)
    return read_, [path.stem for path in paths], found + (alone(read_) if where.is_dir() else [])


def _told(one: Agency, found: Trial) -> None:
    rows = [(name, each.releases, each.new, each.changed, each.same, each.ended) for name, each in found.purposes.items()]
    title = f"{one.name}: {found.people} people of {found.cases} linked cases, {found.people_before} before"
    table(title, ("purpose", "releases", "new", "changed", "same", "ended"), rows)
    fields = [(purpose, name, count) for purpose, each in found.purposes.items() for name, count in each.fields.items()]
    table("Of how many people each field", ("purpose", "field", "people"), fields)
    if found.samples:
        shown = [(each["person"], each["purpose"], each["stand"], ", ".join(each["roles"]), _line(each["view"])) for each in found.samples]
        table("Some of them, masked", ("person", "purpose", "", "roles", "view"), shown)


def _line(view: dict[str, str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in view.items())
