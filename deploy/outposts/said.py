"""Answers in words: short messages for a phone, in the language of the clinic; numbers and words of the vocabulary alone."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.messages.form import Clinic, shipped
from connectors.messages.reply import packed
from deploy.outposts.outbox import Numbered
from schemas.vocabulary import vocabulary

_SAYS = {
    "zh": {
        ("report", "taken"): "已收", ("report", "back"): "已撤回", ("report", "refused"): "未收，请改{more}后以原号重发",
        ("report", "conflict"): "同号两文，请以版次{more}重发",
        ("received", "open"): "待接诊", ("received", "done"): "已接诊", ("received", "overdue"): "接诊逾期", ("received", "not_applicable"): "未接收，另请转诊",
        ("sampled", "open"): "待采样", ("sampled", "done"): "已采样", ("sampled", "overdue"): "采样逾期", ("sampled", "not_applicable"): "不采样",
        ("told", "done"): "结果已出", "gone": "前答{about}作废",
    },
    "en": {
        ("report", "taken"): "taken", ("report", "back"): "taken back", ("report", "refused"): "refused, correct {more} and send it again with the same number",
        ("report", "conflict"): "came with two contents, send it again as version {more}",
        ("received", "open"): "waits to be received", ("received", "done"): "received", ("received", "overdue"): "not received in time",
        ("received", "not_applicable"): "not received, refer elsewhere", ("sampled", "open"): "waits for the specimen", ("sampled", "done"): "specimen taken",
        ("sampled", "overdue"): "specimen overdue", ("sampled", "not_applicable"): "no specimen", ("told", "done"): "result is there",
        "gone": "{about} no longer so",
    },
}  # fmt: skip
_ABOUT = {"received": "接诊", "sampled": "采样", "told": "结果", "status": "状态"}


def line(one: Numbered, language: str) -> str:
    """One answer: the number of the report, and what became of it."""
    says = _SAYS[language]
    if one.about == "status" and one.word != "gone":
        return f"{one.number} {vocabulary('words')[one.word] if language == 'zh' else one.word.replace('_', ' ')}"
    template = says.get((one.about, one.word), says["gone"])
    more = " ".join(_letters(one)) if language == "en" and one.word == "refused" else one.more
    about = _ABOUT.get(one.about, "") if language == "zh" else one.about
    text = template.format(more=more or ("内容" if language == "zh" else "it"), about=about)
    times = ("（重复{0}次）" if language == "zh" else " ({0} times)").format(one.more) if one.word == "taken" and one.more else ""
    return f"{one.number}{'' if language == 'zh' else ' '}{text}{times}"


def _letters(one: Numbered) -> list[str]:
    """The Latin letters of the fields to correct."""
    fields = shipped().kinds[one.kind].fields
    return [fields[key].latin for key in one.more]


def texts(found: Sequence[Numbered], clinic: Clinic) -> list[str]:
    """Short messages, the first answers first; each ends with the word by which the clinic confirms all up to there."""
    groups: list[list[Numbered]] = []
    for one in sorted(found, key=lambda each: each.answer):
        if groups and len(_packed([*groups[-1], one], clinic)) == 1:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [text for group in groups for text in _packed(group, clinic)]


def _packed(group: Sequence[Numbered], clinic: Clinic) -> list[str]:
    return packed([*(line(one, clinic.language) for one in group), _receipt(group[-1], clinic)], clinic.language)


def _receipt(one: Numbered, clinic: Clinic) -> str:
    return f"收到请回{clinic.number} 收{one.answer}" if clinic.language == "zh" else f"confirm: {clinic.number} A{one.answer}"
