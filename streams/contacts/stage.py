"""The stage `contacts`: a presence that overlaps an exposure is a contact, whichever came first.

Each arriving presence looks at the standing exposures around it and each arriving exposure at the standing presences, as ranges of time: neither costs
more when the history grows. Most places have no exposure, and that is known without a look at the disk (`few`).
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.avro import unpack
from schemas.models.fact import Millis
from schemas.models.movement import Contact, Exposure, Presence
from streams.held import Held, between, held, hold, key
from streams.policy import Policy
from streams.rows import Table
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from streams.standing import take

_HERE = Table(1, "A presence, by place and time.")
_RISK = Table(2, "An exposure, by place and time.", Exposure, few=True)


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""
    longest = policy.longest_presence + policy.lingering

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        if isinstance(fact, Presence):
            return _presence(fact, state, longest)
        assert isinstance(fact, Exposure)
        return _exposure(fact, state, longest)

    return Stage("contacts", ("presence", "exposure"), ("contact",), step, tables=(_HERE, _RISK), urgent=("exposure",))


def _presence(presence: Presence, state: State, longest: Millis) -> Outcome:
    outcome = take(state, key(_HERE.about(presence.place), presence.at, presence.id), presence, _hold)
    if outcome.verdict is Verdict.APPLIED:
        for _, data in state.scan(*between(_RISK, presence.place, presence.at - longest, presence.until)):
            here = Held(presence.id, presence.alias, presence.region, presence.at, presence.until, presence.sealed)
            outcome.emits += _meet(here, unpack(Exposure, data), retracted=presence.retracted)
    return outcome


def _exposure(exposure: Exposure, state: State, longest: Millis) -> Outcome:
    outcome = take(state, key(_RISK.about(exposure.place), exposure.at, exposure.id), exposure)
    if outcome.verdict is Verdict.APPLIED:
        for row, value in state.scan(*between(_HERE, exposure.place, exposure.at - longest, exposure.until)):
            outcome.emits += _meet(held(row, value), exposure, retracted=exposure.retracted)
    return outcome


def _hold(presence: Presence) -> bytes:
    return hold(presence.alias, presence.region, presence.until - presence.at, presence.sealed)


def _meet(presence: Held, exposure: Exposure, *, retracted: bool) -> Iterator[Emit]:
    if presence.name == exposure.alias or presence.until < exposure.at or exposure.until < presence.at:
        return
    contact = Contact.of(
        causes=[exposure.id, presence.id], alias=presence.name, person=exposure.person, place=exposure.place, region=presence.region,
        at=max(presence.at, exposure.at), until=min(presence.until, exposure.until), depth=exposure.depth, sealed=presence.sealed,
    )  # fmt: skip
    yield Emit("contact", contact.alias, contact.taken_back() if retracted else contact)
