"""Published case trajectories: cases with steps (JSON) or rows (CSV) made into the same steps.

Times are Chinese free text. The date is in `时间` (`1月26日`, `1月26日至28日`, `2020年1月26日`) or, when that holds none, at the beginning of `描述`; the hour, if any, is
the first one in `时间` or `描述`. A date without a year is of 2020, or of 2019 from October on: the files end in March 2020. A step with one day and one hour is
precise and lasts an hour; any other lasts from the first to the last day. What has no date at all keeps an empty start, which normalise refuses.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from schemas.models.fact import digest_of

_BASIC = ("性别", "年龄", "工作", "确诊时间", "武汉（湖北）接触史", "病例编号", "常住地", "武汉（湖北）接触史描述")
_DAYS = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]?(?:\s*(?:[-—~至到]|日至|日-)+\s*(?:(\d{1,2})月)?(\d{1,2})[日号])?")
_HOUR = re.compile(r"(凌晨|早上|早|上午|中午|下午|晚上|晚|当晚)?\s*(\d{1,2})\s*[时点:](?!间)\s*(\d{1,2})?")
_LATER = ("下午", "晚上", "晚", "当晚")
_EVENTS = (
    ("confirmed", "确诊"), ("died", "死亡"), ("recovered", "治愈|出院"), ("admitted", "住院|收治|隔离治疗|入院"), ("isolated", "隔离"),
    ("symptom", "发热|发病|症状|咳嗽|不适"), ("visit", "就诊|去医院|就医|门诊|卫生院|诊所"),
)  # fmt: skip
_HUBEI = re.compile(r"武汉|湖北")


def steps(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of one published case."""
    basic = case.get("基本信息") or {}
    where = basic.get("病例公布地区") or {}
    told = [key for key in case if key.startswith("轨迹")]
    who = [str(basic.get(key) or "") for key in _BASIC] + [str(where.get("省份") or ""), str(where.get("城市") or ""), str(len(told))]
    return [_step(who, name, _flat(case[name])) for name in told]


def row(fields: dict[str, Any]) -> list[dict[str, Any]]:
    """The one step of a row."""
    who = [str(fields.get(key) or "") for key in (*_BASIC, "病例公布省份", "病例公布城市", "轨迹数量")]
    return [_step(who, str(fields.get("轨迹序号") or ""), {key: str(fields.get(key) or "") for key in ("时间", "途径地点", "事件", "描述", "交通工具")})]


def _flat(step: Any) -> dict[str, str]:
    """A step of the JSON as the CSV writes it: places as name(longitude,latitude), joined by semicolons."""
    step = step if isinstance(step, dict) else {}
    places = ";".join(f"{place[0]}({place[1]})" for place in step.get("途径地点") or [] if isinstance(place, list) and len(place) > 1)
    return {"途径地点": places} | {key: str(step.get(key) or "") for key in ("时间", "事件", "描述", "交通工具")}


def _step(who: list[str], name: str, told: dict[str, str]) -> dict[str, Any]:
    folded = {key: unicodedata.normalize("NFKC", value).strip() for key, value in told.items()}
    start, end, precise = _interval(folded["时间"], folded["描述"])
    place = re.split(r"[;；]", folded["途径地点"])[-1].strip()
    text = f"{folded['事件']} {folded['描述']}"
    event = next((word for word, signs in _EVENTS if re.search(signs, folded["事件"])), "")
    from_hubei = bool(_HUBEI.search(text)) and bool(re.search(r"[从自由]\s*(?:武汉|湖北)|(?:武汉|湖北)\S{0,6}(?:返|回|出发|乘|来)", text))
    return {
        "case": digest_of("\x1f".join(who).encode()), "step": name, "digest": digest_of("\x1f".join(folded.values()).encode()),
        "start": start, "end": end, "precise": "yes" if precise else "no", "province": who[-3], "place": place, "event": event,
        "reported": _reported(who[3]), "came_from": "42" if from_hubei else "",
    }  # fmt: skip


def _interval(when: str, description: str) -> tuple[str, str, bool]:
    days = _DAYS.search(when) or _DAYS.match(description)
    if not days:
        return "", "", False
    year, month, day, last_month, last_day = days.groups()
    first = _date(year, int(month), int(day))
    last = _date(year, int(last_month or month), int(last_day)) if last_day else first
    if first is None or last is None or last < first:
        return "", "", False
    rest = description[days.end() :] if days.string is description else description
    hour = _HOUR.search(when[days.end() :] if days.string is when else "") or _HOUR.search(_DAYS.sub("", rest, count=1)[:16])
    if hour and last == first and int(hour[2]) < 24:
        hours = int(hour[2]) + (12 if hour[1] in _LATER and int(hour[2]) < 12 else 0)
        at = first + timedelta(hours=hours, minutes=min(int(hour[3] or 0), 59))
        return _iso(at), _iso(at + timedelta(minutes=59, seconds=59)), True
    return _iso(first), _iso(last + timedelta(days=1, seconds=-1)), False


def _date(year: str | None, month: int, day: int) -> datetime | None:
    try:
        return datetime(int(year) if year else 2019 if month >= 10 else 2020, month, day)
    except ValueError:
        return None


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+08:00")


def _reported(text: str) -> str:
    """When the case was confirmed, or '' when the text is no date."""
    written = re.fullmatch(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})", text.strip())
    days = _DAYS.fullmatch(text.strip())
    day = _date(written[1], int(written[2]), int(written[3])) if written else _date(days[1], int(days[2]), int(days[3])) if days and not days[5] else None
    return _iso(day) if day else ""
