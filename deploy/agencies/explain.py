"""What an agency gets, for which people, why, under which law and until when, in sentences; and which of it applies to one case, and why not the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deploy.agencies.bulletins import sentences
from schemas.agency import Agency, Purpose, Want, sharing
from schemas.models.case import LinkedCase, Role, Why
from schemas.privacy import Privacy, fields, of_class
from schemas.vocabulary import vocabulary
from streams.routing.match import grounds

_EN = {"residence": "lives", "stay": "stayed", "detection": "was seen or tested", "need": "needs something", "offered": "is to be served if it accepts",
       "accepted": "is to be served, which it accepted,"}  # fmt: skip
_ZH = {"residence": "居住", "stay": "停留", "detection": "就诊或检出", "need": "求助", "offered": "待应答派单", "accepted": "已接单服务"}
_RELEASE = {"at": ("提供时所述的时间", "the moment of the release"), "why": ("涉及的地区", "the regions that concern it")}
_PEOPLE = {"case": "cases", "contact": "contacts of cases", "returnee": "people who return", "fever": "people with signs of a fever",
           "need": "people who need something"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """The same in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Applies:
    """Whether a want of an agency applies to a case; `because` says why, and if not, each thing that is missing."""

    purpose: str
    role: Role
    applies: bool
    because: list[str]


def explained(agency: Agency, others: Iterable[Agency] = ()) -> list[Sentence]:
    """The agency in sentences: who it is, then for each purpose the law, who can join copies of it, and what is got of whom.

    `others` are the agencies that there are besides.
    """
    members = sharing([agency, *(one for one in others if one.name != agency.name)])
    found = [Sentence(f"{agency.name}：{agency.says_zh}", f"{agency.name}: {agency.says}"), _area(agency)]
    if agency.retired:
        found.append(Sentence("该机构已停用：不再提供，已提供的全部撤回。", "It is retired: it gets nothing any more, and all that it got is taken back."))
    for purpose in agency.purposes:
        found += [_purpose(purpose), _codes(agency, purpose, members)]
        found += [_want(agency, want) for want in agency.wants if want.purpose == purpose.name]
        found += [Sentence(*told) for told in sentences(agency, purpose.name)]
    return found


def applied(agency: Agency, case: LinkedCase) -> list[Applies]:
    """Each want of the agency against a case, as routing decides it, in the order of the file."""
    released = [id(want) for ground in grounds(agency, case) for want in ground.wants]
    return [Applies(want.purpose, want.role, id(want) in released, _because(agency, want, case)) for want in agency.wants]


def _area(agency: Agency) -> Sentence:
    if agency.facility:
        return Sentence(f"只涉及在机构 {agency.facility} 就诊、停留或转入该机构的人员。",
                        f"It is concerned by whoever was at the facility {agency.facility} or is referred to it.")  # fmt: skip
    return Sentence(f"只涉及与行政区划 {agency.region} 及其下级有关的人员。",
                    f"It is concerned by whoever has to do with the division {agency.region} and what lies in it.")  # fmt: skip


def _purpose(purpose: Purpose) -> Sentence:
    return Sentence(
        f"用途“{purpose.name}”：依据 {purpose.legal_basis}；副本在病例最近一次事件后 {purpose.expires_days} 天删除。",
        f"For {purpose.name}, under the {purpose.legal_basis}; copies are deleted {purpose.expires_days} days after the latest event of the case.",
    )


def _codes(agency: Agency, purpose: Purpose, members: Mapping[str, list[tuple[str, str]]]) -> Sentence:
    if purpose.joint is None:
        return Sentence("人员代码仅本机构使用：其他机构不能凭代码与其副本关联。",
                        "Its codes of people are its own: no other agency can join its copies by them.")  # fmt: skip
    joint = purpose.joint
    with_ = sorted({name for name, _ in members.get(joint.name, []) if name != agency.name})
    return Sentence(
        f"人员代码由共同用途“{joint.name}”的各机构共用（依据 {joint.legal_basis}）：可与{'、'.join(with_) or '（尚无其他机构）'}的副本关联。",
        f"Its codes of people are those of the joint purpose {joint.name}, under the {joint.legal_basis}: "
        f"its copies can be joined with those of {', '.join(with_) or 'nobody yet'}.",
    )


