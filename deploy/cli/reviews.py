"""`lianfang identity review`: the queue of pairs that wait for a steward, and their decisions."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any

import click

from connectors.reader import Reader
from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.cases import words
from deploy.cli.explain import aliases, compare, counts
from deploy.cli.explain import tell as tell_beside
from deploy.cli.linkage import by, people, reason_of, unmasked
from deploy.cli.output import Problem, as_json, local, short, show, table
from deploy.cli.staff import allowed, signed
from deploy.linkage import standing
from deploy.linkage.decide import KEY, decided, reasons, taken_back
from deploy.linkage.estimate import Estimate, Share
from deploy.linkage.estimate import estimate as compute
from deploy.linkage.measure import pair
from deploy.staff.register import Role
from schemas.models.identity import Doubt, Judgement, Review, Verdict

STAFF = click.option("--by", "by_", required=True, metavar="STAFF", help="Staff code of the steward.")


@click.group()
def review() -> None:
    """The pairs of aliases that wait for a steward, and what stewards decided.

    A decision outweighs every score and every contradiction, also under later models, until it is taken back.
    """


@review.command("list")
@click.option("--doubt", type=click.Choice([one.value for one in Doubt]), help="Only those that wait for this.")
@click.option("--most", default=50, show_default=True, type=click.IntRange(1), help="How many are shown.")
@as_json
def list_(doubt: str | None, most: int, json_: bool) -> None:
    """The pairs that wait, the heaviest first; a handle that too many people share stands alone."""
    with closing(Bus(acts=roles.STEWARD).reader()) as reader:
        found = sorted((one for one in standing.reviews(reader) if doubt in (None, one.doubt.value)), key=lambda one: (-(one.weight or 0), one.a, one.b))
    rows = [(short(one.a), short(one.b) if one.b != one.a else "", words(one.doubt.value), _bits(one.weight), one.says) for one in found[:most]]
    columns = ("a", "b", "doubt", "bits", "what contradicts")
    show(
        json_,
        [one.model_dump(mode="json", exclude={"causes", "retracted", "at"}) for one in found[:most]],
        lambda: table(f"{len(found)} pairs wait{f'; the first {most}' if len(found) > most else ''}", columns, rows),
    )


@review.command("show")
@click.argument("a")
@click.argument("b")
@by
@as_json
def show_(a: str, b: str, reason: str | None, by_: str | None, json_: bool) -> None:
    """Two aliases side by side, with the reason why they wait, what was decided, and how their weight adds up.

    Values are masked (王*, 138****0001, 530624********0010) unless --reason and --by are given.
    """
    bus = Bus(acts=roles.STEWARD)
    if unmasked(reason, by_):
        allowed(bus.settings, str(by_), Role.STEWARD)
    with closing(bus.reader()) as reader:
        profiles = standing.profiles(reader)
        one, other = aliases(a, b, profiles)
        waiting = [each for each in standing.reviews(reader) if (each.a, each.b) == (one, other)]
        stands = standing.decisions(reader, bus.signatures).get((one, other), [])
        newest = standing.newest(reader)
    spec, own = people()
    found = compare(bus, spec, counts(spec, own, newest), (profiles[one], profiles[other]), reason, by_)
    document = {
        "a": one, "b": other, "review": [each.model_dump(mode="json", include={"doubt", "says", "weight"}) for each in waiting],
        "decisions": [_document(each) for each in stands], **found.document(),
    }  # fmt: skip

    def tell() -> None:
        _state(one, other, waiting, stands)
        tell_beside(found, spec)

    show(json_, document, tell)


@review.command("decide")
@click.argument("a")
@click.argument("b")
@click.argument("verdict", type=click.Choice([one.value for one in Verdict]))
@STAFF
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('decide'))}.")
@as_json
def decide(a: str, b: str, verdict: str, by_: str, reason: str, json_: bool) -> None:
    """Decide that two aliases, A and B, are the same person, or different people. What was decided before about the two is replaced."""
    reason_of("decide", reason)
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.STEWARD)
    with closing(bus.reader()) as reader:
        one, other = _two(a, b, reader, bus)
        stands = standing.decisions(reader, bus.signatures).get((one, other), [])
    if stands and stands[-1].verdict == verdict:
        raise Problem(f"{stands[-1].decider} decided so already, on {local(stands[-1].at)}; to decide anew take it back with `lianfang identity review undo`")
    made = decided(one, other, Verdict(verdict), by_, reason, time.time_ns() // 1_000_000, stands)
    _send(bus, made)
    said = f"{short(one)} and {short(other)}: {verdict}, decided by {by_}. The people and their cases follow when a worker runs."
    show(json_, _document(made[0]), lambda: click.echo(said))


@review.command("undo")
@click.argument("a")
@click.argument("b")
@STAFF
@click.option("--reason", required=True, metavar="WORD", help=f"Why: {', '.join(reasons('undo'))}.")
@as_json
def undo(a: str, b: str, by_: str, reason: str, json_: bool) -> None:
    """Take back what was decided about two aliases: weights and handles tell again whether they are one person."""
    reason_of("undo", reason)
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.STEWARD)
    with closing(bus.reader()) as reader:
        one, other = _two(a, b, reader, bus)
        stands = standing.decisions(reader, bus.signatures).get((one, other), [])
    if not stands:
        raise Problem(f"nothing is decided about {short(one)} and {short(other)}")
    _send(bus, taken_back(stands, by_, reason))
    said = f"{short(one)} and {short(other)}: {stands[-1].verdict} of {stands[-1].decider} is taken back."
    show(json_, [_document(each) for each in stands], lambda: click.echo(said))


@review.command("estimate")
@as_json
def estimate(json_: bool) -> None:
    """What the decisions tell of the links that nobody looked at: their precision, and their recall among the pairs that were compared.

    One automatic link in a thousand waits as a sample; decide samples and waiting pairs as they come, not only easy ones, or the estimate is of these.
    """
    bus = Bus(acts=roles.STEWARD)
    with closing(bus.reader()) as reader:
        found = compute(standing.asked(reader), {each: made[-1] for each, made in standing.decisions(reader, bus.signatures).items()})
    show(json_, found.document(), lambda: _estimate(found))


def _two(a: str, b: str, reader: Reader, bus: Bus) -> tuple[str, str]:
    """Two aliases that have a profile or wait for a steward or were decided about; raises Problem."""
    waiting = [alias for one in standing.reviews(reader) for alias in (one.a, one.b)]
    before = [alias for each in standing.decisions(reader, bus.signatures) for alias in each]
    known = {*standing.profiles(reader), *waiting, *before}
    try:
        found = pair(standing.alias(a, known), standing.alias(b, known))
    except standing.NotOne as error:
        raise Problem(str(error)) from error
    if found[0] == found[1]:
        raise Problem(f"{a} and {b} are one alias: name two")
    return found


def _send(bus: Bus, made: Sequence[Judgement]) -> None:
    bus.write("identity.decision", [(KEY.format(one), signed(bus.settings, "identity.decision", one)) for one in made])


def _state(one: str, other: str, waiting: Sequence[Review], stands: Sequence[Judgement]) -> None:
    rows: list[tuple[object, ...]] = [("A", one), ("B", other)]
    rows += [(f"waits: {words(each.doubt.value)}", each.says or _bits(each.weight)) for each in waiting]
    rows += [(f"decided: {words(each.verdict.value)}", f"by {each.decider} on {local(each.at)}: {each.reason}") for each in stands]
    table("Pair", ("", ""), rows)


def _document(one: Judgement) -> dict[str, Any]:
    return one.model_dump(mode="json", exclude={"causes", "retracted"})


def _bits(weight: int | None) -> str:
    return "" if weight is None else f"{weight / 1000:+.2f}"


def _estimate(found: Estimate) -> None:
    recall = "" if found.recall is None else f"{found.recall:.4f}"
    low, high = found.recall_interval
    rows = [
        ("precision of automatic links (samples)", _rate(found.precision), _span(found.precision.interval), found.precision.decided, f"about {found.links:,}"),
        ("true pairs among those that wait", _rate(found.review), _span(found.review.interval), found.review.decided, f"{found.waiting:,}"),
        ("recall of automatic links, of pairs weighed for review or more", recall, _span((low, high)), "", ""),
    ]
    table("What the decisions tell", ("", "estimate", "95 %", "decided", "pairs"), rows)
    bins = [(one.doubt.value, f"{one.bits:+g}", _rate(one.share), _span(one.share.interval), one.share.decided) for one in found.bins]
    table("By weight", ("doubt", "bits from", "one person", "95 %", "decided"), bins)
    if found.unasked:
        click.echo(f"{found.unasked} decisions about pairs that nobody was asked about do not count: how they were chosen is not known.")


def _rate(share: Share) -> str:
    return "" if share.rate is None else f"{share.rate:.4f}"


def _span(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.4f} to {interval[1]:.4f}"
