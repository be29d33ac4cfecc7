"""What the text of a step says."""

from __future__ import annotations

import pytest

from connectors.sources.chinese_times import Span, span
from connectors.sources.trajectory_text import Stay, came_from, confirmed, happened, stay

HOSPITAL, SHOP = "虚构市人民医院(100.100001,30.100001)", "测试超市(100.300001,30.300001)"


def said(text: str, when: str = "1月26日") -> Span:
    """The span of a step on 26 January with a text."""
    found = span(when, f"{when}, {text}")
    assert found is not None
    return found


def stayed(text: str, place: str = HOSPITAL, *, when: str = "1月26日", transport: str = "") -> Stay:
    """Where a step with a text was."""
    return stay(said(text, when), [place] if place else [], transport, "四川省")


@pytest.mark.parametrize(("text", "hours"), [
    ("16时许到虚构市人民医院就诊", "16:00-16:59"),
    ("16:20乘出租车到虚构市人民医院就诊", "16:20-17:19"),
    ("9时至11时在虚构市人民医院看望亲属", "09:00-11:00"),
    ("8时到单位上班,16时到虚构市人民医院发热门诊就诊,18时回家", "16:00-16:59"),
    ("16时,与妻子步行到亲属家(虚构市人民医院)", "16:00-16:59"),
])  # fmt: skip
def test_known_hour(text: str, hours: str) -> None:
    """The hour of a place is the last that stands before its name in the same sentence, whatever other hours the text has."""
    found = stayed(text)
    assert (f"{found.start:%H:%M}-{found.until:%H:%M}", found.precise, found.place) == (hours, True, f"四川省 {HOSPITAL}")


@pytest.mark.parametrize("text", [
    "到虚构市人民医院就诊",
    "16时到市中心就诊",
    "16时在家。到虚构市人民医院就诊",
    "16时从样本县乘大巴到虚构市人民医院",
    "16时出发到虚构市人民医院",
    "16时到测试超市购物,后到虚构市人民医院",
    "到虚构市人民医院就诊,16时回家",
    "停留2小时到虚构市人民医院",
])  # fmt: skip
def test_unknown_hour(text: str) -> None:
    """Without an hour that is surely the place's own, a step lasts the day and is no presence."""
    found = stayed(text)
    assert (f"{found.start:%H:%M}-{found.until:%H:%M:%S}", found.precise) == ("00:00-23:59:59", False)


def test_hours_of_several_days_are_of_none() -> None:
    """A text about several days names hours of each, or of one that it does not say."""
    assert not stayed("每日8时到虚构市人民医院输液", when="1月26日-28日").precise
    assert stayed("1月28日8时到虚构市人民医院输液", when="1月26日-28日").precise


@pytest.mark.parametrize(("place", "precise"), [
    ("虚构市人民医院", True), ("样本大酒店(测试路店)", True), ("测试超市2楼", True), ("样本诊所", True), ("测试路1号", True), ("虚构市中医院发热门诊", True), ("测试活动中心", True), ("样本水族馆", True),
    ("武汉", False), ("样本县", False), ("虚构区", False), ("测试镇样本村", False), ("测试小区", False), ("样本花园", False), ("测试小区3栋", False), ("虚构站", False), ("虚构国际机场", False),
    ("测试路", False), ("虚构市中心", False), ("驻马店", False), ("样本公馆", False), ("测试大院", False), ("虚构高速", False),
])  # fmt: skip
def test_only_a_facility_is_a_place_to_meet(place: str, precise: bool) -> None:
    """A town, a district, an estate, a station or a road is too large for two people there at one hour to be contacts."""
    assert stayed(f"16时到{place}", f"{place}(100.100001,30.100001)").precise is precise


@pytest.mark.parametrize("coordinates", ["", "不详", "30.1"])
def test_a_place_without_coordinates_is_no_presence(coordinates: str) -> None:
    """A name alone does not tell which of many places it is."""
    assert not stayed("16时到虚构市人民医院", f"虚构市人民医院({coordinates})").precise


