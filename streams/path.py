"""The path: every stage in order, what it reads and what it writes. A test holds this against schemas/topics.yaml.

raw.*          normalise  → record.*, identity.block, reject
identity.block blocks     → identity.match
identity.match links      → identity.link
record.*       movements  → presence, exposure, trace.found   (also reads trace.order)
presence       contacts   → contact                     (also reads exposure)
record.*       evidence   → case.evidence               (also reads contact, trace.found, identity.link)
case.evidence  cases      → case.linked, trace.order, case.exposed   (also reads case.exposed)
case.linked    routing    → deliver.*, audit
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.agency import Agency
from schemas.source import Source
from schemas.tokens import Keys
from streams.cases import evidence
from streams.cases import stage as cases
from streams.contacts import stage as contacts
from streams.identity import blocks, links
from streams.movements import stage as movements
from streams.normalise import stage as normalise
from streams.policy import Policy
from streams.routing import stage as routing
from streams.stage import Stage

STAGES = ("normalise", "blocks", "links", "movements", "contacts", "evidence", "cases", "routing")
"""Names of all stages, in the order in which a record meets them."""


def build(sources: Mapping[str, Source], agencies: Sequence[Agency], policy: Policy, keys: Keys) -> tuple[Stage, ...]:
    """All stages, in the order of `STAGES`."""
    return (
        normalise.stage(sources, keys),
        blocks.stage(),
        links.stage(),
        movements.stage(policy),
        contacts.stage(policy),
        evidence.stage(policy),
        cases.stage(policy),
        routing.stage(agencies, keys),
    )
