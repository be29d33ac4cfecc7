"""Who is who in a story: the names that it gives to people, by the keys that the bus gives them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pydantic import BaseModel

from deploy.scenarios.story import Handle, Story
from deploy.scenarios.world import World
from schemas.agency import Agency
from schemas.models.case import LinkedCase
from schemas.models.identity import Link
from schemas.models.release import Release
from schemas.tokens import Keys
from streams.normalise.names import reading
from streams.normalise.phones import phone
from streams.normalise.resident import resident
from streams.routing.codes import Codes

M = TypeVar("M", bound=BaseModel)

UNNAMED = "somebody unnamed"
"""Whom the story does not name."""


class Cast:
    """Who is who at a moment of the story."""

    def __init__(self, story: Story, world: World) -> None:
        """Take the links that stand on the world's bus now."""
        self.world = world
        self.clinics = [one.code for one in story.clinics]
        self.tokens = {name: _token(handle, world.keys) for name, handle in story.people.items()}
        links = {link.alias: link.person for link in world.standing("identity.link").values() if isinstance(link, Link)}
        self.keys = {name: links.get(token, token) for name, token in self.tokens.items()}

    def name(self, key: str) -> str:
        """What the story calls the person; two who are one have both names."""
        return _names(name for name, theirs in self.keys.items() if theirs == key)

    def those(self, topic: str, model: type[M]) -> list[M]:
        """What stands of a model on a topic."""
        return [one for one in self.world.standing(topic).values() if isinstance(one, model)]

    def cases(self) -> list[LinkedCase]:
        """The linked cases that stand."""
        return self.those("case.linked", LinkedCase)

    def whom(self, agency: Agency, release: Release) -> str:
        """What the story calls the person of a release."""
        return self.called(agency, release.purpose, release.person)

    def called(self, agency: Agency, purpose: str, code: str) -> str:
        """What the story calls the person whom an agency calls so for a purpose."""
        (of,) = [one for one in agency.purposes if one.name == purpose]
        codes = Codes(agency, of, self.world.keys)
        return _names(name for name, key in self.keys.items() if codes.person(key) == code)


def _names(found: Iterable[str]) -> str:
    return " = ".join(found) or UNNAMED


def _token(handle: Handle, keys: Keys) -> str:
    """The alias of a handle, as normalise gives it to a record that has that handle."""
    token = keys.token
    if handle.resident:
        return token("document", "resident", "CN", resident(handle.resident).number)
    if handle.certificate:
        return token("document", "border-certificate", *handle.certificate.split(" ", 1))
    if handle.passport:
        return token("document", "passport", *handle.passport.split(" ", 1))
    if handle.account:
        return token("account", "scan-app", handle.account)
    if handle.patient:
        return token("patient", *handle.patient.split(" ", 1))
    if handle.number:
        return token("number", phone(handle.number))
    if handle.household:
        return token("household", *handle.household.split(" ", 1))
    if handle.record:
        source, *parts = handle.record.split(" ")
        return token("record", source, token("record", source, *parts), "0")
    number, name = str(handle.phone).split(" ", 1)
    return token("phone", phone(number), reading(name))
