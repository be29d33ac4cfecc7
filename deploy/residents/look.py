"""Asking the bus for a resident: who is meant, the look that is recorded first, and the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.reader import Reader
from deploy.bus import Bus
from deploy.residents.asked import Resident, aliases, resident
from deploy.residents.held import held
from deploy.residents.report import Document, report
from deploy.stands import stands
from schemas.models.case import LinkedCase
from schemas.models.fact import Millis
from schemas.models.identity import Link
from schemas.models.log import CaseLook


@dataclass(frozen=True, slots=True)
class Asked:
    """The resident of a request, and the linked case that stands, if there is one."""

    who: Resident
    case: LinkedCase | None

    @classmethod
    def of(cls, bus: Bus, reader: Reader, said: Mapping[str, str]) -> Asked:
        """Whom these identifiers mean; raises NotAsked when it is nobody, or more than one person."""
        given = aliases(said, bus.sources.values(), bus.settings.keys)
        who = resident(given, stands(reader, "identity.link", Link))
        return cls(who, next((one for one in stands(reader, "case.linked", LinkedCase) if one.person in who.aliases), None))

    @property
    def areas(self) -> list[str]:
        """The divisions that the linked case concerns; none where there is no case."""
        return [one.region for one in self.case.concerns] if self.case else []


def look(bus: Bus, asked: Asked, by_: str, reason: str, now: Millis) -> None:
    """Record who looks, and why; returns when it is on the bus: nothing is shown before. Of a person who is not known here it names nobody."""
    case = asked.case.id if asked.case else ""
    seen = CaseLook.of(causes=[case] if case else [], at=now, case=case, by=by_, reason=reason, person=asked.who.person)
    bus.write("case.look", [(case or asked.who.person, seen)])


def gathered(bus: Bus, reader: Reader, asked: Asked, now: Millis) -> Document:
    """The report."""
    return report(held(reader, bus.topics, asked.who, bus.settings.keys), asked.who, bus.topics, now)
