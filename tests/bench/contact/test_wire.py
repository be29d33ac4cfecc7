"""The bytes of the bench are those of the bus."""

from __future__ import annotations

import pytest

from schemas.codec import Codec
from schemas.models.movement import Exposure, Presence
from schemas.topics import MODELS
from tests.bench.contact import wire
from tests.bench.contact.answer import pair
from tests.bench.contact.job import draw
from tests.schemas.ids import Ids


def test_presences_are_those_of_the_model() -> None:
    """What is encoded past the models is byte for byte what the codec makes of the same presence, keyed by its place."""
    job, codec = draw(50, exposures=3, places=5, people=40), Codec(Ids(), MODELS)
    for number, (key, value) in enumerate(wire.presences(job, codec)):
        presence = codec.decode(value, "presence")
        assert isinstance(presence, Presence)
        assert codec.encode("presence", presence) == value
        assert (key.decode(), presence.at, presence.until) == (presence.place, job.at[number], job.at[number])
        assert wire.numbered(1, presence.id) == number


def test_exposures_are_the_windows() -> None:
    """An exposure has the ends of its window, and the alias that the person's presences have."""
    job, codec = draw(50, exposures=3, places=5, people=1), Codec(Ids(), MODELS)
    alias = {presence.alias for _, value in wire.presences(job, codec) if isinstance(presence := codec.decode(value), Presence)}
    for window, (key, value) in zip(job.windows, wire.exposures(job, codec, range(3)), strict=True):
        exposure = codec.decode(value, "exposure")
        assert isinstance(exposure, Exposure)
        assert (exposure.at, exposure.until, exposure.place) == (window.at, window.until, key.decode())
        assert {exposure.alias} == alias


@pytest.mark.parametrize("number", [0, 1, 1_999_999])
def test_names_give_their_numbers_back(number: int) -> None:
    """A name is 32 hexadecimal digits, tells its number, and is of one kind."""
    name = wire.name(1, number)
    assert len(name) == 32
    assert wire.numbered(1, name) == number
    with pytest.raises(ValueError, match="another kind"):
        wire.numbered(2, name)


def test_lines_tell_their_pair() -> None:
    """The pair of a line is that of its ids."""
    line = f"{wire.name(2, 7)} {wire.name(1, 9)} 100 200".encode()
    assert wire.of_line(line) == pair(7, 9)
