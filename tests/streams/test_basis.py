"""A legal basis names a law that counts, and its article."""

from __future__ import annotations

import pytest

from streams.basis import known, laws


@pytest.mark.parametrize(
    ("basis", "counts"),
    [
        ("突发公共卫生事件应急条例, art. 27", True), ("《传染病防治法》第六十三条", True), ("Law on the Prevention and Treatment of Infectious Diseases, art. 39 and 40", True),
        ("突发公共卫生事件应急条例", False), ("An invented law, art. 1", False), ("art. 27", False), ("", False),
    ],
)  # fmt: skip
def test_known(basis: str, counts: bool) -> None:
    """In Chinese or English, with an article; a law alone, an article alone, and a law that is none of them do not count."""
    assert known(basis) is counts
    assert all(known(f"{law}第一条") for law in laws())
