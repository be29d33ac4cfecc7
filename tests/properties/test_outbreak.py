"""A simulated outbreak, with all that its sources write carelessly, twice, late and wrongly, in another order than it happened."""

from __future__ import annotations

import random

import pytest

from deploy.simulation import simulate
from schemas.models.case import LinkedCase
from streams.transmission.tree import candidates, infectors
from tests.oracle import transmission
from tests.oracle.content import difference
from tests.oracle.facts import Sent
from tests.properties import bus
from tests.properties.worlds import EVERY, World


@pytest.mark.parametrize("seed", [1, 2])
def test_a_simulated_outbreak_gives_the_answer_of_the_oracle(seed: int) -> None:
    """Some thousand records of a town in any order: the bus shows what the oracle says."""
    sent: list[Sent] = [(arrival.source, arrival.fields) for arrival in simulate(seed=seed, people=150, days=14).arrivals]
    random.Random(seed).shuffle(sent)
    world = World([sent], [100, 7, 1], list(EVERY))
    inside = bus.bus(world)
    bus.publish(inside, sent)
    inside.run()
    expected = bus.expected(sent)
    assert expected["contact"], "an outbreak in which nobody meets anybody proves nothing"
    wrong = difference(bus.stands(inside), expected)
    assert not wrong, wrong
    numbers = bus.POLICY.transmission
    cases = [case for case in inside.standing("case.linked").values() if isinstance(case, LinkedCase)]
    links = infectors(candidates(cases, numbers), numbers)
    assert links, "an outbreak in which nobody is traced to anybody proves nothing"
    assert links == transmission.links(expected["case.linked"], numbers)
