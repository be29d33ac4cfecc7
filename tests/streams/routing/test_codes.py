"""What agencies call people and facts: codes that no other agency has, unless a joint purpose says so."""

from __future__ import annotations

from typing import Any

from schemas.agency import Agency, Joint, Purpose, rules_of, sharing
from schemas.models.case import Meeting, What
from schemas.models.control import Rules
from schemas.models.release import Audit, Release
from schemas.tokens import Keys
from streams.routing import sent
from streams.routing.codes import Codes
from streams.routing.sent import Given, Sent
from streams.routing.stage import stage
from tests.streams.routing.cases import ME, NOON, agency, case, entry, hospital, want
from tests.streams.trial import KEYS, Trial, values

OTHER, THIRD = "2" * 32, "3" * 32
JOINT = Joint(name="chain", legal_basis="Law, article 20")
MET = [Meeting(person=one, first=NOON, last=NOON, places=[], depth=1) for one in (OTHER, THIRD)]


def purpose(**changes: Any) -> Purpose:
    """A purpose."""
    return Purpose.model_validate({"name": "investigation", "legal_basis": "Law, article 1", "expires_days": 90} | changes)


def shared(one: Agency) -> Agency:
    """The agency with all its purposes joint."""
    return one.model_copy(update={"purposes": [each.model_copy(update={"joint": JOINT}) for each in one.purposes]})


def restarted(trial: Trial, *agencies: Agency) -> list[Release]:
    """What is written when the worker starts with these agencies."""
    trial.stage = stage(agencies, KEYS)
    return values(trial.give(Rules(digest=rules_of(agencies))), Release)


def test_each_agency_has_its_own_codes() -> None:
    """The same person, and the same fact, have another code at another agency and under another secret; a person's code is no fact's code, and none is the key."""
    other = agency(name="other-cdc")
    found = [Codes(one, purpose(), keys) for one in (agency(), other) for keys in (KEYS, Keys(b"y" * 32))]
    codes = [code for one in found for code in (one.person(ME), one.fact(ME))]
    assert len({ME, *codes}) == 1 + 2 * 4
    assert all(len(code) == 32 for code in codes)


def test_a_joint_purpose_shares_people_and_no_facts() -> None:
    """Two agencies whose files name it call a person the same for it, whatever their purposes are called; facts they do not, and without it nothing is the same."""
    mine, theirs = Codes(agency(), purpose(joint=JOINT), KEYS), Codes(hospital(), purpose(name="care", joint=JOINT), KEYS)
    assert mine.person(ME) == theirs.person(ME)
    assert mine.fact(ME) != theirs.fact(ME)
    assert mine.person(ME) not in {Codes(one, purpose(), KEYS).person(ME) for one in (agency(), hospital())}


def test_a_joint_purpose_named_as_an_agency() -> None:
    """It shares nothing with that agency."""
    named = JOINT.model_copy(update={"name": hospital().name})
    assert Codes(agency(), purpose(joint=named), KEYS).person(ME) != Codes(hospital(), purpose(), KEYS).person(ME)


def test_everybody_in_a_release_has_a_code() -> None:
    """People who were met, evidence, causes and the message's key; people who were met stand in the order of their codes."""
    of = agency(wants=[want(fields=["timeline", "contacts"])])
    trial = Trial(stage([of], KEYS))
    told = case(timeline=[entry("CLIN-1")], contacts=MET)
    (emit,) = [one for one in trial.give(told) if isinstance(one.value, Release)]
    codes, release = Codes(of, of.purposes[0], KEYS), emit.value
    assert isinstance(release, Release)
    assert emit.key == f"{codes.person(ME)} investigation"
    assert (release.causes, [one.person for one in release.view.contacts or []]) == ([codes.fact(told.id)], sorted([codes.person(OTHER), codes.person(THIRD)]))
    assert [one.evidence for one in release.view.timeline or []] == [codes.fact("e")]


def test_a_changed_code_takes_the_old_copy_back() -> None:
    """When a file begins to name a joint purpose, what was released under the agency's own code falls under that code, and stands under the joint one."""
    trial = Trial(stage([agency()], KEYS))
    (before,) = values(trial.give(case()), Release)
    gone, new = restarted(trial, shared(agency()))
    assert gone == before.taken_back()
    assert (new.retracted, new.person) == (False, Codes(agency(), purpose(joint=JOINT), KEYS).person(ME))
    assert trial.stands("deliver.county-cdc") == [new]
    assert {line.person for line in values(trial.wrote, Audit)} == {ME}
    back, again = restarted(trial, agency())
    assert (back, again) == (new.taken_back(), before)


def test_what_was_released_under_the_key_of_the_bus_is_taken_back() -> None:
    """A row that was written before agencies had codes of their own: the release under the person's key falls under that key, at the first word of rules."""
    trial = Trial(stage([agency()], KEYS))
    (new,) = values(trial.give(case()), Release)
    old = new.model_copy(update={"person": ME, "id": "0" * 32})
    ((row, _),) = [(key, data) for key, data in trial.rows() if key[0] == 1]
    trial.state.put(row, sent.hold(Sent(case=case(), given=[Given.of(old)]), b"\x00" * 8))
    assert values(trial.give(Rules(digest=rules_of([agency()]))), Release) == [old.taken_back(), new]


def test_who_shares() -> None:
    """By joint purpose the agencies that name it; not who is retired, nor who names none."""
    third = shared(agency(name="third", retired=True))
    assert sharing([shared(hospital()), shared(agency()), third, agency(name="alone")]) == {"chain": [("county-cdc", "investigation"), ("hospital", "treatment")]}


def test_no_agency_is_told_a_band_of_ages() -> None:
    """Bands are for counts; how old somebody is leaves in the field `born` alone, in the form that an agency's file asks for."""
    lines = [entry("CLIN-1", What.SEEN), entry("CLIN-1", What.AGED).model_copy(update={"note": "30-39", "place": None})]
    assert [one.what for one in Codes(agency(), purpose(), KEYS).entries(lines)] == [What.SEEN]


def test_no_agency_is_told_of_support() -> None:
    """What became of screening and support is in no timeline that leaves the bus; of other tasks it is."""
    lines = [entry("GATE-1", What.DONE).model_copy(update={"note": note}) for note in ("support by_phone", "screening", "visit at_home", "support")]
    assert [one.note for one in Codes(agency(), purpose(), KEYS).entries(lines)] == ["visit at_home"]
