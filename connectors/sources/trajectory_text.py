"""What the text of one published step says: when, where, what happened, whether the case was confirmed then, and whether it came from Hubei.

A step is read by itself, so that one of a JSON case and one of a CSV row say the same. Each rule takes less rather than more, because a wrong place or hour
makes contacts of strangers: `武汉`, `万州区`, a housing estate, a village or a railway station is no place where people meet, and the first hour of a text is
not always that of its last place. `python -m tests.realdata` shows what the rules find in the published files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from connectors.sources.chinese_times import Mark, Span, marks, outside

_KIN = "父|母|妻|丈夫|老公|爱人|儿|女|孙|外公|外婆|公公|婆婆|爷爷|奶奶|岳|兄|哥|弟|姐|妹|叔|婶|伯|姑|姨|舅|侄|亲属|亲戚|亲友|朋友|同事|邻居|家人"
_OTHERS = re.compile(
    rf"陪|看望|探望|探视|照顾|护理|(?:送|带)(?:其|{_KIN})|接(?:其|乘|从|{_KIN})|(?:所有|全部|均)\S{{0,12}}(?:隔离|观察)"
    rf"|^\s*(?:当[日天晚]|[上下]午|晚|随后|后)?(?:因?其|因|患者的?)?[堂表大小]?(?:{_KIN})"
)
_BY_OTHERS = re.compile(r"^\s*[由被]|在\S{0,8}陪同")
_SIGNS = "发热|发烧|低烧|高烧|低热|高热|咳嗽|干咳|咳痰|咽痛|咽部|乏力|畏寒|畏冷|寒战|头痛|头晕|胸闷|气促|气短|腹痛|腹泻|呕吐|鼻塞|流涕|不适|症状"
_EVENTS = (
    ("died", re.compile(r"死亡(?!风险|病例)|抢救无效")),
    ("recovered", re.compile(r"治愈(?!\S{0,2}\d)|痊愈")),
    ("admitted", re.compile(r"住院(?!部)|入院|收治|收住|收入|隔离治疗|隔离病[房区]|转(?:至|入|往|诊|院|运|送)\S{0,20}(?:医院|病院|[一二三]院|病房)")),
    ("isolated", re.compile(r"(?<!解除)(?:隔离(?!开)|医学观察|留观)(?!解除)")),
    ("onset", re.compile(rf"(?<!未)发病(?!前|后|以来|时|期)|(?<!未)(?:出现|开始)\S{{0,12}}(?:{_SIGNS})")),
    ("visit", re.compile(r"就诊(?!史)|就医|看病|门诊|输液|打针|静点|诊所|卫生[室所院]|去医院|[到往至]\S{0,15}医院(?![的站路附对])")),
    ("symptom", re.compile(_SIGNS)),
)  # fmt: skip
_CLINIC = re.compile(r"院|诊|卫生|医")
_NOT_THEN = re.compile(r"目前|现在|现已|正在|无(?![锡效])|未|没有|否认")
_CONFIRMED = re.compile(
    r"确诊(?!的?(?:病例|患者|病人|者)|前|后)|(?:断|认|定|诊|估|正|核|检测|转|查)\S{0,12}为\S{0,24}(?:确诊|病例|患者)|为\S{0,18}确诊(?:病例|患者)"
)
_NOT_CONFIRMED = re.compile(rf"与|和|同(?!日|时|济)|因|随(?!即|后)|作为|属|系|密切|关联|为疑似|未|排除|待|其(?:{_KIN})|亲属|某|\d人|人先后|后来被|对方")

_PLACE = re.compile(r"(.+?)\s*\(\s*-?\d+\.\d+\s*,\s*-?\d+\.\d+\s*\)")
_FACILITY = re.compile(
    r"(?:(?<!驻马)店|超市|市场|早市|商[场城厦]|百货|广场|(?<![大小家属])院|门诊|急诊|诊所|会所|派出所|招待所|卫生[室所]|医务室|棋牌室|麻将室|药房|(?<![市县城镇])中心"
    r"|宾馆|饭庄|旅社|酒楼|茶楼|[餐大歌舞]厅|(?<!公)馆|火锅|烧烤|烤肉|公司|厂|中学|小学|大学|学校|幼儿园|银行|[支分]行|影城|网吧|酒吧|KTV|浴场|滑雪场|大厦|加油站"
    r"|教堂|小卖部|门市部|营业部|\d号)$"
)
_AWAY = re.compile(r"[从由自离]|出发|动身|[列火]车|航班|飞机|高铁|动车|客车|大巴|轮渡|途中|回家|代|后|再|又|然后|接着")
_TRAIN = re.compile(r"(?<![A-Z0-9])([GDCKTZ])-?(\d{1,4})(?!\d)[^\d。;]{0,12}?(?:0?(\d{1,2})\s*号?车(?![次道])|车厢\s*0?(\d{1,2}))")
_PLATE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_FLIGHT = re.compile(rf"(?<![A-Z0-9{_PLATE}])((?:[A-Z]{{2}}|\d[A-Z]|[A-BE-FH-JL-SU-Y]\d)\d{{3,4}})(?![A-Z0-9])")
_FLIES = re.compile(r"航班|航空|[飞乘]机|机场|起飞|[东南国海川]航")
_NOT_ABOARD = re.compile(rf"(?:接|与从|提醒|(?:某|(?<![随与和同])其)(?:{_KIN}))[^,]*$")

_WUHAN = "武汉|武昌|汉口|汉阳"
_HUBEI = f"{_WUHAN}|湖北|黄冈|孝感|荆州|宜昌|襄阳|十堰|黄石|鄂州|荆门|咸宁|随州|恩施|仙桃|潜江|天门|神农架"
_RETURNS = re.compile(rf"[从由自离].{{0,8}}?({_HUBEI}).{{0,25}}?[返回来到至抵往飞]|({_HUBEI}).{{0,6}}?[返回来]")
_NOT_RETURNS = re.compile(r"接触|接从|见|的(?!士)|人员|同学|聚|来访|来家|与\S{0,3}(?:武汉|湖北)|[返回往赴到至去]\S{0,3}(?:武汉|湖北)")


@dataclass(frozen=True, slots=True)
class Stay:
    """Where a step was and when; `precise` when it may be a presence: at one facility at a known time, or aboard one train or flight of one day."""

    place: str
    start: datetime
    until: datetime
    precise: bool


def stay(span: Span, places: list[str], transport: str, province: str) -> Stay:
    """The stay of a step at the last of its places.

    A facility needs coordinates, and an hour that stands before its name in the same sentence, with no word of a journey between: then the hour is that of the
    arrival. One hour is good for an hour. Places of one name and province are one. A train or flight needs no hour: its number and day say which it was.
    """
    place = places[-1] if places else ""
    known = list(marks(span.rest, span.opens))
    found = _PLACE.fullmatch(place)
    hours = _at(found[1], span.rest, known) if found and _FACILITY.search(_bare(found[1])) else None
    if hours:
        return Stay(f"{province} {place}", *hours, precise=True)
    if span.first == span.last and (run := _aboard(span, transport, known)):
        return Stay(run[0], *_whole(run[1], run[1]), precise=True)
    return Stay(place and f"{province} {place}", *_whole(span.first, span.last), precise=False)


def happened(span: Span, found: Stay, summary: str) -> str:
    """The gravest event of the patient on the day of the stay, in the words of the vocabulary of trajectory events; '' for none.

    A visit is at the place of the step, which becomes the clinic in charge, so a place that is no clinic has none; nor is anybody admitted to a hospital at an
    hour that is known of another place.
    """
    clauses = [clause for now, clause in _clauses(span) if now == found.start.date()]
    own = [clause for clause in clauses if not _of_others(clause)]
    told = [clause.replace("发热门诊", "门诊") for clause in ([summary, *own] if own == clauses else own) if not _NOT_THEN.search(clause)]
    said = [word for word, signs in _EVENTS if any(signs.search(clause) for clause in told)]
    elsewhere = {"visit", "admitted"} if found.precise else {"visit"}
    return next((word for word in said if word not in elsewhere or not found.place or _CLINIC.search(found.place)), "")


def confirmed(span: Span, summary: str) -> date | None:
    """The day on which the text says that the patient was confirmed, or None."""
    for day, clause in _clauses(span):
        if _CONFIRMED.search(clause) and not _NOT_CONFIRMED.search(clause):
            return day
    return span.first if "确诊" in summary and not _NOT_CONFIRMED.search(summary) else None


def came_from(places: list[str], text: str) -> str:
    """4201 (Wuhan) or 42 (Hubei) when the step is the patient's own return from there, else ''."""
    clauses = [clause for clause in re.split(r"[,。;]", re.sub(r"\([^()]*\)?", "", text)) if clause]
    about = [clause for clause in clauses if re.search(_HUBEI, clause)]
    if all(_of_others(clause) or _NOT_RETURNS.search(clause) for clause in about or clauses):
        return ""
    if len(places) > 1:
        here = re.search(_HUBEI, places[0])
        return _code(here[0]) if here and not re.search(_HUBEI, places[-1]) else ""
    returns = (match for clause in about if not _of_others(clause) and not _NOT_RETURNS.search(clause) and (match := _RETURNS.search(clause)))
    return next((_code(match[1] or match[2]) for match in returns), "")


