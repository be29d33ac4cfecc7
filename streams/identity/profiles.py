"""The stage `profiles`: what records say of an alias, as one profile, under each key by which it is to be compared.

A mention that repeats what others say (every further scan with one phone) is one row without a value, and nothing follows from it. When what is said changes
(`said`), the profile is written anew, and so are the shared handles that follow from it; and the blocks when another value of some field is said: they follow
from what is compared, and that another source says the same is nothing to them.

An alias of which more than `MOST` different things are said is a device or a desk and no person: it has no profile, and joins nobody.

Rows of version 1 had mentions by time, and what stood written followed from the first; in version 2 it followed from the mention with the smallest id. In
version 3 profiles stood under two blocking keys more. There is no way from them to what version 4 would have written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from schemas.models.fact import Fact
from schemas.models.identity import Block, Mention, Profile
from streams.identity.keys import Blocking
from streams.identity.opened import Opened
from streams.identity.profile import fields, seal, sources, together
from streams.identity.said import TABLE, Told, Written, facts, held, hold, kept, say, write
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict

MOST = 100
"""Different things said of one alias that still are of one person (an age is said anew at each visit); beyond it nothing is compared."""


def stage(opened: Opened) -> Stage:
    """The stage, with what opens profiles and knows what is compared."""
    blocking = Blocking(opened.spec)

    def settle(alias: str, state: State) -> Iterable[Emit]:
        old, says = kept(alias, MOST, state)
        now = _written(alias, says, opened, blocking) if 0 < len(says) <= MOST else None
        new = hold(now) if now else b""
        if new == old:
            return ()
        write(alias, new, state)
        return _changes(list(facts(alias, held(old))) if old else [], list(facts(alias, now)) if now else [])

    return Stage("profiles", ("identity.mention",), ("identity.profile", "identity.block", "identity.shared"), _step, settle, (TABLE,), version=4)


def _step(message: Message, state: State) -> Outcome:
    mention = message.value
    assert isinstance(mention, Mention)
    changed = say(mention, state)
    if changed is None:
        return Outcome(Verdict.DUPLICATE)
    return Outcome(Verdict.APPLIED, touched=[mention.alias] if changed else [])


def _written(alias: str, says: Sequence[Told], opened: Opened, blocking: Blocking) -> Written:
    """What follows from all that is said of an alias."""
    keys = opened.keys
    opens = [(one.said, found) for one in says if (found := keys.open(alias, one.said.sealed))]
    values = together((said.source, found) for said, found in opens)
    # Under the oldest key of what is in it, so that it is gone with the first part that is.
    sealed = seal(keys, alias, compared := fields(values), min((said.sealed[0] for said, _ in opens), default=0))
    under = tuple([(rule, keys.token("block", rule, key)) for rule, key in blocking.keys(opened.keep(alias, sealed, compared))])
    causes = tuple([one.saying for one in says])
    shared = {(handle.alias, handle.reason): (handle.alias, one.saying, handle.reason) for one in reversed(says) for handle in one.said.handles}
    # Whoever says that nobody has two of it is believed: the rest only did not say.
    only = max(one.said.only for one in says)
    return Written(only, causes, sealed, sources(values), under, tuple(sorted(shared.values())))


def _changes(old: Sequence[Fact], new: Sequence[Fact]) -> Iterator[Emit]:
    """What to write so that the new facts stand and not the old ones: retractions first."""
    if not old:  # as with most
        return map(_emit, new)
    before, after = {fact.id for fact in old}, {fact.id for fact in new}
    gone = (fact.taken_back() for fact in old if fact.id not in after)
    return (_emit(fact) for fact in chain(gone, (fact for fact in new if fact.id not in before)))


def _emit(fact: Fact) -> Emit:
    if isinstance(fact, Block):
        return Emit("identity.block", fact.block, fact)
    if isinstance(fact, Profile):
        return Emit("identity.profile", fact.alias, fact)
    return Emit("identity.shared", fact.id, fact)
