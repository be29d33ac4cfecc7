"""The whole answer: what stands on each topic, by content."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from schemas.agency import Agency
from schemas.models.case import What
from schemas.models.control import LevelInForce, RiskArea
from schemas.models.identity import Judgement
from schemas.source import Source
from schemas.tokens import Keys
from streams.identity.model import Model
from streams.identity.model import shipped as shipped_model
from streams.identity.spec import Spec
from streams.identity.spec import shipped as shipped_spec
from streams.policy import Policy
from tests.oracle.bulletins import bulletins
from tests.oracle.cases import Content, each_once, linked_case
from tests.oracle.course import dated
from tests.oracle.evidence import Piece, evidence
from tests.oracle.facts import Sent, standing
from tests.oracle.grouped import grouped
from tests.oracle.isolation import isolations
from tests.oracle.kept import used
from tests.oracle.measures import measures
from tests.oracle.needs import needs
from tests.oracle.notices import public, residents
from tests.oracle.people import linked
from tests.oracle.presences import presences
from tests.oracle.releases import releases
from tests.oracle.rights import baseless, complaints
from tests.oracle.signals import signals, silences
from tests.oracle.statistics import absences, kept, statistics
from tests.oracle.supplies import supplies
from tests.oracle.tasks import tasks
from tests.oracle.tracing import Traced, trace

Answer = dict[str, list[Content]]
"""By topic the contents that stand, each once, in the order of their JSON."""


@dataclass(frozen=True)
class Oracle:
    """The configuration that the bus has too."""

    sources: Mapping[str, Source]
    agencies: Sequence[Agency]
    policy: Policy
    keys: Keys
    spec: Spec = field(default_factory=lambda: shipped_spec("people"))
    model: Model = field(default_factory=lambda: shipped_model("people"))

    def answer(
        self, sent: Iterable[Sent], decisions: Iterable[Judgement] = (), now: int | None = None, erased: Collection[str] = (),
        levels: Iterable[LevelInForce] = (), areas: Collection[RiskArea] = (),
    ) -> Answer:  # fmt: skip
        """What must stand when the sources have sent these records, stewards have decided so, and these levels and risk areas stand, in whatever order and how often.

        `now` is the latest tick, UTC milliseconds: whatever happened too long before it is as if it had never been told. So is what might not be collected under
        the level at its place and moment, and each record in which one of the `erased` aliases is named. No copy stands that had to be deleted before `now`.
        """
        told, refusals = standing(sent, self.sources, self.keys, self.policy.age_bands)
        gone = {(one.source, one.record) for one in told if one.alias in erased}
        told = [one for one in told if (one.source, one.record) not in gone]
        levels = list(levels)
        told = [one for one in told if used(one, self.policy, levels, now)]
        serving = [one for one in told if one.kind in ("need", "provider", "offer")]
        things = supplies((one for one in told if one.kind in ("stock", "dispatch")), self.policy, now or 0)
        away = [one for one in told if one.kind == "absence"]
        civil = [one for one in told if one.kind in ("complaint", "answer", "closure")]
        told = [one for one in told if one.kind not in ("stock", "dispatch", "provider", "offer", "absence", "complaint", "answer", "closure")]
        people = linked(told, decisions, self.spec, self.model)
        person_of = {alias: link.person for alias, link in people.links.items()}
        where = presences(told, self.policy)
        needed, wanting = needs(serving, person_of, self.policy, now or 0)
        known = [*evidence(told, self.policy, areas), *wanting]
        told_of = {person: dated(pieces) for person, pieces in _by_person(known, person_of).items()}
        stand = list(levels)
        traced = trace(told_of, person_of, where, self.policy, stand)
        cases = self._cases(told_of, person_of, traced)
        apart = isolations(told, person_of, cases, where, self.policy, now or 0)
        apart_of = {one["person"]: one for one in apart["isolation"]}
        screened_of = grouped((one for one in told if one.kind == "screening"), lambda one: person_of.get(one.alias, one.alias))
        work = [task for case in cases for task in tasks(case, apart_of.get(case["person"]), self.policy, now or 0, screened_of.get(case["person"], []))]
        counts = [*statistics(cases), *absences(away), *kept(work)]
        answer: dict[str, list[Content]] = {
            "reject": [asdict(one) | {"fields": list(one.fields)} for one in refusals],
            "identity.link": [asdict(one) | {"reasons": list(one.reasons), "at": 0, "since": 0} for one in people.links.values()],
            "identity.review": [asdict(one) | {"at": 0} for one in people.reviews],
            "presence": [asdict(one) | {"identifiers": dict(one.identifiers)} for one in where],
            "contact": [asdict(one) | {"identifiers": dict(one.identifiers)} for one in traced.contacts],
            "case.linked": cases,
            "need": needed,
            "complaint": complaints(civil, self.policy, now or 0),
            "closure.alert": baseless(civil, stand, areas, self.policy, now or 0),
            "task": work,
            "statistic": counts,
            "signal": signals(counts, self.policy, now or 0),
            "signal.silence": silences([*told, *away], self.policy, now or 0),
        }
        answer |= {
            "notice": [notice for case in cases for notice in residents(case, apart_of.get(case["person"]), self.policy, now or 0)],
            "notice.public": public(traced, stand, areas, self.policy, now or 0),
        }
        answer |= things | apart | measures(told, person_of, cases, self.policy, now or 0)
        for agency in self.agencies:
            told_of_cases = [release for case in cases for release in releases(agency, case, self.keys, now)]
            answer[f"deliver.{agency.name}"] = told_of_cases + bulletins(agency, answer, self.policy.smallest_count, now)
        return {topic: each_once(contents) for topic, contents in answer.items()}

    def _cases(self, told_of: Mapping[str, list[Piece]], person_of: Mapping[str, str], traced: Traced) -> list[Content]:
        stays = [Piece(one.alias, What.STAY, one.at, one.until, region=one.region, place=one.place, identifiers=one.identifiers) for one in traced.found]
        met = [Piece(one.alias, What.CONTACT, one.at, one.until, region=one.region, place=one.place, other=one.person, depth=one.depth,
                     identifiers=one.identifiers)
               for one in traced.contacts if person_of.get(one.alias, one.alias) != one.person]  # fmt: skip
        found_of, met_of = _by_person(stays, person_of), _by_person(met, person_of)
        exposed_by = grouped((_seen_by_the_other(piece, other) for other, theirs in met_of.items() for piece in theirs), lambda pair: pair[0])
        aliases_of = grouped(person_of, lambda alias: person_of[alias])
        cases = []
        for person in {*told_of, *found_of, *met_of}:
            pieces = [*told_of.get(person, []), *found_of.get(person, []), *met_of.get(person, [])]
            exposed = [piece for _, piece in exposed_by.get(person, [])]
            case = linked_case(person, aliases_of.get(person, [person]), pieces, exposed, self.policy)
            cases += [case] if case else []
        return cases


def _seen_by_the_other(piece: Piece, person: str) -> tuple[str, Piece]:
    """The contact of a person as the one sees it who exposed that person, with the key of the latter."""
    return piece.other, Piece(piece.alias, What.EXPOSED, piece.at, piece.until, region=piece.region, place=piece.place, other=person, depth=piece.depth)


def _by_person(pieces: Iterable[Piece], person_of: Mapping[str, str]) -> dict[str, list[Piece]]:
    """By the person of the alias; what is said of a household, by the household."""
    return grouped(pieces, lambda piece: piece.other if piece.what is What.HOUSEHOLD else person_of.get(piece.alias, piece.alias))
