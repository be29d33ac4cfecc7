"""What receivers have confirmed, and what not."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.reader import Entry
from deploy.agencies.owed import owed
from schemas.models.release import Answer, Audit, Decision, Receipt
from tests.deploy.fakes import entry

HOUR = 3_600_000
GIVEN, BACK = Decision.RELEASED, Decision.RETRACTED


def line(release: str, decision: Decision, written: int, agency: str = "one-agency", person: str = "p", purpose: str = "care") -> Entry:
    """A line of the audit."""
    said = Audit(release=release, agency=agency, person=person, purpose=purpose, decision=decision, reason="", fields=[], at=0)
    return entry("audit", said, written=written)


def receipt(release: str, written: int, *, retracted: bool = False, agency: str = "one-agency", attempts: int = 1) -> Entry:
    """A receipt."""
    said = Receipt(release=release, retracted=retracted, agency=agency, answer=Answer.DELIVERED, status=204, attempts=attempts, answered_at=written)
    return entry("receipt", said, written=written)


def outstanding(audits: Sequence[Entry], receipts: Sequence[Entry], now: int = HOUR) -> list[tuple[str, str, bool]]:
    """Release, decision and whether it is overdue, of what is outstanding."""
    return [(one.release, one.decision.value, one.overdue) for one in owed(audits, receipts, now) if one.outstanding]


def test_a_release_waits_for_its_receipt() -> None:
    """Outstanding until it is confirmed, and overdue after a day; with the receipt it says what was answered, when and after how many attempts."""
    assert outstanding([line("r", GIVEN, 5)], []) == [("r", "released", False)]
    assert outstanding([line("r", GIVEN, 5)], [], 24 * HOUR + 6) == [("r", "released", True)]
    (one,) = owed([line("r", GIVEN, 5)], [receipt("r", 9, attempts=3), receipt("r", 12)], 99 * HOUR)
    assert (one.answer, one.answered_at, one.attempts, one.outstanding, one.overdue) == ("delivered", 9, 3, False, False)


def test_another_agency_confirms_nothing() -> None:
    """A receipt of another agency, of the retraction, or from before, is none of this."""
    others = [receipt("r", 9, agency="two-agency"), receipt("r", 9, retracted=True), receipt("r", 4)]
    assert outstanding([line("r", GIVEN, 5)], others) == [("r", "released", False)]


def test_a_replaced_release_needs_no_receipt() -> None:
    """The newer one does; for another purpose, agency or person it is not replaced."""
    assert outstanding([line("r", GIVEN, 5), line("s", GIVEN, 6)], [receipt("s", 7)]) == []
    for other in (line("s", GIVEN, 6, purpose="x"), line("s", GIVEN, 6, agency="two-agency"), line("s", GIVEN, 6, person="q")):
        assert [release for release, _, _ in outstanding([line("r", GIVEN, 5), other], [receipt("s", 7)])] == (["r", "s"] if other.value.agency != "one-agency" else ["r"])  # type: ignore[union-attr]


def test_a_retraction_needs_one_always() -> None:
    """Also when something else was released after it; not when the same stands again. A release that was taken back needs none any more."""
    assert outstanding([line("r", GIVEN, 5), line("r", BACK, 6)], []) == [("r", "retracted", False)]
    assert outstanding([line("r", GIVEN, 5), line("r", BACK, 6), line("s", GIVEN, 7)], [receipt("s", 8)]) == [("r", "retracted", False)]
    assert outstanding([line("r", GIVEN, 5), line("r", BACK, 6)], [receipt("r", 7, retracted=True)]) == []
    assert outstanding([line("r", GIVEN, 5), line("r", BACK, 6), line("r", GIVEN, 7)], [receipt("r", 5)]) == [("r", "released", False)]
    assert outstanding([line("r", GIVEN, 5), line("r", BACK, 6), line("r", GIVEN, 7)], [receipt("r", 8)]) == []
