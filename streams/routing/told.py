"""Facts about no person in routing: which of them stand, and which bulletins of each; what one message touches is decided when its batch ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pydantic import Field

from schemas.agency import Agency
from schemas.avro import pack, unpack
from schemas.models.fact import Millis, Model
from schemas.models.release import Release
from schemas.models.statistic import Statistic
from schemas.tokens import Keys
from streams import clock
from streams.routing.bulletins import MODELS, News, about, bulletins, group, left_out, subscribed
from streams.routing.marks import latest
from streams.routing.sent import Given, framed, stale, whole
from streams.rows import Table, name
from streams.stage import Outcome, State, Verdict

_UNDECIDED = bytes(8)
_BETWEEN = "\n"


class Known(Model):
    """A fact about no person, and the bulletins of it that stand."""

    about: str = Field(description="What it is about.")
    id: str = Field(default="", description="Id of the fact that stands; '' when none does any more.")
    fact: bytes = Field(default=b"", description="The fact, as Avro.")
    count: int = Field(default=0, description="Of a statistic how many it counts.")
    hidden: bool = Field(default=False, description="Whether it was decided as a count that is not told but to who needs it as it is.")
    given: list[Given] = Field(default_factory=list, description="The bulletins that stand.")


KNOWN = Table(3, "A fact about no person, and the bulletins of it that stand.", Known, *MODELS.values())
Written = tuple[str, list[Given], list[Release]]
"""What a fact is about, the bulletins that stood, and those that stand now."""


class Facts:
    """The facts under the files of some agencies; `rules` are the eight bytes for these files."""

    def __init__(self, agencies: Sequence[Agency], keys: Keys, smallest: int, rules: bytes) -> None:
        """Take the files, the keys of codes, and the smallest count of people that leaves."""
        self._agencies, self._keys, self._smallest, self._rules = agencies, keys, smallest, rules

    def take(self, fact: News, state: State) -> Outcome:
        """Let a fact stand instead of the one about the same, or fall."""
        name_ = about(fact)
        row = _row(name_)
        data = state.get(row)
        old = unpack(Known, whole(data)) if data else Known(about=name_)
        if fact.retracted:
            if old.id != fact.id:
                return Outcome(Verdict.DUPLICATE)
            new = Known(about=name_, given=old.given)
        else:
            now = latest(clock.slot(row), state)
            if data and old.id == fact.id and not stale(data, self._rules, now):
                return Outcome(Verdict.DUPLICATE)
            count = fact.count if isinstance(fact, Statistic) else 0
            new = Known(about=name_, id=fact.id, fact=pack(fact), count=count, given=old.given)
        state.put(row, framed(new, new.given, _UNDECIDED))
        return Outcome(Verdict.APPLIED, touched=[_named(name_)])

    def late(self, first: int, last: int, now: dict[int, int], state: State) -> list[str]:
        """What is to be decided again in some slots, by how late it is in each: it was decided under other rules, or a bulletin has ended."""
        return [_named(unpack(Known, whole(data)).about) for row, data in state.sweep(*clock.span(KNOWN, first, last))
                if stale(data, self._rules, now[clock.slot(row)])]  # fmt: skip

    def settle(self, touched: Iterable[str], state: State) -> Iterator[Written]:
        """Decide again what was touched, and of counts that hide each other all of their region and measure."""
        groups: dict[str, list[str]] = {}
        for one in touched:
            of, _, name_ = one.partition(_BETWEEN)
            groups.setdefault(of, []).append(name_)
        for of, names in groups.items():
            together = of.startswith("statistic ") and subscribed(self._agencies, of.split(" ")[1])
            rows = list(state.scan(*KNOWN.under(of))) if together else [(row, state.get(row)) for row in map(_row, names)]
            yield from self._decide([(row, data, unpack(Known, whole(data))) for row, data in rows if data], state)

    def _decide(self, known: list[tuple[bytes, bytes, Known]], state: State) -> Iterator[Written]:
        """Of those that are decided together only what may be otherwise than before."""
        hidden = left_out({one.about: one.count for _, _, one in known if one.count}, self._smallest)
        for row, data, one in known:
            now, hide = latest(clock.slot(row), state), one.about in hidden
            if hide != one.hidden or stale(data, self._rules, now):
                new = self._bulletins(one, hidden, now) if one.id else []
                given = [Given.of(item) for item in new]
                if one.id:
                    state.put(row, framed(one.model_copy(update={"given": given, "hidden": hide}), given, self._rules))
                else:
                    state.delete(row)
                yield one.about, one.given, new

    def _bulletins(self, one: Known, hidden: set[str], now: Millis) -> list[Release]:
        fact = unpack(MODELS[one.about.partition(" ")[0]], one.fact)
        every = (item for agency in self._agencies for item in bulletins(agency, fact, hidden, self._smallest, self._keys))
        return [item for item in every if item.expires >= now]


def _row(about: str) -> bytes:
    return KNOWN.about(group(about)) + name(about)


def _named(about: str) -> str:
    return f"{group(about)}{_BETWEEN}{about}"
