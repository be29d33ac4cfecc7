"""From decisions to the status that stands."""

from __future__ import annotations

import pytest

from deploy.simulation.telling import standing


@pytest.mark.parametrize(("words", "stands"), [
    ("", (None, None)),
    ("suspected", ("suspected", "suspected")),
    ("suspected probable", ("probable", "probable")),
    ("suspected confirmed", ("confirmed", "confirmed")),
    ("confirmed suspected", ("confirmed", "confirmed")),
    ("suspected isolated confirmed", ("isolated", "confirmed")),
    ("suspected confirmed admitted", ("in_hospital", "confirmed")),
    ("suspected confirmed admitted recovered", ("recovered", "confirmed")),
    ("suspected isolated ruled_out", ("ruled_out", None)),
    ("suspected confirmed ruled_out", ("confirmed", "confirmed")),
    ("suspected ruled_out suspected", ("suspected", "suspected")),
    ("confirmed admitted died", ("died", "confirmed")),
])  # fmt: skip
def test_status_and_classification_after_decisions(words: str, stands: tuple[str | None, str | None]) -> None:
    """Care stands over classification, a surer finding over a less sure one, and what is confirmed is not ruled out."""
    assert standing(words.split()) == stands
