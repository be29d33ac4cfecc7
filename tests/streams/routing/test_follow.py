"""What stands released follows the time and the agency files."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.agency import Agency, rules_of
from schemas.models.case import LinkedCase, Status
from schemas.models.control import SLOTS, Rules, Tick
from schemas.models.release import Audit, Decision, Release
from streams.routing.codes import Codes
from streams.routing.sent import held
from streams.routing.stage import stage
from streams.stage import Verdict
from tests.streams.routing.cases import HOSPITAL, ME, NOON, agency, case, entry, hospital, sealed, want
from tests.streams.trial import DAY, KEYS, Trial, values

NAMED = want(fields=["status", "names"])
AT_HOSPITAL = Codes(hospital(), hospital().purposes[0], KEYS).person(ME)
END = NOON + 90 * DAY
"""When the county's copy must be deleted; the hospital's ends ninety days later."""


def trial_of(*agencies: Agency) -> Trial:
    """A stage for some agencies."""
    return Trial(stage(agencies, KEYS))


def restarted(trial: Trial, *agencies: Agency, slots: Sequence[tuple[int, int]] = ((0, SLOTS - 1),)) -> list[Release]:
    """What is written when the worker starts with these agencies, and is told so piece by piece."""
    trial.stage = stage(agencies, KEYS)
    return values(trial.give_each(Rules(digest=rules_of(agencies), first=first, last=last) for first, last in slots), Release)


def standing(trial: Trial, *names: str) -> list[tuple[str, str]]:
    """Agency of what stands, and what it calls the person."""
    return [(one.agency, one.person) for name in names for one in trial.stands(f"deliver.{name}") if isinstance(one, Release)]


def people(count: int) -> list[LinkedCase]:
    """Cases of people who fall into different slots."""
    return [case(person=f"{number:03x}" + "0" * 29) for number in range(1, 4000, 4000 // count)]


def test_a_copy_past_its_end_is_taken_back() -> None:
    """At its last moment it stands, a millisecond later it does not; the line of audit says which fields it had. One that ends later stays."""
    trial = trial_of(agency(), hospital())
    trial.give(case(timeline=[entry(HOSPITAL)]))
    assert trial.give(Tick(at=END)) == []
    emits = trial.give(Tick(at=END + 1))
    assert [(one.agency, one.retracted) for one in values(emits, Release)] == [("county-cdc", True)]
    assert [(line.decision, line.fields) for line in values(emits, Audit)] == [(Decision.RETRACTED, ["community", "status"])]
    assert standing(trial, "county-cdc", "hospital") == [("hospital", AT_HOSPITAL)]


def test_a_case_that_comes_past_its_end_is_not_released() -> None:
    """Whether the tick or the case came first makes no difference; a case with a later event is released again."""
    before, after = trial_of(agency()), trial_of(agency())
    before.give_each([case(), Tick(at=END + 1)])
    after.give_each([Tick(at=END + 1), case()])
    assert standing(before, "county-cdc") == standing(after, "county-cdc") == []
    assert after.rows() == before.rows()
    later = case(at=NOON + DAY)
    assert [one.retracted for one in values(after.give(later), Release)] == [False]


def test_time_does_not_go_back() -> None:
    """An earlier tick, and the same one, change nothing and bring nothing back."""
    trial = trial_of(agency())
    trial.give_each([case(), Tick(at=END + 1), Tick(at=END + 1), Tick(at=5), case()])
    assert trial.verdicts == [Verdict.APPLIED, Verdict.APPLIED, Verdict.DUPLICATE, Verdict.DUPLICATE, Verdict.DUPLICATE]


def test_a_tick_is_of_its_slots_alone() -> None:
    """In pieces: each person's copy ends with the piece of that person, and with the last none is left."""
    trial = trial_of(agency())
    trial.give(*people(40))
    ended = [len(values(trial.give(Tick(at=END + 1, first=first, last=first + SLOTS // 8 - 1)), Release)) for first in range(0, SLOTS, SLOTS // 8)]
    assert sum(ended) == len(people(40)) > max(ended)


def test_a_changed_file_reaches_standing_cases() -> None:
    """A field more is released, at once and for everybody; the same files again change nothing."""
    trial = trial_of(agency())
    trial.give(case(sealed=[sealed(ME, name="王芳")]))
    (more,) = restarted(trial, agency(wants=[NAMED]))
    assert (more.view.names, more.view.community, more.retracted) == (["王芳"], None, False)
    assert restarted(trial, agency(wants=[NAMED])) == []
    assert trial.verdicts[-1] is Verdict.DUPLICATE


def test_a_file_that_changes_nothing_for_a_case_writes_nothing() -> None:
    """Only what is otherwise than before leaves: the id of a release is that of its content."""
    trial = trial_of(agency())
    trial.give(case())
    assert restarted(trial, agency(wants=[want(statuses=["confirmed"])])) == []


def test_a_purpose_withdrawn_is_taken_back() -> None:
    """The release for a purpose that the file names no more falls, that for another stays."""
    both = [{"name": name, "legal_basis": "Law, article 1", "expires_days": 9} for name in ("care", "investigation")]
    trial = trial_of(agency(purposes=both, wants=[want(), want(purpose="care")]))
    trial.give(case())
    assert [(one.purpose, one.retracted) for one in restarted(trial, agency(purposes=both[1:]))] == [("care", True)]


def test_an_agency_that_goes_gives_everything_back() -> None:
    """Retired by its file, or with its file gone: every copy is taken back on its topic, with a line of audit; the other agency sees nothing of it."""
    for left in ((hospital(), agency(retired=True)), (hospital(),)):
        trial = trial_of(agency(), hospital())
        trial.give(*people(20), case(timeline=[entry(HOSPITAL)]))
        before = len(values(trial.wrote, Audit))
        gone = restarted(trial, *left)
        assert [(one.agency, one.retracted) for one in gone] == [("county-cdc", True)] * (len(people(20)) + 1)
        assert standing(trial, "county-cdc", "hospital") == [("hospital", AT_HOSPITAL)]
        assert len(values(trial.wrote, Audit)) - before == len(gone)


def test_an_agency_that_comes_gets_what_stands() -> None:
    """Also of cases that were released to nobody before."""
    trial = trial_of(hospital())
    trial.give(*people(20))
    assert trial.wrote == []
    assert len(restarted(trial, hospital(), agency())) == len(people(20))


def test_new_files_in_pieces() -> None:
    """Each piece decides its slots again, and no others; a piece that comes twice does nothing."""
    trial = trial_of(hospital())
    trial.give(*people(40))
    pieces = [(first, first + SLOTS // 8 - 1) for first in range(0, SLOTS, SLOTS // 8)]
    did = [len(restarted(trial, agency(), slots=[piece])) for piece in pieces]
    assert sum(did) == len(people(40)) > max(did)
    assert restarted(trial, agency(), slots=pieces) == []


def test_a_tick_does_it_too() -> None:
    """A worker with other files that was not told of them decides again at the next tick, also of a time that was told before."""
    trial = trial_of(hospital())
    trial.give(case(), Tick(at=NOON))
    trial.stage = stage([agency()], KEYS)
    assert len(values(trial.give(Tick(at=NOON)), Release)) == 1


def test_a_case_is_decided_by_the_files_that_count_when_it_comes() -> None:
    """The same case again, under other files, is no duplicate; and no file brings a retracted case back."""
    trial = trial_of(agency())
    trial.give(case())
    trial.stage = stage([agency(wants=[want(fields=["status"])])], KEYS)
    (one,) = values(trial.give(case()), Release)
    assert (one.view.community, one.view.status) == (None, Status.CONFIRMED)
    trial.give(case().taken_back())
    assert restarted(trial, agency(), hospital()) == []


def test_no_identifier_lies_open_in_the_state() -> None:
    """What routing remembers of a release has no field of it, and of the case only what is sealed."""
    trial = trial_of(agency(wants=[NAMED]))
    trial.give(case(sealed=[sealed(ME, name="王芳")]))
    (row,) = [data for key, data in trial.rows() if key[0] == 1]
    assert "王芳".encode() not in row
    assert [one.fields for one in held(row).given] == [["names", "status"]]


def test_the_order_of_files_makes_no_difference() -> None:
    """The digest of the rules is of the set of files."""
    assert rules_of([agency(), hospital()]) == rules_of([hospital(), agency()]) != rules_of([agency()])
