"""Coarser forms of what a release says, in the plainest way: by arithmetic on milliseconds, codes and dates as text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from schemas.agency import Want
from tests.oracle.cases import Content

_HOUR = 60 * 60 * 1000
_DAY = 24 * _HOUR
_CHINA = 8 * _HOUR
_MONDAY = 4 * _DAY
"""1970-01-05 was a Monday."""
_DIGITS = {"province": 2, "prefecture": 4, "county": 6, "township": 9, "community": 12}
_KINDS = {"CLIN": "clinic", "HOSP": "hospital", "LAB": "laboratory", "PORT": "port", "GATE": "gate", "PHAR": "pharmacy", "MKT": "market", "RST": "restaurant",
          "BUS": "bus", "SHOP": "shop", "SCH": "school", "WORK": "workplace"}  # fmt: skip
_FINE_FIRST = [["day", "week"], ["community", "township", "county", "prefecture", "province"], ["place_kind"], ["age_5", "age_10"]]


def forms_of(wants: list[Want]) -> dict[str, list[str]]:
    """By field the forms in which it leaves when these wants apply: the finest that any of them asks for, none where one asks for no form."""
    found = {}
    for field in sorted({field for want in wants for field in want.fields} | {"at", "why"}):
        asked = [[form.value for form in want.forms.get(field, [])] for want in wants if field in want.fields or field in ("at", "why")]
        forms = [finest for fine_first in _FINE_FIRST if (finest := _finest(fine_first, asked))]
        if forms:
            found[field] = forms
    return found


def _finest(fine_first: list[str], asked: list[list[str]]) -> str:
    mine = [next((form for form in fine_first if form in one), "") for one in asked]
    return "" if "" in mine else min(mine, key=fine_first.index)


def coarse(release: Content, forms: dict[str, list[str]], case: Content) -> Content:
    """The content of a release with its fields in these forms, and with these named."""
    view = dict(release["view"])
    for field in forms.keys() & view.keys():
        if view[field] is not None:
            view[field] = _value(field, view[field], set(forms[field]), case["at"])
    at = _moment(case["at"], set(forms.get("at", [])))
    why = [list(pair) for pair in sorted({(_area(one["region"], set(forms.get("why", []))), one["why"]) for one in release["why"]})]
    return release | {
        "view": view, "at": at, "expires": release["expires"] - case["at"] + at,
        "why": [{"region": region, "why": reason} for region, reason in why] if "why" in forms else release["why"],
        "forms": [{"field": field, "form": form} for field in sorted(forms) for form in forms[field]],
    }  # fmt: skip


def _value(field: str, value: object, forms: set[str], at: int) -> object:
    match value:
        case int():
            return _moment(value, forms)
        case str():
            return _area(value, forms) if field == "community" else _place(value, forms)
        case list():
            lines = [_line(one, forms) if isinstance(one, dict) else _age(one, forms, at) for one in value]
            return lines if field in ("contacts", "contact_of") else _ordered(lines)
    raise TypeError(field)


def _line(line: Content, forms: set[str]) -> Content:
    """A line of a timeline, a contact, or a concern: whatever of these it has."""
    found = dict(line)
    for name in ("at", "until", "first", "last"):
        if name in found:
            found[name] = _moment(found[name], forms)
    for name in ("place", "other"):
        if found.get(name):
            found[name] = _place(found[name], forms)
    if found.get("region"):
        found["region"] = _area(found["region"], forms)
    if "places" in found:
        found["places"] = sorted({_place(one, forms) for one in found["places"]})
    return found


def _ordered(lines: Iterable[object]) -> list[object]:
    """Texts and concerns once each, lines of a timeline as often as they are there; sorted."""
    found = list(lines)
    if all(isinstance(one, str) for one in found):
        return sorted(set(map(str, found)))  # type: ignore[return-value]
    order = ("at", "until", "what", "region", "why", "place", "note", "other", "source")
    told = sorted((one for one in found if isinstance(one, dict)), key=lambda one: [one[name] if one[name] is not None else "" for name in order if name in one])
    return [one for place, one in enumerate(told) if "at" in one or one not in told[:place]]


def _moment(at: int, forms: set[str]) -> int:
    if "week" in forms:
        return at - (at + _CHINA - _MONDAY) % (7 * _DAY)
    return at - (at + _CHINA) % _DAY if "day" in forms else at


def _area(code: str, forms: set[str]) -> str:
    for level, digits in _DIGITS.items():
        if level in forms and code.isdigit():
            return code[:digits]
    return code


def _place(code: str, forms: set[str]) -> str:
    return _KINDS.get(code.partition("-")[0], "other") if "place_kind" in forms else code


def _age(born: str, forms: set[str], at: int) -> str:
    """By whole years between dates as text, of the earliest and the latest date that may be meant."""
    years = 5 if "age_5" in forms else 10 if "age_10" in forms else 0
    if not years:
        return born
    first, _, last = born.partition("/")
    day = _date(at)
    high, low = (max(0, int(day[:4]) - int(one[:4]) - (day[5:] < one[5:])) for one in ((first + "-01-01")[:10], _latest(last or first)))
    begin = min(low, 90) - min(low, 90) % years
    return f"{begin}+" if high >= 90 else f"{begin}-{high - high % years + years - 1}"


def _latest(born: str) -> str:
    """The last day meant; the 31st of a short month does for counting years."""
    return (born + "-12-31") if len(born) == 4 else (born + "-31")[:10]


def _date(at: int) -> str:
    """The day in China of a moment, ISO 8601."""
    return (date(1970, 1, 1) + timedelta(days=(at + _CHINA) // _DAY)).isoformat()
