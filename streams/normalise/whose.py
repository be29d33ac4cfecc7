"""Who is in a raw message, before it is on the bus: the aliases that normalise will write, so that connectors seal it under their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.document import load
from schemas.models.raw import Raw
from schemas.raws import Persons
from schemas.source import Source
from schemas.tokens import Keys
from streams.normalise.interpret import Interpreter
from streams.normalise.known import memory


def persons(sources: Mapping[str, Source], keys: Keys) -> Persons:
    """What reads the aliases of the persons in raw messages of these sources. It gives none where nothing can be read, and never fails."""
    recall, keys = memory(), keys.unkept()  # only tokens are asked for
    interpreters = {name: Interpreter(source, keys, recall) for name, source in sources.items()}

    def read(raw: Raw) -> Sequence[str]:
        interpreter = interpreters.get(raw.source)
        if interpreter is None:
            return ()
        try:
            fields = dict(raw.fields) if raw.fields is not None else load(raw.body)
        except ValueError:
            return ()
        return interpreter.persons(fields, raw.record)

    return read
