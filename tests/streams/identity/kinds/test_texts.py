"""Codes, lines of text, words of a list, e-mail addresses, and fields in each other's place."""

from __future__ import annotations

import pytest

from tests.streams.identity.kinds.cases import keys, level


@pytest.mark.parametrize(
    ("kind", "a", "b", "found"),
    [
        ("code", "4121", "4121", "equal"),
        ("code", "41 21", "4121", "equal"),
        ("code", "4121", "4112", "one sign"),
        ("code", "4121", "4103", "two signs"),
        ("code", "4121", "9", "different"),
        ("code", "7", "8", "different"),
        ("code", "17", "18", "one sign"),
        ("code", "123", "145", "different"),
        ("text", "Forbes Street", "forbesstreet", "equal"),
        ("text", "forbes street", "forbse street", "alike"),
        ("text", "forbes street", "frbas strete", "close"),
        ("text", "the willows", "willows caravan park", "a word shared"),
        ("text", "forbes street", "mountain road", "different"),
        ("exact", "Male", " male", "equal"),
        ("exact", "male", "female", "different"),
        ("email", "A.Lee@example.org", "a.lee@example.org", "equal"),
        ("email", "a.lee@example.org", "a.le@exmple.org", "alike"),
        ("email", "a.lee@example.org", "a.lee@invented.com", "same before the sign"),
        ("email", "anna.lee@example.org", "anxxx.lee@exampel.org", "close"),
        ("email", "anna.lee@example.org", "robert.king@example.org", "same after the sign"),
        ("email", "anna.lee@example.org", "robert.king@invented.com", "different"),
    ],
)
def test_levels(kind: str, a: str, b: str, found: str) -> None:
    """Each level has its example."""
    assert level(kind, a, b) == found


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        (("anna", "walker"), ("walker", "anna"), "both"),
        (("anna", "walker"), ("wakler", "anna"), "both nearly"),
        (("anna", "walker"), ("walker", "robert"), "one"),
        (("", "walker"), ("walker", "anna"), "one"),
        (("anna", "walker"), ("anna", "walker"), "different"),
        (("anna", "walker"), ("walker", "waker"), "different"),
        (("anna", ""), ("robert", ""), "nothing"),
    ],
)
def test_swapped(a: tuple[str, str], b: tuple[str, str], found: str) -> None:
    """Fields in each other's place are seen, also when one is missing; not when they agree as they stand."""
    assert level("swapped", a, b) == found


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        (("anna.lee@example.org", ""), ("", "Anna"), "named"),
        (("a.lee@example.org", ""), ("", "Anna"), "initial"),
        (("annal77@example.org", ""), ("", "Lee"), "initial"),
        (("robert@example.org", ""), ("", "Anna"), "different"),
        (("anna@example.org", ""), ("anna@example.org", ""), "nothing"),
        (("", "Anna"), ("", "Anna"), "nothing"),
    ],
)
def test_name_in_email(a: tuple[str, str], b: tuple[str, str], found: str) -> None:
    """An address tells a name or an initial of whoever made it; two addresses or two names are for other kinds to compare."""
    assert level("in-email", a, b) == found


def test_keys() -> None:
    """The parts of an address, the words of a line, and two names in whichever place they stand."""
    assert keys("email", "local", "a.lee@example.org") == ["a.lee"]
    assert keys("email", "domain", "a.lee@example.org") == ["example.org"]
    assert keys("email", "domain", "a.lee") == []
    assert keys("text", "words", "Forbes Street") == ["forbes", "street"]
    assert keys("text", "start", "Forbes Street") == ["forbes"]
    assert keys("swapped", "sounds", ("anna", "walker")) == keys("swapped", "sounds", ("Walker", "Ana"))
    assert keys("swapped", "sounds", ("", "walker")) == []
