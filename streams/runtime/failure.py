"""What a failure may be of: of the message at hand, or of the world around it; and where it was."""

from __future__ import annotations

import struct
import traceback
import zlib
from pathlib import Path

from cryptography.exceptions import InvalidTag

OF_DATA = (ArithmeticError, AssertionError, AttributeError, InvalidTag, LookupError, TypeError, ValueError, RecursionError, struct.error, zlib.error)
"""What a step raises of a message that nobody foresaw. The disk, the broker, the registry and memory raise others: they are the same for every message."""


def place(failure: BaseException | None) -> str:
    """Where an error was raised, for logs: its text may hold values of a record, a file and a line do not."""
    frames = traceback.extract_tb(failure.__traceback__) if failure else []
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
