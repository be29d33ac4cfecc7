"""What stands on the topics of notices, and what was withdrawn last of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connectors.reader import Entry, Reader
from schemas.models.notice import Confirmation, PublicNotice, ResidentNotice

Notice = PublicNotice | ResidentNotice
TOPICS = ("notice.public", "notice")


class NotOne(Exception):
    """No notice, or several, are meant; the message says what to do."""


def latest(reader: Reader) -> list[Notice]:
    """The latest of each notice, also of those that were withdrawn, by what they are about and from when."""
    found = [one for topic in TOPICS for one in _last(reader.read(topic))]
    return sorted(found, key=lambda one: (one.kind, one.at, one.notice))


def chosen(found: Iterable[Notice], region: str = "", kind: str | None = None, *, open_: bool = False, withdrawn: bool = False) -> list[Notice]:
    """Those of a region, of a kind, that nobody confirmed yet, or that were withdrawn instead of those that stand."""
    return [
        one for one in found
        if one.retracted is withdrawn and (one.region or "").startswith(region) and kind in (None, one.kind)
        and (not open_ or (isinstance(one, ResidentNotice) and one.state is not Confirmation.GIVEN))
    ]  # fmt: skip


def one_notice(found: Iterable[Notice], name: str) -> Notice:
    """The one whose name begins so; raises NotOne."""
    named = [one for one in found if one.notice.startswith(name)]
    if len(named) != 1:
        raise NotOne(f"{len(named) or 'no'} notices begin with {name}: `lianfang notices list --json` has whole names; --withdrawn: those of withdrawn ones")
    return named[0]


def _last(entries: Iterable[Entry]) -> Iterator[Notice]:
    values = {entry.key: entry.value for entry in entries}
    return (one for one in values.values() if isinstance(one, PublicNotice | ResidentNotice))
