"""The stage `profiles`: what records say of an alias, as one profile, under each key by which it is to be compared.

A mention that repeats what others say (every further scan with one phone) is one row without a value, and nothing follows from it. When what is said changes,
or the first moment at which it was said, the profile is written anew, and so are the blocks and the shared handles that follow from it.

An alias of which more than `MOST` different things are said is a device or a desk and no person: it has no profile, and joins nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pydantic import Field

from schemas.avro import pack, unpack
from schemas.models.fact import Millis, Model, digest_of, fact_id
from schemas.models.identity import Block, Handle, Mention, Profile, Shared
from schemas.tokens import Keys
from streams.identity.compare import Comparer
from streams.identity.keys import Blocking
from streams.identity.profile import fields, seal, together
from streams.identity.spec import Spec
from streams.rows import PREFIX, Table, moment, name, since
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict
from streams.standing import changes

MOST = 100
"""Different things said of one alias that still are of one person (an age is said anew at each visit); beyond it nothing is compared."""
_ONE = PREFIX + 16


class Said(Model):
    """What one or more mentions of an alias say, word for word the same."""

    source: str
    only: str
    handles: list[Handle]
    sealed: bytes


class Written(Model):
    """What stands written of an alias."""

    profile: Profile | None = None
    blocks: list[Block] = Field(default_factory=list)
    shared: list[Shared] = Field(default_factory=list)


_SAID = Table(1, "Something that is said of an alias, by its digest.", Said)
_MENTION = Table(2, "A mention that says it, by time and id.")
_WRITTEN = Table(3, "The profile, blocks and shared handles that stand written of an alias.", Written, Profile, Block, Shared)
Told = tuple[Millis, str, Said]
"""The first mention that says something (its moment and id), and what."""


def stage(spec: Spec, keys: Keys) -> Stage:
    """The stage for a spec of what is compared."""
    compare, blocking = Comparer(spec), Blocking(spec)

    def settle(alias: str, state: State) -> Iterable[Emit]:
        told = list(_told(alias, state))
        place = _WRITTEN.about(alias)
        old = unpack(Written, data) if (data := state.get(place)) else Written()
        new = _write(alias, told, keys, lambda values: blocking.keys(compare.prepare(values)))
        if new == old:
            return
        if new.profile:
            state.put(place, pack(new))
        else:
            state.delete(place)
        before, after = ([one.profile] if one.profile else [] for one in (old, new))
        yield from changes(before, after, "identity.profile", lambda profile: profile.alias)
        yield from changes(old.blocks, new.blocks, "identity.block", lambda block: block.block)
        yield from changes(old.shared, new.shared, "identity.shared", lambda shared: shared.id)

    return Stage("profiles", ("identity.mention",), ("identity.profile", "identity.block", "identity.shared"), _step, settle, (_SAID, _MENTION, _WRITTEN))


def _step(message: Message, state: State) -> Outcome:
    mention = message.value
    assert isinstance(mention, Mention)
    said = pack(Said(source=mention.source, only=mention.only, handles=mention.handles, sealed=mention.sealed))
    of = _MENTION.about(mention.alias) + name(digest_of(said))
    row = of + moment(mention.at) + name(mention.id)
    if (state.get(row) is None) == mention.retracted:
        return Outcome(Verdict.DUPLICATE)
    first = _first(of, state)
    if mention.retracted:
        state.delete(row)
        if first == row and _first(of, state) is None:
            state.delete(_SAID.about(mention.alias) + of[PREFIX:])
    else:
        state.put(row, b"")
        if first is None:
            state.put(_SAID.about(mention.alias) + of[PREFIX:], said)
    changed = first is None or row <= first
    return Outcome(Verdict.APPLIED, touched=[mention.alias] if changed else [])


def _first(of: bytes, state: State) -> bytes | None:
    """The row of the first mention that says something."""
    return next((row for row, _ in state.scan(of, of + b"\xff" * 32)), None)


def _told(alias: str, state: State) -> Iterator[Told]:
    """What is said of an alias, up to one more than counts."""
    for number, (row, data) in enumerate(state.scan(*_SAID.under(alias))):
        if number > MOST:
            return
        mention = _first(_MENTION.about(alias) + row[PREFIX:_ONE], state)
        assert mention is not None
        yield since(mention[_ONE : _ONE + 8]), mention[_ONE + 8 :].hex(), unpack(Said, data)


def _write(alias: str, told: list[Told], keys: Keys, blocks: Callable[[dict[str, list[str]]], list[tuple[str, str]]]) -> Written:
    """What follows from all that is said of an alias."""
    if not 0 < len(told) <= MOST:
        return Written()
    told = sorted(told, key=lambda one: one[:2])
    values = together((said.source, keys.open(alias, said.sealed)) for _, _, said in told)
    at, _, said = told[0]
    profile = Profile.of(causes=[mention for _, mention, _ in told], at=at, alias=alias, only=said.only, sealed=seal(keys, alias, values))
    under = [_block(profile, rule, keys.token("block", rule, key)) for rule, key in blocks(fields(values))]
    return Written(profile=profile, blocks=under, shared=list(_shared(alias, told)))


def _block(profile: Profile, rule: str, token: str) -> Block:
    """The profile under a key. All of it follows from the profile and the key, so its id is theirs."""
    own = fact_id("block", profile.id, token)
    return Block(id=own, causes=[profile.id], at=profile.at, block=token, alias=profile.alias, reason=rule, sealed=profile.sealed)


def _shared(alias: str, told: list[Told]) -> Iterator[Shared]:
    """That a handle is of the same person, with the first mention that says so."""
    seen: set[tuple[str, str]] = set()
    for at, mention, said in told:
        for handle in said.handles:
            if (handle.alias, handle.reason) not in seen:
                seen.add((handle.alias, handle.reason))
                a, b = sorted((alias, handle.alias))
                yield Shared.of(causes=[mention], at=at, a=a, b=b, reason=handle.reason)