def test_places_of_two_provinces_differ() -> None:
    """The same name in two provinces is two places: chains have one name, and published coordinates of a bare name are often wrong."""
    assert stay(said("居家"), [SHOP], "", "四川省").place != stay(said("居家"), [SHOP], "", "云南省").place
    assert stay(said("居家"), [], "", "四川省").place == ""


@pytest.mark.parametrize(("text", "transport", "place"), [
    ("乘坐G9991次列车(5车12F号)从武汉返回", "", "G9991 5 2020-01-26"),
    ("乘K991次05车厢到样本县", "K991次列车", "K991 5 2020-01-26"),
    ("乘Z-991次 8号车18号下铺", "", "Z991 8 2020-01-26"),
    ("乘动车C991(车厢04)到样本县", "", "C991 4 2020-01-26"),
    ("乘XX9991次航班从武汉到样本县", "XX9991次航班", "XX9991 2020-01-26"),
    ("乘坐9X991航班到达机场,27日8时乘G9991次(5车)", "航班9X991", "9X991 2020-01-26"),
    ("在家,27日乘坐XX9991航班", "", "XX9991 2020-01-27"),
    ("乘G9991次(5车)返回,由丈夫接回家", "", "G9991 5 2020-01-26"),
    ("乘G9991次(5车),转乘G9992次(6车)", "G9992次", "G9992 6 2020-01-26"),
])  # fmt: skip
def test_aboard(text: str, transport: str, place: str) -> None:
    """A carriage of a train and a flight are places of one day, on the day that the text has come to."""
    found = stayed(text, "样本县(100.200001,30.200001)", transport=transport)
    assert (found.place, found.precise, f"{found.start:%m-%d %H:%M} {found.until:%m-%d %H:%M}") == (place, True, f"{place[-5:]} 00:00 {place[-5:]} 23:59")


@pytest.mark.parametrize("text", [
    "乘G9991次列车返回", "乘坐K9路公交车", "走G991高速3车道", "乘客车(川XX9991)", "驾车在样本站接乘坐G9991次(5车)的妹妹", "乘G9991次(5车),转乘G9992次(6车)", "测试公司XX9991号产品", "李某妹妹一家乘坐G9991次列车(5车厢)",
    "其女婿乘G9991次列车5车厢从武汉返回",
])  # fmt: skip
def test_not_aboard(text: str) -> None:
    """A train without its carriage, a bus, a number plate, somebody else's train, and two trains at once are no place."""
    assert not stayed(text, "").precise


def test_a_facility_counts_before_a_train() -> None:
    """A step that ends at a facility at a known hour was there."""
    assert stayed("乘G9991次(5车)返回。16时到虚构市人民医院就诊").place == f"四川省 {HOSPITAL}"


@pytest.mark.parametrize(("text", "summary", "event"), [
    ("到虚构市人民医院发热门诊就诊", "", "visit"),
    ("居家", "去医院", "visit"),
    ("出现发热、咳嗽症状", "", "onset"),
    ("发病", "", "onset"),
    ("自觉发热,在家服药", "", "symptom"),
    ("因发热到诊所输液", "", "visit"),
    ("居家隔离", "", "isolated"),
    ("作为密切接触者被集中隔离医学观察", "", "isolated"),
    ("到医院就诊,随后被收治入院", "", "admitted"),
    ("由妻子陪同到医院住院治疗", "", "admitted"),
    ("转至虚构市第一人民医院", "", "admitted"),
    ("治愈出院", "治愈", "recovered"),
    ("因抢救无效死亡", "", "died"),
    ("出现发热,被收治入院后死亡", "", "died"),
    ("居家未外出", "", ""),
    ("无发热症状", "", ""),
    ("未出现不适", "", ""),
    ("目前在定点医院隔离治疗", "", ""),
    ("解除隔离", "", ""),
    ("发病前到过测试超市", "", ""),
    ("陪同丈夫到医院就诊", "去医院", ""),
    ("到医院看望住院的母亲", "去医院", ""),
    ("其妻子到医院就诊", "就诊", ""),
    ("排查密切接触者8人,全部隔离观察", "隔离", ""),
    ("与亲属(其中1人后住院)聚餐", "", ""),
    ("28日就诊", "", ""),
    ("死亡风险大", "", ""),
    ("累计治愈出院7例", "", ""),
    ("上午因其亲属出现发热症状", "", ""),
    ("用塑料布隔离开", "", ""),
])  # fmt: skip
def test_events(text: str, summary: str, event: str) -> None:
    """The gravest thing that happened to the patient on that day counts, and nothing that happened to others, on other days, or not at all."""
    assert happened(said(text), stayed(text, ""), summary) == event


