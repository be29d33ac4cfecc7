"""The form of a story file. All values are text as a source would send it; times that are expected are Asia/Shanghai, such as `2020-01-22 09:30`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from connectors.messages.form import Clinic


class Part(BaseModel):
    """Part of a story; closed, so that a misspelt expectation fails."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Handle(Part):
    """One handle by which a person of the story is found; exactly one is given."""

    resident: str | None = Field(default=None, description="Resident identity number.")
    certificate: str | None = Field(default=None, description="Border certificate, as `MM MB0012345`: country and number.")
    passport: str | None = Field(default=None, description="The same of a passport.")
    account: str | None = Field(default=None, description="Account of the scan app.")
    patient: str | None = Field(default=None, description="Patient number, as `CLIN-530624-03 P77`: facility and number.")
    phone: str | None = Field(default=None, description="Phone and name, as `13800000001 杨测试`.")
    number: str | None = Field(default=None, description="Phone alone: whoever answers it.")
    household: str | None = Field(
        default=None, description="A household of which nobody is named, as `grid-management H-31`: whose numbering, and the number."
    )
    record: str | None = Field(
        default=None, description="Who is known by one record only, as `clinic-visit CLIN-530624-03 V12`: source and parts of its identity."
    )

    @model_validator(mode="after")
    def _one(self) -> Handle:
        if len(self.model_fields_set) != 1:
            raise ValueError("a person is found by exactly one handle")
        return self


class Publish(Part):
    """Records that a source sends, in its own fields."""

    source: str
    records: list[dict[str, Any]] = Field(min_length=1, description="`{offer of resident-need N-1 to SHOP-1}` stands for the number of an offer.")
    times: int = Field(default=1, ge=1, description="How often they are sent, each time with `{n}` in their texts as 1, 2 and so on.")

    def sent(self) -> list[dict[str, Any]]:
        """All records as they are sent."""
        return [{name: str(value).replace("{n}", str(number)) if "{n}" in str(value) else value for name, value in record.items()}
                for number in range(1, self.times + 1) for record in self.records]  # fmt: skip


class Text(Part):
    """A text message, as the gateway delivers it."""

    sender: str = Field(alias="from", description="The phone that it comes from.")
    at: str = Field(description="When the gateway had it, as `2020-02-04 09:00`.")
    text: str


class Case(Part):
    """Fields of a linked case; only those that are given are compared, and these exactly."""

    roles: list[str] | None = None
    status: str | None = None
    since: str | None = None
    classification: str | None = None
    onset: str | None = None
    community: str | None = None
    grid_worker: str | None = None
    clinic: str | None = None
    referred_to: str | None = None
    responsible: str | None = None
    concerns: list[str] | None = Field(default=None, description="As `residence 530624100001`.")
    timeline: list[str] | None = Field(
        default=None, description="As `2020-01-22 09:30 seen CLIN-530624-03`; the end when it is not the beginning; then the note."
    )
    contacts: dict[str, str] | None = Field(default=None, description="By person, as `MKT-1 from 2020-01-22 09:30 to 2020-01-22 10:10`.")
    contact_of: dict[str, str] | None = Field(default=None, description="The same.")
    names: list[str] | None = None
    phones: list[str] | None = None
    needs: list[str] | None = Field(default=None, description="As `food today for 2 in 530624100001 offered to SHOP-1 until 2020-02-03 13:00`.")


class Release(Case):
    """A release: its roles and reasons, the names of exactly the fields that it carries, and any of their values."""

    why: list[str] | None = None
    fields_: list[str] | None = Field(default=None, alias="fields")
    expires: str | None = None


