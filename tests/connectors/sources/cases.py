"""Invented published cases, as JSON objects and as the rows of a CSV."""

from __future__ import annotations

from typing import Any

PLACES = {"虚构市人民医院": "100.100001,30.100001", "武汉": "114.100001,30.500001", "样本县": "100.200001,30.200001", "测试超市": "100.300001,30.300001"}
"""Coordinates of the places, all invented."""


def step(when: str = "1月26日", description: str = "", *, places: list[str] | None = None, summary: str = "", transport: str = "") -> dict[str, Any]:
    """One step, with its places by name."""
    listed = [[name, PLACES.get(name, "")] for name in places or []]
    return {"时间": when, "途径地点": listed, "事件": summary, "描述": description or f"{when}, 居家未外出", "交通工具": transport}


def case(*steps: dict[str, Any], city: str = "虚构市", **about: str) -> dict[str, Any]:
    """A case with steps; `about` replaces what is said about the person."""
    basic = {"性别": "女", "年龄": "50", "工作": "", "确诊时间": "", "武汉（湖北）接触史": "未知", "病例编号": "", "常住地": "样本县", "武汉（湖北）接触史描述": ""}
    where = {"省份": "四川省", "城市": city}
    return {"基本信息": {**basic, **about, "病例公布地区": where}} | {f"轨迹{number}": one for number, one in enumerate(steps, 1)}


def rows(published: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """The same case as the CSV writes it, its rows together."""
    basic = published["基本信息"]
    about = {key: value for key, value in basic.items() if key not in ("病例公布地区", "描述")}
    where = {"病例公布省份": basic["病例公布地区"]["省份"], "病例公布城市": basic["病例公布地区"]["城市"]}
    steps = {key: value for key, value in published.items() if key != "基本信息"}
    count = {"轨迹数量": str(len(steps))}
    return {"rows": [{**about, **where, **_columns(one), "轨迹序号": name, **count} for name, one in steps.items()]}


def _columns(one: dict[str, Any]) -> dict[str, str]:
    return {**one, "途径地点": "->".join(f"{name}({place})" for name, place in one["途径地点"])}
