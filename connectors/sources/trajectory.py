"""Published case trajectories: cases with steps (JSON) or rows (CSV) made into the same steps.

A step carries what was published about it, word for word; `read` is for normalise. A digest of the whole case says whose step it is,
because two cases often share sex, age and place; so its rows come together (`group`). The city is not part of it, because the files give
the same case under two cities. A case published twice, or in both forms, in the same words is one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from connectors.sources import trajectory_text as text
from connectors.sources.chinese_times import span
from schemas.models.fact import digest_of
from schemas.vocabulary import vocabulary

_ABOUT = ("性别", "年龄", "工作", "确诊时间", "武汉（湖北）接触史", "病例编号", "常住地", "武汉（湖北）接触史描述")
_TOLD = ("时间", "途径地点", "事件", "描述", "交通工具")
_MONTH = re.compile(r"(\d{4}年)?\d{1,2}月")
_ISO = "%Y-%m-%dT%H:%M:%S+08:00"


def steps(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of one published case."""
    basic = _fields(case.get("基本信息"))
    where = _fields(basic.get("病例公布地区"))
    about = {key: _text(basic.get(key)) for key in _ABOUT}
    about |= {"病例描述": _text(basic.get("描述")), "病例公布省份": _text(where.get("省份")), "病例公布城市": _text(where.get("城市"))}
    return _records(about, [(key, _flat(_fields(case[key]))) for key in case if key.startswith("轨迹")])


def rows(several: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of the rows of one case."""
    listed = several.get("rows")
    found = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    about = {key: _text(found[0].get(key)) for key in (*_ABOUT, "病例描述", "病例公布省份", "病例公布城市")} if found else {}
    return _records(about, [(_text(row.get("轨迹序号")), {key: _text(row.get(key)) for key in _TOLD}) for row in found])


def _records(about: dict[str, str], told: list[tuple[str, dict[str, str]]]) -> list[dict[str, Any]]:
    whose = _digest(*(value for key, value in about.items() if key != "病例公布城市"), *(value for _, step in told for value in step.values()))
    found, earlier = [], ""
    for name, step in told:
        dated = next((value for value in (step["时间"], step["描述"]) if _MONTH.match(value)), "")
        found.append(_record(whose, name, about, step, "" if dated else earlier))
        earlier = dated or earlier
    return found


def _record(whose: str, name: str, about: dict[str, str], told: dict[str, str], earlier: str) -> dict[str, Any]:
    return {"case": whose, "step": name, "digest": _digest(*about.values(), *told.values()), **about, **told, "earlier": earlier}


def read(record: Mapping[str, str]) -> dict[str, str]:
    """What a step says, from what was published; one without a day keeps an empty start, which normalise refuses.

    `earlier` in the record is a text with the day of an earlier step of the case when the step itself names no month, and else ''.
    """
    published = record["病例公布省份"]
    province = next((name for name in vocabulary("provinces").values() if published and name.startswith(published)), published)
    before, history, report = span(record["earlier"], ""), span("", record["武汉（湖北）接触史描述"]), span(record["确诊时间"], "")
    days = span(record["时间"], record["描述"], before.first if before else None)
    if days is None:
        return {"start": "", "end": "", "precise": "no", "province": province, "place": "", "event": "", "reported": "", "came_from": ""}
    places = [place.strip() for place in record["途径地点"].split("->") if place.strip()]
    stay = text.stay(days, places, record["交通工具"], province)
    reported = report.first if report else text.confirmed(days, record["事件"])
    return {
        "start": stay.start.strftime(_ISO), "end": stay.until.strftime(_ISO), "precise": "yes" if stay.precise else "no", "province": province,
        "place": stay.place, "event": text.happened(days, stay, record["事件"]), "reported": str(reported or ""),
        "came_from": text.came_from(places, days.rest) or (text.came_from([], history.rest) if history and history.first == days.first else ""),
    }  # fmt: skip


def _flat(step: dict[str, Any]) -> dict[str, str]:
    """A step of the JSON as the CSV writes it: places as name(longitude,latitude), joined by arrows."""
    listed = step.get("途径地点")
    places = [place for place in listed if isinstance(place, list) and len(place) > 1] if isinstance(listed, list) else []
    return {key: _text(step.get(key)) for key in _TOLD} | {"途径地点": _text("->".join(f"{place[0]}({place[1]})" for place in places))}


def _fields(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """A single value as text, full-width and half-width signs the same; '' for what is no single value."""
    return "" if value is None or isinstance(value, list | dict) else unicodedata.normalize("NFKC", str(value)).strip()


def _digest(*parts: str) -> str:
    return digest_of("\x1f".join(parts).encode())
