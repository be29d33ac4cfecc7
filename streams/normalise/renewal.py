"""A row under the tokens of before, under those of now: whoever has the secret that renews can rename it, without knowing whom it is about.

Everything in a row that is a token is renamed, seals are opened and sealed again for the renamed alias, and ids follow. What was refused as it came is left
out: the same version, sent again, is refused again and told again. So is where raw messages are, which is on the bus before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from schemas.models.fact import fact_id
from schemas.models.identity import Handle, Mention
from schemas.models.record import Record, Serving
from schemas.source import TOKENS, Source
from schemas.tokens import Keys
from streams.normalise.rows import Said, Seen, hold, keep, kept, sealed_under, standing, whose
from streams.stage import Emit

_HOUSEHOLD = "household"
"""What is sealed of a person and is a token."""

F = TypeVar("F", Record, Mention)


class UnknownSource(ValueError):
    """A row is of a source that has no file here, so nobody knows which of its fields are tokens; the message says what to do."""


class Renewal:
    """Renames rows from the tokens of one bus to those of the next."""

    def __init__(self, sources: Mapping[str, Source], before: Keys, now: Keys) -> None:
        """Take the sources by name, and the keys of both buses: those of now are under one secret more."""
        self._tokens = {name: tuple(path for path, rule in one.map.items() if rule.as_ in TOKENS) for name, one in sources.items()}
        self._before, self._now = before, now

    def foresee(self, rows: Iterable[bytes]) -> None:
        """Make the keys of all persons in some rows, in one commit."""
        aliases = {alias for data in rows for alias, generation in sealed_under(whose(data)[2].said).items() if generation}
        self._now.vault.current(sorted(map(self._now.renewed, aliases)))

    def __call__(self, data: bytes) -> tuple[str, bytes] | None:
        """The token of the record now, and its row; None when all of it was refused. Raises UnknownSource."""
        source, record, seen = whose(data)
        versions = tuple([one._replace(topic="", partition=0, offset=0, reject="") for one in seen.versions if one.valid or one.replay])
        if not versions:
            return None
        now = self._now.renewed(record)
        return now, hold(Seen(versions, self._said(source, record, now, seen)), source, now)

    def _said(self, source: str, record: str, now: str, seen: Seen) -> Said:
        """What stands, renamed; nothing when the key of somebody in it was destroyed meanwhile."""
        stands, said = standing(seen.versions), seen.said
        if not said.facts or stands is None:
            return said
        cause = fact_id("raw", source, now, stands.version)
        facts: list[Emit] = []
        of: Record | None = None
        for emit in kept(said, source, record):
            fact = emit.value
            if isinstance(fact, Record):
                sealed = self._resealed(fact.alias, fact.sealed)
                if sealed is None:
                    return Said(at=said.at)
                of = self._record(fact, source, now, cause, sealed)
                facts.append(Emit(emit.topic, of.alias, of))
            elif of is not None and isinstance(fact, Mention):
                facts.append(Emit(emit.topic, of.alias, self._mention(fact, of)))
        return keep(facts, self._generations(sealed_under(said)), said.use)

    def _record(self, fact: Record, source: str, record: str, cause: str, sealed: bytes) -> Record:
        if source not in self._tokens:
            raise UnknownSource(f"source {source} has no file here, so it is not known which of its fields are tokens: bring its file back (LIANFANG_SOURCES)")
        told = {name: self._now.renewed(value) for name in (*self._tokens[source], "companion_of") if (value := getattr(fact, name, None))}
        alias = fact.alias if isinstance(fact, Serving) else self._now.renewed(fact.alias)  # a kind of need is no token
        return _anew(fact, {**told, "causes": [cause], "record": record, "alias": alias, "sealed": sealed})

    def _mention(self, fact: Mention, of: Record) -> Mention:
        handles = [Handle(alias=self._now.renewed(one.alias), reason=one.reason) for one in fact.handles]
        return _anew(fact, {"causes": [of.id], "alias": of.alias, "handles": handles, "sealed": of.sealed})

    def _resealed(self, alias: str, sealed: bytes) -> bytes | None:
        """A seal for the renamed alias; None when its key was destroyed."""
        if not sealed:
            return sealed
        plain: dict[str, str] | None = self._before.decrypt(alias, sealed)
        if plain is None:
            return None
        if _HOUSEHOLD in plain:
            plain[_HOUSEHOLD] = self._now.renewed(plain[_HOUSEHOLD])
        return self._now.seal(self._now.renewed(alias), plain)

    def _generations(self, before: Mapping[str, int]) -> dict[str, int]:
        """The generations of the keys of the renamed aliases, where they have any, so that what is erased later is found."""
        keys = self._now.vault.current([self._now.renewed(alias) for alias, generation in before.items() if generation])
        return {alias: key.generation for alias, key in keys.items()}


def _anew(fact: F, told: dict[str, Any]) -> F:
    """The fact that says this instead, under the id that follows."""
    found = fact.model_copy(update=told)
    found.__dict__["id"] = found.identity()
    return found
