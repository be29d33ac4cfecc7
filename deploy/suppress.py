"""Small counts are not shown where they could tell of one person, nor any count from which a small one follows.

A count below the smallest that is shown is left out (primary suppression). What is shown adds up: a row to its number of people, the parts of a region to
the region. So further counts are left out, the smallest first, until no gap can be computed from the rest, and no line of gaps is a small count in all
(complementary suppression; Statistical Policy Working Paper 22 of the US Federal Committee on Statistical Methodology, chapter 4). With rows and columns as
points and gaps as lines between them, a gap can be computed just when no other way leads from its row to its column (Gusfield, SIAM J. Comput. 17, 1988).

It protects one table. It does not hold against who puts two moments or two measures side by side; past moments are therefore shown only to those who may see
everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

Place = tuple[str, str]
"""Row (a region) and column (a value)."""
Counts = dict[Place, int]
Shown = dict[Place, int | None]
"""The same with None where a count is left out."""
_FREE = ("", "")
"""Where the lines of columns end that do not add up: nothing follows from these."""


def suppressed(counts: Counts, smallest: int, whole: str, elsewhere: Mapping[Place, int | None] = MappingProxyType({})) -> Shown:
    """What may be shown of a table whose row `whole` is the sum of the others, where all people of a region are known to be in one of its parts.

    What another table shows of some places is shown here too, and what it leaves out is left out. If something small followed from that whatever else is left
    out, nothing else is shown.
    """
    hidden = {place for place, count in counts.items() if (elsewhere[place] is None if place in elsewhere else 0 < count < smallest)}
    while more := _more(counts, hidden, smallest, whole) - elsewhere.keys():
        hidden.add(min(more, key=lambda place: (counts[place], place)))
    if elsewhere and _weak(counts, hidden, smallest, whole):
        hidden |= counts.keys() - elsewhere.keys()
    return {place: None if place in hidden else count for place, count in counts.items()}


def exposed(counts: Counts, hidden: set[Place], whole: str) -> set[Place]:
    """The gaps that follow from what is shown."""
    adding = {column for column in {column for _, column in hidden} if _adds_up(counts, column, whole)}
    near: defaultdict[Place, list[tuple[Place, Place]]] = defaultdict(list)
    for gap in hidden:
        row, column = _ends(gap, adding)
        near[row].append((column, gap))
        near[column].append((row, gap))
    return {gap for gap in hidden if not _another_way(gap, *_ends(gap, adding), near)}


def _more(counts: Counts, hidden: set[Place], smallest: int, whole: str) -> set[Place]:
    """What could be left out besides so that less follows; nothing when nothing has to be, or nothing is left."""
    weak = _weak(counts, hidden, smallest, whole)
    lines = [line for line in (*_rows(counts), *_columns(counts, whole)) if any(set(gone) <= set(line) for gone in weak)]
    return {place for line in lines for place in line if place not in hidden and counts[place]}


def _weak(counts: Counts, hidden: set[Place], smallest: int, whole: str) -> list[list[Place]]:
    """Gaps that follow from what is shown, and lines of gaps that are a small count in all."""
    told = [line for line in _columns(counts, whole) if not any(place in hidden for place in line if place[0] == whole)]
    sums = [*_rows(counts), *([place for place in line if place[0] != whole] for line in told)]
    gaps = [[place for place in line if place in hidden] for line in sums]
    return [[place] for place in exposed(counts, hidden, whole)] + [gone for gone in gaps if gone and sum(counts[place] for place in gone) < smallest]


def _rows(counts: Counts) -> list[list[Place]]:
    return [[place for place in counts if place[0] == row] for row in {row for row, _ in counts}]


def _columns(counts: Counts, whole: str) -> list[list[Place]]:
    """Those that add up."""
    return [[place for place in counts if place[1] == column] for column in {column for _, column in counts} if _adds_up(counts, column, whole)]


def _adds_up(counts: Counts, column: str, whole: str) -> bool:
    return counts.get((whole, column), 0) == sum(count for (row, one), count in counts.items() if one == column and row != whole)


def _ends(gap: Place, adding: set[str]) -> tuple[Place, Place]:
    """The points between which a gap is a line."""
    return ("row", gap[0]), ("column", gap[1]) if gap[1] in adding else _FREE


def _another_way(gap: Place, row: Place, column: Place, near: Mapping[Place, list[tuple[Place, Place]]]) -> bool:
    """Whether gaps lead from the row of this one to its column without it."""
    reached, ahead = {row}, [row]
    while ahead:
        new = [end for end, way in near[ahead.pop()] if way != gap and end not in reached]
        reached.update(new)
        ahead += new
    return column in reached
