"""The stage `pairs`: profiles under one blocking key, each compared with all others there, and the pairs that may be one person.

Which pairs stand is a function of the profiles that stand under the key: a block of more than the spec's `crowd` gives none, for such a key says nothing
(decision 009), and gives them when it has shrunk again. A pair that shares several keys is written for each of them, the same but for the rule.

A new model comes as one message to each partition, and then orders to weigh the blocks anew, part by part; until its turn comes, what a block has written
stands. What arrives meanwhile is weighed with the newest model. So when all orders are carried out, all pairs are weighed with it, whatever came when.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from schemas.models.fact import Millis, fact_id
from schemas.models.identity import Block, Grade, Match, ModelPart
from schemas.tokens import Keys
from streams.identity.model import Model, load
from streams.identity.opened import Opened
from streams.identity.score import Scorer
from streams.identity.spec import Spec
from streams.rows import PREFIX, Table, name, short
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict

_MEMBER = Table(1, "A profile under a blocking key, by key and alias.")
_PAIR = Table(2, "A pair under a blocking key that stands written.")
_BLOCK = Table(3, "The blocks whose tokens begin with two digits, and the version of the model that weighed each.")
_MODEL = Table(4, "The newest model that came.", few=True)
_CROWDED = Table(5, "That a block holds too many to compare.")
_ALIAS = PREFIX + 16
"""Where the alias ends in a key."""
_AT, _VERSION = struct.Struct(">q"), struct.Struct(">q")
_WEIGHED = struct.Struct(">qqBq16s16s")


class Member(NamedTuple):
    """A profile under a key: the alias, when it was first mentioned, the id of its profile, the rule of the key, and what is sealed."""

    alias: str
    at: Millis
    profile: str
    rule: str
    sealed: bytes


class Weighed(NamedTuple):
    """What a pair weighs, in thousandths of a bit, with which model, and its grade."""

    weight: int
    model: int
    grade: Grade


Weigh = Callable[[Member, Member], Weighed | None]


class Judge:
    """Weighs pairs with the newest model: of the software, or one that came since."""

    def __init__(self, spec: Spec, model: Model, keys: Keys) -> None:
        """Take the spec, the model of the software, and the keys that open profiles."""
        self._spec, self._opened = spec, Opened(spec, keys)
        self._own = Scorer(spec, model), model.version
        self._scorer = lru_cache(4)(self._unpacked)

    def newest(self, state: State) -> tuple[Scorer, int]:
        """The scorer that counts, and the version of its model."""
        data = state.get(_MODEL.about("model"))
        came = self._scorer(data) if data else self._own
        return max(came, self._own, key=lambda one: one[1])

    def weigh(self, scorer: Scorer, version: int) -> Weigh:
        """How two profiles are weighed; None for a pair that is not worth a steward's look."""
        prepared, contradiction = self._opened.prepared, self._opened.contradiction
        link, review = (round(bits * 1000) for bits in (self._spec.link, self._spec.review))

        def weigh(one: Member, other: Member) -> Weighed | None:
            a, b = prepared(one.alias, one.sealed), prepared(other.alias, other.sealed)
            weight = scorer.score(a, b)
            if weight < review:
                return None
            sure = weight >= link and not contradiction(a, b)
            return Weighed(weight, version, Grade.LINK if sure else Grade.REVIEW)

        return weigh

    def _unpacked(self, data: bytes) -> tuple[Scorer, int]:
        model = load(zlib.decompress(data))
        return Scorer(self._spec, model), model.version


def stage(spec: Spec, model: Model, keys: Keys) -> Stage:
    """The stage for a spec, with the model of the software and the keys that open profiles."""
    judge = Judge(spec, model, keys)

    def step(message: Message, state: State) -> Outcome:
        if isinstance(message.value, ModelPart):
            return _weigh_anew(message.value, judge, state)
        assert isinstance(message.value, Block)
        return _take(message.value, judge, state)

    def settle(touched: str, state: State) -> Iterable[Emit]:
        block, alias = touched.split()
        members = _members(block, spec.crowd, state)
        crowded = _CROWDED.about(block)
        if len(members) > spec.crowd:
            state.put(crowded, b"")
            yield from _write(block, dict(_pairs(block, state)), {}, state)
            return
        if whole := state.get(crowded) is not None:
            state.delete(crowded)
        weigh = judge.weigh(*judge.newest(state))
        old = {pair: match for pair, match in _pairs(block, state) if whole or alias in pair}
        new = dict(_weighed(block, members, None if whole else alias, weigh))
        yield from _write(block, old, new, state)

    tables = (_MEMBER, _PAIR, _BLOCK, _MODEL, _CROWDED)
    return Stage("pairs", ("identity.block", "identity.model"), ("identity.match",), step, settle, tables, urgent=("identity.model",))


