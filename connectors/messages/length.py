"""How long a text is as short messages: 160 signs of the GSM 7 bit alphabet, or 70 of UCS-2 (3GPP TS 23.038, 6.2.1 and 6.2.3; TS 23.040, 9.2.3.24.1)."""

from __future__ import annotations

import gsm0338

_CODEC = gsm0338.Codec()


def fits(text: str) -> bool:
    """Whether a text is one short message."""
    return room(text) >= 0


def room(text: str) -> int:
    """How many signs more fit into the one short message of a text; less than nothing when it is too long."""
    try:
        return 160 - len(_CODEC.encode(text)[0])  # signs of the extension take two places
    except UnicodeEncodeError:
        return 70 - len(text.encode("utf-16-be")) // 2