@pytest.mark.parametrize(("text", "place", "event"), [
    ("因发热到医院就诊", HOSPITAL, "visit"), ("因发热到医院就诊", "样本县(100.200001,30.200001)", "symptom"), ("因发热到医院就诊", "", "visit"),
    ("8时到测试超市购物,16时住院", SHOP, ""), ("到测试超市购物,16时住院", SHOP, "admitted"), ("8时到虚构市人民医院住院", HOSPITAL, "admitted"),
])  # fmt: skip
def test_an_event_is_where_the_step_is(text: str, place: str, event: str) -> None:
    """A place that is no clinic is not visited, and nobody is admitted at an hour that is known of a shop."""
    assert happened(said(text), stayed(text, place), "") == event


@pytest.mark.parametrize(("text", "summary", "day"), [
    ("确诊", "", "2020-01-26"),
    ("被确诊为新型冠状病毒感染的肺炎病例", "", "2020-01-26"),
    ("经专家组会诊为确诊病例", "", "2020-01-26"),
    ("核酸检测结果为阳性,经市专家组确诊为第9例病例", "", "2020-01-26"),
    ("经查为确诊患者", "", "2020-01-26"),
    ("到医院就诊。2月1日确诊", "", "2020-02-01"),
    ("到医院就诊,次日确诊", "", "2020-01-27"),
    ("核酸阳性", "确诊", "2020-01-26"),
    ("与确诊病例有接触", "与确诊病例有接触", ""),
    ("作为确诊病例的密切接触者隔离", "", ""),
    ("在父亲(2月1日确诊)家中", "", ""),
    ("其丈夫被确诊", "", ""),
    ("确诊前一直居家", "", ""),
    ("诊断为疑似病例", "", ""),
    ("未确诊", "", ""),
    ("亲属后来被确诊", "", ""),
])  # fmt: skip
def test_confirmed(text: str, summary: str, day: str) -> None:
    """The patient's own confirmation is dated by the text; that of others, or none, gives no date."""
    assert str(confirmed(said(text), summary) or "") == day


@pytest.mark.parametrize(("places", "text", "code"), [
    ([], "从武汉返回样本县", "4201"),
    ([], "自驾从湖北孝感回到样本县", "42"),
    ([], "由武汉乘XX9991次航班(5F)至虚构市", "4201"),
    ([], "武汉返乡", "4201"),
    ([], "与妻子自驾从武汉返回", "4201"),
    (["汉口站", "样本县"], "乘动车", "4201"),
    (["湖北荆州", "样本县"], "自驾回家", "42"),
    (["武汉", "湖北宜昌"], "从武汉到宜昌", ""),
    (["样本县", "武汉"], "前往武汉", ""),
    ([], "前往武汉游玩", ""),
    ([], "返回武汉", ""),
    ([], "与从武汉返回的同学聚餐", ""),
    ([], "接触从武汉返回的人员", ""),
    ([], "女儿从武汉返回家中", ""),
    (["武汉", "样本县"], "其堂弟从武汉回到家中", ""),
    (["武汉", "样本县"], "驾车接乘坐动车(武汉-样本县)的妹妹", ""),
    ([], "在武汉上班", ""),
    ([], "居家", ""),
])  # fmt: skip
def test_came_from(places: list[str], text: str, code: str) -> None:
    """The patient's own journey out of Hubei is a return, from Wuhan by its own code; the journey of others, or into Hubei, is none."""
    assert came_from(places, text) == code
