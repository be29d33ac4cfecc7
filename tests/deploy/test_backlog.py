"""Which places count for which source."""

from __future__ import annotations

from pathlib import Path

from deploy.backlog import bound, ways
from deploy.bus import Bus
from schemas.settings import Settings


def bus(home: Path) -> Bus:
    """A bus that nobody connects to."""
    (home / "secret").write_bytes(b"s" * 32)
    return Bus(Settings(home=home, namespace="ns.", partitions=3, backlog=7))


def test_an_urgent_source_counts_its_own_topic_alone(tmp_path: Path) -> None:
    """So no flood of anything else shuts out a result."""
    found = ways(bus(tmp_path))
    assert [(place.stage, place.group, place.topics) for place in found["lab-result"]] == [("normalise", "ns.lianfang.normalise", (("ns.raw.lab-result", 3),))]
    assert len(found["clinic-visit"]) == 1


def test_others_count_every_stage_behind(tmp_path: Path) -> None:
    """A source that is not urgent holds back for its own topic, and for whatever waits at a later stage, urgent inputs left out."""
    made = bus(tmp_path)
    own, *later = ways(made)["scan-code"]
    assert own.topics == (("ns.raw.scan-code", 3),)
    stages = {stage.name: stage for stage in made.stages}
    assert {"movements", "contacts", "profiles"} <= {place.stage for place in later} <= set(stages)
    for place in later:
        topics = {topic.removeprefix("ns.") for topic, _ in place.topics}
        assert topics <= set(stages[place.stage].inputs) - set(stages[place.stage].urgent)
    assert ways(made)["household"][1:] == later


def test_a_source_may_have_its_own_bound(tmp_path: Path) -> None:
    """What its file says counts before the setting, also when it says that there is none."""
    made = bus(tmp_path)
    source = made.sources["scan-code"]
    assert [bound(made, source.model_copy(update={"backlog": own})) for own in (None, 3, 0)] == [7, 3, 0]
