"""What commands that keep running write into their log, as text or as one JSON document a line, without a word of what passes through them.

Of an error its kind and its place are written and never its text, which may hold values of a record. Of libraries only warnings are written, whatever the
level, and without what they fill into their sentences: they know no difference between an address and a name.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import click

from schemas.settings import Settings
from streams.runtime.where import PARTITION, STAGE

OURS = ("schemas", "streams", "connectors", "deploy")
_FAUST = "streams.runtime.engine"
"""Faust's classes log under the name of the module that extends them."""
_QUIET = {"aiokafka": logging.CRITICAL, "faust": logging.ERROR, "mode": logging.ERROR, _FAUST: logging.ERROR, "kafka": logging.ERROR}
"""What is lasting comes to our code as an exception; the rest is a library trying again."""
_log = logging.getLogger(__name__)
_TOLD = "lianfang"
LOGGERS = (*OURS, *_QUIET, _TOLD)
"""All whose levels `begin` sets, beside the root's."""
_AS_IS = logging.INFO + 1
"""The level of lines that people are told on the console whatever the level: who is ready, what was delivered."""


class Text(logging.Formatter):
    """For people."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger and message, with stage and partition where there are any."""
        message, error = _message(record), _error(record)
        known = () if message.startswith("stage ") else (("stage", STAGE.get()), ("partition", PARTITION.get()))
        where = "".join(f" {name} {value}" for name, value in known if value is not None)
        return f"{_when(record)} {_level(record)} {record.name}{where}: {message}" + (f"\n{error}" if error else "")


class Json(logging.Formatter):
    """For programs."""

    def format(self, record: logging.LogRecord) -> str:
        """The same fields for each record; stage and partition are null where there are none."""
        line = {"time": _when(record), "level": _level(record), "logger": record.name, "stage": STAGE.get(), "partition": PARTITION.get(),
                "message": _message(record)}  # fmt: skip
        error = _error(record)
        return json.dumps(line | ({"error": error} if error else {}), ensure_ascii=False)


def _when(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    """What is said; of a library the first line of its sentence with nothing filled in (asyncio's further lines show errors with their texts)."""
    ours = record.name.partition(".")[0] in (*OURS, _TOLD) and record.name != _FAUST
    return record.getMessage() if ours else (str(record.msg).splitlines() or [""])[0]


def _error(record: logging.LogRecord) -> str:
    return places(record.exc_info[0], record.exc_info[2]) if record.exc_info and record.exc_info[0] else ""


def _level(record: logging.LogRecord) -> str:
    return "INFO" if record.levelno == _AS_IS else record.levelname


def places(kind: type[BaseException] | None, trace: TracebackType | None) -> str:
    """The kind of an error and where it was, from the outside in: file, line and function, and not its text."""
    frames = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return f"{kind.__name__ if kind else 'error'} at {' > '.join(frames) or 'an unknown place'}"


def begin(settings: Settings) -> Callable[[str], None]:
    """Begin to log on stderr, also what nobody caught; returns how to tell a line: to the console, or into the log when it is JSON."""
    handler = logging.StreamHandler()
    as_json = settings.log_format == "json"
    handler.setFormatter(Json() if as_json else Text())
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one.formatter, Text | Json)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(settings.log_level)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    told = logging.getLogger(_TOLD)
    told.setLevel(logging.DEBUG)
    return (lambda text: told.log(_AS_IS, "%s", text)) if as_json else click.echo


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error or kind(), trace)
    else:
        _log.critical("ended by what nobody foresaw", exc_info=(kind, error or kind(), trace))
