"""Who sees a need: the provider that is asked what and where, and when it accepted the phone; the region all in it; nobody else anything."""

from __future__ import annotations

from connectors import registry
from schemas.models.case import LinkedCase, Role, Why
from schemas.models.need import NeedKind, NeedLine, NeedState, Urgency
from schemas.models.release import Release
from streams.routing.match import grounds
from streams.routing.stage import stage
from tests.streams.routing.cases import ME, NOON, agency, case, want
from tests.streams.trial import KEYS, Trial

SHOP, HERE = "SHOP-530624-01", "530624100001"
SHOPS = registry.agencies()["cuihua-supermarket"]


def line(state: NeedState, place: str | None = SHOP, region: str = HERE) -> NeedLine:
    """A need that a provider was asked for."""
    return NeedLine(need=NeedKind.FOOD, urgency=Urgency.TODAY, quantity=2, region=region, since=NOON, state=state, place=place, number="N-1" if place else None)


def needing(*lines: NeedLine) -> LinkedCase:
    """A linked case of a person who needs these and is nothing besides."""
    return case(roles=[Role.NEED], status=None, concerns=[], timeline=[], needs=list(lines))


def held(trial: Trial) -> list[Release]:
    """What the shop holds."""
    return [one for one in trial.stands("deliver.cuihua-supermarket") if isinstance(one, Release)]


def test_the_phone_comes_with_accepting() -> None:
    """Asked, it sees the need and nothing of who it is; accepted, the phone besides; done, declined or passed on, its copy is taken back."""
    trial = Trial(stage([SHOPS], KEYS))
    trial.give(needing(line(NeedState.OFFERED)))
    (asked,) = held(trial)
    assert (asked.view.needs, asked.view.phones, asked.view.names, asked.why[0].why) == ([line(NeedState.OFFERED)], None, None, Why.OFFERED)
    assert asked.person != ME
    trial.give(needing(line(NeedState.ACCEPTED)))
    (accepted,) = held(trial)
    assert accepted.view.phones is not None
    assert (accepted.view.names, accepted.why[0].why) == (None, Why.ACCEPTED)
    for after in (needing(line(NeedState.DONE)), needing(line(NeedState.OFFERED, "SHOP-2")), needing(line(NeedState.UNMET, None))):
        trial.give(needing(line(NeedState.ACCEPTED)))
        trial.give(after)
        assert not held(trial)


def test_a_provider_sees_its_own_needs_alone() -> None:
    """Another's, what nobody has, and what it has done, are not in its view."""
    trial = Trial(stage([SHOPS], KEYS))
    trial.give(needing(line(NeedState.OFFERED), line(NeedState.ACCEPTED, "SHOP-2"), line(NeedState.UNMET, None), line(NeedState.DONE)))
    assert [one.view.needs for one in held(trial)] == [[line(NeedState.OFFERED)]]


def test_a_region_sees_what_is_needed_in_it() -> None:
    """With the provider, without the number by which that one answers; needs elsewhere concern it not."""
    of = agency(wants=[want(role="need", why=["need"], fields=["needs"], statuses=None)])
    assert not grounds(of, needing(line(NeedState.OFFERED, region="533102001002")))
    trial = Trial(stage([of], KEYS))
    trial.give(needing(line(NeedState.OFFERED), line(NeedState.OFFERED, region="533102001002")))
    (seen,) = (one for one in trial.stands(f"deliver.{of.name}") if isinstance(one, Release))
    assert seen.view.needs == [line(NeedState.OFFERED).model_copy(update={"number": None})]


def test_needs_are_nobody_elses() -> None:
    """An agency that receives cases and contacts gets nothing of who only needs something."""
    assert not grounds(agency(), needing(line(NeedState.OFFERED)))
