"""Coarser forms of fields (`schemas.forms`): each a pure function of one value. What is made coarser never tells by its order what it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from schemas.forms import DIGITS, YEARS, Form
from schemas.models.case import Concern, Entry, Meeting
from schemas.models.fact import Millis
from schemas.models.release import View
from schemas.vocabulary import vocabulary
from streams.ages import OLD, between

_ZONE = ZoneInfo("Asia/Shanghai")
OTHER = "other"
"""The kind of a place whose code says none."""


def coarser(view: View, forms: Mapping[str, Sequence[Form]], at: Millis) -> View:
    """The view with its fields in these forms; `at` is the moment of the case, UTC milliseconds, on whose day in China ages are counted."""
    changed = {field: _FIELDS[field](value, forms[field], at) for field, value in view if field in forms and value is not None}
    return view.model_copy(update=changed) if changed else view


def moment(at: Millis, forms: Sequence[Form]) -> Millis:
    """The beginning of its day, or of its ISO week, in China: UTC milliseconds."""
    if Form.DAY not in forms and Form.WEEK not in forms:
        return at
    day = datetime.fromtimestamp(at / 1000, _ZONE).date()
    if Form.WEEK in forms:
        day -= timedelta(days=day.weekday())
    return int(datetime.combine(day, time(), _ZONE).timestamp() * 1000)


def area(code: str, forms: Sequence[Form]) -> str:
    """A division code down to a level; one that is shorter stays, and so does what is no division code but that of a facility."""
    return next((code[: DIGITS[form]] for form in forms if form in DIGITS), code) if code.isdigit() else code


def place(code: str, forms: Sequence[Form]) -> str:
    """The kind of a place."""
    return vocabulary("places").get(code.partition("-")[0], OTHER) if Form.PLACE_KIND in forms else code


def age(born: str, forms: Sequence[Form], at: Millis) -> str:
    """The band of ages on that day, such as `40-44`, of a date of birth, whole or in part, or of an interval of such; it is wider where that is not sure."""
    years = next((YEARS[form] for form in forms if form in YEARS), 0)
    if not years:
        return born
    day = datetime.fromtimestamp(at / 1000, _ZONE).date()
    low, high = (max(0, one) for one in between(born, day))
    start = min(low, OLD) // years * years
    return f"{start}+" if high >= OLD else f"{start}-{high // years * years + years - 1}"


def concerns(value: list[Concern], forms: Sequence[Form]) -> list[Concern]:
    """Each region down to a level, once for each reason, sorted."""
    found = {(area(one.region, forms), one.why) for one in value}
    return [Concern(region=region, why=why) for region, why in sorted(found)]


def _entries(value: list[Entry], forms: Sequence[Form]) -> list[Entry]:
    found = [
        one.model_copy(update={"at": moment(one.at, forms), "until": moment(one.until, forms), "region": one.region and area(one.region, forms),
                               "place": one.place and place(one.place, forms), "other": one.other and place(one.other, forms)})
        for one in value
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.at, one.until, one.what, one.region or "", one.place or "", one.note, one.other or "", one.source, one.evidence))


def _meetings(value: list[Meeting], forms: Sequence[Form]) -> list[Meeting]:
    return [
        one.model_copy(update={"first": moment(one.first, forms), "last": moment(one.last, forms),
                               "places": sorted({place(code, forms) for code in one.places})})
        for one in value
    ]  # fmt: skip


_FIELDS: dict[str, Callable[[Any, Sequence[Form], Millis], Any]] = {
    "since": lambda value, forms, _: moment(value, forms),
    "onset": lambda value, forms, _: moment(value, forms),
    "community": lambda value, forms, _: area(value, forms),
    "clinic": lambda value, forms, _: place(value, forms),
    "referred_to": lambda value, forms, _: place(value, forms),
    "concerns": lambda value, forms, _: concerns(value, forms),
    "timeline": lambda value, forms, _: _entries(value, forms),
    "contacts": lambda value, forms, _: _meetings(value, forms),
    "contact_of": lambda value, forms, _: _meetings(value, forms),
    "born": lambda value, forms, at: sorted({age(one, forms, at) for one in value}),
}
