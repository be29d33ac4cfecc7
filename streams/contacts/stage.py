"""The stage `contacts`: a presence that overlaps an exposure is a contact, whichever came first.

Rows: `here` presences and `risk` exposures, by place and time. Each arriving presence looks at the standing exposures around it and each arriving
exposure at the standing presences, as ranges of time: neither costs more when the history grows.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.avro import unpack
from schemas.models.movement import Contact, Exposure, Presence
from streams.policy import Policy
from streams.rows import row
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from streams.standing import take


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""
    longest = policy.longest_presence + policy.lingering

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        assert isinstance(fact, Presence | Exposure)
        mine, others = ("risk", "here") if isinstance(fact, Exposure) else ("here", "risk")
        outcome = take(state, row(mine, fact.place, fact.at, fact.id), fact)
        if outcome.verdict is Verdict.APPLIED:
            for _, data in state.scan(row(others, fact.place, fact.at - longest), row(others, fact.place, fact.until + 1)):
                outcome.emits += _meet(fact, data)
        return outcome

    return Stage("contacts", ("presence", "exposure"), ("contact",), step)


def _meet(fact: Presence | Exposure, data: bytes) -> Iterator[Emit]:
    exposure = fact if isinstance(fact, Exposure) else unpack(Exposure, data)
    presence = fact if isinstance(fact, Presence) else unpack(Presence, data)
    if presence.alias == exposure.alias or presence.until < exposure.at or exposure.until < presence.at:
        return
    contact = Contact.of(
        causes=[exposure.id, presence.id], alias=presence.alias, person=exposure.person, place=presence.place, region=presence.region,
        at=max(presence.at, exposure.at), until=min(presence.until, exposure.until), depth=exposure.depth, sealed=presence.sealed,
    )  # fmt: skip
    yield Emit("contact", contact.alias, contact.taken_back() if fact.retracted else contact)
