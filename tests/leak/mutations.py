"""Leaks put into routing, projection, tracing, linking and forgetting on purpose, each of which the leak test must find."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from schemas.agency import Agency, Want
from schemas.models.case import Entry, LinkedCase, Sealed
from schemas.models.release import Release, View
from schemas.tokens import Keys
from streams import standing
from streams.cases import evidence, fold, tracing
from streams.cases import stage as cases
from streams.contacts import stage as contacts
from streams.normalise import erasing, expiry
from streams.routing import bulletins, coarse, codes, match, project, sent, stage, told
from streams.stage import Emit, Outcome, Verdict

Mutation = Callable[[], AbstractContextManager[object]]
_PROJECT, _RELEASE, _TAKE, _OUT, _NEAR, _GIVEN = project.project, project.release, standing.take, stage._out, match._near, sent.Given.of


def _every_want(agency: Agency, case: LinkedCase, ground: match.Ground, keys: Keys) -> Release:
    return _RELEASE(agency, case, match.Ground(ground.purpose, agency.wants, ground.why), keys)


def _whole(case: LinkedCase, fields: set[str], names: codes.Codes) -> View:
    return _PROJECT(case, set(View.model_fields), names)


def _names_too(case: LinkedCase, fields: set[str], names: codes.Codes) -> View:
    return _PROJECT(case, fields | {"names"} if "status" in fields else fields, names)


def _by_county_alone(agency: Agency, case: LinkedCase) -> list[Any]:
    return _NEAR(agency.model_copy(update={"region": agency.region[:4]}) if agency.region else agency, case)


def _any_status(want: Want, case: LinkedCase, near: list[Any]) -> bool:
    return want.role in case.roles and any(one.why in want.why for one in near)


def _any_way(want: Want, case: LinkedCase, near: list[Any]) -> bool:
    return want.role in case.roles and bool(near) and (want.role != "case" or want.statuses is None or case.status in want.statuses)


def _any_role(want: Want, case: LinkedCase, near: list[Any]) -> bool:
    return any(one.why in want.why for one in near)


def _every_line(self: codes.Codes, told: list[Entry]) -> list[Entry]:
    return [one.model_copy(update={"evidence": self.fact(one.evidence)}) for one in told]


def _to_all(person: str, item: Release, given: Any, decision: Any) -> Iterable[Emit]:
    yield from (emit._replace(topic="deliver.first") if emit.topic != "audit" else emit for emit in _OUT(person, item, given, decision))


def _unlogged(person: str, item: Release, given: Any, decision: Any) -> Iterable[Emit]:
    yield from (emit for emit in _OUT(person, item, given, decision) if emit.topic != "audit")


def _taken_back(self: Release) -> Release:
    return self.model_copy(update={"retracted": True})


def _said(item: Release) -> sent.Given:
    return _GIVEN(item).model_copy(update={"reason": " ".join(item.view.names or item.view.phones or [])})


def _for_ever(state: Any, place: bytes, fact: Any, *form: Any) -> Outcome:
    return Outcome(Verdict.DUPLICATE) if fact.retracted else _TAKE(state, place, fact, *form)


def _sealed_of_all(evidence: Any) -> list[Any]:
    _SEEN.update({(piece.alias, piece.sealed): None for piece in evidence if piece.sealed})
    return [Sealed(alias=alias, data=data) for alias, data in _SEEN]


_SEEN: dict[tuple[str, bytes], None] = {}


def _nothing_falls(old: list[Any], new: list[Any], topic: str, key: Any) -> Iterable[Emit]:
    known = {fact.id for fact in old}
    return [Emit(topic, key(fact), fact) for fact in new if fact.id not in known]


def _never_ends(self: Any, place: bytes, case: LinkedCase, old: Any, now: int, state: Any) -> Any:
    return _DECIDE(self, place, case, old, 0, state)


def _any_time(presence: Any, exposure: Any, *, retracted: bool) -> Any:
    moved = exposure.model_copy(update={"at": min(exposure.at, presence.at), "until": max(exposure.until, presence.until)})
    return _MEET(presence, moved, retracted=retracted)


def _no_window(*given: Any) -> Any:
    window = _WINDOW(*given)
    return window and (window[0], 0, window[2] + 60 * 86_400_000, window[3])


_DECIDE, _MEET, _WINDOW = stage._Router._decide, contacts._meet, tracing._of_case
MUTATIONS: dict[str, Mutation] = {
    "regions are compared by their first four digits": lambda: patch.object(match, "_near", _by_county_alone),
    "the status of a case is not asked for": lambda: patch.object(match, "_applies", _any_status),
    "any concern will do": lambda: patch.object(match, "_applies", _any_way),
    "any role will do": lambda: patch.object(match, "_applies", _any_role),
    "fields of wants that do not apply are released": lambda: patch.object(stage, "release", _every_want),
    "all fields are released": lambda: patch.object(project, "project", _whole),
    "the name goes with the status": lambda: patch.object(project, "project", _names_too),
    "coarser forms are not made": lambda: patch.object(project, "coarser", lambda view, *_: view),
    "regions stay as fine as they are": lambda: patch.object(coarse, "area", lambda code, _: code),
    "of several wants the first says the form": lambda: patch.object(project, "finest", lambda stated: next(iter(stated))),
    "small counts are told": lambda: patch.object(told, "left_out", lambda *_: set()),
    "facts of other regions are told": lambda: patch.object(bulletins, "concerns", lambda *_: True),
    "bands of ages go with the course": lambda: patch.object(codes.Codes, "entries", _every_line),
    "agencies call people as the bus does": lambda: patch.object(codes.Codes, "person", lambda self, key: key),
    "all agencies call a person the same": lambda: patch.object(codes.Codes, "person", lambda self, key: self.keys.token("pseudonym", "person", key)),
    "every release goes to the first agency": lambda: patch.object(stage, "_out", _to_all),
    "releases are not audited": lambda: patch.object(stage, "_out", _unlogged),
    "a retraction repeats what was released": lambda: patch.object(Release, "taken_back", _taken_back),
    "the audit says the name": lambda: patch.object(sent.Given, "of", staticmethod(_said)),
    "copies never end": lambda: patch.object(stage._Router, "_decide", _never_ends),
    "changed files do not reach what stands": lambda: patch.object(stage, "stale", lambda *_: False),
    "a case keeps evidence that is taken back": lambda: patch.object(cases, "take", _for_ever),
    "a person who is split keeps the other's evidence": lambda: patch.object(evidence, "changes", _nothing_falls),
    "identifiers of others come into a case": lambda: patch.object(fold, "_sealed", _sealed_of_all),
    "levels do not count": lambda: patch.object(cases, "_depth", lambda *_: lambda *_: 9),
    "whoever was ever there is a contact": lambda: patch.object(contacts, "_meet", _any_time),
    "cases are traced without a window": lambda: patch.object(tracing, "_of_case", _no_window),
    "what is too old comes in": lambda: patch.object(expiry.Expiry, "left", lambda self, row, facts, rows: (facts, 0)),
    "what is erased comes in again": lambda: patch.object(erasing.Erasing, "left", lambda self, under, facts, rows: facts),
    "an erasure takes nothing back": lambda: patch.object(erasing.Erasing, "_of", lambda self, said, rows: []),
}
"""By what goes wrong, how it is made."""
