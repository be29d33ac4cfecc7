"""What an agency may be told of a fact about no person, said once more in the plainest way: by its file, and by no code of routing."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.agency import Agency
from schemas.models.bulletin import OFFERS
from schemas.models.release import Release, View

_SMALLEST = 5


def wrong(release: Release, agency: Agency | None) -> Iterator[str]:
    """Sentences about all that a bulletin holds and may not, as this file stands; none when nothing leaks."""
    said = release.bulletin
    asked = [one for one in agency.subscribes if said and one.topic == said.topic and one.purpose == release.purpose] if agency else []
    if said is None or agency is None or agency.retired or not asked:
        yield "nobody is subscribed to it"
        return
    named = {name for name, value in said if value is not None} - {"topic"}
    if not named <= set(asked[0].fields or OFFERS[said.topic].least) or release.view != View() or release.roles or release.why:
        yield "it says more than its file asks for"
    count = said.observed if said.observed is not None else said.count
    if count is not None and asked[0].small_counts is None and (count < _SMALLEST or count % _SMALLEST):
        yield "it tells a count that is small, or as it is"
    codes = asked[0].regions or [agency.region or ""]
    if said.region is not None and not (agency.facility and not asked[0].regions):
        near = any(said.region[: len(code)] == code or (said.topic == "notice.public" and code[: len(said.region)] == said.region) for code in codes)
        if not near or (said.topic == "statistic" and asked[0].small_counts is None and said.region not in codes):
            yield "it is of a region that its file does not name"
