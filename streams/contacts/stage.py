"""The stage `contacts`: a presence that overlaps an exposure is a contact, whichever came first.

Each arriving presence looks at the standing exposures around it and each arriving exposure at the standing presences, as ranges of time: neither costs
more when the history grows. Most places have no exposure, and that is known without a look at the disk (`few`). A presence that began long before an
exposure may last into it; so that only long ones are looked for so far back, presences lie in a table for each order of length.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache

from schemas.avro import pack, unpack
from schemas.models.fact import Millis
from schemas.models.movement import Contact, Exposure, Presence
from streams.held import Held, between, held, hold, key
from streams.policy import Policy
from streams.rows import Table, moment
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from streams.standing import take

_HOUR = 3_600_000
_HERE = {
    0: Table(1, "A presence of a moment, by place and time."),
    _HOUR: Table(2, "A presence of up to an hour, by place and when it began."),
    6 * _HOUR: Table(3, "A presence of up to six hours, by place and when it began."),
    sys.maxsize: Table(4, "A longer presence, by place and when it began."),
}
"""Tables of presences by the longest that lies in each, in milliseconds."""
_RISK = Table(5, "An exposure, by place and when it began: its end in eight bytes, and the fact.", Exposure, few=True)


def stage(policy: Policy) -> Stage:
    """The stage under a policy."""
    longest = policy.longest_presence + policy.lingering

    def step(message: Message, state: State) -> Outcome:
        fact = message.value
        if isinstance(fact, Presence):
            return _presence(fact, state, longest)
        assert isinstance(fact, Exposure)
        return _exposure(fact, state, longest)

    return Stage("contacts", ("presence", "exposure"), ("contact",), step, tables=(*_HERE.values(), _RISK), urgent=("exposure",))


def _presence(presence: Presence, state: State, longest: Millis) -> Outcome:
    lasted = presence.until - presence.at
    here = _HERE[0] if lasted <= 0 else next(table for span, table in _HERE.items() if lasted <= span)
    outcome = take(state, key(here.about(presence.place), presence.at, presence.id), presence, _hold)
    if outcome.verdict is Verdict.APPLIED:
        for _, value in state.scan(*between(_RISK, presence.place, presence.at - longest, presence.until)):
            if value[:8] >= moment(presence.at):
                one = Held(presence.id, presence.alias, presence.region, presence.at, presence.until, presence.sealed)
                outcome.emits += _meet(one, _exposed(value), retracted=presence.retracted)
    return outcome


def _exposure(exposure: Exposure, state: State, longest: Millis) -> Outcome:
    outcome = take(state, key(_RISK.about(exposure.place), exposure.at, exposure.id), exposure, _expose)
    if outcome.verdict is Verdict.APPLIED:
        for span, here in _HERE.items():
            for row, value in state.scan(*between(here, exposure.place, exposure.at - min(span, longest), exposure.until)):
                outcome.emits += _meet(held(row, value), exposure, retracted=exposure.retracted)
    return outcome


def _expose(exposure: Exposure) -> bytes:
    return moment(exposure.until) + pack(exposure)


@lru_cache(1024)
def _exposed(value: bytes) -> Exposure:
    """The exposure of a row; the same few are met by all who pass a place."""
    return unpack(Exposure, value[8:])


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
