"""The table of contents of the path says what the stages do."""

from __future__ import annotations

import re

import pytest

from connectors import registry
from connectors.envelope import Item, envelopes
from deploy.simulation.outbreak import simulate
from schemas.topics import written
from streams import memory, path
from streams.policy import load
from streams.rows import PREFIX
from streams.stage import Emit, Stage
from tests.levels import declare
from tests.oracle.facts import body
from tests.streams.trial import KEYS

SOURCES, AGENCIES = registry.sources(), tuple(registry.agencies().values())
STAGES = path.build(SOURCES, AGENCIES, load(), KEYS)
_LINE = re.compile(r"^(?P<first>\S+)\s+(?P<stage>\w+)\s+→ (?P<writes>[^()]*?)\s*(?:\(also reads (?P<also>[^)]*)\))?$")


def folded(topics: tuple[str, ...]) -> set[str]:
    """Topics with `raw.*`, `record.*` and `deliver.*` for each of their kind."""
    return {re.sub(r"^(raw|record|deliver)\..*", r"\1.*", topic) for topic in topics}


def told() -> dict[str, tuple[set[str], set[str]]]:
    """What each line of the docstring says that a stage reads and writes."""
    lines = [match for line in str(path.__doc__).splitlines() if (match := _LINE.match(line))]
    return {line["stage"]: ({line["first"], *(line["also"].split(", ") if line["also"] else [])}, set(line["writes"].split(", "))) for line in lines}


def test_the_table_has_every_stage_in_order() -> None:
    """Each stage has one line, and list, table and stages are in the same order."""
    assert tuple(told()) == path.STAGES == tuple(stage.name for stage in STAGES)


RARE = {"decisions": {1, 2, 3, 4}, "pairs": {2, 3}, "normalise": {2, 3}, "tasks": {3, 4}, "signals": {2, 4, 13}, "routing": {2}, "evidence": {3, 4, 6, 7}, "isolation": {2, 3, 4, 5, 6, 7}, "measures": {2, 3, 4, 5}, "supervision": {*range(1, 12)}, "notices": {2, 4, 5, 6}, "supplies": {1, 2, 3, 4, 5, 6}, "needs": {1, 2, 3, 4, 5, 6, 7}}
"""Tables that need not have rows, by stage."""


@pytest.mark.parametrize("stage", STAGES, ids=path.STAGES)
def test_the_table_says_what_a_stage_reads_and_writes(stage: Stage) -> None:
    """Every input and every output stands in the stage's line, and nothing else."""
    reads, writes = told()[stage.name]
    assert folded(stage.inputs) == reads
    assert folded(stage.outputs) == writes


@pytest.mark.parametrize("stage", STAGES, ids=path.STAGES)
def test_the_contract_says_the_same(stage: Stage) -> None:
    """The contract names the stage as reader of each of its inputs and as writer of each of its outputs."""
    topics = written()
    for name in stage.inputs:
        assert stage.name in topics[name if name in topics else f"{name.split('.')[0]}.*"].readers
    for name in stage.outputs:
        assert topics[name if name in topics else f"{name.split('.')[0]}.*"].writer in (stage.name, "stages")


def test_every_source_is_read_and_every_agency_written() -> None:
    """A source or agency file is enough: normalise reads its topic, routing writes its topic."""
    assert STAGES[0].inputs == (*(f"raw.{name}" for name in SOURCES), "control.tick", "control.erasure", "control.level", "carried")
    assert {output for output in STAGES[-1].outputs if output.startswith("deliver.")} == {f"deliver.{agency.name}" for agency in AGENCIES}


def test_what_a_stage_reads_somebody_writes() -> None:
    """Every topic that a stage reads is raw, of stewards, the clock, a renewal or the start of a worker, or written by a stage, and is read and written by one name only once."""
    outputs = {output for stage in STAGES for output in stage.outputs}
    for stage in STAGES:
        assert len(set(stage.inputs)) == len(stage.inputs)
        assert len(set(stage.outputs)) == len(stage.outputs)
        assert all(topic in outputs or topic.startswith("raw.") or written()[topic].writer in ("stewards", "clock", "carry", "workers") for topic in stage.inputs)


def test_each_topic_has_one_writer() -> None:
    """No two stages write to one topic, so that one transaction has all of it; but for refusals, which any stage may write."""
    outputs = [output for stage in STAGES for output in stage.outputs if output != "reject"]
    assert len(set(outputs)) == len(outputs)


@pytest.mark.parametrize("stage", STAGES, ids=path.STAGES)
def test_tables_and_urgent_inputs(stage: Stage) -> None:
    """A stage's tables have numbers of their own, and what is urgent is among its inputs."""
    numbers = [table.number for table in stage.tables]
    assert len(set(numbers)) == len(numbers) > 0
    assert all(0 < number < 255 for number in numbers)
    assert set(stage.urgent) <= set(stage.inputs)


def test_every_row_is_of_a_table() -> None:
    """After an outbreak each stage has rows of its tables and no others, with keys as wide as they are said to be; rows of models, what people decide, crowds, ticks, erasures and measures are rare."""
    bus = declare(memory.Bus(STAGES))
    for arrival in simulate(5, people=60, days=12).arrivals:
        bus.publish(Emit(f"raw.{arrival.source}", raw.record, raw) for raw in envelopes(SOURCES[arrival.source], Item(body(arrival.fields)), KEYS))
    bus.run()
    for stage in STAGES:
        rows = [key for key, _ in bus.rows(stage.name)]
        numbers = {table.number for table in stage.tables}
        assert {key[0] for key in rows} <= numbers
        assert numbers - {key[0] for key in rows} <= RARE.get(stage.name, set())
        assert {len(key) - PREFIX for key in rows} <= {0, 1, 8, 16, 17, 24, 33, 41}