def _at(name: str, text: str, known: list[Mark]) -> tuple[datetime, datetime] | None:
    """When the patient came to a place that the text names, or None."""
    for place in re.finditer(re.escape(name), text):
        mark = next((mark for mark in reversed(known) if mark.end <= place.start()), None)
        if mark and mark.start and not re.search(r"[。;!]", text[mark.end : place.start()]) and not _AWAY.search(text[mark.end : place.start()]):
            return mark.start, mark.until or mark.start + timedelta(hours=1, seconds=-1)
    return None


def _bare(name: str) -> str:
    """A name without what only says which part: brackets, a floor, the fever clinic."""
    return re.sub(r"\([^()]*\)?|\d楼|发热门诊$", "", name).strip()


def _aboard(span: Span, transport: str, known: list[Mark]) -> tuple[str, date] | None:
    """Train and carriage, or flight, with its day, when the step names exactly one."""
    found: set[tuple[str, date]] = set()
    for sentence in re.finditer(r"[^。;]+", span.rest.upper()):
        runs = [(match.start(), f"{match[1]}{match[2]} {match[3] or match[4]}") for match in _TRAIN.finditer(sentence[0])]
        runs += [(match.start(), match[1]) for match in _FLIGHT.finditer(sentence[0]) if _FLIES.search(sentence[0])]
        for at, name in runs:
            if not _NOT_ABOARD.search(sentence[0][:at]):
                day = _day(known, sentence.start() + at, span.opens or span.first)
                found.add((f"{name} {day}", day))
    named = {run for run in found if run[0].split()[0] in transport.upper()}
    return (named or found).pop() if len(named or found) == 1 else None


def _whole(first: date, last: date) -> tuple[datetime, datetime]:
    return datetime.combine(first, time()), datetime.combine(last, time()) + timedelta(days=1, seconds=-1)


def _of_others(clause: str) -> bool:
    return bool(_OTHERS.search(clause)) and not _BY_OTHERS.search(clause)


def _day(known: list[Mark], before: int, opens: date) -> date:
    """The day that holds at a position of a text."""
    return next((mark.day for mark in reversed(known) if mark.begin < before and mark.day), opens)


def _clauses(span: Span) -> Iterator[tuple[date, str]]:
    """The clauses of a text without brackets, each with the day that holds in it; of several days, the first."""
    opens = span.opens or span.first
    known = list(marks(span.rest, opens))
    for clause in re.finditer(r"[^,。;]+", outside(span.rest)):
        yield _day(known, clause.end(), opens), clause[0]


def _code(name: str) -> str:
    return "4201" if re.search(_WUHAN, name) else "42"
