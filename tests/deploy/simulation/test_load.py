"""The stream of scans for measuring."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import islice

from connectors import registry
from deploy.simulation import scans
from schemas.tokens import Keys
from streams.normalise.interpret import check


def test_the_stream_is_equal_for_equal_seeds_and_endless() -> None:
    """The endless stream begins as every shorter one, and another seed gives another."""
    assert list(scans(1, 500, 100, 20)) == list(islice(scans(1, None, 100, 20), 500))
    assert list(scans(2, 500, 100, 20)) != list(scans(1, 500, 100, 20))


def test_every_scan_is_understood() -> None:
    """Normalise finds nothing wrong with any of them."""
    source, keys = registry.sources()["scan-code"], Keys(bytes(32))
    assert [check(source, one, keys) for one in scans(1, 500, 100, 20)] == [[]] * 500


def test_places_are_popular_by_zipfs_law() -> None:
    """The first place is entered about twice as often as the second, and three times as often as the third."""
    entered = Counter(one["place_code"] for one in scans(1, 40_000, 5_000, 50) if one["direction"] == "进")
    first, second, third = (count for _, count in entered.most_common(3))
    assert 1.8 < first / second < 2.2
    assert 2.6 < first / third < 3.4


def test_whoever_leaves_was_inside() -> None:
    """A scan out follows the same person's scan in at the same place, and a good part of those inside scan out."""
    inside: dict[str, str] = {}
    left = 0
    for one in scans(3, 5_000, 200, 30):
        if one["direction"] == "出":
            assert inside.pop(one["openid"]) == one["place_code"]
            left += 1
        else:
            inside[one["openid"]] = one["place_code"]
    assert 1_000 < left < 2_500


def test_time_passes_at_the_rate() -> None:
    """600 scans a second of event time: ten seconds for 6,000."""
    times = [datetime.fromisoformat(one["scanned_at"]) for one in scans(1, 6_001, 100, 10, rate=600)]
    assert times == sorted(times)
    assert abs((times[-1] - times[0]).total_seconds() - 10) < 0.05
