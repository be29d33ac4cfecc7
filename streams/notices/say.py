"""A notice in words: the fields of its text, as people read them. Moments are those of China Standard Time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from schemas.models.fact import Millis
from schemas.models.notice import PublicNotice, ResidentNotice
from schemas.vocabulary import vocabulary
from streams.notices.text import shipped, template
from streams.policy import Policy

_ZONE = ZoneInfo("Asia/Shanghai")
_DAY = 86_400_000


def say(notice: PublicNotice | ResidentNotice, language: str, policy: Policy) -> tuple[str, str]:
    """Title and text of a notice in `zh` or `en`; of a retracted one the text of its withdrawal."""
    written = template(notice.kind)
    title = written.zh.title if language == "zh" else written.en.title
    return title, written.say(language, values(notice, language, policy), withdrawn=notice.retracted)


def values(notice: PublicNotice | ResidentNotice, language: str, policy: Policy) -> dict[str, str]:
    """What each field of its text is; nothing that is not in the notice."""
    begin, end = _moment(notice.at, language), _moment(notice.until, language)
    if isinstance(notice, ResidentNotice):
        return {"begun": begin, "ends": end, "community": _region(notice.region, language)}
    found = {"since": begin, "until": end, "region": _region(notice.region, language), "days": str(policy.watch // _DAY)}
    if notice.place:
        found["place"] = _place(notice.place, language)
    if notice.level:
        found["level"] = vocabulary("words")[notice.level] if language == "zh" else notice.level.value
    return found


def _moment(at: Millis, language: str) -> str:
    when = datetime.fromtimestamp(at / 1000, _ZONE)
    return f"{when.year}年{when.month}月{when.day}日{when:%H:%M}" if language == "zh" else f"{when:%Y-%m-%d %H:%M}"


def _region(code: str | None, language: str) -> str:
    """A division code with the name of its province; names of other divisions are not on the bus."""
    if not code:
        return "所在社区" if language == "zh" else "your community"
    province = vocabulary("provinces").get(code[:2])
    return f"{province}（{code}）" if language == "zh" and province else code


def _place(code: str, language: str) -> str:
    kind = vocabulary("places").get(code.partition("-")[0], "")
    return f"{shipped().places.get(kind, '场所')}（{code}）" if language == "zh" else f"the {kind or 'place'} {code}"