class Expect(Part):
    """What must stand. Each part that is given is complete: what it does not name must not stand."""

    cases: dict[str, Case] | None = Field(default=None, description="Linked cases by person; two who are one are `a = b`, in the order of the story's people.")
    releases: dict[str, dict[str, Release]] | None = Field(default=None, description="By agency and person.")
    tasks: dict[str, list[str]] | None = Field(
        default=None, description="By person, as `visit of GW-0031 overdue by 2020-01-21 21:15, now with 530624100`, in the order of the text."
    )
    sources: dict[str, list[str]] | None = Field(
        default=None, description="Of each case that met another, who may have infected it, as `杨测试 64 %`, the likeliest first."
    )
    infected: dict[str, list[str]] | None = Field(default=None, description="By person all whose likeliest source that person is: the tree of transmission.")
    measures: dict[str, list[str]] | None = Field(
        default=None, description="Measures in force by person, as `red_code as case by OP-1 until 2020-02-01 08:00`."
    )
    refused: dict[str, int] | None = Field(default=None, description="How many measures are refused, by official and reason, as `OP-1 no_evidence`.")
    alerts: list[str] | None = Field(default=None, description="Who was refused too often in which hour, as `OP-1 2020-02-01 08:00`.")
    isolations: dict[str, str] | None = Field(
        default=None, description="By person, as `isolating as contact until 2022-07-01 08:00 by 第九版, told 2022-06-21 09:00`."
    )
    breaches: dict[str, list[str]] | None = Field(default=None, description="Who was elsewhere, by person, as `2020-01-23 10:00 MKT-1`.")
    beyond: list[str] | None = Field(default=None, description="Orders beyond the plan, as `CDC-1 isolate_at_home from 2022-07-01 08:00 to 2022-07-05 08:00`.")
    statistics: dict[str, list[str]] | None = Field(
        default=None, description="Counts by region and measure, as `530624 report`: a line each, as `suspected 2020-02-01: 2`. Only these are compared."
    )
    signals: list[str] | None = Field(default=None, description="As `530624 report 2020-02-08: 4 by c1, c2`, or `CLIN-1 silent since 2020-02-06`.")
    notices: dict[str, list[str]] | None = Field(
        default=None, description="What residents are told, by person, as `contact by GW-1 until 2020-02-01 08:00 overdue, now with 530624100`."
    )
    announced: list[str] | None = Field(
        default=None, description="What the public is told of areas and places, as `place MKT-1 of 530624100001 from 2020-01-22 09:00 to 2020-01-22 11:00`."
    )
    bulletins: dict[str, list[str]] | None = Field(
        default=None,
        description="What agencies are told of a topic, by agency and topic, as `place=CLIN-1 item=mask state=low`. Only these are compared, without levels.",
    )
    supplies: dict[str, list[str]] | None = Field(
        default=None, description="What places have, by place, as `mask 120, 40.0 a day, short on 2020-02-04 08:00, low, 480 coming`."
    )
    dispatches: list[str] | None = Field(default=None, description="As `D-7 480 mask from DEPOT-1 to CLIN-1 sent`.")
    complaints: list[str] | None = Field(default=None, description="As `C-17 closure overdue by 530624, due 2020-02-18 10:00, now with 530624`.")
    closures: list[str] | None = Field(default=None, description="Closed without a decision, as `530624100001 from 2020-02-03 08:00 never_decided`.")
    answers: dict[str, list[str]] | None = Field(
        default=None, description="What village clinics are answered by the numbers of their reports, by place code, as `15 report refused 判`."
    )
    needs: dict[str, list[str]] | None = Field(
        default=None, description="What people need and how far it is, by person, as `food today for 2 in 530624100001 unmet, now with 530624100`."
    )
    rejects: list[str] | None = Field(default=None, description="As `clinic-visit: id_no, phone`.")
    witnessed: list[str] | None = Field(default=None, description="Which of the witnesses county, port and village signed the log when it was shown last.")
    proved: dict[str, list[str]] | None = Field(
        default=None, description="What each agency proves by the log of what it was told, by agency, as `杨测试 released`. Only these are compared."
    )
    superseded: dict[str, str] | None = Field(default=None, description="Persons whose linked case was taken back for that of another.")


class Step(Part):
    """What happens, in a sentence; then what is sent, or what must stand, or both."""

    says: str = Field(min_length=10)
    publish: list[Publish] = Field(default_factory=list)
    messages: list[Text] = Field(default_factory=list, description="Text messages of the story's clinics, in the order in which they come.")
    areas: list[str] | None = Field(
        default=None, description="The declared risk areas that stand from then on, as `4301 from 2020-01-10 00:00 to 2020-02-10 00:00`."
    )
    levels: list[str] | None = Field(
        default=None, description="The levels that stand from then on, as `53 emergency from 2020-01-10 00:00 to 2020-02-10 00:00`."
    )
    log: Literal["kept", "rewritten"] | None = Field(
        default=None, description="kept: the log takes in what was released and is shown to the witnesses. rewritten: they are shown one that was changed."
    )
    clock: str | None = Field(default=None, description="How late it is said to be after that, as `2020-01-22 09:00`.")
    expect: Expect | None = None


class Story(Part):
    """A whole story."""

    title: str
    title_zh: str
    story: str = Field(min_length=40)
    levels: list[str] = Field(
        default=["53 emergency from 2019-12-01 00:00 to 2020-09-01 00:00"],
        description="The levels that stand from the beginning, as in a step; what is longer than a level can last was declared anew each time.",
    )
    clinics: list[Clinic] = Field(default_factory=list, description="Village clinics that send text messages.")
    people: dict[str, Handle] = Field(default_factory=dict, description="None where it is of no person, such as of supplies.")
    steps: list[Step] = Field(min_length=1)


def read(path: Path) -> Story:
    """The story of a file; everything in it is text, so that no date and no number changes its form."""
    return Story.model_validate(yaml.load(path.read_text("utf-8"), yaml.BaseLoader))  # noqa: S506 - it makes texts, lists and maps, and nothing else
