"""An agency: what it may receive, why, and how, from one YAML file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from schemas.forms import ALWAYS, OF_FIELD, Form, dimension
from schemas.models.case import Role, Status, Why
from schemas.models.fact import Model
from schemas.models.release import View
from schemas.privacy import Privacy
from schemas.subscription import Name, Region, Subscription


class Joint(Model):
    """A purpose that several agencies have together: each of their files names it, and they then call the same person by the same code."""

    name: Name = Field(description="Name of the joint purpose, the same in the files of all who share it.")
    legal_basis: str = Field(min_length=8, description="Law and article that allow to put these copies together (PIPL art. 20 and 23).")


class Purpose(Model):
    """A purpose with the rule of law that allows it."""

    name: Name = Field(description="Purpose, by its name.")
    legal_basis: str = Field(min_length=8, description="Law and article that allow it.")
    joint: Joint | None = Field(default=None, description="The joint purpose whose codes of people are used; unset means codes of the agency alone.")
    expires_days: int = Field(gt=0, le=3650, description="Days after the latest event of the case when the copy must be deleted.")


class Want(Model):
    """One kind of linked case that the agency receives for one purpose."""

    role: Role = Field(description="Role of the person: case, contact or returnee.")
    purpose: Name = Field(description="One of the purposes of this agency.")
    why: list[Why] = Field(min_length=1, description="How the agency's region must concern the person.")
    statuses: list[Status] | None = Field(default=None, description="For the role case: only these statuses; unset means all.")
    fields: list[str] = Field(min_length=1, description="Fields of the view that are released; nothing else leaves.")
    needs: dict[Privacy, Annotated[str, StringConstraints(min_length=8)]] = Field(
        default_factory=dict, description="Why fields of a privacy class are needed here, in a sentence for each class; `lianfang agencies check` asks for it."
    )

    forms: dict[str, list[Form]] = Field(
        default_factory=dict,
        description="Fields that are released in a coarser form, with a form for each of their dimensions: moment (day, week), area (community, township, "
        "county, prefecture, province), place (place_kind), age (age_5, age_10). `at` and `why` are those of the release itself.",
    )
    finer: dict[str, Annotated[str, StringConstraints(min_length=8)]] = Field(
        default_factory=dict, description="Why a field is needed in a finer form than the purpose allows by itself, in a sentence for each field."
    )

    @model_validator(mode="after")
    def _known_forms(self) -> Want:
        for field, forms in self.forms.items():
            if field not in {*self.fields, *ALWAYS}:
                raise ValueError(f"forms: {field} is not among the fields that are released")
            of = [dimension(form) for form in forms]
            if strange := [form for form, each in zip(forms, of, strict=True) if each not in OF_FIELD.get(field, ())]:
                raise ValueError(f"forms: {field} has no {', '.join(strange)}; it has {', '.join(OF_FIELD.get(field, ())) or 'no coarser form'}")
            if not forms or len(set(of)) < len(of):
                raise ValueError(f"forms: {field} needs one form of each dimension that it is coarser in")
        return self

    @model_validator(mode="after")
    def _known_fields(self) -> Want:
        unknown = sorted(set(self.fields) - set(View.model_fields))
        if unknown:
            raise ValueError(f"unknown fields {', '.join(unknown)}; a view has {', '.join(View.model_fields)}")
        return self


class Webhook(Model):
    """Delivery by HTTP POST."""

    kind: Literal["webhook"]
    url: str = Field(description="Address; ${NAME} is replaced from the environment.")
    token_file: str | None = Field(default=None, description="File with the secret that signs each delivery; ${NAME} is replaced from the environment.")


class Topic(Model):
    """Delivery by the agency's own topic alone."""

    kind: Literal["topic"]


class Agency(Model):
    """A receiver of releases."""

    name: Name = Field(description="Name, as the file is called.")
    says: str = Field(description="What it is, in one sentence.")
    says_zh: str = Field(description="The same in Chinese.")
    kind: Literal["province-cdc", "county-cdc", "hospital", "community", "border-port", "partner"] = Field(description="What kind of agency it is.")
    region: Region | None = Field(description="Division code within which it is responsible; null only for a facility.")
    facility: str | None = Field(default=None, description="Of a hospital or port: its place code; cases seen there or referred to it concern it.")
    purposes: list[Purpose] = Field(min_length=1, description="Purposes for which it may receive.")
    wants: list[Want] = Field(default_factory=list, description="The linked cases that it receives.")
    subscribes: list[Subscription] = Field(default_factory=list, description="The facts about regions and places that it is told besides.")
    retired: bool = Field(default=False, description="True for one that gets nothing any more and gives back what it got; its file goes after that.")
    deliver: Annotated[Webhook | Topic, Field(discriminator="kind")] = Field(description="How it receives.")

    @model_validator(mode="after")
    def _whole(self) -> Agency:
        if not self.region and not self.facility:
            raise ValueError("an agency needs a region or a facility")
        if not self.wants and not self.subscribes:
            raise ValueError("wants, subscribes: it asks for nothing")
        missing = sorted({*(want.purpose for want in self.wants), *(one.purpose for one in self.subscribes)} - {purpose.name for purpose in self.purposes})
        if missing:
            raise ValueError(f"no purpose declared for {', '.join(missing)}")
        asked = [(one.topic, one.purpose) for one in self.subscribes]
        if twice := sorted({one for one in asked if asked.count(one) > 1}):
            raise ValueError(f"subscribes: {twice[0][0]} for {twice[0][1]} stands twice: name all its regions in one")
        return self

    @property
    def content(self) -> str:
        """What the file says, as JSON in one form: comments, order of names, and what is at its default make no difference."""
        return json.dumps(self.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal digits: what a second person approves."""
        return sha256(self.content.encode()).hexdigest()


_FORM = "codes of each agency"
"""How releases are made of files and cases; another word here has what stands decided again, as a changed file does. Before it, people had one key for all."""


def rules_of(agencies: Iterable[Agency]) -> str:
    """SHA-256, in hexadecimal digits, of what the files of all these agencies say, and how releases follow from them; their order makes no difference."""
    return sha256("\n".join([_FORM, *sorted(f"{agency.name} {agency.digest}" for agency in agencies)]).encode()).hexdigest()


def sharing(agencies: Iterable[Agency]) -> dict[str, list[tuple[str, str]]]:
    """By joint purpose, the agencies with the purposes for which they call people by the same codes, sorted; retired ones are left out."""
    found: dict[str, list[tuple[str, str]]] = {}
    for agency in sorted(agencies, key=lambda one: one.name):
        for purpose in agency.purposes if not agency.retired else ():
            if purpose.joint:
                found.setdefault(purpose.joint.name, []).append((agency.name, purpose.name))
    return dict(sorted(found.items()))
