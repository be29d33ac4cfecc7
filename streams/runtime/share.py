"""The share of an input that a stage refuses, and the point from which that is no longer bad records but a bad mapping, schema or program.

A wrong mapping refuses nearly every record of a source, a fault of one publisher among many only its share. So a stage stops reading an input when it would
refuse more than half of what came last (`LIANFANG_REJECT_SHARE`), and at least two hundred, instead of draining a topic into rejects. The batch with which
that would happen is not written: the records stay where they are, and are read when the input is read again.

What people sign is read however much of it is refused: nobody must be able to stop what is signed with forgeries.

The counts are a row of the state, so that neither a restart nor another worker begins anew, and a row is written with its batch or not at all.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from schemas.signing import KINDS
from streams.runtime.overlay import Overlay
from streams.stage import Stage, Verdict

FEWEST = 200
"""Messages that are refused at least, of late, before a share of them means anything."""
WINDOW = 1_000
"""Messages after which counting begins anew; what was counted before is kept beside it until the next time, so the share is one of the last 1,000 to 2,000."""
_ROW = b"\0recent\0"
_COUNTS = struct.Struct(">4Q")


class Unusual(Exception):
    """A stage would refuse an unusual share of an input, and has not written the batch; the message says how it goes on."""

    def __init__(self, stage: str, topic: str, partition: int, rejected: int, of: int) -> None:
        """Take where it is, and how many messages were refused of how many."""
        self.topic, self.partition = topic, partition
        super().__init__(
            f"stage {stage} has stopped reading {topic} on partition {partition}: it would refuse {rejected:,} of the last {of:,} messages. "
            "They stay on the topic, and all other inputs go on. `lianfang rejects list` tells the reasons: mend the source's file or its publisher, "
            "and start the worker again; with LIANFANG_REJECT_SHARE=1 it refuses them all"
        )


def watch(stage: Stage, topic: str, partition: int, tally: Mapping[Verdict, int], before: int, overlay: Overlay) -> None:
    """Count what a batch did with an input of which `before` messages came earlier; raises Unusual when it refuses too much.

    There is no row while nothing was refused of late: then what came before counts as a full window.
    """
    if topic in KINDS:
        return
    row = _ROW + topic.encode()
    data = overlay.get(row)
    past, past_refused, now, refused = _COUNTS.unpack(data) if data else (min(before, WINDOW), 0, 0, 0)
    now, refused = now + sum(tally.values()), refused + tally[Verdict.REJECTED]
    of, rejected = past + now, past_refused + refused
    if tally[Verdict.REJECTED] and rejected >= FEWEST and rejected > stage.refuses * of:
        raise Unusual(stage.name, topic, partition, rejected, of)
    if now >= WINDOW:
        past, past_refused, now, refused = now, refused, 0, 0
    if past_refused or refused:
        overlay.put(row, _COUNTS.pack(past, past_refused, now, refused))
    elif data:
        overlay.delete(row)
