"""The card of a clinic, one printed page: its numbers with their letters, and how to write each kind of report; in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connectors.messages import check
from connectors.messages.form import Clinic, Entry, Format, Kind
from schemas.source import Source
from schemas.vocabulary import vocabulary

_EXAMPLES = {
    "诊": {"zh": "名李样本 电13800000002 时2.1-9:30 症热咳 温38.2 判疑", "en": "NLI_YANGBEN P13800000002 T2.1-9:30 SFC C38.2 DS"},
    "办": {"zh": "名李样本 电13800000002 时2.1-10:00 事卡 办完", "en": "NLI_YANGBEN P13800000002 T2.1-10:00 WC HD"},
    "物": {"zh": "时2.1-8:00 品口 存20 用4", "en": "T2.1-8:00 IM Q20 U4"},
}
_A_ROW = 10


def card(clinic: Clinic, form: Format, sources: Mapping[str, Source], first: int, count: int, language: str) -> list[str]:
    """The lines of the card with so many numbers from a first one."""
    zh = language == "zh"
    found = [f"村卫生室短信上报卡  {clinic.code}  编号 {clinic.number}" if zh else f"Reports by text message  {clinic.code}  number {clinic.number}", ""]
    numbers = [f"{number}{check.letter(clinic.number, number)}" for number in range(first, first + count)]
    found.append("序号（每份报告用一个，用后划去，字母照抄）：" if zh else "Numbers (one for each report, cross it out; copy the letter too):")
    found += [" ".join(f"{one:>5}" for one in numbers[at : at + _A_ROW]) for at in range(0, count, _A_ROW)]
    for sign, kind in form.kinds.items():
        found += ["", *_kind(sign, kind, clinic, numbers[0], None if zh else sources[kind.source])]
    if clinic.places:
        found += ["", "转诊机构：" if zh else "Places to refer to:", *(f"  {number} {code}" for number, code in clinic.places.items())]
    return [*found, "", *_rules(clinic, form, numbers[0], zh)]


def _kind(sign: str, kind: Kind, clinic: Clinic, number: str, source: Source | None) -> Iterator[str]:
    """The lines of a kind: in English with the words of its source, in Chinese without it."""
    yield f"{kind.latin} {kind.says}" if source else f"{sign} {kind.says_zh}"
    yield f"  {clinic.number} {number} {kind.latin if source else sign} {_EXAMPLES[sign]['en' if source else 'zh']}"
    for key, entry in kind.fields.items():
        yield f"  {_english(entry, source)}" if source else f"  {_chinese(key, entry)}"


def _chinese(key: str, entry: Entry) -> str:
    must = "（必填）" if entry.needed else ""
    words = " ".join(f"{short}={word}" for short, word in {**entry.words, **entry.letters}.items() if not short.isascii())
    named = entry.field if not entry.field.isascii() and entry.field != entry.hint_zh else ""
    return " ".join(filter(None, (f"{key}{must}", named, words or entry.hint_zh)))


def _english(entry: Entry, source: Source) -> str:
    ours = _ours(entry, source)
    words = "  ".join(f"{short}={ours.get(word, word)}" for short, word in {**entry.words, **entry.letters}.items() if short.isascii())
    return f"{entry.latin}{' (needed)' if entry.needed else ''} {words or entry.hint}"


def _ours(entry: Entry, source: Source) -> dict[str, str]:
    """Our English word for each of a field's words."""
    if entry.letters:
        return {word: ours for ours, said in vocabulary("symptoms").items() for word in said} | {"无": "none"}
    if entry.field == source.subject.sex:
        return dict(source.subject.sex_words)
    words = {word: ours for rule in source.map.values() if entry.field in rule.paths for word, ours in rule.words.items()}
    return {word: ours.replace("_", " ") for word, ours in words.items()}


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