def _take(block: Block, judge: Judge, state: State) -> Outcome:
    """Let a profile stand under a key, or fall."""
    (profile,) = block.causes
    place = _MEMBER.about(block.block) + name(block.alias) + name(profile)
    if (state.get(place) is None) == block.retracted:
        return Outcome(Verdict.DUPLICATE)
    index = _BLOCK.about("blocks", block.block[:2]) + name(block.block)
    if block.retracted:
        state.delete(place)
        if not _members(block.block, 0, state):
            state.delete(index)
    else:
        state.put(place, _AT.pack(block.at) + short(block.reason) + block.sealed)
        if state.get(index) is None:
            state.put(index, _VERSION.pack(judge.newest(state)[1]))
    return Outcome(Verdict.APPLIED, touched=[f"{block.block} {block.alias}"])


def _weigh_anew(part: ModelPart, judge: Judge, state: State) -> Outcome:
    """Take a model that is newer than all before it; or touch every profile in some blocks that an older one weighed."""
    newest = judge.newest(state)[1]
    if part.blocks is None:
        if part.version <= newest:
            return Outcome(Verdict.DUPLICATE)
        state.put(_MODEL.about("model"), part.model)
        return Outcome(Verdict.APPLIED)
    start = _BLOCK.about("blocks", part.blocks[:2])
    first = bytes.fromhex(part.blocks)
    touched = []
    for row, data in list(state.scan(start + first, start + first + b"\xff" * 16)):
        if _VERSION.unpack(data)[0] < newest:
            state.put(row, _VERSION.pack(newest))
            block = row[PREFIX:].hex()
            touched += [f"{block} {member.alias}" for member in _members(block, None, state)]
    return Outcome(Verdict.APPLIED if touched else Verdict.DUPLICATE, touched=touched)


def _members(block: str, crowd: int | None, state: State) -> list[Member]:
    """The profiles under a key, at most one more than make a crowd."""
    found: list[Member] = []
    for row, data in state.scan(*_MEMBER.under(block)):
        found.append(_member(row, data))
        if crowd is not None and len(found) > crowd:
            break
    return found


def _member(row: bytes, data: bytes) -> Member:
    (at,) = _AT.unpack_from(data)
    start = _AT.size + 2
    end = start + int.from_bytes(data[start - 2 : start], "big")
    return Member(row[PREFIX:_ALIAS].hex(), at, row[_ALIAS:].hex(), data[start:end].decode(), data[end:])


def _weighed(block: str, members: list[Member], alias: str | None, weigh: Weigh) -> Iterator[tuple[tuple[str, str], Match]]:
    """The matches of an alias with the other members, or of all members with each other."""
    for place, one in enumerate(members):
        for other in members[place + 1 :]:
            if one.alias != other.alias and alias in (None, one.alias, other.alias) and (weighed := weigh(one, other)):
                yield (one.alias, other.alias), _match(block, one, other, weighed)


def _match(block: str, one: Member, other: Member, weighed: Weighed) -> Match:
    """The match of two members, of which the first has the smaller alias."""
    causes = sorted((one.profile, other.profile))
    return _made(block, causes, max(one.at, other.at), one.alias, other.alias, one.rule, weighed)


def _made(block: str, causes: list[str], at: Millis, a: str, b: str, rule: str, weighed: Weighed) -> Match:
    """A match. All of it follows from the block, the profiles and the model, so its id is theirs."""
    own = fact_id("match", block, *causes, weighed.model)
    return Match(id=own, causes=causes, at=at, a=a, b=b, reason=rule, grade=weighed.grade, weight=weighed.weight, model=weighed.model)


def _pairs(block: str, state: State) -> Iterator[tuple[tuple[str, str], Match]]:
    """The matches of a block that stand written."""
    for row, data in list(state.scan(*_PAIR.under(block))):
        a, b = row[PREFIX:_ALIAS].hex(), row[_ALIAS:].hex()
        weight, model, link, at, one, other = _WEIGHED.unpack_from(data)
        weighed = Weighed(weight, model, Grade.LINK if link else Grade.REVIEW)
        yield (a, b), _made(block, [one.hex(), other.hex()], at, a, b, data[_WEIGHED.size :].decode(), weighed)


def _write(block: str, old: dict[tuple[str, str], Match], new: dict[tuple[str, str], Match], state: State) -> Iterator[Emit]:
    """Take back the old matches of a block that are not new, and write the new ones that are not old."""
    for pair, match in old.items():
        if pair not in new or new[pair].id != match.id:
            yield Emit("identity.match", f"{match.a} {match.b}", match.taken_back())
            state.delete(_PAIR.about(block) + name(match.a) + name(match.b))
    for pair, match in new.items():
        if pair not in old or old[pair].id != match.id:
            yield Emit("identity.match", f"{match.a} {match.b}", match)
            one, other = map(name, match.causes)
            weighed = _WEIGHED.pack(match.weight, match.model, match.grade is Grade.LINK, match.at, one, other)
            state.put(_PAIR.about(block) + name(match.a) + name(match.b), weighed + match.reason.encode())
