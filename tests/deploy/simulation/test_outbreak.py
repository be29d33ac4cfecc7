"""What is simulated: equal for equal arguments, possible, and counted rightly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from hashlib import blake2b
from pathlib import Path

import pytest

from deploy.simulation import Outbreak, simulate
from deploy.simulation.assumptions import assumptions
from deploy.simulation.course import run
from deploy.simulation.manners import MANNERS
from deploy.simulation.outbreak import SOURCES
from deploy.simulation.write import save

DIGEST = "6717b2d7ba768c4092589264486ef820"
"""Of all files of seed 7, 60 people and 10 days. It changes when the simulation is changed on purpose, and on no machine otherwise."""
PROGRAM = "import sys, pathlib; from deploy.simulation.write import write; write(pathlib.Path(sys.argv[1]), seed=7, people=60, days=10)"


def digest(folder: Path) -> str:
    """Names and bytes of all files of a folder."""
    found = blake2b(digest_size=16)
    for path in sorted(folder.iterdir()):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


@pytest.fixture(scope="module", params=[(1, 60, 12, date(2020, 1, 15)), (2, 150, 21, date(2020, 1, 15)), (3, 41, 7, date(2021, 3, 1))], ids=str)
def outbreak(request: pytest.FixtureRequest) -> Outbreak:
    """Outbreaks of several seeds and sizes."""
    return simulate(*request.param)


def test_the_same_seed_gives_the_same_bytes_as_ever(tmp_path: Path) -> None:
    """The files of a seed have the digest that they had when this was written, on whatever machine."""
    save(simulate(7, 60, 10), tmp_path)
    assert digest(tmp_path) == DIGEST


@pytest.mark.parametrize("hashing", ["1", "2"])
def test_no_order_of_sets_shows(tmp_path: Path, hashing: str) -> None:
    """Processes that hash strings differently write the same bytes."""
    subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], check=True, env={**os.environ, "PYTHONHASHSEED": hashing})
    assert digest(tmp_path) == DIGEST


def test_another_seed_gives_another_outbreak() -> None:
    """The seed decides."""
    assert simulate(1, 40, 7).arrivals != simulate(2, 40, 7).arrivals


@pytest.mark.parametrize(("arguments", "says"), [({"people": 39}, "40 people"), ({"days": 6}, "7 days"), ({"start": date(1980, 1, 1)}, "1992"), ({"faults": -1}, "faults")])
def test_what_cannot_unfold_is_refused(arguments: dict[str, object], says: str) -> None:
    """Too few people or days, a start in other times and negative faults raise ValueError, which says what is possible."""
    with pytest.raises(ValueError, match=says):
        simulate(**{"seed": 1, "people": 60, "days": 8, **arguments})  # type: ignore[arg-type]


def test_every_source_sends_in_order_of_arrival(outbreak: Outbreak) -> None:
    """Arrivals are in order, and `records` holds each source's share of them in the same order."""
    assert [one.at for one in outbreak.arrivals] == sorted(one.at for one in outbreak.arrivals)
    assert tuple(outbreak.records) == SOURCES
    for source, records in outbreak.records.items():
        assert records == [one.fields for one in outbreak.arrivals if one.source == source]
        assert records, f"{source} sends nothing"


def test_infections_need_an_infectious_person_in_the_same_place(outbreak: Outbreak) -> None:
    """Whoever is infected here was with the infectious person at that place and time, or lives with them; nobody is infected twice."""
    truth = outbreak.truth
    infections = {one.person: one for one in truth.infections}
    homes = {one.person: one.household for one in truth.people}
    met = {(one.case, one.other, one.place, one.at) for one in truth.co_presences}
    assert len(infections) == len(truth.infections) > 3
    assert any(one.by for one in truth.infections)
    for one in truth.infections:
        if one.by is None:
            assert one.place in ("420100", "MM")
            continue
        assert infections[one.by].infectious_from <= one.at < infections[one.by].infectious_until
        assert homes[one.person] == homes[one.by] is not None if one.place == "home" else (one.by, one.person, one.place, one.at) in met


def test_co_presences_are_of_the_infectious_who_are_not_apart(outbreak: Outbreak) -> None:
    """A co-presence lies in the infectious time, is no meeting with oneself, and does not begin in the four days after the case was put apart."""
    truth = outbreak.truth
    infections, apart = {one.person: one for one in truth.infections}, {one.person: one.isolated for one in truth.cases if one.infected}
    for one in truth.co_presences:
        assert one.case != one.other
        assert one.at < one.until
        assert infections[one.case].infectious_from < one.until
        since = apart.get(one.case)
        assert since is None or not since < one.at < since + 4 * 86_400_000 or one.place.startswith(("CLIN", "HOSP"))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_is_at_two_places_at_once(seed: int) -> None:
    """The stays of each person, those on which others took them along too, follow one another."""
    until: dict[str, int] = {}
    for stay in run(seed, 150, 14, date(2020, 1, 15), assumptions()).stays:
        for person in stay.people:
            assert until.get(person.key, 0) <= stay.at
            until[person.key] = stay.until


def test_each_county_and_the_border_have_a_case(outbreak: Outbreak) -> None:
    """However small, an outbreak has a found case in each county and one among those who cross the border, and a suspicion that was ruled out or is open."""
    people = {one.person: one for one in outbreak.truth.people}
    infected = {(people[one.person].community or people[one.person].group)[:6] for one in outbreak.truth.cases if one.infected}
    assert {"530624", "530602", "533102", "crosse"} <= infected
    assert any(not one.infected for one in outbreak.truth.cases)


def test_the_counts_are_those_of_the_messages(outbreak: Outbreak) -> None:
    """Messages, duplicates and retractions, counted from the messages themselves, are what the truth says."""
    for count in outbreak.truth.sources:
        sent = outbreak.records[count.source]
        back = MANNERS[count.source].back
        repeated = Counter(json.dumps(one, ensure_ascii=False) for one in sent)
        assert count.messages == len(sent)
        assert count.duplicates == len(sent) - len(repeated) > 0
        assert count.retractions == sum(1 for one in sent if back and one.get(back[0]) == back[1])
        assert count.broken == sum(one.source == count.source for one in outbreak.truth.broken) >= 2
        assert count.corrections > 0 or count.messages < 10


def test_corrections_arrive_before_what_they_correct_too() -> None:
    """Some corrected records arrive out of order, and some declarations of travel days late."""
    outbreak = simulate(1, 200, 14)
    seen: dict[str, int] = {}
    backwards = 0
    for one in outbreak.records["scan-code"]:
        backwards += one["revision"] < seen.get(one["scan_no"], 0)
        seen[one["scan_no"]] = max(one["revision"], seen.get(one["scan_no"], 0))
    assert backwards > 0
    assert max((one.declared or 0) - one.arrived for one in outbreak.truth.returnees) > 86_400_000


def test_without_faults_nothing_goes_wrong_but_what_the_laboratory_takes_back() -> None:
    """With faults 0 there are no duplicates, corrections or broken records, and the only retraction is the contaminated specimen's."""
    counts = simulate(1, 100, 14, faults=0).truth.sources
    assert all(one.duplicates == one.corrections == one.broken == 0 for one in counts)
    assert {one.source: one.retractions for one in counts if one.retractions} == {"lab-result": 1}


def test_more_faults_mean_more_trouble() -> None:
    """Faults 5 give about five times as many duplicates as usual."""
    usual, more = (sum(one.duplicates for one in simulate(1, 200, 10, faults=rate).truth.sources) for rate in (1.0, 5.0))
    assert 4 * usual < more < 7 * usual
