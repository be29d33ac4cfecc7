"""Psychological screening: all that the bus knows of one, addressed to the person."""

from __future__ import annotations

from pydantic import Field

from schemas.models.fact import Fact


class Screened(Fact):
    """A person who isolates was screened at `at`. It has neither answers nor scores, nor which questionnaire led to the offer."""

    person: str = Field(description="Key of the person.")
    alias: str = Field(description="Alias under which the screening was told.")
    offer: bool = Field(description="Whether support is to be offered.")
