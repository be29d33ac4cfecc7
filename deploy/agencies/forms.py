"""The finest form in which a purpose may have fields of a privacy class by its basis alone; a finer one needs a reason in writing (`finer`).

The law asks for the smallest scope that the purpose needs (个人信息保护法 art. 6; GB/T 35273-2020, 5.2). A purpose that names people reaches them one by one,
and for that needs to know when and where. One that names nobody counts, and for counting a day, a county, a kind of place and five years of age are enough
(generalisation as GB/T 37964-2019 has it). A partner has no duty by law and gets less. Which level is enough is our choice.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.agency import Agency, Purpose, Want
from schemas.forms import ALWAYS, DIGITS, OF_FIELD, Form, dimension, finer
from schemas.privacy import Privacy, fields, of_class

LIMITS: dict[str, dict[Privacy, tuple[Form, ...]]] = {
    "names people": {},
    "names nobody": {Privacy.SENSITIVE: (Form.DAY, Form.COUNTY, Form.PLACE_KIND), Privacy.QUASI: (Form.COUNTY, Form.AGE_5)},
    "is of a partner": {Privacy.SENSITIVE: (Form.WEEK, Form.PREFECTURE, Form.PLACE_KIND), Privacy.QUASI: (Form.PREFECTURE, Form.AGE_10)},
}
"""By what kind of purpose it is, the finest forms of each privacy class; classes without any may leave as they are."""
_BELOW = {Form.COUNTY: Form.TOWNSHIP, Form.TOWNSHIP: Form.COMMUNITY}
"""An agency of a county counts by townships, one of a township by communities; one of a community knows its own area."""


def kind(agency: Agency, purpose: Purpose) -> str:
    """What kind of purpose it is: of a partner, or by whether any field that is asked for under it names people."""
    if agency.kind == "partner":
        return "is of a partner"
    asked = [field for want in agency.wants if want.purpose == purpose.name for field in want.fields]
    return "names people" if of_class(asked, Privacy.IDENTIFYING) else "names nobody"


def allowed(agency: Agency, purpose: Purpose) -> dict[Privacy, list[Form]]:
    """By privacy class the finest forms that the purpose may have by itself."""
    return {privacy: [form for each in forms if (form := _own(agency, each))] for privacy, forms in LIMITS[kind(agency, purpose)].items()}


def too_fine(agency: Agency, purpose: Purpose, want: Want) -> Iterator[tuple[str, list[Form]]]:
    """The fields that a want asks for in a finer form than the purpose may have by itself, each with the forms that it may have; whether it says why or not."""
    limits = allowed(agency, purpose)
    for field in sorted({*want.fields, *ALWAYS} & OF_FIELD.keys()):
        privacy = fields()["concerns" if field == "why" else field].privacy
        limit = [form for form in limits.get(privacy, []) if dimension(form) in OF_FIELD[field]]
        if found := finer(want.forms.get(field, []), limit):
            yield field, found


def _own(agency: Agency, form: Form) -> Form | None:
    """The form of an area below the agency's own; None where the agency's own is as small."""
    while agency.region and form in DIGITS and len(agency.region) >= DIGITS[form]:
        if form not in _BELOW:
            return None
        form = _BELOW[form]
    return form
