"""What a story sends, with the numbers of offers in it as the bus of the story gives them."""

from __future__ import annotations

import re
from typing import Any

from deploy.scenarios.story import Publish
from schemas.models.need import need_name, offer_number
from schemas.tokens import Keys

_OFFER = re.compile(r"\{offer of (.+?) to (\S+)\}")


def records(publish: Publish, keys: Keys) -> list[dict[str, Any]]:
    """All records as they are sent; `{offer of resident-need N-1 to SHOP-1}` is the number that the provider was told: source and identity, provider."""

    def number(found: re.Match[str]) -> str:
        source, *parts = found[1].split(" ")
        return offer_number(need_name(source, keys.token("record", source, *parts)), found[2])

    return [{name: _OFFER.sub(number, value) if isinstance(value, str) else value for name, value in record.items()} for record in publish.sent()]
