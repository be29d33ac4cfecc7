"""Parts of long reports that wait for the others, sealed, in a folder: the gateway is answered when they are on the disk.

All parts that came are kept, also after the report is whole, so that what comes of them is a function of their set: a part that comes again changes nothing,
and one that comes with another text makes another version of the same report, between which normalise decides as for any source that contradicts itself.
Parts are forgotten after two weeks; then a late one waits in vain, and its clinic is told which are missing. Of several intakes all must have the same folder.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Protocol

from schemas.tokens import Keys

KEPT = 14 * 86_400
"""Seconds for which parts are kept: our choice, twice the week in which village clinics without a connection come to the township."""
MOST = 4
"""Texts of one part that are told apart; nobody corrects one more often before the report is whole."""


class TooMany(Exception):
    """A part came with too many different texts."""


class Keeps(Protocol):
    """What is asked of whoever keeps parts."""

    def put(self, report: str, part: int, fields: Mapping[str, str]) -> None:
        """Keep the fields of a part of a report (a token); the same again is one. Raises TooMany."""

    def parts(self, report: str) -> Mapping[int, list[dict[str, str]]]:
        """By part, the fields that came of it."""


class Held:
    """The parts in a folder."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        """Take the folder, which is made when first used, and the keys under which parts are sealed."""
        self._folder, self._keys = folder, keys

    def put(self, report: str, part: int, fields: Mapping[str, str]) -> None:
        """Keep the fields of a part of a report (a token) durably; the same again is one. Raises TooMany."""
        self._forget()
        sealed = self._keys.encrypt(report, dict(fields))
        place = self._folder / report / f"{part}-{self._keys.digest(sealed)[:16]}"
        if place.exists():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        if len(list(place.parent.glob(f"{part}-*"))) >= MOST:
            raise TooMany
        temporary = place.with_name(f".{place.name}.{os.getpid()}")
        with temporary.open("wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place)

    def parts(self, report: str) -> dict[int, list[dict[str, str]]]:
        """By part, the fields that came of it."""
        found: dict[int, list[dict[str, str]]] = {}
        for place in sorted((self._folder / report).glob("[1-9]-*")):
            plain = self._keys.decrypt(report, place.read_bytes())
            if plain is not None:
                found.setdefault(int(place.name[0]), []).append(plain)
        return found

    def _forget(self) -> None:
        limit = time.time() - KEPT
        for place in self._folder.glob("*/*"):
            if place.stat().st_mtime < limit:
                place.unlink(missing_ok=True)


def whole(parts: Mapping[int, list[dict[str, str]]], of: int) -> list[list[dict[str, str]]]:
    """Every choice of one text for each part; none while one is missing."""
    return [list(one) for one in product(*(parts.get(number, []) for number in range(1, of + 1)))]
