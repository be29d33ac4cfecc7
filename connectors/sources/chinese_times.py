"""Days and hours in the Chinese free text of published trajectories, as civil time of China (dates, and datetimes without a zone: Asia/Shanghai).

What is read was counted in the published files: `1月26日`, `1月26-28日`, `1月26日至2月1日`, `1月26日、28日`, `2019年11月底`, `2020/01/26`, `26日`, `次日`;
hours such as `8时`, `8点半`, `14:30`, `晚8时许`, `8时至10时`, `8-10时`. Not read, because the files hardly have them: hours in Chinese numerals (26 in 19,000
steps), and lunar dates (none).
A month without a year is of 2020, or of 2019 from October on: the files end in March 2020.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_WRITTEN = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_TO = r"[\s,起]*(?:\d{1,2}[时点]许?)?\s*[-—–~至到、]+\s*(?:(?P<month>\d{1,2})月)?\s*(?P<to>\d{1,2})[日号]"
_DAYS = re.compile(rf"(?:(\d{{4}})年)?(\d{{1,2}})月\s*(\d{{1,2}})[日号]?(?:{_TO})?")
_MONTH = re.compile(r"(\d{4})年(\d{1,2})月(?!\d)")
_BARE = re.compile(rf"(\d{{1,2}})[日号](?!\d+[日号])(?:{_TO})?")

_LATE = ("晚上", "当晚", "晚")
_LATER = ("下午", "傍晚", *_LATE)
_TO_HOUR = r"\s*[-—–~至到]+\s*"
_CLOCK = (
    r"(?P<part{0}>凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|当晚|晚)?\s*{1}(?<!\d)(?P<hour{0}>\d{{1,2}})\s*[时点:](?!间)"
    r"\s*(?P<minute{0}>半|\d\d(?!\d)|\d(?=分))?\s*[时分]?(?:许|左右|多|钟)*"
)
_SINCE = rf"(?:(?<!\d)(?P<since>\d{{1,2}}){_TO_HOUR})?"
_MARK = re.compile(
    r"(?:(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月\s*)?(?P<day>\d{1,2})[日号]|(?P<next>次日|第二天)"
    rf"|{_CLOCK.format('', _SINCE)}(?:{_TO_HOUR}{_CLOCK.format('2', '')})?"
)
_HALF = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text where a day or an hour is named; it holds from `end` until the next mark.

    `day` is None where it cannot be said; `start` and `until` are None for a mark that names only a day, `until` also for one that names one hour.
    """

    begin: int
    end: int
    day: date | None
    start: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a step, and the rest of its text: `opens` is the day with which the rest begins, None when that is one of several days."""

    first: date
    last: date
    rest: str
    opens: date | None


def span(when: str, description: str, before: date | None = None) -> Span | None:
    """The days of a step, or None when none is named.

    They are in `when`, else at the beginning of `description`; a day that begins both lasts as long as either says. A day without a month is the first
    such day from `before` on, a day known before it in the same case.
    """
    own, told = _days(when, before), _days(description, before)
    found = own or told
    if found is None:
        return None
    first, last = found[:2]
    if own and told and own[0] == told[0]:
        last = max(own[1], told[1])
    if own is None and when.startswith(("次日", "第二天")):
        first = last = first + timedelta(days=1)
    opens = (told or (first, last))[:2]
    return Span(first, last, description[told[2] :] if told else description, opens[0] if opens[0] == opens[1] else None)


def marks(text: str, day: date | None) -> Iterator[Mark]:
    """Every day and hour that a text names, in order; `day` is the one that holds at its beginning, if it is known.

    What stands in brackets is about others and is passed over. `5点` after `下午3点` is 17:00: without a word for the part of the day, time does not go back.
    """
    later, latest = False, timedelta()
    for match in _MARK.finditer(outside(text)):
        if match["hour"] is None:
            day, later, latest = _turned(match, day), False, timedelta()
            yield Mark(match.start(), match.end(), day)
            continue
        start, end = _clock(match, ""), _clock(match, "2")
        if match["since"]:
            start, end = _time(match["part"], int(match["since"]), None), start
        if start is None or day is None:
            continue
        later = match["part"] in _LATER if match["part"] else later
        if later and not match["part"] and start < latest and start < _HALF:
            start += _HALF
        latest = start
        if end is not None and end <= start:
            end += _HALF if end < _HALF and end + _HALF > start else 2 * _HALF
        midnight = datetime.combine(day, time())
        yield Mark(match.start(), match.end(), day, midnight + start, None if end is None else midnight + end)


def outside(text: str) -> str:
    """The text with blanks for all that stands in brackets, so that positions stay."""
    return re.sub(r"\([^()]*\)?", lambda match: " " * len(match[0]), text)


def civil(year: int | str | None, month: int | str, day: int | str) -> date | None:
    """The day, or None when there is no such day, or not in this century's first half."""
    try:
        found = date(int(year) if year else 2019 if int(month) >= 10 else 2020, int(month), int(day))
    except ValueError:
        return None
    return found if 2000 <= found.year < 2050 else None


def _days(text: str, before: date | None) -> tuple[date, date, int] | None:
    """First and last day at the beginning of a text, and where what names them ends."""
    if match := _WRITTEN.match(text) or _DAYS.match(text):
        return _until(civil(match[1], match[2], match[3]), match)
    if match := _MONTH.match(text):
        first = civil(match[1], match[2], 1)
        return (first, _following(first) - timedelta(days=1), match.end()) if first else None
    match = _BARE.match(text)
    return _until(_from(before, int(match[1])), match) if match and before else None


def _until(first: date | None, match: re.Match[str]) -> tuple[date, date, int] | None:
    """From a day to the next with the number in `to`, in `month` if that is named; None when there is no such time."""
    named = match.groupdict()
    if first is None or named.get("to") is None:
        return (first, first, match.end()) if first else None
    month = int(named["month"] or first.month)
    last = civil(first.year + (month < first.month), month, named["to"])
    return (first, last, match.end()) if last and last >= first else None


def _from(before: date, day: int) -> date | None:
    """The first day with a number that is not before another."""
    following = _following(before)
    this = civil(before.year, before.month, day)
    return this if this and this >= before else civil(following.year, following.month, day)


def _following(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _turned(match: re.Match[str], day: date | None) -> date | None:
    """The day that holds after a mark that names one; without a month, the one of this month, or of the next when that lies more than half a month back."""
    if match["next"]:
        return day + timedelta(days=1) if day else None
    if match["month"]:
        return civil(match["year"], match["month"], match["day"])
    return _from(day - timedelta(days=15), int(match["day"])) if day else None


def _clock(match: re.Match[str], which: str) -> timedelta | None:
    """Time since midnight of a named hour, at most 24 hours; None when none is named, or one that does not exist."""
    part, hour, minute = match[f"part{which}"], match[f"hour{which}"], match[f"minute{which}"]
    return None if hour is None else _time(part, int(hour), minute)


def _time(part: str | None, hours: int, minute: str | None) -> timedelta | None:
    if (part in _LATER and hours < 12) or (part == "中午" and hours < 3) or (part in _LATE and hours == 12):
        hours += 12
    minutes = 30 if minute == "半" else int(minute or 0)
    found = timedelta(hours=0 if part == "凌晨" and hours == 12 else hours, minutes=minutes)
    return found if found <= 2 * _HALF and minutes < 60 else None
