"""Invented agencies, and linked cases that may concern them."""

from __future__ import annotations

from typing import Any

from schemas.agency import Agency
from schemas.models.case import Concern, Entry, LinkedCase, Role, Sealed, Status, What, Why
from tests.streams.trial import KEYS, at

ME = "1" * 32
NOON = at("2020-01-20 12:00")
COUNTY, HOSPITAL = "530624", "HOSP-1"


def agency(**changes: Any) -> Agency:
    """A county's centre for disease control that wants cases who live there, unless told otherwise."""
    written: dict[str, Any] = {
        "name": "county-cdc", "says": "s", "says_zh": "s", "kind": "county-cdc", "region": COUNTY, "deliver": {"kind": "topic"},
        "purposes": [{"name": "investigation", "legal_basis": "Law, article 1", "expires_days": 90}],
        "wants": [want()],
    }  # fmt: skip
    return Agency.model_validate(written | changes)


def hospital(**changes: Any) -> Agency:
    """A hospital that wants the cases who were seen there or referred to it."""
    wants = [want(purpose="treatment", why=["stay", "detection"])]
    purposes = [{"name": "treatment", "legal_basis": "Law, article 2", "expires_days": 180}]
    return agency(**({"name": "hospital", "kind": "hospital", "region": None, "facility": HOSPITAL, "purposes": purposes, "wants": wants} | changes))


def want(**changes: Any) -> dict[str, Any]:
    """A want as it stands in a file."""
    return {"role": "case", "purpose": "investigation", "why": ["residence"], "fields": ["status", "community"]} | changes


def concern(region: str, why: Why = Why.RESIDENCE) -> Concern:
    """That a region concerns a case."""
    return Concern(region=region, why=why)


def entry(place: str, what: What = What.SEEN) -> Entry:
    """A line of a timeline at a place."""
    return Entry(at=NOON, until=NOON, what=what, source="s", place=place, evidence="e")


def case(**changes: Any) -> LinkedCase:
    """A confirmed case who lives in the county."""
    given: dict[str, Any] = {
        "causes": ["evidence"], "at": NOON, "person": ME, "roles": [Role.CASE], "status": Status.CONFIRMED, "since": NOON, "classification": Status.CONFIRMED, "aliases": [ME],
        "community": f"{COUNTY}100001", "concerns": [concern(f"{COUNTY}100001")], "timeline": [], "contacts": [], "contact_of": [],
    }  # fmt: skip
    return LinkedCase.of(**(given | changes))


def sealed(alias: str, **identifiers: str) -> Sealed:
    """Sealed identifiers of an alias."""
    return Sealed(alias=alias, data=KEYS.seal(alias, identifiers))
