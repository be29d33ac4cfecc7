"""What may be written in a message, and who may write: `format.yaml`, and the register of clinics."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import phonenumbers
import yaml
from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from connectors.registry import BadFile
from schemas import yamls
from schemas.models.fact import Model

Sign = Annotated[str, StringConstraints(min_length=1, max_length=1)]


class Entry(Model):
    """One field of a kind of report."""

    latin: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")] = Field(description="The Latin letter that may stand for the key.")
    field: str = Field(description="Name of the source's own field.")
    form: Literal["text", "moment", "place"] = Field(default="text", description="moment: a short date; place: the number of a place of the clinic's list.")
    words: dict[str, str] = Field(default_factory=dict, description="The source's word for each short one; the whole word may be written too.")
    letters: dict[Sign, str] = Field(default_factory=dict, description="The source's words, several of which are written one sign after the other.")
    needed: bool = Field(default=False, description="Whether a report without it says nothing.")
    hint: str = Field(description="What is expected, for an answer.")
    hint_zh: str = Field(description="The same in Chinese.")


class Kind(Model):
    """One kind of report."""

    latin: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")] = Field(description="The Latin letter of the kind.")
    says: str = Field(description="What it is.")
    says_zh: str = Field(description="The same in Chinese.")
    source: str = Field(description="Name of the source whose record it becomes.")
    sets: dict[Literal["clinic", "number", "revision", "region", "staff"], str] = Field(description="Fields that the head and the register fill.")
    retracts: dict[str, str] = Field(description="The field, with its value, by which a record of the source takes itself back.")
    fields: dict[Sign, Entry] = Field(description="The fields by key.")

    @model_validator(mode="after")
    def _keys(self) -> Kind:
        keys = [*self.fields, *(one.latin for one in self.fields.values())]
        if len(set(keys)) < len(keys):
            raise ValueError("a key stands twice")
        return self

    def entry(self, key: str) -> tuple[str, Entry] | None:
        """The field of a key or its letter, with its key; None for any other sign."""
        return next(((sign, one) for sign, one in self.fields.items() if key in (sign, one.latin)), None)


class Format(Model):
    """Everything that may be written."""

    faults: str = Field(description="Source on whose topic a message is refused of which not even the kind can be read.")
    kinds: dict[Sign, Kind] = Field(description="The kinds of reports, by their sign.")

    def kind(self, sign: str) -> tuple[str, Kind] | None:
        """The kind of a sign or its letter, with its sign; None for any other word."""
        return next(((name, one) for name, one in self.kinds.items() if sign in (name, one.latin)), None)


class Clinic(Model):
    """A village clinic that reports by messages."""

    code: str = Field(description="Its place code.")
    number: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,5}$")] = Field(description="Its number, with which each message begins.")
    region: str = Field(description="Division code in which it lies.")
    staff: str = Field(description="Staff code of whoever writes.")
    phones: list[str] = Field(min_length=1, description="The numbers from which it sends; those of China need no +86.")
    places: dict[str, str] = Field(default_factory=dict, description="By their number on the card, the codes of places to which it refers.")
    language: Literal["zh", "en"] = Field(default="zh", description="In which it is answered.")
    key: str | None = Field(default=None, description="File with the key of its small files, beside the register; unset, they may come open.")
    checked: bool = Field(default=False, description="Whether each message must end with its check letters; for clinics whose messages a program writes.")

    @field_validator("phones")
    @classmethod
    def _international(cls, phones: list[str]) -> list[str]:
        return [international(one) for one in phones]


class Register(Model):
    """All clinics that report by messages."""

    clinics: list[Clinic] = Field(min_length=1, description="The clinics; no number, code or phone stands twice.")

    @model_validator(mode="after")
    def _once(self) -> Register:
        for what, found in (("number", [one.number for one in self.clinics]), ("code", [one.code for one in self.clinics]), ("phone", [*self._phones()])):
            if len(set(found)) < len(found):
                raise ValueError(f"a {what} stands twice: each is of one clinic")
        return self

    def _phones(self) -> Iterator[str]:
        for clinic in self.clinics:
            yield from clinic.phones

    def of(self, sender: str) -> Clinic | None:
        """The clinic that sends from a phone; None for any other."""
        try:
            phone = international(sender)
        except ValueError:
            return None
        return next((one for one in self.clinics if phone in one.phones), None)

    def keys(self, folder: Path) -> dict[str, bytes]:
        """By place code the keys of small files; raises BadFile when one is not there, or holds no 32 bytes."""
        return {one.code: key_of(folder / one.key) for one in self.clinics if one.key}

    def called(self, name: str) -> Clinic | None:
        """The clinic of a code or number; None where there is none."""
        return next((one for one in self.clinics if name in (one.code, one.number)), None)


def international(phone: str) -> str:
    """A phone as E.164; one without a country is of China. Raises ValueError, which does not repeat it."""
    try:
        parsed = phonenumbers.parse(phone, "CN")
    except phonenumbers.NumberParseException:
        raise ValueError("expected a phone number") from None
    if not phonenumbers.is_possible_number(parsed):
        raise ValueError("expected a phone number")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def key_of(path: Path) -> bytes:
    """The key in a file: 64 hexadecimal digits. Raises BadFile."""
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError):
        raise BadFile(f"{path}: not a key; `lianfang outpost key` makes one") from None
    if len(key) != 32:
        raise BadFile(f"{path}: a key has 64 hexadecimal digits; `lianfang outpost key` makes one")
    return key


@cache
def shipped() -> Format:
    """The format that is shipped."""
    text = files("connectors.messages").joinpath("format.yaml").read_text("utf-8")
    return Format.model_validate(yaml.load(text, _Texts))  # noqa: S506 - it makes texts, true and false


def register(path: Path) -> Register:
    """The clinics of a file; raises BadFile naming each field that is wrong, never its value."""
    try:
        return Register.model_validate(yaml.load(path.read_text("utf-8"), _Texts))  # noqa: S506 - it makes texts, true and false
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadFile(f"{path}: not YAML ({type(error).__name__})") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise BadFile(f"{path}: {problems}") from None


class _Texts(yamls.Loader):
    """YAML in which all is text but true and false: N, O and 0870 stay as they are written."""


_Texts.yaml_implicit_resolvers = {"t": yaml.SafeLoader.yaml_implicit_resolvers["t"], "f": yaml.SafeLoader.yaml_implicit_resolvers["f"]}
