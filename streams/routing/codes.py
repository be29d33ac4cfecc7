"""What an agency calls people and facts: codes of its own, so that two agencies cannot join their copies by them.

A code is a keyed token (`schemas.tokens`) of what the bus calls somebody, in the domain of one agency. Purposes that name the same joint purpose share one
domain for people, whatever agency they are of; facts have codes of each agency always. Nobody turns a code back without the secret: who holds it makes the
codes of all people again and looks which one it is (`lianfang releases`).

After GB/T 37964-2019 (pseudonyms of controlled scope), and ENISA, Pseudonymisation techniques and best practices (2019), section 6.2: a pseudonym for each
receiver instead of one for all.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.agency import Agency, Purpose
from schemas.models.case import Entry, Meeting, What
from schemas.models.task import confidential
from schemas.tokens import Keys

_DOMAIN = "pseudonym"


def fact_code(agency: str, id_: str, keys: Keys) -> str:
    """What an agency calls a fact, for whatever purpose."""
    return keys.token(_DOMAIN, "fact", "agency", agency, id_)


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one agency for one purpose."""

    agency: Agency
    purpose: Purpose
    keys: Keys

    def person(self, key: str) -> str:
        """The code of a person: of the agency, or of the joint purpose."""
        joint = self.purpose.joint
        return self.keys.token(_DOMAIN, "person", *(("joint", joint.name) if joint else ("agency", self.agency.name)), key)

    def fact(self, id_: str) -> str:
        """The code of a fact."""
        return fact_code(self.agency.name, id_, self.keys)

    def meetings(self, told: list[Meeting]) -> list[Meeting]:
        """The same meetings with the codes of the people met, in the order of these: another order would tell more than the codes do."""
        return sorted((one.model_copy(update={"person": self.person(one.person)}) for one in told), key=lambda one: one.person)

    def entries(self, told: list[Entry]) -> list[Entry]:
        """The same lines with the codes of the evidence, but for those on support, which concern nobody but who offers it, and bands of ages.

        Bands are for counts; how old somebody is an agency learns from the field `born`, in the form that its file asks for.
        """
        told = [one for one in told if one.what is not What.AGED and not confidential(one.note)]
        return [one.model_copy(update={"evidence": self.fact(one.evidence)}) for one in told]
