"""Trains the model that is shipped for the people of the bus, on invented people.

    python -m deploy.simulation.linkage.model streams/identity/specs/people.json

It is trained on records, not on aliases: pairs of records of one document show how often everything else of one person differs. The invented people are few
beside those of a province, so the prior is not theirs.
"""

from __future__ import annotations

import sys
from math import log2
from pathlib import Path

from deploy.linkage.train import train
from deploy.simulation.linkage.people import people
from streams.identity.model import Model, save
from streams.identity.spec import shipped

PEOPLE, SEED = 100_000, 1
PRIOR = round(1000 * log2(2 / 120_000_000))
"""For the 47 million people of Yunnan: of 120 million records, each is of one person with two others. In thousandths of a bit."""


def trained(number: int = PEOPLE, seed: int = SEED) -> Model:
    """The model for so many invented people; the same for the same numbers."""
    profiles = ({field: [value] for field, value in written.says.items()} for written in people(number, seed))
    told = f"the records of {number:,} invented people (lianfang simulate --linkage --seed {seed}); prior of 47 million people"
    return train(shipped("people"), profiles, told).model_copy(update={"prior": PRIOR})


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(save(trained()), "utf-8")
