"""Who may see a linked case, and which fields of it."""

from __future__ import annotations

from schemas.agency import Agency, Purpose, Want
from schemas.models.case import What, Why
from schemas.models.release import View
from schemas.tokens import Keys
from tests.oracle.cases import Content
from tests.oracle.coarse import coarse, forms_of

DAY = 24 * 60 * 60 * 1000
AT_FACILITY = {What.SEEN, What.ADMITTED, What.STAY, What.POSITIVE, What.SUSPECTED, What.PROBABLE, What.CONFIRMED}
"""What shows, on the timeline, that somebody was at a facility."""
IDENTIFIERS = {"names": "name", "phones": "phone", "documents": "document", "born": "born", "sex": "sex"}
"""Fields of a view that are direct identifiers, and what they are called under the seal."""


def releases(agency: Agency, case: Content, keys: Keys, now: int | None = None) -> list[Content]:
    """What an agency receives of a case: one release for each of its purposes for which it wants the case, unless it is retired or, `now`, the copy is past its end."""
    return [] if agency.retired else [one for one in _releases(agency, case, keys) if now is None or one["expires"] >= now]


def told(lines: list[Content]) -> list[Content]:
    """The lines of a timeline but for bands of ages and what became of screening and support, of which no agency is told."""
    return [line for line in lines if line["what"] != "aged" and line["note"].split(" ")[0] not in ("screening", "support")]


def called(agency: Agency, purpose: Purpose, person: str, keys: Keys) -> str:
    """What an agency calls a person for a purpose: the same as whoever shares the joint purpose, and else as nobody."""
    scope = ["joint", purpose.joint.name] if purpose.joint else ["agency", agency.name]
    return keys.token("pseudonym", "person", *scope, person)


def known(agency: Agency, fact: str, keys: Keys) -> str:
    """What an agency calls a fact, for whatever purpose."""
    return keys.token("pseudonym", "fact", "agency", agency.name, fact)


def _releases(agency: Agency, case: Content, keys: Keys) -> list[Content]:
    near = _near(agency, case)
    found = []
    for purpose in agency.purposes:
        wants = [want for want in agency.wants if want.purpose == purpose.name and _wanted(want, case, near)]
        if wants:
            reasons = {why for want in wants for why in want.why}
            view = _view(case | {"timeline": told(case["timeline"])}, {field for want in wants for field in want.fields})
            if view["needs"] is not None:
                view["needs"] = _needs(agency, view["needs"])
            for field in ("contacts", "contact_of"):
                if view[field] is not None:
                    others = [other | {"person": called(agency, purpose, other["person"], keys)} for other in view[field]]
                    view[field] = sorted(others, key=lambda other: str(other["person"]))
            found.append(coarse({
                "agency": agency.name, "person": called(agency, purpose, case["person"], keys), "purpose": purpose.name, "legal_basis": purpose.legal_basis, "at": case["at"],
                "roles": sorted({want.role.value for want in wants}), "why": [concern for concern in near if concern["why"] in reasons],
                "expires": case["at"] + purpose.expires_days * DAY, "view": view,
            }, forms_of(wants), case))  # fmt: skip
    return found


def _near(agency: Agency, case: Content) -> list[Content]:
    """How the case concerns the agency: the regions within its own, or for a facility who was there or is sent there."""
    if not agency.facility:
        where = sorted({line["region"] for line in case["needs"] if line["region"] and line["region"].startswith(agency.region)})
        return [concern for concern in case["concerns"] if concern["region"].startswith(agency.region)] + [{"region": one, "why": "need"} for one in where]
    was_there = any(line["place"] == agency.facility and line["what"] in AT_FACILITY for line in case["timeline"])
    found = [{"region": agency.facility, "why": Why.DETECTION.value}] if was_there else []
    found += [{"region": agency.facility, "why": Why.STAY.value}] if case["referred_to"] == agency.facility else []
    has = {line["state"] for line in case["needs"] if line["place"] == agency.facility}
    return found + [{"region": agency.facility, "why": state} for state in ("offered", "accepted") if state in has]


def _needs(agency: Agency, lines: list[Content]) -> list[Content]:
    """A provider sees what it is asked or has taken, others what is needed in their region, and not by which number it answers."""
    if agency.facility:
        return [line for line in lines if line["place"] == agency.facility and line["state"] in ("offered", "accepted")]
    return [line | {"number": None} for line in lines if (line["region"] or "-").startswith(agency.region or "")]


def _wanted(want: Want, case: Content, near: list[Content]) -> bool:
    concerned = any(concern["why"] in want.why for concern in near)
    by_status = want.role.value != "case" or want.statuses is None or case["status"] in want.statuses
    return want.role.value in case["roles"] and concerned and by_status


def _view(case: Content, fields: set[str]) -> Content:
    view: Content = dict.fromkeys(View.model_fields)
    for field in fields:
        if field in IDENTIFIERS:
            view[field] = sorted({sealed[IDENTIFIERS[field]] for sealed in case["sealed"] if IDENTIFIERS[field] in sealed})
        else:
            view[field] = case[field]
    return view
