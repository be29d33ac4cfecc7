"""The stage `routing`: linked cases in, releases to each agency's own topic and a line of audit for each out.

`deliver.<agency>` is a view by person and purpose: a later release replaces the one before it, and a retracted one ends it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import Field

from schemas.agency import Agency
from schemas.avro import pack, unpack
from schemas.models.case import LinkedCase
from schemas.models.fact import Model
from schemas.models.release import Audit, Decision, Release, View
from schemas.tokens import Keys
from streams.routing.match import grounds
from streams.routing.project import release, released
from streams.rows import Table
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict


class Stands(Model):
    """A release that stands: without its view, which may name the person, but with the names of the fields in it."""

    release: Release
    fields: list[str] = Field(default_factory=list)


class Sent(Model):
    """What stands released about a person, and the linked case that it is made from."""

    case: str
    releases: list[Stands] = Field(default_factory=list)


_SENT = Table(1, "Which releases stand for a person, without what was released.", Sent)


def stage(agencies: Sequence[Agency], keys: Keys) -> Stage:
    """The stage for these agencies."""

    def step(message: Message, state: State) -> Outcome:
        case = message.value
        assert isinstance(case, LinkedCase)
        place = _SENT.about(case.person)
        data = state.get(place)
        old = unpack(Sent, data) if data else Sent(case="")
        if case.retracted:
            state.delete(place)
            return Outcome(Verdict.APPLIED if data else Verdict.DUPLICATE, list(_write(old.releases, [])))
        if old.case == case.id:
            return Outcome(Verdict.DUPLICATE)
        new = [release(agency, case, ground, keys) for agency in agencies for ground in grounds(agency, case)]
        state.put(place, pack(Sent(case=case.id, releases=[_kept(one) for one in new])))
        return Outcome(Verdict.APPLIED, list(_write(old.releases, new)))

    outputs = (*(f"deliver.{agency.name}" for agency in agencies), "audit")
    return Stage("routing", ("case.linked",), outputs, step, tables=(_SENT,), version=2, urgent=("case.linked",))


def _kept(item: Release) -> Stands:
    return Stands(release=item.model_copy(update={"view": View()}), fields=released(item.view))


def _write(old: list[Stands], new: list[Release]) -> Iterable[Emit]:
    before, after = {_key(item.release): item for item in old}, {_key(item): item for item in new}
    for key in sorted(before.keys() - after.keys()):
        yield from _out(before[key].release.taken_back(), before[key], Decision.RETRACTED)
    for key, item in after.items():
        if key not in before or before[key].release.id != item.id:
            yield from _out(item, _kept(item), Decision.RELEASED)


def _out(told: Release, stands: Stands, decision: Decision) -> Iterable[Emit]:
    item = stands.release
    yield Emit(f"deliver.{item.agency}", f"{item.person} {item.purpose}", told)
    reason = ", ".join(f"{concern.why.value} in {concern.region}" for concern in item.why)
    yield Emit("audit", item.person, Audit(release=item.id, agency=item.agency, person=item.person, purpose=item.purpose, decision=decision,
                                           reason=reason, fields=stands.fields, at=item.at, legal_basis=item.legal_basis))  # fmt: skip


def _key(item: Release) -> tuple[str, str]:
    return item.agency, item.purpose
