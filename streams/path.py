"""The path: every stage in order, what it reads and what it writes. A test holds this against schemas/topics.yaml.

raw.*          normalise  → record.*, identity.mention, reject  (also reads control.tick, control.erasure, control.level, carried)
level.proposal decisions  → control.level, control.area, reject   (also reads level.approval, level.end, area.proposal, area.approval, area.end)
identity.mention profiles → identity.profile, identity.block, identity.shared
identity.block pairs      → identity.match, reject         (also reads identity.model)
identity.match links      → identity.link, identity.review, reject   (also reads identity.profile, identity.shared, identity.decision)
record.*       movements  → presence, exposure, trace.found, breach.found   (also reads trace.order, breach.order)
presence       contacts   → contact                     (also reads exposure)
record.*       evidence   → case.evidence, measure.asked, asked.need, screening   (also reads contact, trace.found, identity.link, control.area)
case.evidence  cases      → case.linked, trace.order, case.exposed   (also reads case.exposed, case.needed, control.level)
case.linked    isolation  → isolation, measure.beyond, breach, breach.order   (also reads measure.asked, breach.found, control.tick)
case.linked    tasks      → task                        (also reads isolation, screening, control.tick)
case.linked    counted    → statistic.counted, statistic.visit   (also reads task, record.*)
statistic.counted statistics → statistic
statistic      signals    → signal, signal.silence      (also reads statistic.visit, control.tick)
case.linked    measures   → measure.standing, measure.refused   (also reads measure.asked, control.tick)
measure.refused supervision → measure.alert, complaint, closure.alert   (also reads record.*, control.level, control.area, control.tick)
case.linked    notices    → notice, notice.public       (also reads isolation, exposure, control.area, control.level, control.tick)
record.*       supplies   → supply, dispatch            (also reads control.tick)
asked.need     needs      → need, case.needed           (also reads record.*, control.tick)
case.linked    routing    → deliver.*, audit            (also reads notice.public, signal, statistic, supply, dispatch, control.tick, control.rules)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.agency import Agency
from schemas.models.control import Level
from schemas.signing import Signatures
from schemas.source import Source
from schemas.tokens import Keys
from streams.cases import evidence
from streams.cases import stage as cases
from streams.contacts import stage as contacts
from streams.decisions import stage as decisions
from streams.identity import links, pairs, profiles
from streams.identity.model import Model
from streams.identity.model import shipped as shipped_model
from streams.identity.opened import Opened
from streams.identity.spec import Spec
from streams.identity.spec import shipped as shipped_spec
from streams.isolation import stage as isolation
from streams.measures import stage as measures
from streams.measures import supervision
from streams.movements import stage as movements
from streams.needs import stage as needs
from streams.normalise import stage as normalise
from streams.normalise.expiry import Keep
from streams.notices import stage as notices
from streams.policy import Policy
from streams.routing import stage as routing
from streams.signals import stage as signals
from streams.stage import Stage
from streams.statistics import counted
from streams.statistics import stage as statistics
from streams.supplies import stage as supplies
from streams.tasks import stage as tasks

STAGES = (
    "normalise", "decisions", "profiles", "pairs", "links", "movements", "contacts", "evidence", "cases", "isolation", "tasks", "counted", "statistics",
    "signals", "measures", "supervision", "notices", "supplies", "needs", "routing",
)  # fmt: skip
"""Names of all stages, in the order in which a record meets them."""


def build(
    sources: Mapping[str, Source], agencies: Sequence[Agency], policy: Policy, keys: Keys, linkage: tuple[Spec, Model] | None = None,
    signatures: Signatures | None = None,
) -> tuple[Stage, ...]:  # fmt: skip
    """All stages, in the order of `STAGES`; `linkage` is the spec of how people are compared with the model of its weights, or the shipped ones.

    `signatures` are held against a register of staff; unset, what nobody signed counts, which is for trying.
    """
    spec, model = linkage or (shipped_spec("people"), shipped_model("people"))
    opened = Opened(spec, keys)
    return (
        normalise.stage(sources, keys, _kept(policy), policy.screening.scales, policy.age_bands),
        decisions.stage(policy, signatures or Signatures()),
        profiles.stage(opened),
        pairs.stage(model, opened),
        links.stage(opened, signatures),
        movements.stage(policy),
        contacts.stage(policy),
        evidence.stage(policy),
        cases.stage(policy),
        isolation.stage(policy),
        tasks.stage(policy),
        counted.stage(),
        statistics.stage(),
        signals.stage(policy),
        measures.stage(policy),
        supervision.stage(policy),
        notices.stage(policy),
        supplies.stage(policy),
        needs.stage(policy),
        routing.stage(agencies, keys, policy.smallest_count),
    )


def _kept(policy: Policy) -> Keep:
    """How long records are kept, and which may not be collected, under each level."""
    refused = {level: frozenset(kind for kind in policy.collect if not policy.collected(level, kind)) for level in Level}
    return Keep(policy.keep, policy.remember, {level: policy.kept(level) for level in Level}, refused, policy.levels)
