"""What the public is told: where a risk area is, which level is in force or has ended, and at which public places people were exposed when.

No person is in it. Of places only such kinds are named as the policy lists, in full hours, and from cases alone: where contacts of contacts were is nobody's
business. A place whose kind is unknown may be a home, and is not named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.models.control import Level, LevelInForce, RiskArea
from schemas.models.fact import fact_id
from schemas.models.movement import Exposure
from schemas.models.notice import NoticeKind, PublicNotice
from schemas.vocabulary import vocabulary
from streams import areas, levels
from streams.notices.told import Told, named
from streams.policy import Policy

_HOUR = 3_600_000
"""Milliseconds."""


def of_areas(facts: Iterable[RiskArea], policy: Policy) -> Iterator[Told]:
    """A notice for each area, until it is one no more."""
    for fact in facts:
        since, until = areas.span(fact, policy.longest_area)
        if since < until:
            yield _of_fact(NoticeKind.AREA, fact.id, since, until, fact.region)


def of_levels(facts: Iterable[LevelInForce], policy: Policy) -> Iterator[Told]:
    """A notice for each level while it holds; when it has ended and no other holds there, one that says so for some days."""
    known = list(facts)
    for fact in known:
        since, until = levels.span(fact, policy.levels)
        if since >= until:
            continue
        yield _of_fact(NoticeKind.LEVEL, fact.id, since, until, fact.region, level=fact.level)
        if levels.in_force(known, fact.region, until, policy.levels) is Level.PEACE:
            ended = _of_fact(NoticeKind.LEVEL_ENDED, fact.id, since, until, fact.region, level=fact.level)
            yield ended.model_copy(update={"begins": until, "ends": until + policy.notices.ended})


def may_tell(exposure: Exposure, policy: Policy) -> bool:
    """Whether the public may hear of an exposure: of a case, at a place of a public kind whose region is known."""
    kind = vocabulary("places").get(exposure.place.partition("-")[0])
    return exposure.depth == 1 and exposure.region is not None and kind in policy.notices.places


def of_place(exposures: Iterable[Exposure], policy: Policy) -> Iterator[Told]:
    """A notice for each stretch of full hours with exposures at one place, told as long as who was there has to watch for symptoms."""
    stretch: list[Exposure] = []
    for exposure in sorted(exposures, key=lambda one: (one.at, one.until, one.id)):
        if stretch and _first(exposure) > max(map(_last, stretch)):
            yield _stretch(stretch, policy)
            stretch = []
        stretch.append(exposure)
    if stretch:
        yield _stretch(stretch, policy)


def _first(exposure: Exposure) -> int:
    return exposure.at // _HOUR * _HOUR


def _last(exposure: Exposure) -> int:
    """The full hour after it."""
    return (exposure.until // _HOUR + 1) * _HOUR


def _stretch(exposures: list[Exposure], policy: Policy) -> Told:
    since, until = _first(exposures[0]), max(map(_last, exposures))
    place, region = exposures[0].place, min(str(one.region) for one in exposures)
    kind, name = NoticeKind.PLACE, fact_id("notice", NoticeKind.PLACE, place, since)
    notice = PublicNotice.of(causes=sorted(one.id for one in exposures), at=since, notice=name, kind=kind, template=named(kind), region=region, until=until,
                             place=place)  # fmt: skip
    return Told(public=notice, ends=until + policy.watch)


def _of_fact(kind: NoticeKind, cause: str, since: int, until: int, region: str, level: Level | None = None) -> Told:
    notice = PublicNotice.of(causes=[cause], at=since, notice=fact_id("notice", kind, cause), kind=kind, template=named(kind), region=region, until=until,
                             level=level)  # fmt: skip
    return Told(public=notice, ends=until)
