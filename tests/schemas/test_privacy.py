"""Privacy classes: every field of a linked case and of a view has one."""

from __future__ import annotations

import pytest

from schemas.models.case import LinkedCase
from schemas.models.release import View
from schemas.privacy import Privacy, fields, of_class, strictest_first
from schemas.vocabulary import vocabulary


def test_every_field_has_a_class_and_no_other() -> None:
    """A field that is added to the linked case or to the view needs a class before anything can be released of it; a field that is gone has none."""
    assert set(fields()) == set(LinkedCase.model_fields) | set(View.model_fields)


def test_every_class_says_what_it_is() -> None:
    """Each class has its names and its source; each field its Chinese and its English."""
    classes = vocabulary("privacy")["classes"]
    assert list(classes) == list(Privacy)
    assert all(set(one) == {"zh", "en", "source"} and all(one.values()) for one in classes.values())
    assert all(not one.zh.isascii() and one.en for one in fields().values())


@pytest.mark.parametrize(("name", "privacy"), [
    ("names", "identifying"), ("phones", "identifying"), ("documents", "identifying"), ("status", "sensitive"), ("timeline", "sensitive"),
    ("born", "quasi"), ("sex", "quasi"), ("community", "quasi"), ("grid_worker", "coded"),
])  # fmt: skip
def test_classes_are_those_of_the_law(name: str, privacy: str) -> None:
    """Health and whereabouts are sensitive (PIPL art. 28); what opens the sealed identifiers of the person is identifying."""
    assert fields()[name].privacy == privacy


def test_order() -> None:
    """The strictest come first, equals by name."""
    assert strictest_first(["sex", "status", "phones", "names", "grid_worker"]) == ["names", "phones", "status", "sex", "grid_worker"]
    assert of_class(["sex", "phones", "names"], Privacy.IDENTIFYING) == ["names", "phones"]
