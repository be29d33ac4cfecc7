"""A source of published steps of cases in plain fields, as one more file in a folder of sources would declare it."""

from __future__ import annotations

from schemas.source import Source

EVENTS = ("symptom", "onset", "isolated", "admitted", "visit", "confirmed", "recovered", "died", "journey")
"""What a step may say; the last is no event of a case."""

PUBLISHED = Source.model_validate({
    "name": "published", "says": "A published step of a case.", "says_zh": "病例轨迹。", "owner": "tests", "purpose": "research", "kind": "step", "id": ["case", "step"],
    "version": {"path": "revision"}, "retracts": {"path": "state", "words": ["void"]}, "subject": {"case": ["case"]},
    "map": {
        "at": {"path": "start", "as": "time"}, "until": {"path": "end", "as": "time"}, "precise": {"path": "precise", "as": "word", "words": {"yes": "true", "no": "false"}},
        "region": {"path": "province", "as": "region", "optional": True}, "place": {"path": "place", "as": "token", "optional": True}, "event": {"path": "event", "optional": True},
        "reported": {"path": "reported", "as": "time", "optional": True}, "came_from": {"path": "came_from", "as": "region", "optional": True},
    },
    "examples": [{"given": {"case": "c1", "step": "1", "revision": "1", "start": "2020-01-26", "end": "2020-01-27", "precise": "no"}, "gives": {"precise": False}}],
})  # fmt: skip
