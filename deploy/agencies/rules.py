"""The rules that an agency file is held against beyond its form, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What becomes of a file against a rule."""

    REFUSED = "refused"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it asks, and where it is from."""

    severity: Severity
    says: str
    source: str


_PAPER = "Statistical Policy Working Paper 22, chapter 4"
_PIPL = "PIPL (个人信息保护法)"
RULES = {
    "form": Rule(Severity.REFUSED, "the file is read as an agency", "schemas/agency.py"),
    "legal-basis": Rule(Severity.REFUSED, "the legal basis of a purpose names a law and its article", f"{_PIPL} art. 13 and 34"),
    "division": Rule(Severity.REFUSED, "a region is a division code as short as what it names", "GB/T 2260, GB/T 10114"),
    "needs": Rule(Severity.REFUSED, "identifying and sensitive fields say why they are needed", f"{_PIPL} art. 6 and 28"),
    "role": Rule(Severity.REFUSED, "a role has the fields that are asked for", f"{_PIPL} art. 6"),
    "partner": Rule(Severity.REFUSED, "a partner, which has no duty by law, gets no identifying field but phones of whom it serves", f"{_PIPL} art. 13 and 34"),
    "before-accepted": Rule(Severity.REFUSED, "who may serve a need is told who needs it when it has accepted, and not before", f"{_PIPL} art. 6"),
    "province-identifying": Rule(Severity.REFUSED, "nobody gets identifying fields of a whole province", f"{_PIPL} art. 6 and 34"),
    "finer": Rule(Severity.REFUSED, "a form that is finer than the purpose needs by itself says why it is needed", f"{_PIPL} art. 6; GB/T 35273-2020, 5.2"),
    "joint-basis": Rule(Severity.REFUSED, "copies are put together under a law and its article, which allows that too", f"{_PIPL} art. 20 and 23"),
    "subscribed-area": Rule(Severity.REFUSED, "a subscription is of facts that lie somewhere in it", "schemas/subscription.py"),
    "counts-elsewhere": Rule(Severity.REFUSED, "counts of people are of the agency's own area, or coarse ones of what that lies in", f"{_PIPL} art. 6"),
    "small-counts": Rule(Severity.REFUSED, "small counts of people are for a purpose that has every case anyway", _PAPER),
    "nested-counts": Rule(Severity.REFUSED, "no two divisions of which one lies in the other are told without small counts", _PAPER),
    "twice": Rule(Severity.REFUSED, "no two purposes have the same name, or ask for exactly the same", f"{_PIPL} art. 6"),
    "wide-identifying": Rule(Severity.WARNING, "identifying fields of a whole prefecture are rarely needed", f"{_PIPL} art. 6"),
    "wide-quasi": Rule(Severity.WARNING, "three quasi-identifiers of a province or prefecture name many people together", "GB/T 37964-2019"),
    "around-statuses": Rule(Severity.WARNING, "another role of a purpose does not release the case's fields around its statuses", f"{_PIPL} art. 6"),
    "kind": Rule(Severity.WARNING, "an agency of a kind gets what its kind works with", f"{_PIPL} art. 6 and 34"),
    "within": Rule(Severity.WARNING, "no purpose asks only for what another gets as well", f"{_PIPL} art. 6"),
    "joint-alone": Rule(Severity.WARNING, "a joint purpose is named by each of those who share it", f"{_PIPL} art. 20"),
    "unused": Rule(Severity.WARNING, "purposes, needs and reasons for finer forms are of something that is asked for", f"{_PIPL} art. 6"),
    "long": Rule(Severity.WARNING, "copies with identifying fields are kept for half a year at most", f"{_PIPL} art. 19"),
    "facility-region": Rule(Severity.WARNING, "an agency is of a facility or of a region; the region of a facility does not count", "streams/routing/match.py"),
    "delivery": Rule(Severity.WARNING, "a webhook signs what it delivers and is encrypted", f"{_PIPL} art. 51"),
}
"""Every rule by name: refusals before warnings."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A place of a file that is against a rule."""

    agency: str
    rule: str
    where: str
    problem: str

    @property
    def severity(self) -> Severity:
        """What becomes of the file."""
        return RULES[self.rule].severity
