"""Forms: how coarse a field leaves. Without any it leaves as the bus has it.

Generalisation as GB/T 37964-2019 has it: rounding of moments, levels of areas, bands of ages, kinds instead of places. Each form is of one dimension; a field
that holds several (a timeline has moments, areas and places) may have one form of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum


class Form(StrEnum):
    """How coarse something leaves: a moment by day or week, an area by its level, a place by its kind, a date of birth by a band of ages."""

    DAY = "day"
    WEEK = "week"
    COMMUNITY = "community"
    TOWNSHIP = "township"
    COUNTY = "county"
    PREFECTURE = "prefecture"
    PROVINCE = "province"
    PLACE_KIND = "place_kind"
    AGE_5 = "age_5"
    AGE_10 = "age_10"


DIMENSIONS: dict[str, tuple[Form, ...]] = {
    "moment": (Form.DAY, Form.WEEK),
    "area": (Form.COMMUNITY, Form.TOWNSHIP, Form.COUNTY, Form.PREFECTURE, Form.PROVINCE),
    "place": (Form.PLACE_KIND,),
    "age": (Form.AGE_5, Form.AGE_10),
}
"""The forms of each dimension, from the finest."""
DIGITS = {Form.PROVINCE: 2, Form.PREFECTURE: 4, Form.COUNTY: 6, Form.TOWNSHIP: 9, Form.COMMUNITY: 12}
"""Digits of a division code down to a level (GB/T 2260, GB/T 10114)."""
YEARS = {Form.AGE_5: 5, Form.AGE_10: 10}
"""Years of a band."""
OF_FIELD: dict[str, tuple[str, ...]] = {
    "at": ("moment",), "why": ("area",), "since": ("moment",), "onset": ("moment",), "community": ("area",), "concerns": ("area",), "born": ("age",),
    "timeline": ("moment", "area", "place"), "contacts": ("moment", "place"), "contact_of": ("moment", "place"),
    "clinic": ("place",), "referred_to": ("place",),
}  # fmt: skip
"""The dimensions of each field that has any; `at` and `why` are of the release itself, and leave with each."""
ALWAYS = ("at", "why")


def dimension(form: Form) -> str:
    """The dimension that a form is of."""
    return next(name for name, forms in DIMENSIONS.items() if form in forms)


def finest(stated: Iterable[Sequence[Form]]) -> list[Form]:
    """What is left when a field is asked for several times: in each dimension the finest form, or none where somebody asks without one."""
    every = [{dimension(form): form for form in forms} for forms in stated]
    return [min((one[name] for one in every), key=forms.index) for name, forms in DIMENSIONS.items() if every and all(name in one for one in every)]


def finer(stated: Sequence[Form], limit: Sequence[Form]) -> list[Form]:
    """The forms of a limit that what is stated is finer than."""
    mine = {dimension(form): form for form in stated}
    return [form for form in limit for forms in [DIMENSIONS[dimension(form)]]
            if dimension(form) not in mine or forms.index(mine[dimension(form)]) < forms.index(form)]  # fmt: skip
