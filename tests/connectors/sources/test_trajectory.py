"""Published cases and rows made into steps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import registry
from connectors.sources.trajectory import read, steps
from connectors.sources.trajectory import rows as together
from schemas.models.record import Step
from schemas.tokens import Keys
from streams.normalise.interpret import interpret
from tests.connectors.sources.cases import PLACES, case, rows, step

READ = ("start", "end", "precise", "province", "place", "event", "reported", "came_from")
KEYS = Keys(b"x" * 32)
SOURCE = registry.sources()["trajectory"]

def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with the keys that the source reads, and others, and anything in them."""
    names = ["基本信息", "病例公布地区", "省份", "确诊时间", "轨迹1", "轨迹", "轨迹序号", "rows", "时间", "途径地点", "描述", "事件", "交通工具"]
    return st.dictionaries(st.sampled_from(names) | st.text(max_size=3), inner, max_size=6)


words = st.sampled_from(["1月26日", "2019年12月30日", "26日", "次日", "晚8时许", "14:30-15:00", "从武汉返回", "到虚构市人民医院就诊", "确诊", "(2月1日确诊)", "，", "。", "乘G1次5车"])
texts = st.lists(words | st.text(max_size=5), max_size=8).map("".join)
told = st.builds(step, texts, texts, places=st.lists(st.sampled_from(sorted(PLACES)), max_size=3), summary=texts, transport=texts)
cases = st.builds(lambda several, history, report: case(*several, **{"武汉（湖北）接触史描述": history, "确诊时间": report}), st.lists(told, max_size=4), texts, texts)
values = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | texts, lambda inner: st.lists(inner, max_size=4) | objects(inner), max_leaves=30)


@settings(max_examples=200, deadline=None)
@given(objects(values))
def test_no_object_is_too_strange(item: dict[str, Any]) -> None:
    """Whatever a JSON object holds, the splitter does not fail, and every field that is read from its records is a text."""
    for record in [*steps(item), *together(item)]:
        assert [type(read(record)[name]) for name in READ] == [str] * len(READ)


@settings(max_examples=200, deadline=None)
@given(cases)
def test_json_and_csv_say_the_same(published: dict[str, Any]) -> None:
    """The steps of a case are equal from both forms, and of one person."""
    assert steps(published) == together(rows(published))


@settings(max_examples=100, deadline=None)
@given(cases)
def test_every_step_can_be_normalised(published: dict[str, Any]) -> None:
    """A step is understood, or refused for want of a day only: what the splitter writes is what the source's map reads."""
    for record in understood(published):
        found = interpret(SOURCE, record, "token", 1, KEYS)
        assert (not record["start"]) == ({getattr(one, "field", "") for one in found} == {"start", "end"})
        assert record["start"] == "" or isinstance(getattr(found[0], "value", None), Step)


def test_a_case_published_twice_is_one() -> None:
    """The same case under two cities has one identity and two records, in the same words under one city it is one record."""
    first, second, again = (steps(case(step(), step("1月27日"), city=city)) for city in ("虚构市", "样本市", "虚构市"))
    assert {one["case"] for one in first} == {one["case"] for one in second}
    assert {one["digest"] for one in first}.isdisjoint(one["digest"] for one in second)
    assert first == again


@pytest.mark.parametrize("other", [case(step("1月27日")), case(step(), step()), case(step(), 年龄="51"), case(step(), 描述="另一人")])
def test_cases_that_differ_are_different_people(other: dict[str, Any]) -> None:
    """Two cases of the same sex, age and place are different people when any step, or what is told about them, differs."""
    assert steps(case(step()))[0]["case"] != steps(other)[0]["case"]


def test_what_was_published_stays_in_the_record() -> None:
    """A step carries the published words, so that whoever looks at a refused one can see what it was."""
    record = understood(case(step("现在", "现在隔离治疗", summary="隔离", transport="救护车")))[0]
    assert (record["时间"], record["描述"], record["事件"], record["交通工具"], record["常住地"]) == ("现在", "现在隔离治疗", "隔离", "救护车", "样本县")
    assert record["start"] == record["end"] == ""


def test_a_day_without_month_follows_an_earlier_step() -> None:
    """`31日` after `1月30日` is 31 January, and `3日` is 3 February."""
    several = case(step("1月30日"), step("31日"), step("31日至2月2日"), step("3日", "3日, 居家"))
    assert [one["start"][5:10] for one in understood(several)] == ["01-30", "01-31", "01-31", "02-03"]


@pytest.mark.parametrize(("published", "name"), [("安徽", "安徽省"), ("广西壮族自治区", "广西壮族自治区"), ("", ""), ("无名", "无名")])
def test_province_may_be_short(published: str, name: str) -> None:
    """A province without its ending is that province; none stays none, and an unknown one is left to normalise."""
    item = case(step())
    item["基本信息"]["病例公布地区"]["省份"] = published
    assert understood(item)[0]["province"] == name


@pytest.mark.parametrize(("said", "description", "day"), [
    ("2020/02/19", "1月26日, 居家", "2020-02-19"), ("2月12日", "1月26日, 居家", "2020-02-12"), ("虚构公司员工", "1月26日, 确诊", "2020-01-26"), ("", "1月26日, 居家", ""),
    ("2020/02/19", "1月26日, 确诊", "2020-02-19"),
])  # fmt: skip
def test_when_the_case_was_confirmed(said: str, description: str, day: str) -> None:
    """The date that the case gives counts before the text's; what is no date is none."""
    assert understood(case(step(description=description), 确诊时间=said))[0]["reported"] == day


@pytest.mark.parametrize(("when", "code"), [("1月22日", "4201"), ("1月23日", "")])
def test_history_of_the_case_counts_on_its_day(when: str, code: str) -> None:
    """A return that is told of the case as a whole belongs to the step of that day, and to no other."""
    assert understood(case(step(when), **{"武汉（湖北）接触史描述": "1月22日乘私家车从武汉前往虚构市"}))[0]["came_from"] == code


def understood(published: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of a case with what is read from them."""
    return [one | read(one) for one in steps(published)]
