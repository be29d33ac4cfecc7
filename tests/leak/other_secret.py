"""`python -m tests.leak.other_secret` says what of the answer depends on the secret of tokens, which a rotation would change: ties, and who gives a person its key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import click

from schemas.tokens import Keys
from tests.leak.play import plays
from tests.levels import STORY
from tests.oracle.answer import Answer, Oracle
from tests.oracle.cases import Content
from tests.oracle.facts import Told, standing
from tests.properties import bus
from tests.properties.worlds import World

OTHER = Keys(b"another secret of the tests, of no use either")
_TOKEN = re.compile(r"[0-9a-f]{32}")
_WITH_CODES = ("contacts", "contact_of", "timeline", "concerns")


@click.command()
@click.option("--worlds", default=300, show_default=True, help="How many random histories, each under two secrets.")
@click.option("--seed", default=5, show_default=True, help="Of the histories.")
def main(worlds: int, seed: int) -> None:
    """Compare the oracle's answers under two secrets, with tokens renamed from the one to the other."""
    counts: Counter[str] = Counter()
    for world, _ in plays(worlds, seed):
        counts += compared(world)
    for what, count in counts.items():
        click.echo(f"{what}: {count:,}")


def compared(world: World) -> Counter[str]:
    """What is the same in one history, counted."""
    one, other = (sorted(standing(world.sent, bus.sources(), keys)[0], key=_plain) for keys in (bus.KEYS, OTHER))
    counts = Counter({"histories": 1})
    if list(map(_plain, one)) != list(map(_plain, other)):
        return counts + Counter({"of two contents with one version number the other stands": 1})
    renamed = {mine: theirs for a, b in zip(one, other, strict=True) for mine, theirs in _pairs(a, b)}
    mine, theirs = (Oracle(bus.sources(), bus.agencies(), bus.DEEPER, keys).answer(world.sent, levels=STORY) for keys in (bus.KEYS, OTHER))
    people, others = _people(mine, renamed), _people(theirs, {token: token for token in renamed.values()})
    keys = {renamed.get(link["person"], "") for link in mine["identity.link"]} & {link["person"] for link in theirs["identity.link"]}
    return counts + Counter({
        "compared": 1, "the same people": people == others, "the same releases but for codes": _released(mine) == _released(theirs), "people": len(people),
        "the same alias gives the person its key": len(keys),
    })  # fmt: skip


def _plain(told: Told) -> str:
    """What a record tells, without any token."""
    says = sorted((name, str(value)) for name, value in told.says.items() if not _TOKEN.fullmatch(str(value)))
    return repr((told.source, says, [pair for pair in told.identifiers if not _TOKEN.fullmatch(pair[1])], sorted(told.tokens)))


def _pairs(one: Told, other: Told) -> Iterable[tuple[str, str]]:
    yield one.alias, other.alias
    yield from ((one.tokens[kind], other.tokens[kind]) for kind in one.tokens)


def _people(answer: Answer, renamed: dict[str, str]) -> Counter[frozenset[str]]:
    """The aliases of each person."""
    links = answer["identity.link"]
    return Counter(frozenset(renamed.get(link["alias"], "") for link in links if link["person"] == person) for person in {link["person"] for link in links})


def _released(answer: Answer) -> list[str]:
    """Releases without codes, and without tokens: the clinic of a published case is that of the place, which no handle renames."""

    def plain(release: Content) -> str:
        view = {name: value for name, value in release["view"].items() if name not in _WITH_CODES and not _TOKEN.fullmatch(str(value))}
        return repr((release["agency"], release["purpose"], sorted(view.items())))

    return sorted(plain(release) for topic, releases in answer.items() if topic.startswith("deliver.") for release in releases)


if __name__ == "__main__":
    main()
