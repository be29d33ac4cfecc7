"""First visit and referral: who answers for the patient, and what is still to be done."""

from __future__ import annotations

from schemas.models.case import What
from schemas.models.record import Remark
from schemas.models.task import Progress, Task
from tests.streams.tasks.cases import CLINIC, COMMUNITY, HOSPITAL, NOON, after, line, report
from tests.streams.trial import HOUR

SUSPECTED = line(What.SUSPECTED, 0, CLINIC, region="530624107")
REFERRED = line(What.REFERRED, 1, CLINIC, other=HOSPITAL, region="530624107")
SEEN = line(What.SEEN, 3, HOSPITAL)
POSITIVE = line(What.POSITIVE, 4, "LAB-1")
FULL = report(What.REFUSED, 1.5, "receive full", "D-1", HOSPITAL)


def who(task: Task) -> tuple[str, str, Progress]:
    """Owner, who answers, and how far it is."""
    return task.owner, task.responsible, task.state


def test_a_clinic_that_cannot_test_refers_on() -> None:
    """It has to refer within two hours, and to report the case; a hospital that can test takes a specimen at once."""
    found = after(0, SUSPECTED)
    assert sorted(found) == ["card", "refer"]
    assert who(found["refer"]) == (CLINIC, CLINIC, Progress.OPEN)
    assert found["refer"].due == NOON + 2 * HOUR
    assert sorted(after(0, line(What.SUSPECTED, 0, HOSPITAL))) == ["card", "specimen"]


def test_the_first_answers_until_the_other_accepts() -> None:
    """The hospital has to act, the clinic answers; with the acceptance, or the visit itself, the hospital does."""
    found = after(0, SUSPECTED, REFERRED)
    assert found["refer"].state is Progress.DONE
    assert who(found["receive"]) == (HOSPITAL, CLINIC, Progress.OPEN)
    assert who(after(0, SUSPECTED, REFERRED, report(What.ACCEPTED, 2, "receive", "D-1", HOSPITAL))["receive"]) == (HOSPITAL, HOSPITAL, Progress.ACCEPTED)
    assert who(after(0, SUSPECTED, REFERRED, SEEN)["receive"]) == (HOSPITAL, HOSPITAL, Progress.DONE)


def test_a_full_hospital_sends_it_back_at_once() -> None:
    """A refusal ends its task and opens one of the referrer, with the reason; what another hospital says, or one that received before it refused, does not."""
    found = after(0, REFERRED, FULL)
    assert (found["receive"].state, found["receive"].remark) == (Progress.NOT_APPLICABLE, Remark.FULL)
    assert who(found["refer"]) == (CLINIC, CLINIC, Progress.OPEN)
    assert (found["refer"].opened, found["refer"].reason, found["refer"].region) == (FULL.at, What.REFUSED, "530624107")
    assert "refer" not in after(0, REFERRED, report(What.REFUSED, 2, "receive full", "D-2", "HOSP-2"))
    assert "refer" not in after(0, REFERRED, SEEN, report(What.REFUSED, 4, "receive full", "D-1", HOSPITAL))


def test_another_referral_takes_its_place() -> None:
    """The clinic finds another hospital: what the full one refused is not asked for any more."""
    found = after(0, REFERRED, FULL, line(What.REFERRED, 2, CLINIC, other="HOSP-2"))
    assert who(found["receive"]) == ("HOSP-2", CLINIC, Progress.OPEN)
    assert "refer" not in found


def test_specimen_and_result() -> None:
    """Received, then the specimen; when it is taken, its result; then word to the referrer and the community, each with its time."""
    taken = report(What.DONE, 4, "specimen", "D-1", HOSPITAL)
    found = after(0, REFERRED, SEEN)
    assert (found["specimen"].owner, found["specimen"].due) == (HOSPITAL, NOON + 7 * HOUR)
    found = after(0, REFERRED, SEEN, taken)
    assert (found["specimen"].state, found["finding"].state, found["finding"].due) == (Progress.DONE, Progress.OPEN, NOON + 28 * HOUR)
    found = after(0, REFERRED, SEEN, taken, POSITIVE)
    assert found["finding"].state is Progress.DONE
    assert (found["tell_referrer"].other, found["tell_community"].other) == (CLINIC, COMMUNITY)
    assert {found[one].owner for one in ("tell_referrer", "tell_community")} == {HOSPITAL}


def test_a_result_that_is_there_before_the_specimen_was_told_of() -> None:
    """The result alone shows that the specimen was taken; one from before the visit belongs to nothing here."""
    found = after(0, REFERRED, SEEN, POSITIVE)
    assert found["specimen"].state is Progress.DONE
    assert "finding" not in found
    assert after(0, REFERRED, SEEN, line(What.NEGATIVE, 2, "LAB-1"))["specimen"].state is Progress.OPEN


def test_ruled_out_and_ill_again() -> None:
    """Who is ruled out needs no referral; who is suspected again after that has a new illness with tasks of its own."""
    over = line(What.RULED_OUT, 5, CLINIC)
    assert after(0, SUSPECTED, over)["refer"].state is Progress.NOT_APPLICABLE
    again = line(What.SUSPECTED, 9, CLINIC)
    found = after(0, SUSPECTED, over, again)
    assert (found["refer"].opened, found["refer"].state, found["card"].opened) == (again.at, Progress.OPEN, again.at)


def test_the_first_clinic_reports_the_case() -> None:
    """The card is that of the facility that saw the patient first, from the finding on; a report ends it, and without any facility there is none."""
    found = after(0, line(What.POSITIVE, 4, "LAB-1"), clinic=CLINIC)["card"]
    assert (found.owner, found.due) == (CLINIC, NOON + 6 * HOUR)
    assert after(0, SUSPECTED, report(What.DONE, 1, "card", "D-9"))["card"].by == "D-9"
    assert after(0, line(What.CONFIRMED, 0)) == {}
