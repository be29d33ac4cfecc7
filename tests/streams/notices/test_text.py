"""Texts are checked when they are read: no text to the public can have a field that tells of a person."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.models.notice import NoticeKind
from schemas.privacy import Privacy
from schemas.vocabulary import vocabulary
from streams.notices.text import LANGUAGES, shipped, template, texts


def changed(kind: str, **words: str) -> dict[str, Any]:
    """The shipped file with some Chinese and English texts replaced by the same words."""
    document = copy.deepcopy(vocabulary("notices"))
    for language, (name, text) in itertools.product(LANGUAGES, words.items()):
        document["templates"][kind][language][name] = text
    return document


def test_every_kind_has_texts() -> None:
    """In both languages, with a title and a withdrawal; kinds of places are those of the vocabulary."""
    assert set(shipped().templates) == set(NoticeKind)
    assert set(shipped().places) == set(vocabulary("places").values())


@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if template(kind).audience == "public"])
@pytest.mark.parametrize("field", ["begun", "ends", "community"])
def test_a_public_text_has_no_field_of_a_person(kind: NoticeKind, field: str) -> None:
    """Whatever field of another class is put into whichever text, also that of the withdrawal, the file is refused, and the field is named."""
    for part in ("text", "withdrawn"):
        with pytest.raises(ValidationError, match=f"may not have {field}"):
            texts(changed(kind, **{part: f"${{{field}}}"}))


def test_a_text_to_a_resident_has_no_identifying_field() -> None:
    """A name or a phone is of a class that no text may have."""
    document = changed("contact", text="${name}")
    document["fields"]["name"] = {"class": Privacy.IDENTIFYING.value, "zh": "姓名", "en": "name"}
    with pytest.raises(ValidationError, match="may not have name"):
        texts(document)


@pytest.mark.parametrize(("text", "why"), [("${nobody}", "no field of notices"), ("costs 5 $", "a plain"), ("${}", "a field is written")])
def test_what_is_no_field_is_refused(text: str, why: str) -> None:
    """A field that there is not, and a sign that is no field."""
    with pytest.raises(ValidationError, match=why):
        texts(changed("place", text=text))


def test_both_languages_say_the_same() -> None:
    """A field in one language only is told."""
    document = copy.deepcopy(vocabulary("notices"))
    document["templates"]["place"]["en"] |= {"text": "Beware.", "withdrawn": "Do not."}
    with pytest.raises(ValidationError, match="only one of both languages has days, place, region, since, until"):
        texts(document)


def test_a_kind_without_a_text_is_refused() -> None:
    """Each kind needs one."""
    document = copy.deepcopy(vocabulary("notices"))
    del document["templates"]["watch_over"]
    with pytest.raises(ValidationError, match="no text for watch_over"):
        texts(document)
