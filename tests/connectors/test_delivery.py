"""How a delivery is told: what waits, since when, who does not answer, and why nothing is delivered."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaConnectionError

from connectors.delivery import AGAIN, Condition
from schemas.measures import Measures
from tests.connectors.group import TOPIC, Consumer, Group, release


def value(measures: Measures, name: str) -> float:
    """The value of the only series of this name."""
    (found,) = re.findall(rf'^{name}{{agency="county-cdc"}} (\S+)$', measures.text().decode(), re.MULTILINE)
    return float(found)


def test_what_waits() -> None:
    """Releases that were read and not answered, and what is on the topic behind them; the age is that of the oldest that was read."""
    measures, group = Measures(), Group([release("a", number) for number in range(5)])
    condition, consumer = Condition("county-cdc", measures), Consumer(group, most=2)
    consumer.poll(0)
    condition.reads(consumer, {"one": time.time() - 100, "two": time.time() - 50})
    behind = 9 - 3  # offsets are even: the end is 9, and two were read
    assert value(measures, "lianfang_deliveries_outstanding") == 2 + behind
    assert value(measures, "lianfang_deliveries_oldest_seconds") == pytest.approx(100, abs=5)
    condition.answered("one")
    assert value(measures, "lianfang_deliveries_oldest_seconds") == pytest.approx(50, abs=5)
    condition.answered("two")
    assert value(measures, "lianfang_deliveries_oldest_seconds") == 0
    group.logs[TopicPartition(TOPIC, 0)] += [type(group.logs[TopicPartition(TOPIC, 0)][0])(10, b"")]
    condition.waits(consumer)
    assert value(measures, "lianfang_deliveries_outstanding") == 11 - 3


def test_a_broker_that_is_away_while_a_receiver_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last number stays, and the delivery goes on waiting."""
    measures, consumer = Measures(), Consumer(Group([release("a", 1)]))
    condition = Condition("county-cdc", measures)
    condition.reads(consumer, {})

    def away(_: Any) -> None:
        raise KafkaConnectionError

    monkeypatch.setattr(consumer, "end_offsets", away)
    condition.waits(consumer)
    assert value(measures, "lianfang_deliveries_outstanding") == 1


def test_why_nothing_is_delivered() -> None:
    """No partition yet, or an end; a receiver that does not answer is told beside it, from its first attempt until one is answered for good."""
    measures = Measures()
    condition = Condition("county-cdc", measures)
    assert condition.unready() == ["county-cdc has no partition of its topic yet"]
    condition.reads(Consumer(Group([])), {})
    assert condition.unready() == []
    assert condition.silent is None
    condition.attempted(AGAIN)
    condition.attempted(AGAIN)
    assert condition.silent is not None
    assert condition.unready() == []
    condition.attempted("delivered")
    assert condition.silent is None
    assert 'lianfang_deliveries_total{agency="county-cdc",answer="again"} 2.0' in measures.text().decode()
    condition.ends("NotDeliverable")
    assert condition.unready() == ["the delivery to county-cdc has ended: NotDeliverable"]
    assert value(measures, "lianfang_delivery_stopped") == 1