def _want(agency: Agency, want: Want) -> Sentence:
    zh, en = _whom(agency, want)
    chinese, english = [], []
    for privacy in Privacy:
        if named := [fields()[name] for name in of_class(want.fields, privacy)]:
            classed = vocabulary("privacy")["classes"][privacy]["zh"]
            chinese.append(f"{classed}：{'、'.join(one.zh + _form(want, one.name)[0] for one in named)}{_need(want, privacy, '（理由：{}）')}")
            english.append(f"{privacy}: {', '.join(one.en + _form(want, one.name)[1] for one in named)}{_need(want, privacy, ' (because: {})')}")
    for field, (names, named_en) in _RELEASE.items():
        if field in want.forms:
            chinese.append(f"{names}{_form(want, field)[0]}")
            english.append(f"{named_en}{_form(want, field)[1]}")
    return Sentence(f"{zh}，提供 {'；'.join(chinese)}。", f"Of {en} it gets {'; '.join(english)}.")


def _form(want: Want, field: str) -> tuple[str, str]:
    """How coarse a field is, in both languages, and why it is not coarser where the file says so; '' where it is as it is."""
    forms, why = want.forms.get(field, []), want.finer.get(field, "")
    zh = "，".join([*(vocabulary("words")[form] for form in forms), *([f"更细的理由：{why}"] if why else [])])
    en = ", ".join([*(f"by {form.replace('_', ' ')}" for form in forms), *([f"finer because: {why}"] if why else [])])
    return (f"（{zh}）", f" ({en})") if zh else ("", "")


def _whom(agency: Agency, want: Want) -> tuple[str, str]:
    words = vocabulary("words")
    where = ("该机构", "there") if agency.facility else ("该区划", "in it")
    zh = f"对在{where[0]}{'、'.join(_ZH[why] for why in want.why)}的{words[want.role]}"
    if want.role is not Role.CASE or want.statuses is None:
        return zh, f"{_PEOPLE[want.role]}, where somebody {' or '.join(_EN[why] for why in want.why)} {where[1]},"
    zh += f"（状态为{'、'.join(words[status] for status in want.statuses)}）"
    return zh, f"{_PEOPLE[want.role]} ({', '.join(want.statuses)}), where somebody {' or '.join(_EN[why] for why in want.why)} {where[1]},"


def _need(want: Want, privacy: Privacy, form: str) -> str:
    return form.format(want.needs[privacy].rstrip(".。")) if privacy in want.needs else ""


def _because(agency: Agency, want: Want, case: LinkedCase) -> list[str]:
    """What makes the want apply; or, when something is missing, only that."""
    missing = ["the agency is retired"] if agency.retired else []
    if want.role not in case.roles:
        missing.append(f"the person is no {want.role}, but {_listed(case.roles)}")
    near = _near(agency, case)
    fitting = [why for why in near if why in want.why]
    if not near:
        missing.append(f"nothing of the case is in {agency.facility or agency.region}")
    elif not fitting:
        missing.append(f"the case concerns {agency.facility or agency.region} by {_listed(near)}, and only {_listed(want.why)} counts")
    if want.role is Role.CASE and want.role in case.roles and want.statuses is not None and case.status not in want.statuses:
        missing.append(f"the status is {case.status or 'none'}, and only {_listed(want.statuses)} counts")
    return missing or [f"a {want.role} whom {agency.facility or agency.region} concerns by {_listed(fitting)}"]


def _near(agency: Agency, case: LinkedCase) -> list[str]:
    """How the case concerns the agency; asked of routing itself, with a want for everything."""
    probe = Want(role=case.roles[0], purpose=agency.purposes[0].name, why=list(Why), fields=["grid_worker"]) if case.roles else None
    open_ = agency.model_copy(update={"purposes": agency.purposes[:1], "wants": [probe] if probe else []})
    return sorted({concern.why.value for ground in grounds(open_, case) for concern in ground.why})


def _listed(words: Iterable[str]) -> str:
    return ", ".join(str(word) for word in words) or "nothing"
