"""Models that ask more than types: their values go through pydantic, and what it refuses is refused."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, RootModel, ValidationError, computed_field, field_serializer, model_validator

from schemas.avro import pack, unpack
from schemas.trusted import Checked, form_of
from tests.schemas.plainly import body_of


class Number(IntEnum):
    """Ones."""

    ONE = 1


class Word(StrEnum):
    """Words."""

    A = "a"


def positive(value: int) -> int:
    """The value, or ValueError."""
    if value < 1:
        raise ValueError("not positive")
    return value


class _Constrained(BaseModel):
    a: int = Field(ge=1)


class _Long(BaseModel):
    a: list[str] = Field(min_length=1)


class _Validated(BaseModel):
    a: Annotated[int, AfterValidator(positive)]


class _Whole(BaseModel):
    a: int

    @model_validator(mode="after")
    def _positive(self) -> _Whole:
        positive(self.a)
        return self


class _Before(BaseModel):
    a: int

    @model_validator(mode="before")
    @classmethod
    def _positive(cls, found: Any) -> Any:
        positive(found["a"])
        return found


class _Serialised(BaseModel):
    a: str

    @field_serializer("a")
    def _twice(self, value: str) -> str:
        return 2 * value


class _Aliased(BaseModel):
    a: int = Field(alias="b")


class _Left(BaseModel):
    a: int = Field(default=1, exclude=True)


class _Stripped(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True)
    a: str


class _Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    a: int


class _Private(BaseModel):
    a: int
    _b: int = PrivateAttr(default=1)


class _Computed(BaseModel):
    a: int

    @computed_field  # type: ignore[prop-decorator]  # mypy takes no decorator above a property
    @property
    def b(self) -> int:
        """One more."""
        return self.a + 1


class _Made(BaseModel):
    a: int

    def __init__(self, **content: Any) -> None:
        super().__init__(**content)


class _Root(RootModel[int]):
    """A root."""


class _Either(BaseModel):
    a: int | str


class _Numbered(BaseModel):
    a: Number


class _Mapped(BaseModel):
    a: dict[str, Word]


class _Recursive(BaseModel):
    a: list[_Recursive]


class _Within(BaseModel):
    a: list[_Constrained] | None


@pytest.mark.parametrize("model", [
    _Constrained, _Long, _Validated, _Whole, _Before, _Serialised, _Aliased, _Left, _Stripped, _Open, _Private, _Computed, _Made, _Root, _Either, _Numbered,
    _Mapped, _Recursive, _Within,
])  # fmt: skip
def test_a_model_that_asks_more_is_checked(model: type[BaseModel]) -> None:
    """A constraint, validator, serializer, alias, hook or configuration anywhere in a model leaves its values to pydantic."""
    with pytest.raises(Checked):
        form_of(model)


@pytest.mark.parametrize(("model", "content"), [
    (_Constrained, {"a": 0}), (_Long, {"a": []}), (_Validated, {"a": 0}), (_Whole, {"a": -1}), (_Before, {"a": 0}), (_Within, {"a": [{"a": 1}, {"a": 0}]}),
])  # fmt: skip
def test_what_pydantic_refuses_is_refused(model: type[BaseModel], content: dict[str, Any]) -> None:
    """Bytes of the right types, whose content the model does not take, are no value."""
    with pytest.raises(ValidationError, match="a"):
        unpack(model, body_of(model, content))


@pytest.mark.parametrize(("value", "again"), [
    (_Constrained(a=1), _Constrained(a=1)), (_Serialised(a="x"), _Serialised(a="xx")), (_Mapped(a={"k": Word.A}), _Mapped(a={"k": Word.A})),
    (_Stripped.model_construct(a=" x"), _Stripped(a="x")), (_Recursive(a=[_Recursive(a=[])]), _Recursive(a=[_Recursive(a=[])])), (_Within(a=None), _Within(a=None)),
])  # fmt: skip
def test_checked_values_travel_as_pydantic_says(value: BaseModel, again: BaseModel) -> None:
    """The values of checked models are written as pydantic dumps them and read as it validates them."""
    assert unpack(type(value), pack(value)) == again
