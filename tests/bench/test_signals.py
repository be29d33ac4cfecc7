"""The benchmark of early warning draws what it says and judges it as it says."""

from __future__ import annotations

import numpy as np

from tests.bench.signals import SERIES, Judged, drawn, judged


def test_a_draw_has_the_level_and_one_outbreak() -> None:
    """The fourth series has about seven a day, and its outbreak lies in the last 49 weeks."""
    series = next(one for one in SERIES if one.name.startswith("4,"))
    counts, outbreak = drawn(series, 5, np.random.default_rng(1))
    assert 6 < np.mean(counts) - np.mean(outbreak) < 10
    assert sum(outbreak) > 50
    assert min(day for day, cases in enumerate(outbreak) if cases) >= len(counts) - 343


def test_a_large_outbreak_in_a_quiet_county_is_found() -> None:
    """Where there is a case in a fortnight, seventy standard deviations of cases are found by any method, within days, and false alarms are rare."""
    found = judged(SERIES[-1], 10, 2)["any"]
    assert found.found == found.outbreaks == 2
    assert max(found.delays) <= 5
    assert found.false <= 4


def test_sums_add_up() -> None:
    """Two series together are both."""
    assert Judged(1, 1, 10, 2, (3,), 4, 1).plus(Judged(1, 0, 10, 1, (), 2, 0)) == Judged(2, 1, 20, 3, (3,), 6, 1)
