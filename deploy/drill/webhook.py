"""Where a drill's releases are delivered: never at the address of the real ones."""

from __future__ import annotations

import re

from connectors.deliver import NotDeliverable
from schemas.agency import Agency, Webhook


def rehearsing(agency: Agency) -> Agency:
    """The agency with a webhook whose address and secret come from variables of the drill: of ${URL} from ${DRILL_URL}.

    Raises NotDeliverable when the file writes the address out: then a drill cannot have another.
    """
    if not isinstance(agency.deliver, Webhook):
        return agency
    if "${" not in agency.deliver.url:
        raise NotDeliverable(f"agency {agency.name}: its file writes the address out, where real releases go; for drills it has to be a variable, ${{NAME}}")
    given = agency.deliver.model_dump(include={"url", "token_file"}, exclude_none=True)
    said = {name: re.sub(r"\$\{(\w+)\}", r"${DRILL_\1}", text) for name, text in given.items()}
    return agency.model_copy(update={"deliver": agency.deliver.model_copy(update=said)})
