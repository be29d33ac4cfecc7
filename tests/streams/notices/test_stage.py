"""What is told to whom, and when it is told no more."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from schemas.models.case import Role, Status, What
from schemas.models.control import Level, LevelInForce, RiskArea, Tick
from schemas.models.fact import Fact
from schemas.models.isolation import Hold, Isolation
from schemas.models.movement import Exposure
from schemas.models.notice import Confirmation, NoticeKind, PublicNotice, ResidentNotice
from streams.notices.stage import CLOCK, stage
from streams.policy import load
from streams.stage import Message, Verdict, run_batch
from streams.standing import standing
from tests.streams.tasks.cases import COMMUNITY, NOON, line, report, told
from tests.streams.trial import DAY, HOUR, MINUTE, Trial, outcomes

POLICY = load()
RETURNED, MET = line(What.RETURNED, region=COMMUNITY), line(What.CONTACT, 2, region=COMMUNITY)


def trial() -> Trial:
    """The stage with nothing in it."""
    return Trial(stage(POLICY))


def exposure(minutes: int = 0, lasts: int = 60, place: str = "MKT-1", **more: Any) -> Exposure:
    """A case at a place, so many minutes after noon."""
    start = NOON + minutes * MINUTE
    given: dict[str, Any] = {"causes": [f"o{minutes} {place}"], "at": start, "until": start + lasts * MINUTE, "person": "p", "alias": "a", "place": place, "region": COMMUNITY, "depth": 1}
    return Exposure.of(**given | more)


def of_region(model: type[Fact], days: int = 3, **more: Any) -> Any:
    """A level or an area from noon on."""
    given: dict[str, Any] = {"causes": [], "at": NOON, "until": NOON + days * DAY, "region": "5306", "legal_basis": "An invented law, art. 1", "by": "OP-1", "approved_by": "OP-2"}
    return model.of(**given | more)


def apart(start: int = MET.at, reason: Role = Role.CONTACT, days: int = 14) -> Isolation:
    """An isolation of who is told in these tests."""
    return Isolation.of(
        causes=["c"], at=start, person=told().person, reason=reason, ground=What.CONTACT if reason is Role.CONTACT else What.RETURNED, evidence="first",
        until=start + days * DAY, edition="e", region=COMMUNITY, state=Hold.ISOLATING,
    )  # fmt: skip


def public(inside: Trial) -> list[PublicNotice]:
    """What the public is told, by kind and time."""
    return sorted((one for one in inside.stands("notice.public") if isinstance(one, PublicNotice)), key=lambda one: (one.kind, one.at, one.region))


def residents(inside: Trial) -> dict[str, ResidentNotice]:
    """What the person is told, by kind."""
    return {one.kind.value: one for one in inside.stands("notice") if isinstance(one, ResidentNotice)}


def test_a_place_is_told_in_full_hours() -> None:
    """Exposures whose hours touch are one notice with all of them as causes; a later one is another notice; who was there is in neither."""
    inside = trial()
    first, touching, later = exposure(20, 30), exposure(70, 20, person="q", alias="b"), exposure(300)
    inside.give(first, touching, later)
    one, other = public(inside)
    assert (one.at, one.until, one.place, one.region) == (NOON, NOON + 2 * HOUR, "MKT-1", COMMUNITY)
    assert one.causes == sorted((first.id, touching.id))
    assert (other.at, other.until) == (NOON + 5 * HOUR, NOON + 7 * HOUR)
    assert not {"person", "alias"} & set(PublicNotice.model_fields)


@pytest.mark.parametrize("hidden", [
    exposure(place="GATE-1"), exposure(place="SCH-1"), exposure(place="WORK-1"), exposure(place="4f1c"), exposure(place="HOME-7"), exposure(depth=2), exposure(region=None),
], ids=["gate", "school", "workplace", "token", "unknown", "contact", "nowhere"])  # fmt: skip
def test_what_would_name_somebody_is_not_told(hidden: Exposure) -> None:
    """Gates, schools, workplaces, places whose kind is unknown, places of contacts of contacts, and such without a region; nothing of them is kept either."""
    inside = trial()
    assert inside.give(hidden) == []
    assert inside.rows() == []


def test_a_place_is_withdrawn_with_its_last_exposure() -> None:
    """One of two cases was a mistake: the hours are corrected; both: the notice is withdrawn, and nothing is left of it."""
    inside, first, touching = trial(), exposure(), exposure(90, person="q")
    inside.give(first, touching)
    inside.give(first.taken_back())
    (one,) = public(inside)
    assert (one.at, one.causes) == (NOON + HOUR, [touching.id])
    inside.give(touching.taken_back())
    assert (public(inside), inside.rows()) == ([], [])
    last = standing("notice.public", ())
    assert last == {}
    assert all(emit.value.retracted for emit in inside.wrote[-1:] if isinstance(emit.value, Fact))


def test_a_place_is_told_as_long_as_who_was_there_watches() -> None:
    """Two weeks after the last hour it goes, and not a moment earlier."""
    inside, over = trial(), NOON + 2 * HOUR + POLICY.watch
    inside.give(exposure(0, 60), Tick(at=over - 1))
    assert len(public(inside)) == 1
    inside.give(Tick(at=over))
    assert public(inside) == []


def test_a_level_and_its_end() -> None:
    """It is told while it holds; then for a week that it has ended, but not where another goes on."""
    inside = trial()
    inside.give(of_region(LevelInForce, level=Level.ALERT), of_region(LevelInForce, level=Level.EMERGENCY, region="5301"), of_region(LevelInForce, 20, level=Level.ALERT, region="5301"))
    assert [one.kind for one in public(inside)] == [NoticeKind.LEVEL] * 3
    inside.give(Tick(at=NOON + 3 * DAY))
    assert [(one.kind, one.region, one.level) for one in public(inside)] == [(NoticeKind.LEVEL, "5301", Level.ALERT), (NoticeKind.LEVEL_ENDED, "5306", Level.ALERT)]
    inside.give(Tick(at=NOON + 3 * DAY + POLICY.notices.ended))
    assert [one.kind for one in public(inside)] == [NoticeKind.LEVEL]


def test_an_area_is_told_on_the_first_partition_alone() -> None:
    """Every partition hears of it; one tells."""
    area = of_region(RiskArea)
    for partition, written in ((0, 1), (1, 0), (2, 0)):
        emits, counts = run_batch(stage(POLICY), [Message("control.area", partition, 0, area.id, area)], trial().state)
        assert len(emits) == written
        assert sum(sum(tally.values()) for tally in counts.values()) == 1


def test_a_resident_is_told_until_the_observation_is_over() -> None:
    """Until the isolation ends there is the notice of its reason; then that goes, and one that says so comes, for a week."""
    inside = trial()
    inside.give(told(RETURNED, MET, classification=None), apart(NOON, Role.RETURNEE, 15))
    assert {kind: one.until for kind, one in residents(inside).items()} == {"returnee": NOON + 15 * DAY}
    inside.give(Tick(at=NOON + 15 * DAY))
    (over,) = residents(inside).values()
    assert (over.kind, over.at, over.until, over.state) == (NoticeKind.WATCH_OVER, NOON, NOON + 15 * DAY, Confirmation.OPEN)
    inside.give(Tick(at=NOON + 15 * DAY + POLICY.notices.over))
    assert residents(inside) == {}


def test_a_new_end_of_the_isolation_corrects_the_notice() -> None:
    """Under another edition it is the same notice with another end; when nothing asks for isolation any more it is withdrawn."""
    inside, first, shorter = trial(), apart(), apart(days=7)
    inside.give(told(MET, classification=None), first)
    (old,) = residents(inside).values()
    inside.give(shorter)
    (new,) = residents(inside).values()
    assert (new.notice, old.until, new.until) == (old.notice, MET.at + 14 * DAY, MET.at + 7 * DAY)
    inside.give(shorter.taken_back())
    assert residents(inside) == {}


@pytest.mark.parametrize(("line_", "given"), [
    (report(What.DONE, 3, "notify", by="RESIDENT"), True), (report(What.DONE, 3, "order at_home"), True), (report(What.DONE, 3, "visit"), False),
    (report(What.DONE, 1, "notify"), False), (report(What.ACCEPTED, 3, "notify"), False),
], ids=["resident", "order", "another task", "before", "accepted"])  # fmt: skip
def test_what_confirms_a_notice(line_: Any, given: bool) -> None:
    """A report that it was given, or that the task was done in which it is, after what it is about; nothing else, and then it is late."""
    inside = trial()
    inside.give(told(MET, line_, classification=None), apart(), Tick(at=MET.at + POLICY.notices.confirm + 1))
    notice = residents(inside)["contact"]
    assert notice.state is (Confirmation.GIVEN if given else Confirmation.OVERDUE)
    assert notice.by == (line_.other if given else None)


def test_what_nobody_confirms_goes_up() -> None:
    """When it is due it is not late; after it, it is the community's, half a day later the township's, then the county's."""
    inside = trial()
    inside.give(told(MET, classification=None), apart())
    found = []
    for late in (0, 1, 12 * HOUR + 1, 24 * HOUR + 1):
        inside.give(Tick(at=MET.at + POLICY.notices.confirm + late))
        found.append((residents(inside)["contact"].state, residents(inside)["contact"].escalated_to))
    assert found == [(Confirmation.OPEN, None), (Confirmation.OVERDUE, COMMUNITY), (Confirmation.OVERDUE, COMMUNITY[:9]), (Confirmation.OVERDUE, COMMUNITY[:6])]


