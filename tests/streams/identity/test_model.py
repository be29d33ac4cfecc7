"""Models as files."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from streams.identity.model import LIMIT, BadModel, check, load, save, weight
from tests.streams.identity import small
from tests.streams.identity.trying import FEBRL, model


def test_a_model_comes_back_from_its_file() -> None:
    """What is saved is loaded, and saved again to the same letters."""
    assert load(save(model())) == model()
    assert save(load(save(model()).encode())) == save(model())


def test_weights_are_bits() -> None:
    """A level that is eight times as frequent weighs three bits, and none weighs more than the limit."""
    assert weight(0.8, 0.1) == 3000
    assert weight(0.1, 0.8) == -3000
    assert weight(0.9, 1e-12) == LIMIT
    assert weight(1e-12, 0.9) == -LIMIT


@pytest.mark.parametrize(("old", "new"), [('"version": 1', '"version": 0'), ('"prior": -6000', '"prior": 1'), ('"weight": 7000', '"weight": 20001'), ('"m": 0.5', '"m": 1.5')])
def test_numbers_out_of_bounds_are_refused(old: str, new: str) -> None:
    """A version, a prior, a weight or a share that cannot be is refused."""
    text = save(small.model())
    assert old in text
    with pytest.raises(ValidationError):
        load(text.replace(old, new, 1))


def test_fields_and_levels_are_those_of_the_spec() -> None:
    """A model that lacks a field, or a level, of the spec is refused with its place."""
    check(small.model(), small.SPEC)
    fields = small.model().fields
    with pytest.raises(BadModel, match="fields"):
        check(small.model().model_copy(update={"fields": {name: fields[name] for name in ("name", "born")}}), small.SPEC)
    short = fields["phone"].model_copy(update={"levels": {"equal": fields["phone"].levels["equal"]}})
    with pytest.raises(BadModel, match="levels of phone"):
        check(small.model().model_copy(update={"fields": {**fields, "phone": short}}), small.SPEC)
    with pytest.raises(BadModel, match="for small"):
        check(small.model(), FEBRL)
