"""Candidate infectors of each case, ranked, and the tree and clusters that follow: a pure fold of the linked cases that stand."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from schemas.models.case import LinkedCase
from schemas.models.fact import Millis, Model
from streams.policy import Transmission
from streams.transmission.weights import began, day, weight


class Candidate(Model):
    """A case who met another, as the one who may have infected it."""

    infectee: str = Field(description="Key of the person who was infected.")
    infector: str = Field(description="Key of the person who may have been the source.")
    weight: float = Field(description="Probability of this course by the policy's distributions; for comparing candidates of one person.")
    share: float = Field(description="Weight over that of all candidates and of a source that nobody knows: 0 to 1.")
    first: Millis = Field(description="Beginning of their first meeting: UTC milliseconds.")
    last: Millis = Field(description="End of their last meeting: UTC milliseconds.")
    places: list[str] = Field(description="Where they met, sorted.")
    serial: int = Field(description="Days from when the infector fell ill to when the infectee did; negative when the infectee was first.")
    incubation: list[int] = Field(description="Days from the last and from the first meeting to the illness of the infectee; negative when they met after it.")


class Placed(Model):
    """A case in its cluster."""

    person: str = Field(description="Key of the person.")
    infector: str | None = Field(description="Likeliest source; null for the first of a cluster.")
    generation: int = Field(description="0 for the first of a cluster, else one more than its infector's.")
    infected: int = Field(description="How many people of the cluster have this person as their likeliest source.")
    began: Millis = Field(description="When the person fell ill or was found: UTC milliseconds.")


class Cluster(Model):
    """Cases who hang together by their likeliest sources."""

    first: str = Field(description="Key of the first case: the one whose source is not known.")
    members: list[Placed] = Field(description="By generation, then by when they fell ill, then by key.")


def candidates(cases: Iterable[LinkedCase], numbers: Transmission) -> dict[str, list[Candidate]]:
    """For each case by person key those who may have infected it, the likeliest first; somebody who is no case is no candidate."""
    ill = {case.person: (at, case) for case in cases if (at := began(case)) is not None}
    return {person: _ranked(person, at, case, {key: when for key, (when, _) in ill.items()}, numbers) for person, (at, case) in sorted(ill.items())}


def clusters(cases: Iterable[LinkedCase], numbers: Transmission) -> list[Cluster]:
    """Every case in exactly one cluster, the largest cluster first."""
    standing = list(cases)
    ill = {case.person: at for case in standing if (at := began(case)) is not None}
    infector = infectors(candidates(standing, numbers), numbers)
    groups: dict[str, list[Placed]] = {}
    infected = list(infector.values())
    for person, at in ill.items():
        chain = _up(person, infector)
        placed = Placed(person=person, infector=infector.get(person), generation=len(chain) - 1, infected=infected.count(person), began=at)
        groups.setdefault(chain[-1], []).append(placed)
    found = [Cluster(first=first, members=sorted(group, key=lambda one: (one.generation, one.began, one.person))) for first, group in groups.items()]
    return sorted(found, key=lambda one: (-len(one.members), one.members[0].began, one.first))


def infectors(ranked: dict[str, list[Candidate]], numbers: Transmission) -> dict[str, str]:
    """The infector of each case that has one: the strongest links first, none weaker than an unknown source, and none that would make a ring."""
    links = sorted((one for ones in ranked.values() for one in ones), key=lambda one: (-one.weight, one.infectee, one.infector))
    found: dict[str, str] = {}
    for one in links:
        if one.weight >= numbers.unseen and one.infectee not in found and one.infectee not in _up(one.infector, found):
            found[one.infectee] = one.infector
    return found


def _ranked(person: str, at: Millis, case: LinkedCase, ill: dict[str, Millis], numbers: Transmission) -> list[Candidate]:
    met = [(one, weight(at, ill[one.person], one, numbers)) for one in case.contact_of if one.person in ill and one.person != person]
    total = numbers.unseen + sum(sorted(value for _, value in met))
    found = [
        Candidate(infectee=person, infector=one.person, weight=value, share=round(value / total, 6), first=one.first, last=one.last, places=one.places,
                  serial=day(at) - day(ill[one.person]), incubation=[day(at) - day(one.last), day(at) - day(one.first)])
        for one, value in met
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.weight, one.infector))


def _up(person: str, infector: dict[str, str]) -> list[str]:
    """A person and those from whom the infection came, back to the first."""
    chain = [person]
    while chain[-1] in infector:
        chain.append(infector[chain[-1]])
    return chain
