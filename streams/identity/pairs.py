"""The stage `pairs`: profiles under one blocking key, each compared with all others there, and the pairs that may be one person.

Which pairs stand is a function of the profiles that stand under the key: a block of more than the spec's `crowd` gives none, for such a key says nothing
(decision 009), and gives them when it has shrunk again. A pair that shares several keys is written for each of them, the same but for the rule.

A new model comes as one message to each partition, and then orders to weigh the blocks anew, part by part; until its turn comes, what a block has written
stands. What arrives meanwhile is weighed with the newest model. So when all orders are carried out, all pairs are weighed with it, whatever came when.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from schemas.models.fact import digest_of
from schemas.models.identity import Block, Match, ModelPart
from schemas.models.raw import Pointer, Reason, Reject
from streams.identity import judge as judging
from streams.identity import under as rows
from streams.identity.judge import Judge, Weigh, Weighed
from streams.identity.model import Model
from streams.identity.opened import Opened
from streams.identity.under import Member, Under, alias_of, member, pair, pair_row, under
from streams.rows import Table
from streams.stage import Emit, Message, Outcome, Stage, State, Verdict

_DONE = Table(3, "The version of the model with which the blocks whose tokens begin so were last weighed anew.")
_ALL = "*"
"""Instead of an alias: all of a block."""
Matches = dict[tuple[str, str], Match]


def stage(model: Model, opened: Opened) -> Stage:
    """The stage, with the model of the software and what opens profiles and compares them."""
    judge, crowd = Judge(model, opened), opened.spec.crowd

    def step(message: Message, state: State) -> Outcome:
        if isinstance(message.value, ModelPart):
            return _model(message, message.value, judge, state)
        block = message.value
        assert isinstance(block, Block)
        alone = rows.take(block, state)
        if alone is None:
            return Outcome(Verdict.DUPLICATE)
        return Outcome(Verdict.APPLIED, touched=[] if alone else [f"{block.block} {block.alias}"])

    def settle(touched: list[str], state: State) -> Iterable[Emit]:
        whose: dict[str, set[str]] = {}
        for one in touched:
            block, alias = one.split()
            whose.setdefault(block, set()).add(alias)
        weigh = judge.weigh(state)
        for block, aliases in whose.items():
            yield from _settle(block, aliases, crowd, weigh, state)

    inputs = ("identity.block", "identity.model")
    tables = (rows.TABLE, judging.TABLE, _DONE)
    return Stage("pairs", inputs, ("identity.match", "reject"), step, tables=tables, version=2, urgent=inputs, settle_all=settle)


def _model(message: Message, part: ModelPart, judge: Judge, state: State) -> Outcome:
    """Take a model that is newer than all before it; or touch all blocks that begin so, unless they were weighed with the newest."""
    if part.blocks is None:
        verdict = judge.take(part.model, part.version, state)
        return Outcome(verdict, [_refused(message, part)] if verdict is Verdict.REJECTED else [])
    place, version = _DONE.about("blocks", part.blocks), judge.newest(state)[1].to_bytes(8, "big")
    if (state.get(place) or b"") >= version:
        return Outcome(Verdict.DUPLICATE)
    state.put(place, version)
    return Outcome(Verdict.APPLIED, touched=[f"{block} {_ALL}" for block in rows.blocks(bytes.fromhex(part.blocks), state)])


def _refused(message: Message, part: ModelPart) -> Emit:
    where = Pointer(topic=message.topic, partition=message.partition, offset=message.offset)
    reason = Reason(field="model", problem="no model, or one for another spec than this software compares by; train it anew")
    record = f"version {part.version}"
    named = {"source": message.topic, "record": record, "version": part.version, "digest": digest_of(part.model)}
    return Emit("reject", record, Reject.of(causes=[], at=0, **named, reasons=[reason], pointer=where))


def _settle(block: str, aliases: set[str], crowd: int, weigh: Weigh, state: State) -> Iterator[Emit]:
    """Write what follows from a block in which some profiles have changed."""
    there = under(block, crowd, state)
    crowded = len(there.members) > crowd
    if crowded != there.crowded:
        rows.crowd(block, state, is_crowded=crowded)
    elif len(there.members) < 2 and not there.pairs:
        return
    whole = crowded or there.crowded or _ALL in aliases
    old = {(one.a, one.b): one for one in (pair(block, *row) for row in there.pairs) if whole or one.a in aliases or one.b in aliases}
    new = {} if crowded else dict(_weighed(block, there, None if whole else aliases, weigh))
    yield from _write(block, old, new, state)


def _weighed(block: str, there: Under, aliases: set[str] | None, weigh: Weigh) -> Iterator[tuple[tuple[str, str], Match]]:
    """The matches of some aliases with the other members, or of all members with each other."""
    names = [alias_of(row) for row, _ in there.members]
    changed = [place for place, name in enumerate(names) if aliases is None or name in aliases]
    every, members = set(changed), list[Member | None]([None] * len(names))
    for second in range(1, len(names)):
        for first in range(second) if second in every else changed[: bisect_left(changed, second)]:
            if names[first] != names[second]:
                one = members[first] = members[first] or member(*there.members[first])
                other = members[second] = members[second] or member(*there.members[second])
                if weighed := weigh(one, other):
                    yield (one.alias, other.alias), _match(block, one, other, weighed)


def _match(block: str, one: Member, other: Member, weighed: Weighed) -> Match:
    """The match of two members, of which the first has the smaller alias."""
    causes = [one.compared, other.compared] if one.compared < other.compared else [other.compared, one.compared]
    return rows.match(block, causes, a=one.alias, b=other.alias, reason=one.rule, grade=weighed.grade, weight=weighed.weight,
                      model=weighed.model)  # fmt: skip


def _write(block: str, old: Matches, new: Matches, state: State) -> Iterator[Emit]:
    """Take back the old matches of a block that are not new, and write the new ones that are not old."""
    for pair_, match in old.items():
        if pair_ not in new or new[pair_].id != match.id:
            yield Emit("identity.match", f"{match.a} {match.b}", match.taken_back())
            state.delete(pair_row(block, match)[0])
    for pair_, match in new.items():
        if pair_ not in old or old[pair_].id != match.id:
            yield Emit("identity.match", f"{match.a} {match.b}", match)
            state.put(*pair_row(block, match))
