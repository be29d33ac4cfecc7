"""What to send where: dispatches that even out the days of cover at least cost.

Two programs, one after the other, solved by HiGHS (Huangfu and Hall, Math. Prog. Comp. 10 (2018), through scipy). The first raises the lowest cover of the
places below the target as far as there is something to give: none of them is left below that level while another is lifted above it. The second is the
transportation problem (Hitchcock, J. Math. Phys. 20 (1941)) of bringing each what it lacks to that level at least cost; its vertices are whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor
from typing import NamedTuple

import numpy as np
from scipy.optimize import LinearConstraint, linprog, milp
from scipy.sparse import csr_array

_TOLERANCE = 2e-6
"""Units; HiGHS keeps constraints to 1e-6."""


class Place(NamedTuple):
    """A place with its division code: units that it can count on (fewer than 0 where more is promised than there is), and units used a day."""

    place: str
    region: str
    have: int
    use: float

    def cover(self, units: int = 0) -> float | None:
        """Days for which what it has and some units more are enough; None where nothing is used."""
        return (self.have + units) / self.use if self.use else None


class Proposal(NamedTuple):
    """Units that go from one place to another, and what the way of one costs."""

    giver: Place
    to: Place
    quantity: int
    cost: float


class Plan(NamedTuple):
    """Days of cover that every place has with these dispatches (at most the target), and the dispatches."""

    level: float
    proposals: list[Proposal]

    @property
    def cost(self) -> float:
        """What all ways cost."""
        return sum(one.quantity * one.cost for one in self.proposals)


Cost = Callable[[Place, Place], float]


def even(places: Sequence[Place], target: float, cost: Cost) -> Plan:
    """The plan for places of one item, up to a cover of `target` days; who has less than that gives nothing, and who has more keeps that much."""
    givers = {one: give for one in places if (give := floor(one.have - target * one.use + _TOLERANCE)) > 0}
    short = [one for one in places if one.use and one.have < target * one.use]
    if not short:
        return Plan(target, [])
    level = _level(short, sum(givers.values()), target)
    lacks = {one: lack for one in short if (lack := ceil(level * one.use - one.have - _TOLERANCE)) > 0}
    return Plan(level, _carried(list(givers.items()), list(lacks.items()), cost) if lacks else [])


def _level(short: Sequence[Place], spare: int, target: float) -> float:
    """The highest cover to which all can be lifted with so many units: whole units to each place, no more in all than there are.

    The variables are the units to each place, and last the level.
    """
    use, have = np.array([one.use for one in short]), np.array([one.have for one in short], dtype=float)
    lowest = float(min(0.0, (have / use).min()))
    eye = np.eye(len(short))
    lifted = LinearConstraint(csr_array(np.hstack([eye, -use[:, None]])), lb=-have)
    spent = LinearConstraint(csr_array(np.hstack([np.ones((1, len(short))), np.zeros((1, 1))])), ub=spare)
    found = milp(
        c=[0.0] * len(short) + [-1.0], integrality=[1] * len(short) + [0], constraints=[lifted, spent],
        bounds=([0.0] * len(short) + [lowest], [*np.ceil(np.maximum(target * use - have, 0)), target]), options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    if not found.success:
        raise RuntimeError(f"no level of cover was found: {found.message}")
    return float(found.x[-1])


def _carried(givers: list[tuple[Place, int]], lacks: list[tuple[Place, int]], cost: Cost) -> list[Proposal]:
    """Who gives how much to whom, at least cost. One variable for each pair, giver by giver."""
    ways = [(giver, to, cost(giver, to)) for giver, _ in givers for to, _ in lacks]
    index = np.arange(len(ways))
    one = np.ones(len(ways))
    gives = csr_array((one, (index // len(lacks), index)), shape=(len(givers), len(ways)))
    gets = csr_array((one, (index % len(lacks), index)), shape=(len(lacks), len(ways)))
    found = linprog(
        [way[2] for way in ways], A_ub=gives, b_ub=[units for _, units in givers], A_eq=gets, b_eq=[units for _, units in lacks], method="highs-ds"
    )  # fmt: skip
    if not found.success:
        raise RuntimeError(f"no dispatches were found: {found.message}")
    return [Proposal(*way[:2], quantity, way[2]) for way, units in zip(ways, found.x, strict=True) if (quantity := round(units))]
