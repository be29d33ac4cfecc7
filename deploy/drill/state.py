"""What a drill is, kept in its folder: the story, when it began, and how fast its time passes."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.models.fact import Millis

_FILE = "drill.json"


class NoDrill(Exception):
    """There is no such drill; the message says what to do."""


class Drill(BaseModel):
    """A drill that was begun; all moments are UTC milliseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(description="Its name.")
    story: str = Field(description="Name of the story, or its file.")
    began: Millis = Field(description="When it began, by the clock of this machine.")
    starts: Millis = Field(description="How late it was in the story then.")
    speed: float = Field(gt=0, description="Seconds of the story in a second.")

    @classmethod
    def read(cls, home: Path) -> Self:
        """The drill of a folder; raises NoDrill."""
        try:
            return cls.model_validate_json((home / _FILE).read_text("utf-8"))
        except FileNotFoundError:
            raise NoDrill(f"there is no drill {home.name}: `lianfang drill list` shows all; unset LIANFANG_DRILL to leave one that is over") from None
        except ValidationError as error:
            raise NoDrill(f"{home / _FILE} is not the file of a drill: {error.error_count()} fields are wrong") from None

    def write(self, home: Path) -> None:
        """Keep it in a folder, in whole or not at all."""
        new = home / f"{_FILE}.new"
        new.write_text(self.model_dump_json(), "utf-8")
        new.replace(home / _FILE)

    def now(self, clock: Millis) -> Millis:
        """How late it is in the story when the clock of this machine says `clock`."""
        return self.starts + int((clock - self.began) * self.speed)

    def seconds(self, span: Millis) -> float:
        """For how many seconds of real time a span of the story lasts."""
        return span / 1000 / self.speed