@pytest.mark.parametrize("case", [
    told(MET, classification=Status.SUSPECTED), told(MET, line(What.ADMITTED, 9), classification=None), told(MET, line(What.ISOLATED, 9), classification=None),
    told(MET, line(What.DIED, 9), classification=None),
], ids=["case", "admitted", "isolated", "died"])  # fmt: skip
def test_who_is_elsewhere_has_no_notice(case: Any) -> None:
    """Whoever has the person tells it; and who is apart after an illness is told at the discharge."""
    inside = trial()
    inside.give(case, apart())
    assert residents(inside) == {}
    inside.give(told(MET, classification=None), apart(reason=Role.CASE))
    assert residents(inside) == {}


def test_any_order_comes_to_the_same() -> None:
    """An exposure, an area, a level, a case, its isolation and a tick after which each is another."""
    facts = (exposure(), of_region(RiskArea), of_region(LevelInForce, level=Level.ALERT), told(RETURNED, classification=None), apart(NOON, Role.RETURNEE), Tick(at=NOON + 3 * DAY))
    (found,) = outcomes(stage(POLICY), list(itertools.permutations(facts))[::7], ("notice", "notice.public"))
    assert sorted(one.kind for one in found["notice.public"] if isinstance(one, PublicNotice)) == ["level_ended", "place"]
    assert [one.state for one in found["notice"] if isinstance(one, ResidentNotice)] == [Confirmation.OVERDUE]


def test_what_changes_nothing_is_a_duplicate() -> None:
    """The same again says nothing; a tick looks at nobody for whom it changes nothing; all is given back but the clock."""
    inside, case, tick = trial(), told(MET, classification=None), Tick(at=NOON + HOUR)
    inside.give_each([exposure(), exposure(), case, case, apart(), apart()])
    assert inside.verdicts == [Verdict.APPLIED, Verdict.DUPLICATE] * 3
    assert inside.give(tick, tick) == []
    inside.give(exposure().taken_back(), case.taken_back(), apart().taken_back())
    assert {row[0] for row, _ in inside.rows()} == {CLOCK.number}
