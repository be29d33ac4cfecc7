"""Which linked cases concern an agency, and for which purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.agency import Agency, Purpose, Want
from schemas.models.case import Concern, LinkedCase, Role, What, Why
from schemas.models.need import NeedLine, NeedState

_AT_FACILITY = {What.SEEN, What.ADMITTED, What.STAY, What.POSITIVE, What.SUSPECTED, What.PROBABLE, What.CONFIRMED}

_ASKED = {NeedState.OFFERED: Why.OFFERED, NeedState.ACCEPTED: Why.ACCEPTED}
"""How a need concerns the provider that was asked. One that it has served concerns it no more."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an agency receives a case for a purpose: the wants that apply, and the concerns that make them apply."""

    purpose: Purpose
    wants: list[Want]
    why: list[Concern]


def grounds(agency: Agency, case: LinkedCase) -> list[Ground]:
    """One ground for each purpose of the agency that applies to the case, in the order of its file; none when nothing does, or when it is retired."""
    if agency.retired:
        return []
    near = _near(agency, case)
    found = []
    for purpose in agency.purposes:
        wants = [want for want in agency.wants if want.purpose == purpose.name and _applies(want, case, near)]
        if wants:
            kinds = {why for want in wants for why in want.why}
            found.append(Ground(purpose, wants, [concern for concern in near if concern.why in kinds]))
    return found


def _near(agency: Agency, case: LinkedCase) -> list[Concern]:
    region, facility = agency.region, agency.facility
    near = [concern for concern in case.concerns if region and concern.region.startswith(region)] if not facility else []
    if facility:
        if any(entry.place == facility and entry.what in _AT_FACILITY for entry in case.timeline):
            near.append(Concern(region=facility, why=Why.DETECTION))
        if case.referred_to == facility:
            near.append(Concern(region=facility, why=Why.STAY))
        states = {line.state for line in case.needs if line.place == facility}
        near += [Concern(region=facility, why=why) for state, why in _ASKED.items() if state in states]
    elif region:
        near += [Concern(region=place, why=Why.NEED) for place in sorted({line.region for line in case.needs if line.region}) if place.startswith(region)]
    return near


def _applies(want: Want, case: LinkedCase, near: list[Concern]) -> bool:
    if want.role not in case.roles or not any(concern.why in want.why for concern in near):
        return False
    return want.role is not Role.CASE or want.statuses is None or case.status in want.statuses


def shown(agency: Agency, needs: Iterable[NeedLine]) -> list[NeedLine]:
    """The needs that an agency may see: a provider those that it is asked or has taken, a region those in it. The number of an offer is the provider's."""
    if agency.facility:
        return [line for line in needs if line.place == agency.facility and line.state in _ASKED]
    return [line.model_copy(update={"number": None}) for line in needs if agency.region and (line.region or "").startswith(agency.region)]
