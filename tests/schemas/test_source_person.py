"""Where a source's file says that persons are."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from schemas.source import PersonMap


def test_a_household_is_of_some_numbering() -> None:
    """Numbers of households are given anew in every village, so a map that has them says whose they are."""
    with pytest.raises(ValidationError, match="household_in"):
        PersonMap(household="no")
    assert PersonMap(household="no", household_in="village").household == "no"


def test_words_for_sexes_are_words_of_ours() -> None:
    """A file whose words for the sexes mean anything but male, female or nothing is refused."""
    assert PersonMap.model_validate({"sex": "s", "sex_words": {"ka": "female", "?": ""}}).sex_words == {"ka": "female", "?": ""}
    with pytest.raises(ValidationError, match="sex_words"):
        PersonMap.model_validate({"sex": "s", "sex_words": {"ka": "woman"}})


def test_documents_are_checked_unless_a_file_says_otherwise() -> None:
    """A source of which nothing is said refuses resident numbers that do not fit."""
    assert PersonMap().document_checked
