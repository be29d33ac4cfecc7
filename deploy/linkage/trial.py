"""A new model tried on what stands: the people that it would make, beside those that the present one makes, both by the real stages in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from deploy.linkage.measure import Pair, grouped
from deploy.linkage.standing import Facts
from deploy.linkage.stream import Tell
from schemas.models.identity import TIMELESS, Block, Judgement, Link, Profile, Review, Shared
from schemas.tokens import Keys
from streams.identity import links, pairs
from streams.identity.keys import Blocking
from streams.identity.model import Model
from streams.identity.opened import Opened
from streams.identity.spec import Spec
from streams.memory import Bus
from streams.stage import Emit

_MANY = 1_000
"""Facts in one batch."""


class People(NamedTuple):
    """The person of each alias, and the pairs that wait for a steward."""

    person: dict[str, str]
    reviews: set[Pair]


class Difference(NamedTuple):
    """What a new model would change.

    `merged` tells by new person the two or more old ones in it, `split` by old person the two or more new ones that it becomes. `changed` are old people whose
    aliases are not exactly those of a new one, `moved` the aliases whose key of the person changes. Reviews go, and come.
    """

    aliases: int
    before: int
    after: int
    merged: dict[str, list[str]]
    split: dict[str, list[str]]
    changed: list[str]
    moved: list[str]
    reviews_gone: list[Pair]
    reviews_come: list[Pair]

    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {
            "aliases": self.aliases, "people_before": self.before, "people_after": self.after,
            "people_merged": sum(map(len, self.merged.values())), "people_split": len(self.split), "people_changed": len(self.changed),
            "aliases_moved": len(self.moved), "reviews_gone": len(self.reviews_gone), "reviews_come": len(self.reviews_come),
        }  # fmt: skip

    def sample(self, most: int) -> dict[str, Any]:
        """Some of each, by tokens alone: the first in their order."""
        return {
            "merged": [{"person": person, "of": old} for person, old in sorted(self.merged.items())[:most]],
            "split": [{"person": person, "into": new} for person, new in sorted(self.split.items())[:most]],
            "reviews_gone": self.reviews_gone[:most],
            "reviews_come": self.reviews_come[:most],
        }


def people(spec: Spec, model: Model, keys: Keys, facts: Facts, tell: Tell = lambda _: None) -> People:
    """The people that some facts make under a model. Raises BadModel when it is not of the spec, cryptography's InvalidTag when the keys are others'."""
    opened = Opened(spec, keys)
    bus = Bus((pairs.stage(model, opened), links.stage(opened)), batch=lambda waiting: min(waiting, _MANY))
    _publish(bus, spec, keys, facts, tell)
    bus.run()
    person = {alias: alias for alias in _aliases(facts)}
    person |= {one.alias: one.person for one in bus.standing("identity.link").values() if isinstance(one, Link)}
    waiting = {(one.a, one.b) for one in bus.standing("identity.review").values() if isinstance(one, Review)}
    return People(person, waiting)


def difference(before: People, after: People) -> Difference:
    """What is other after than before; both are of the same aliases."""
    old, new = grouped(before.person), grouped(after.person)
    of_new = {person: sorted({before.person[alias] for alias in aliases}) for person, aliases in new.items()}
    of_old = {person: sorted({after.person[alias] for alias in aliases}) for person, aliases in old.items()}
    same = {frozenset(aliases) for aliases in new.values()}
    return Difference(
        aliases=len(before.person), before=len(old), after=len(new), merged={person: each for person, each in of_new.items() if len(each) > 1},
        split={person: each for person, each in of_old.items() if len(each) > 1},
        changed=sorted(person for person, aliases in old.items() if frozenset(aliases) not in same),
        moved=sorted(alias for alias, person in before.person.items() if after.person[alias] != person),
        reviews_gone=sorted(before.reviews - after.reviews), reviews_come=sorted(after.reviews - before.reviews),
    )  # fmt: skip


def _publish(bus: Bus, spec: Spec, keys: Keys, facts: Facts, tell: Tell) -> None:
    opened, blocking = Opened(spec, keys), Blocking(spec)
    for number, profile in enumerate(facts.profiles):
        bus.publish([Emit("identity.profile", profile.alias, profile), *_blocks(profile, opened, blocking, keys)])
        if number % _MANY == _MANY - 1:
            bus.run()
            tell(f"{number + 1:,} of {len(facts.profiles):,} profiles")
    bus.publish(Emit("identity.shared", one.id, one) for one in facts.shared)
    bus.publish(Emit("identity.decision", f"{one.a} {one.b}", one) for one in facts.decisions)


def _blocks(profile: Profile, opened: Opened, blocking: Blocking, keys: Keys) -> Iterator[Emit]:
    """The profile under its keys, as the stage `profiles` writes it."""
    for rule, text in blocking.keys(opened.prepared(profile.alias, profile.sealed)):
        token = keys.token("block", rule, text)
        yield Emit("identity.block", token, Block.of(causes=[profile.id], at=TIMELESS, block=token, alias=profile.alias, reason=rule, sealed=profile.sealed))


def _aliases(facts: Facts) -> set[str]:
    pairs: list[Shared | Judgement] = [*facts.shared, *facts.decisions]
    return {one.alias for one in facts.profiles} | {alias for one in pairs for alias in (one.a, one.b)}
