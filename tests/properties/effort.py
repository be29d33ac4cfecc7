"""How many worlds each property is tried on: few in `make test`; a hundred times as many, for an hour, with `LIANFANG_HYPOTHESIS=deep pytest tests/properties --timeout 0`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

_DEEP = os.environ.get("LIANFANG_HYPOTHESIS") == "deep"


def examples(number: int) -> settings:
    """The settings of a property: this many worlds, or a hundred times as many."""
    return settings(
        max_examples=number * (100 if _DEEP else 1), deadline=None, print_blob=True, database=None,
        phases=[Phase.explicit, Phase.generate, Phase.target, Phase.shrink],  # not explain, which traces every line on Python 3.11
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
