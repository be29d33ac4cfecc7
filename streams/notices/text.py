"""The words of notices, in Chinese and English, from `schemas/vocabulary/notices.yaml`; read and checked once.

Texts are those of `string.Template`: `${name}` for each field. A text to the public with a field that tells of a person cannot be loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from string import Template
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from schemas.models.notice import NoticeKind
from schemas.privacy import Privacy
from schemas.vocabulary import vocabulary

LANGUAGES = ("zh", "en")
MAY_SAY = {"public": (Privacy.NONE,), "resident": (Privacy.NONE, Privacy.CODED, Privacy.QUASI, Privacy.SENSITIVE)}
"""By audience the classes of the fields that its texts may have."""


def _text(text: str) -> str:
    if not Template(text).is_valid():
        raise ValueError("a field is written ${name}; a plain $ is $$")
    return text


Text = Annotated[str, AfterValidator(_text)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(_Part):
    """A field that a text may have."""

    privacy: Privacy = Field(alias="class")
    zh: str
    en: str


class Words(_Part):
    """What a notice says in one language, and what its withdrawal says."""

    title: str
    text: Text
    withdrawn: Text

    def fields(self) -> set[str]:
        """The names of the fields of both texts."""
        return {*Template(self.text).get_identifiers(), *Template(self.withdrawn).get_identifiers()}


class Written(_Part):
    """The texts of one kind of notice."""

    version: int = Field(ge=1)
    audience: Literal["public", "resident"]
    zh: Words
    en: Words

    def say(self, language: str, values: Mapping[str, str], *, withdrawn: bool = False) -> str:
        """The text in one language; raises KeyError for a field without a value."""
        words: Words = getattr(self, language)
        return Template(words.withdrawn if withdrawn else words.text).substitute(values)

    @model_validator(mode="after")
    def _same_fields(self) -> Self:
        if odd := sorted(self.zh.fields() ^ self.en.fields()):
            raise ValueError(f"only one of both languages has {', '.join(odd)}")
        return self


class Texts(_Part):
    """The whole file."""

    fields_: dict[str, Named] = Field(alias="fields")
    places: dict[str, str] = Field(description="Kinds of places in Chinese.")
    templates: dict[NoticeKind, Written]

    @field_validator("templates")
    @classmethod
    def _checked(cls, templates: dict[NoticeKind, Written], info: ValidationInfo) -> dict[NoticeKind, Written]:
        known: dict[str, Named] = info.data.get("fields_", {})
        if missing := set(NoticeKind) - set(templates):
            raise ValueError(f"no text for {', '.join(sorted(missing))}")
        for kind, written in templates.items():
            used = written.zh.fields()
            if strange := sorted(used - set(known)):
                raise ValueError(f"{kind}: {', '.join(strange)} is no field of notices; fields are {', '.join(known)}")
            if forbidden := sorted(name for name in used if known[name].privacy not in MAY_SAY[written.audience]):
                raise ValueError(f"{kind}: a text to the {written.audience} may not have {', '.join(forbidden)}, which tells of a person")
        return templates


def texts(document: Mapping[str, Any]) -> Texts:
    """A file, checked; raises ValueError (pydantic's) that names the text and what is wrong with it."""
    return Texts.model_validate(document)


@cache
def shipped() -> Texts:
    """The shipped file."""
    return texts(vocabulary("notices"))


@cache
def template(kind: str) -> Written:
    """The texts of a kind, of the shipped file."""
    return shipped().templates[NoticeKind(kind)]
