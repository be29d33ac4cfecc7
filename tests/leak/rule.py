"""What an agency may hold of a linked case, said once more in the plainest way: by its file, and by no code of routing.

Cases and releases are contents as `tests.oracle.content` shows them: plain values, seals opened. A sentence that names what is wrong says no value.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.agency import Agency, Purpose, Want
from schemas.models.release import View
from schemas.tokens import Keys
from tests.oracle.cases import Content
from tests.oracle.coarse import coarse, forms_of
from tests.oracle.releases import called

DAY = 24 * 60 * 60 * 1000
CARED_FOR = {"seen", "admitted", "stay", "positive", "suspected", "probable", "confirmed"}
"""Lines of a timeline that show that the person was at a facility as somebody of its concern."""
UNDER_SEAL = {"names": "name", "phones": "phone", "documents": "document", "born": "born", "sex": "sex"}
"""Fields that are direct identifiers, by what they are called under the seal."""


def wrong(release: Content, case: Content, agency: Agency, keys: Keys) -> Iterator[str]:
    """Sentences about all that the release holds and may not, as this file stands; none when nothing leaks."""
    if agency.retired:
        yield "its agency is retired"
    wants = [want for want in agency.wants if want.purpose == release["purpose"] and wanted(want, case, agency)]
    purpose = next((one for one in agency.purposes if one.name == release["purpose"]), None)
    if not wants or purpose is None:
        yield "no want of the agency applies to the case"
        return
    if release["agency"] != agency.name or release["person"] != called(agency, purpose, case["person"], keys):
        yield "it is of another agency or another person, or under a code that is not the agency's"
    if release["legal_basis"] != purpose.legal_basis:
        yield "it names another legal basis than its purpose has"
    if not set(release["roles"]) <= {want.role.value for want in wants}:
        yield "it says a role that was not wanted"
    asked = {why for want in wants for why in want.why}
    met = {field: [one | {"person": called(agency, purpose, one["person"], keys)} for one in case[field]] for field in ("contacts", "contact_of")}
    sorted_ = {field: sorted(each, key=lambda one: str(one["person"])) for field, each in met.items()}
    whole = coarse(_whole(case | sorted_, [one for one in near(case, agency) if one["why"] in asked], purpose), forms_of(wants), case)
    if any(release[name] != whole[name] for name in ("at", "forms")) or release["expires"] > whole["expires"]:
        yield "its moment, its end or its forms are not those that its file asks for"
    if any(one not in whole["why"] for one in release["why"]):
        yield "it says a region that is not the agency's, or finer than it may"
    yield from _beyond(release["view"], whole["view"], {field for want in wants for field in want.fields})


def _whole(case: Content, why: list[Content], purpose: Purpose) -> Content:
    """What is said of the case when every field is released as it is; bands of ages are for counts and in no field."""
    view = {field: case[field] for field in View.model_fields if field not in UNDER_SEAL}
    view["timeline"] = [line for line in case["timeline"] if line["what"] != "aged"]
    view |= {field: sorted({sealed[what] for sealed in case["sealed"] if what in sealed}) for field, what in UNDER_SEAL.items()}
    return {"view": view, "why": why, "expires": case["at"] + purpose.expires_days * DAY}


def wanted(want: Want, case: Content, agency: Agency) -> bool:
    """Whether a want applies: the role, of a case the status, and the way in which the agency is concerned."""
    if want.role.value == "case" and want.statuses is not None and case["status"] not in want.statuses:
        return False
    return want.role.value in case["roles"] and any(one["why"] in want.why for one in near(case, agency))


def near(case: Content, agency: Agency) -> list[Content]:
    """How the case concerns the agency: by regions that lie in its own, or as a facility where the person was or is sent."""
    if agency.facility is None:
        own = agency.region or ""
        return [one for one in case["concerns"] if own and one["region"][: len(own)] == own]
    there = [line for line in case["timeline"] if line["place"] == agency.facility and line["what"] in CARED_FOR]
    sent = case["referred_to"] == agency.facility
    return [{"region": agency.facility, "why": "detection"}] * bool(there) + [{"region": agency.facility, "why": "stay"}] * sent


def _beyond(view: Content, whole: Content, fields: set[str]) -> Iterator[str]:
    """Fields that nobody asked for, and values that are not the case's."""
    for field, value in view.items():
        if value is None:
            continue
        if field not in fields:
            yield f"{field} was not asked for"
        elif field in UNDER_SEAL:
            if not set(value) <= set(whole[field]):
                yield f"{field} is of somebody else"
        elif value != whole[field]:
            yield f"{field} is not what the case says"
