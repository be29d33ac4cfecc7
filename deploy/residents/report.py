"""The report of a resident: everything held about one person, in sections that a person can read.

个人信息保护法 (2021), articles 44 and 45 (to know, to see, to get a copy), 17 (who, why, how long), 50 (a convenient way to ask). Every message that is held
is in exactly one section; a topic that no section names is under `derived`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.residents.asked import Resident
from deploy.residents.held import Held, among
from schemas.models.fact import Millis
from schemas.topics import Topic

Document = dict[str, Any]
RIGHTS = {
    "zh": "您可以查阅、复制（个人信息保护法第四十五条），要求更正、补充（第四十六条）、删除（第四十七条），要求解释处理规则（第四十八条）。",
    "en": "You may see and copy this (PIPL, article 45), have it corrected or completed (46) or erased (47), and have the rules explained (48).",
}
SECTIONS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "who": ("您的身份信息", "Who you are, as records say", ("identity.profile",)),
    "records": ("各来源的记录", "Records, by source and time", ("record.",)),
    "arrived": ("收到的原始记录", "Records as they arrived", ("raw.",)),
    "refused": ("无法识别的记录与修正", "Records that could not be understood, and their repair", ("reject", "repair.proposal", "repair.approval")),
    "linking": ("如何判定为同一人", "How records were found to be of one person, and why",
                ("identity.link", "identity.shared", "identity.match", "identity.decision", "identity.review")),
    "case": ("关联病例及其依据", "Your linked case, and what it follows from", ("case.linked", "case.evidence")),
    "tasks": ("与您有关的任务", "What somebody has to do about you", ("task",)),
    "notices": ("对您的告知", "What you are told", ("notice",)),
    "measures": ("对您采取或提出的措施", "Measures on you, and those that were asked for", ("measure.standing", "measure.asked", "isolation", "breach")),
    "stands_released": ("各机构现持有的内容", "What agencies hold now", ("deliver.",)),
    "looks": ("谁查看过", "Who looked at it, and why", ("case.look", "identity.look", "reject.look")),
    "erasures": ("删除申请与执行", "Erasures, proposed and carried out", ("erasure.proposal", "erasure.approval", "control.erasure")),
}  # fmt: skip
"""By section its title in Chinese and English, and the topics that are in it."""
_IN_RELEASES = ("audit", "receipt")
_SAID = ("agency", "purpose", "legal_basis", "reason", "fields", "at")
_RELEASES = ("对外提供记录", "To whom what was released, why, and what became of it")
_DERIVED = ("由以上推出的其他事实", "Other facts that follow from these")
TITLES = {name: (zh, en) for name, (zh, en, _) in SECTIONS.items()} | {"releases": _RELEASES, "derived": _DERIVED}


def report(found: Held, who: Resident, topics: Mapping[str, Topic], at: Millis) -> Document:
    """The whole report as one document; moments are UTC milliseconds."""
    sections = {name: _by_time(found.of(*mine)) for name, (_, _, mine) in SECTIONS.items()}
    sections["releases"] = releases(found)
    placed = [*_IN_RELEASES, *(topic for _, _, mine in SECTIONS.values() for topic in mine)]
    sections["derived"] = _by_time(found.of(*(name for name in found.found if not among(name, placed))))
    return {
        "at": at, "person": who.person, "aliases": sorted(who.aliases), "rights": RIGHTS, "sections": sections,
        "named_elsewhere": found.mentioned,
        "topics": [{"topic": name, "says": topics[name].says, "kept": topics[name].retention if topics[name].cleanup == "delete" else "the latest of each key",
                    "messages": len(mine)} for name, mine in sorted(found.found.items())],
    }  # fmt: skip


def releases(found: Held) -> list[Document]:
    """Each release once, with who got which fields for which purpose by which law, and every answer.

    One that neither stands nor was retracted was replaced by a later one.
    """
    result: dict[str, Document] = {}
    expires = {one["id"]: one["expires"] for one in found.of("deliver.")}
    for line in found.of("audit"):
        name = line["release"]
        one = result.setdefault(name, {"release": name, "stands": name in expires, "retracted": False, "expires": expires.get(name), "answers": []})
        over = line["decision"] == "retracted"
        one["retracted"] |= over
        one |= {name: line[name] for name in _SAID if not over or name not in one}
    for answer in found.of("receipt"):
        one = result.setdefault(answer["release"], {"release": answer["release"], "stands": False, "agency": answer["agency"], "answers": []})
        one["answers"].append({name: answer[name] for name in ("retracted", "answer", "answered_at")})
    return sorted(result.values(), key=lambda one: (one.get("at") or 0, one["release"]))


def _by_time(documents: list[Document]) -> list[Document]:
    return sorted(documents, key=lambda one: (one.get("at") or one.get("received_at") or 0, one["topic"], str(one.get("id"))))
