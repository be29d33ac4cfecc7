"""The short form of `python -m tests.deploy.log`: some hundred tamperings, none missed; and a check that cannot be fooled by its own dice."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

from deploy.log.bundle import written
from deploy.log.verify import verify
from tests.deploy.log.pieces import policy
from tests.deploy.log.tamper import BUNDLE, World, campaign, counted, verdict

SEED = int(os.environ.get("LIANFANG_SEED", "7"))


def test_no_tampering_is_missed(tmp_path: Path) -> None:
    """Of each kind some tamperings are made; none proves what is not true, or as much as before."""
    found = counted(campaign(tmp_path, 400, SEED))
    assert {name: verdicts for name, verdicts in found.items() if verdicts["missed"]} == {}
    assert {(one.__doc__ or "").rstrip(".") for one in BUNDLE} <= found.keys()
    assert sum(verdicts["told"] for verdicts in found.values()) < 0.1 * 400


def test_the_judge_can_say_missed(tmp_path: Path) -> None:
    """What was not changed at all is judged as missed, and what proves less as told: the campaign would see it."""
    world = World(tmp_path, random.Random(1))
    data = world.bundle()
    before = verify(data, policy())
    assert verdict(world, before, data) == "missed"
    content = json.loads(data)
    del content["entries"][0]
    assert verdict(world, before, written(content)) == "told"
    world.true[min(before.entries)] = b'{"something":"else"}'
    assert verdict(world, before, data) == "missed"
