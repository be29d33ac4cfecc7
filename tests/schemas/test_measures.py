"""Measures: counted, looked up when they are read, and gone when what they are of is gone."""

from __future__ import annotations

import logging

import pytest

from schemas import metrics
from schemas.measures import Measures
from schemas.metrics import OfInput, OfStage, OfVerdict


def test_counts_and_looks() -> None:
    """Counters and histograms rise; a gauge is what the look at this reading says, and gone when it says nothing more."""
    measures, held = Measures(), [("raw.x", 0)]

    def look() -> None:
        for topic, partition in held:
            measures.set(metrics.HELD, OfInput("s", topic, partition), 1)

    measures.look(look)
    measures.add(metrics.MESSAGES, OfVerdict("s", "t", "applied"), 2)
    measures.add(metrics.MESSAGES, OfVerdict("s", "t", "applied"))
    measures.observe(metrics.BATCH_MESSAGES, OfStage("s"), 20)
    text = measures.text().decode()
    assert 'lianfang_stage_messages_total{stage="s",topic="t",verdict="applied"} 3.0' in text
    assert 'lianfang_batch_messages_bucket{le="10.0",stage="s"} 0.0' in text
    assert 'lianfang_batch_messages_bucket{le="30.0",stage="s"} 1.0' in text
    assert 'lianfang_inputs_held{partition="0",stage="s",topic="raw.x"} 1.0' in text
    held.clear()
    assert "lianfang_inputs_held{" not in measures.text().decode()
    assert "_created" not in text


def test_a_look_that_fails_hides_no_other(caplog: pytest.LogCaptureFixture) -> None:
    """What is looked at may be closing; that is logged by its kind, without its text."""
    measures = Measures()

    def fails() -> None:
        raise ValueError("杨测试")

    measures.look(fails)
    measures.look(lambda: measures.set(metrics.PARTITIONS, OfStage("s"), 2))
    with caplog.at_level(logging.WARNING):
        assert 'lianfang_stage_partitions{stage="s"} 2.0' in measures.text().decode()
    assert "ValueError" in caplog.text
    assert "杨测试" not in caplog.text
