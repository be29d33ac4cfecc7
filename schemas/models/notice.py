"""Notices: what the public of an area, or one resident, is told, why, from when until when; withdrawn when the reason falls."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.models.control import Level
from schemas.models.fact import Fact, Millis


class NoticeKind(StrEnum):
    """What a notice is about: of the public an area, a level, its end, or a place; of a resident a contact, a return, or the end of the observation."""

    AREA = "area"
    LEVEL = "level"
    LEVEL_ENDED = "level_ended"
    PLACE = "place"
    CONTACT = "contact"
    RETURNEE = "returnee"
    WATCH_OVER = "watch_over"


class Confirmation(StrEnum):
    """Whether the resident is known to have the notice."""

    OPEN = "open"
    GIVEN = "given"
    OVERDUE = "overdue"


class PublicNotice(Fact):
    """What the public of an area is told; there is no field for a person. `at` is from when it holds, of a place the full hour of the first exposure."""

    notice: str = Field(description="Name of the notice, the same while its reason stands: 32 hexadecimal digits.")
    kind: NoticeKind = Field(description="What it is about.")
    template: str = Field(description="Name and version of the text, such as `place/1`.")
    region: str = Field(description="Division code, or code of a country, whose public it concerns.")
    until: Millis = Field(description="Until when what it tells of holds, the end excluded: UTC milliseconds; of a place the full hour after the last stay.")
    place: str | None = Field(default=None, description="Code of the public place; null for an area or a level.")
    level: Level | None = Field(default=None, description="The level that is in force or has ended.")


class ResidentNotice(Fact):
    """What one resident is told, by whoever looks after the household; it names nobody and has no contact details. `at` is from when it holds."""

    notice: str = Field(description="Name of the notice, the same while its reason stands: 32 hexadecimal digits.")
    kind: NoticeKind = Field(description="What it is about.")
    template: str = Field(description="Name and version of the text, such as `contact/1`.")
    person: str = Field(description="Key of the person who is told; whoever tells it has names and phones from the agency's release.")
    region: str | None = Field(default=None, description="Division code of the community that tells it.")
    owner: str = Field(description="Who tells it: staff code of the grid worker, else division code of the community, '' where none is known.")
    until: Millis = Field(description="Until when the observation lasts, the end excluded: UTC milliseconds.")
    due: Millis = Field(description="By when it is to be confirmed: UTC milliseconds.")
    state: Confirmation = Field(description="Whether it is confirmed, by the latest tick.")
    confirmed_at: Millis | None = Field(default=None, description="When it was confirmed: UTC milliseconds.")
    by: str | None = Field(default=None, description="Staff code of who says that the resident has it, or `RESIDENT`.")
    escalated_to: str | None = Field(default=None, description="Of one that is overdue the division code of whoever has to see to it now.")
