"""The brute force against a plainer one and against the real stage, and the check that an answer goes through."""

from __future__ import annotations

import random
from array import array

import pytest

from schemas.codec import Codec
from schemas.models.movement import Contact
from schemas.topics import MODELS
from streams import memory
from streams.contacts.stage import stage
from streams.policy import load
from streams.stage import Message, run_batch
from tests.bench.contact import wire
from tests.bench.contact.answer import WrongAnswer, check, expected, pair
from tests.bench.contact.job import Job, draw
from tests.schemas.ids import Ids


def small(seed: int = 1) -> Job:
    """Few places, so that many meet."""
    return draw(400, exposures=12, places=5, people=40, seed=seed)


def test_every_pair_is_in_the_answer() -> None:
    """Comparing each exposure with each scan gives the same pairs."""
    job = small()
    found = [
        pair(number, scan)
        for number, window in enumerate(job.windows) for scan in range(job.scans)
        if job.place[scan] == window.place and window.at <= job.at[scan] <= window.until and job.person[scan] != window.person
    ]  # fmt: skip
    assert list(expected(job)) == found
    assert found


def test_both_ends_count_and_the_exposed_person_does_not() -> None:
    """A scan at the very begin or end of a window is a contact, a millisecond outside it is none, and nobody is the own contact."""
    job = small()
    window = job.windows[0]
    moments = [window.at - 1, window.at, window.until, window.until + 1, window.until + 2]
    edge = Job(array("q", moments), array("i", [window.place] * 5), array("i", [window.person + 1] * 5), (window,))
    assert list(expected(edge)) == [pair(0, 1), pair(0, 2)]
    own = Job(array("q", [window.at]), array("i", [window.place]), array("i", [window.person]), (window,))
    assert list(expected(own)) == []


def test_exposed_people_are_there_themselves() -> None:
    """Each exposed person has a scan in the own window, so that leaving it out is tested by every job."""
    job = small()
    for window in job.windows:
        assert any(
            job.place[scan] == window.place and window.at <= job.at[scan] <= window.until and job.person[scan] == window.person for scan in range(job.scans)
        )


@pytest.mark.parametrize("seed", range(3))
def test_the_stage_gives_the_answer(seed: int) -> None:
    """The real stage in memory, given the bytes of the bench in a drawn order, writes contacts whose pairs are the answer."""
    job, codec = small(seed), Codec(Ids(), MODELS)
    values = [("presence", *message) for message in wire.presences(job, codec)]
    values += [("exposure", *message) for message in wire.exposures(job, codec, range(len(job.windows)))]
    random.Random(seed).shuffle(values)
    messages = [Message(topic, 0, number, key.decode(), codec.decode(value, topic)) for number, (topic, key, value) in enumerate(values)]
    emits, _ = run_batch(stage(load()), messages, memory.MemoryState())
    contacts = [emit.value for emit in emits]
    assert all(isinstance(contact, Contact) for contact in contacts)
    check(expected(job), [wire.of_contact(codec.encode("contact", contact)) for contact in contacts])


def test_a_wrong_answer_is_told() -> None:
    """A missing pair, one that is none and one given twice are counted and named."""
    wanted = array("q", sorted([pair(0, 1), pair(0, 2), pair(1, 2)]))
    check(wanted, [pair(1, 2), pair(0, 1), pair(0, 2)])
    with pytest.raises(WrongAnswer, match=r"1 missing \(exposure 0, scan 2\), 1 that are none \(exposure 3, scan 4\), 1 given again"):
        check(wanted, [pair(0, 1), pair(1, 2), pair(1, 2), pair(3, 4)])
