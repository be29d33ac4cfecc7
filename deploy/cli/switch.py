"""`lianfang identity try` and `switch`: a new model of weights, tried on what stands, and sent to the bus."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from deploy.access import roles
from deploy.bus import Bus
from deploy.cli.explain import counts
from deploy.cli.linkage import EXISTING, model_of, people
from deploy.cli.output import Problem, as_json, progress, short, show, table
from deploy.cli.staff import STAFF, allowed
from deploy.linkage import standing
from deploy.linkage.switch import SLICES, messages
from deploy.linkage.taken import Follower, taken
from deploy.linkage.trial import Difference, difference
from deploy.linkage.trial import people as compute
from deploy.staff.register import Role
from streams.identity.model import Model

MODEL = click.argument("model", type=EXISTING)


@click.command("try")
@MODEL
@click.option("--sample", default=10, show_default=True, type=click.IntRange(0), help="How many of each change are shown, by tokens.")
@as_json
def try_(model: Path, sample: int, json_: bool) -> None:
    """Say what a new MODEL would change, and change nothing: the people of the standing facts under it and under the present one.

    Profiles, shared handles and decisions are read from the bus, and the stages run over them in memory, once for each model.
    """
    spec, own = people()
    new = model_of(str(model), spec)
    bus = Bus(acts=roles.STEWARD)
    with closing(bus.reader()) as reader:
        facts, present = standing.facts(reader, bus.signatures), counts(spec, own, standing.newest(reader))
    progress(f"{len(facts.profiles):,} profiles under model {present.version}, which counts now")
    before = compute(spec, present, bus.settings.keys, facts, progress)
    progress(f"the same under the model of {model.name}")
    found = difference(before, compute(spec, new, bus.settings.keys, facts, progress))
    show(json_, {"present": present.version, "new": new.version, **found.counts(), "sample": found.sample(sample)}, lambda: _tell(found, sample))


@click.command()
@MODEL
@STAFF
@click.option("--wait", default=60.0, show_default=True, help="How many seconds to wait until a worker has weighed all blocks anew; 0 does not wait.")
@as_json
def switch(model: Path, by_: str, wait: float, json_: bool) -> None:
    """Send a new MODEL to the bus: all pairs are weighed anew with it, and people, cases and what agencies hold follow, without a restart.

    Its version must be higher than that of the model that counts. `lianfang identity try` says before what will change.
    """
    bus = Bus(acts=roles.STEWARD)
    allowed(bus.settings, by_, Role.STEWARD)
    spec, own = people()
    new = model_of(str(model), spec)
    with closing(bus.reader()) as reader:
        newest = standing.newest(reader)
    present = max(own.version, newest.version if newest else 0)
    if new.version <= present:
        raise Problem(f"version {new.version} is not higher than {present}, which counts now: train it with --version {present + 1}")
    partitions = bus.topics["identity.model"].partitions or bus.settings.partitions
    with closing(Follower(bus, "pairs", "identity.model")) as follower:
        _send(bus, new, partitions)
        progress(f"model {new.version} and the orders for {len(SLICES)} parts of the blocks are sent to {partitions} partitions")
        follower.written()
        seconds = taken(follower, wait) if wait > 0 else None
    document = {"version": new.version, "before": present, "partitions": partitions, "seconds": seconds}
    show(json_, document, lambda: click.echo(_said(new.version, wait, seconds)))


def _send(bus: Bus, model: Model, partitions: int) -> None:
    bus.write("identity.model", messages(model, partitions))


def _said(version: int, wait: float, seconds: float | None) -> str:
    if seconds is not None:
        return f"Model {version} counts: all blocks are weighed anew after {seconds:.1f} s."
    waited = f"The stage `pairs` has not read all of it within {wait:g} s: does a worker run? " if wait > 0 else ""
    return f"{waited}Model {version} is on the bus; it counts for each block when the stage `pairs` has read its order."


def _tell(found: Difference, most: int) -> None:
    table("What would change", ("", ""), [(name.replace("_", " "), count) for name, count in found.counts().items()])
    for title, word, changed in (("People that would be one", "of", found.merged), ("People that would be several", "into", found.split)):
        if changed and most:
            table(title, ("person", word), [(short(one), ", ".join(map(short, each))) for one, each in sorted(changed.items())[:most]])
    for title, pairs in (("Reviews that would go", found.reviews_gone), ("Reviews that would come", found.reviews_come)):
        if pairs and most:
            table(title, ("a", "b"), [(short(a), short(b)) for a, b in pairs[:most]])
