"""The card of a clinic, one printed page: its numbers with their letters, and how to write each kind of report; in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.messages import check
from connectors.messages.form import Clinic, Entry, Format, Kind

_EXAMPLES = {
    "诊": {"zh": "名李样本 电13800000002 时2.1-9:30 症热咳 温38.2 判疑", "en": "NLI_YANGBEN P13800000002 T2.1-9:30 SFC C38.2 DS"},
    "办": {"zh": "名李样本 电13800000002 时2.1-10:00 事卡 办完", "en": "NLI_YANGBEN P13800000002 T2.1-10:00 WC HD"},
    "物": {"zh": "时2.1-8:00 品口 存20 用4", "en": "T2.1-8:00 IM Q20 U4"},
}
_A_ROW = 10


def card(clinic: Clinic, form: Format, first: int, count: int, language: str) -> list[str]:
    """The lines of the card with so many numbers from a first one."""
    zh = language == "zh"
    found = [f"村卫生室短信上报卡  {clinic.code}  编号 {clinic.number}" if zh else f"Reports by text message  {clinic.code}  number {clinic.number}", ""]
    numbers = [f"{number}{check.letter(clinic.number, number)}" for number in range(first, first + count)]
    found.append("序号（每份报告用一个，用后划去，字母照抄）：" if zh else "Numbers (one for each report, cross it out; copy the letter too):")
    found += [" ".join(f"{one:>5}" for one in numbers[at : at + _A_ROW]) for at in range(0, count, _A_ROW)]
    for sign, kind in form.kinds.items():
        found += ["", *_kind(sign, kind, clinic, numbers[0], zh)]
    if clinic.places:
        found += ["", "转诊机构：" if zh else "Places to refer to:", *(f"  {number} {code}" for number, code in clinic.places.items())]
    return [*found, "", *_rules(clinic, form, numbers[0], zh)]


def _kind(sign: str, kind: Kind, clinic: Clinic, number: str, zh: bool) -> Iterator[str]:
    yield f"{sign} {kind.says_zh}" if zh else f"{kind.latin} {kind.says}"
    yield f"  {clinic.number} {number} {sign if zh else kind.latin} {_EXAMPLES[sign]['zh' if zh else 'en']}"
    for key, entry in kind.fields.items():
        yield f"  {_field(key, entry, zh)}"


def _field(key: str, entry: Entry, zh: bool) -> str:
    must = ("（必填）" if zh else " (needed)") if entry.needed else ""
    words = {**entry.words, **entry.letters}
    chosen = [(short, word) for short, word in words.items() if (short.isascii() is not zh)]
    meaning = "  ".join(f"{short}={word}" for short, word in chosen) if chosen else entry.hint_zh if zh else entry.hint
    return f"{key if zh else entry.latin} {entry.field if zh else ''}{must} {meaning}".replace("  ", " ") if zh else f"{entry.latin}{must} {meaning}"


def _rules(clinic: Clinic, form: Format, number: str, zh: bool) -> list[str]:
    sign, kind = next(iter(form.kinds.items()))
    if zh:
        return [
            "每项以上列一字开头，项间空格，次序不限；一条短信写不下，写作 1/2、2/2 分条发；多份报告用；隔开。",
            f"改正：同一序号后加 -2 重写全部，如 {number}-2。撤回：{clinic.number} {number}-2 {sign} 撤。未收的报告改后用原号重发。",
            f"收到答复后回：{clinic.number} 收 加答复末尾的号。重发不会重复计数。",
        ]
    return [
        "Each field begins with its letter, with a space between, in any order; what is too long for a message goes as 1/2, 2/2; reports are parted by ;",
        f"To correct: the same number with -2, and all of it again, as {number}-2. To take back: {clinic.number} {number}-2 {kind.latin} VOID.",
        f"What was refused is sent again with the same number. Confirm answers by {clinic.number} A and the number at their end. Nothing counts twice.",
    ]
