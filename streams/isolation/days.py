"""Until when a person is apart, by the editions of the plan: the first moment at which the edition then in force asks for no more.

So a new edition with fewer days lets those go who have been apart for so long already, on its own day and not before; one with more days keeps those who are
still apart, and calls nobody back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.models.case import Role
from schemas.models.fact import Millis
from streams.policy import Edition, Term

_NONE = Term()


@dataclass(frozen=True, slots=True)
class Due:
    """Until when at a site (None: all at home), until when at all (UTC milliseconds), and by which edition."""

    site_until: Millis | None
    until: Millis
    edition: str


def due(since: Millis, role: Role, editions: Sequence[Edition]) -> Due | None:
    """Of days that are counted from a moment; None when the edition in force then asks for none."""
    left_site: Millis | None = None
    ends = [one.since for one in editions[1:]]
    for one, end in zip(editions, [*ends, None], strict=True):
        if end is not None and end <= since:
            continue
        begin = since if one is editions[0] else max(since, one.since)
        term = one.days.get(role, _NONE)
        at_site, all_ = since + term.site, since + term.site + term.home
        if left_site is None and (end is None or at_site <= end):
            left_site = max(begin, at_site)
        if end is None or all_ <= end:
            until = max(begin, all_)
            return Due(left_site if left_site and left_site > since else None, until, one.edition) if until > since else None
    return None
