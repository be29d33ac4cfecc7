"""Delivery to a webhook on this machine, from a topic that a test fills."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kafka import OffsetAndMetadata, TopicPartition
from kafka.errors import CommitFailedError, KafkaTimeoutError, TopicAuthorizationFailedError

from connectors import deliver
from connectors.deliver import Deliverer, NotDeliverable, filled
from connectors.publish import CannotPublish
from schemas.brokers import Brokers
from schemas.models.release import Answer, Release
from tests.connectors.group import TOPIC, Consumer, Group, Json, Message, Receipts, agency, release
from tests.connectors.receiver import Asked, Plan, after, listening, slowly


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A secret, and looks at the broker that come soon."""
    (tmp_path / "secret").write_text("secret\n")
    monkeypatch.setenv("COUNTY_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setattr(deliver, "_LOOK", 0.02)


class Run:
    """One run of a deliverer over a group."""

    def __init__(self, group: Group, url: str, monkeypatch: pytest.MonkeyPatch, consumer: Consumer | None = None, receipts: Receipts | None = None) -> None:
        monkeypatch.setenv("COUNTY_URL", url)
        self.group, self.consumer, self.receipts = group, consumer or Consumer(group), receipts or Receipts(group)
        self.told: list[str] = []
        self.deliverer = Deliverer(agency(), Brokers("one:1"), Json(), "space.", self.receipts, consumer=self.consumer, sleep=lambda _: time.sleep(0.001))

    def until(self, done: Callable[[], bool], seconds: float = 10.0) -> Run:
        """Deliver until something holds."""
        limit = time.monotonic() + seconds
        try:
            self.deliverer.run(lambda: done() or time.monotonic() > limit, self.told.append)
        finally:
            self.deliverer.close()
        assert done()
        return self


Runner = Callable[..., Run]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Makes runs."""

    def make(group: Group, url: str, **more: Any) -> Run:
        return Run(group, url, monkeypatch, **more)

    return make


def test_delivers(run: Runner) -> None:
    """Every release is delivered, signed, with a receipt that is on the bus before the offset is committed."""
    group = Group([release("a", 1), release("b", 1)], [release("c", 1, retracted=True)])
    with listening(lambda _: 200) as hook:
        one = run(group, hook.url).until(lambda: group.done)
    assert sorted(hook.people) == [("a", "r-a-1"), ("b", "r-b-1"), ("c", "r-c-1")]
    assert all("lianfang-signature" in asked.headers for asked in hook.asked)
    assert [Release.model_validate(asked.value) for asked in hook.asked if asked.value["person"] == "c"] == [release("c", 1, retracted=True)]
    assert sorted((receipt.release, receipt.retracted, receipt.answer, receipt.status, receipt.attempts) for receipt in one.receipts.sent) == [
        ("r-a-1", False, Answer.DELIVERED, 200, 1), ("r-b-1", False, Answer.DELIVERED, 200, 1), ("r-c-1", True, Answer.DELIVERED, 200, 1),
    ]  # fmt: skip
    assert group.events == [("receipts", 3), ("commit", {TopicPartition(TOPIC, 0): 3, TopicPartition(TOPIC, 1): 1})]
    assert one.told == ["county-cdc: 3 delivered, 0 refused"]
    assert one.consumer.closed


def test_refusals_are_receipts_too(run: Runner) -> None:
    """A release that the receiver refuses for good has a receipt that says so, and holds up nothing."""
    group = Group([release("a", 1), release("a", 2), release("b", 1)])
    with listening(lambda asked: 422 if asked.value["id"] == "r-a-1" else 200) as hook:
        one = run(group, hook.url).until(lambda: group.done)
    assert {(receipt.release, receipt.answer, receipt.status) for receipt in one.receipts.sent} == {
        ("r-a-1", Answer.REFUSED, 422), ("r-a-2", Answer.DELIVERED, 200), ("r-b-1", Answer.DELIVERED, 200),
    }  # fmt: skip
    assert one.told == ["county-cdc: 2 delivered, 1 refused"]


@pytest.mark.parametrize(("plan", "together"), [(after(503), 1), (after(429), 1), (slowly(0.02), 2)])
def test_order_of_a_person(run: Runner, plan: Plan, together: int) -> None:
    """The releases of a person arrive in their order, each answered before the next is sent, while people do not wait for each other."""
    people = [f"p{number}" for number in range(6)]
    group = Group([release(person, number) for number in range(5) for person in people])
    held: dict[str, list[str]] = defaultdict(list)
    under_way: set[str] = set()
    lock = threading.Lock()

    def answer(asked: Asked) -> Any:
        person = asked.value["person"]
        with lock:
            assert person not in under_way
            under_way.add(person)
        status = plan(asked)
        with lock:
            under_way.remove(person)
            if status == 200:
                held[person].append(asked.value["id"])
        return status

    with listening(answer) as hook:
        run(group, hook.url).until(lambda: group.done)
    assert held == {person: [f"r-{person}-{number}" for number in range(5)] for person in people}
    assert hook.most_at_once >= together


def test_keys(run: Runner) -> None:
    """Attempts for one message carry one key; a release that stands again after its retraction carries another, or the receiver would take it for a repeat."""
    group = Group([release("a", 1), release("a", 1, retracted=True), release("a", 1)])
    with listening(after(500)) as hook:
        run(group, hook.url).until(lambda: group.done)
    keys = [asked.key for asked in hook.asked]
    assert len(keys) == 6
    assert keys[0::2] == keys[1::2]
    assert len(set(keys)) == 3


def test_crash_between_receipt_and_commit(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deliverer that dies before the commit delivers again, with the same bodies under the same keys, and the receipt comes twice."""
    group = Group([release("a", 1), release("a", 2)])
    consumer = Consumer(group)

    def dies(_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(consumer, "commit", dies)
    with listening(lambda _: 200) as hook:
        with pytest.raises(SystemExit):
            run(group, hook.url, consumer=consumer).until(lambda: group.done)
        assert group.events == [("receipts", 2)]
        second = run(group, hook.url).until(lambda: group.done)
    assert [(one.key, one.body) for one in hook.asked[:2]] == [(one.key, one.body) for one in hook.asked[2:]]
    assert len(second.receipts.sent) == 2


def test_receipts_that_are_not_acknowledged(run: Runner) -> None:
    """Where the bus does not take the receipts nothing is committed, and the deliverer says so and ends."""
    group = Group([release("a", 1)])
    with listening(lambda _: 200) as hook, pytest.raises(CannotPublish, match="away"):
        run(group, hook.url, receipts=Receipts(group, fails="away")).until(lambda: group.done)
    assert not group.done


def test_stop_in_the_middle(run: Runner) -> None:
    """Told to stop, it notes what was answered and commits as far as everything is, so only what was not answered is asked again."""
    group = Group([release("a", 1), release("b", 1), release("a", 2), release("a", 3)], [release("c", 1)])
    with listening(lambda asked: 503 if asked.value["id"] == "r-a-2" else 200) as hook:
        first = run(group, hook.url).until(lambda: sum(asked.value["id"] == "r-a-2" for asked in hook.asked) > 3)
        assert sorted(receipt.release for receipt in first.receipts.sent) == ["r-a-1", "r-b-1", "r-c-1"]
        assert group.committed == {TopicPartition(TOPIC, 0): 4, TopicPartition(TOPIC, 1): 1}
        hook.asked.clear()
        hook.plan = lambda _: 200
        run(group, hook.url).until(lambda: group.done)
    assert hook.people == [("a", "r-a-2"), ("a", "r-a-3")]


def test_message_that_is_no_release(run: Runner) -> None:
    """A message that is no release ends the delivery with its place and what to do; what stands before it is delivered and committed, what is behind it is not."""
    group = Group([release("a", 1), b"broken", release("a", 2)], [release("b", 1)])
    with listening(lambda _: 200) as hook:
        for _ in range(2):
            with pytest.raises(NotDeliverable) as told:
                run(group, hook.url).until(lambda: group.done)
    assert f"topic {TOPIC}, partition 0, offset 2 is no release (not in Confluent wire format)" in str(told.value)
    assert "move the group space.lianfang.deliver.county-cdc to offset 3" in str(told.value)
    assert sorted(hook.people) == [("a", "r-a-1"), ("b", "r-b-1")]
    assert group.committed == {TopicPartition(TOPIC, 0): 1, TopicPartition(TOPIC, 1): 1}


def test_message_without_a_value(run: Runner) -> None:
    """A tombstone is passed over: it only says that a key is gone from the topic."""
    group = Group([None, release("a", 1), None])
    with listening(lambda _: 200) as hook:
        run(group, hook.url).until(lambda: group.done)
    assert hook.people == [("a", "r-a-1")]


def test_receiver_that_is_away_for_long(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the receiver is away the consumer goes on polling, so that its group keeps it, but takes nothing; the operator is told; then all goes on in order."""
    monkeypatch.setattr(deliver, "_REMIND", 0.05)
    group = Group([release("a", number) for number in range(6)])
    consumer = Consumer(group, most=2)
    with listening(lambda _: 503) as hook:
        one = run(group, hook.url, consumer=consumer)

        def back() -> bool:
            if consumer.polls == 12:
                assert consumer.stopped == consumer.assignment()
                hook.plan = lambda _: 200
            return group.done

        one.until(back)
    assert consumer.polls > 12
    assert one.told[0] == "county-cdc: the receiver does not take releases (status 503); it is asked again"
    assert [receipt.release for receipt in one.receipts.sent] == [f"r-a-{number}" for number in range(6)]
    assert not consumer.stopped


def test_partition_that_comes_meanwhile(run: Runner) -> None:
    """What a partition that is newly assigned gives while others are waited for is not lost: it comes again."""
    group = Group([release("a", 1)], [release("b", 1), release("b", 2)])
    consumer = Consumer(group)
    new = TopicPartition(TOPIC, 1)
    del consumer.positions[new]
    with listening(lambda _: 503) as hook:
        poll = consumer.poll

        def rebalancing(timeout_ms: int) -> dict[TopicPartition, list[Message]]:
            if consumer.polls == 3:
                consumer.positions[new] = 0
            if consumer.polls == 8:
                hook.plan = lambda _: 200
            return poll(timeout_ms)

        consumer.poll = rebalancing  # type: ignore[method-assign]
        run(group, hook.url, consumer=consumer).until(lambda: group.done)
    assert [pair for pair in hook.people if pair[0] == "b"] == [("b", "r-b-1"), ("b", "r-b-2")]


def test_partitions_that_moved(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit that comes too late, because the partitions are another's by now, is told and does not end the delivery."""
    group = Group([release("a", 1)], [])
    consumer = Consumer(group)
    commit, late = consumer.commit, [CommitFailedError()]

    def moved(ends: dict[TopicPartition, OffsetAndMetadata]) -> None:
        if late:
            consumer.positions = dict(group.committed)
            raise late.pop()
        commit(ends)

    monkeypatch.setattr(consumer, "commit", moved)
    with listening(lambda _: 200) as hook:
        one = run(group, hook.url, consumer=consumer).until(lambda: group.done)
    assert len({asked.key for asked in hook.asked}) == 1
    assert len(hook.asked) == 2
    assert "its partitions moved" in one.told[0]


def test_agencies_do_not_wait_for_each_other(run: Runner) -> None:
    """An agency whose receiver is away holds up no other, run side by side as the command runs them."""
    lost, good = Group([release("a", 1)]), Group([release("b", number) for number in range(20)])
    with listening(lambda _: 503) as away, listening(lambda _: 200) as there:
        slow, quick = run(lost, away.url), run(good, there.url)
        thread = threading.Thread(target=lambda: slow.until(lambda: good.done))
        thread.start()
        quick.until(lambda: good.done)
        thread.join()
    assert len(there.asked) == 20
    assert not lost.done


def test_a_fault_of_its_own(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of its own ends the run and is raised, also while other releases wait for a receiver that is away."""
    group = Group([release("a", 1), release("b", 1)])
    with listening(lambda _: 503) as hook:
        one = run(group, hook.url)
        ask = one.deliverer._receiver.deliver

        def faulty(key: str, body: bytes, stop: Callable[[], bool]) -> Any:
            if b'"b"' in body:
                raise ZeroDivisionError
            return ask(key, body, stop)

        monkeypatch.setattr(one.deliverer._receiver, "deliver", faulty)
        with pytest.raises(ZeroDivisionError):
            one.until(lambda: group.done)
    assert not group.done


def test_broker_that_refuses(run: Runner) -> None:
    """A broker that refuses is told with the agency's name."""
    consumer = Consumer(Group([]))
    consumer.failing = TopicAuthorizationFailedError({TOPIC})
    with pytest.raises(NotDeliverable, match=r"agency county-cdc: the broker refuses \(TopicAuthorizationFailedError\)"):
        run(consumer.group, "http://127.0.0.1:1", consumer=consumer).until(lambda: False)


def test_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody answers, connecting says so."""
    monkeypatch.setenv("COUNTY_URL", "http://127.0.0.1:1/")

    def nobody(*_: object, **__: object) -> None:
        raise KafkaTimeoutError

    monkeypatch.setattr(deliver, "KafkaConsumer", nobody)
    with pytest.raises(NotDeliverable, match="no broker at one:1"):
        Deliverer(agency(), Brokers("one:1"), Json(), "space.", Receipts(Group()))


@pytest.mark.parametrize(("url", "said"), [("", "needs the environment variable COUNTY_URL"), ("county/hook", "must begin with http"), ("http://county:port/", "agency county-cdc: ")])
def test_address_that_is_not_set(run: Runner, url: str, said: str) -> None:
    """An address or a secret that is not set, or is none, is told before anything is read."""
    with pytest.raises(NotDeliverable, match=said):
        run(Group([]), url)


def test_secret_that_is_empty(run: Runner, tmp_path: Path) -> None:
    """An empty secret signs nothing, so it is refused."""
    (tmp_path / "secret").write_text(" \n")
    with pytest.raises(NotDeliverable, match="the secret of the webhook is empty"):
        run(Group([]), "http://127.0.0.1:1/")


def test_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names in a text are replaced from the environment; one that is not set is named."""
    monkeypatch.setenv("HOST", "somewhere")
    assert filled("http://${HOST}/a/${HOST}", "x") == "http://somewhere/a/somewhere"
    with pytest.raises(NotDeliverable, match="agency x needs the environment variable PORT_OF"):
        filled("http://${HOST}:${PORT_OF}/", "x")
