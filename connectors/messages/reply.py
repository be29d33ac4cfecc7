"""Answers as short messages: what became of each report, by its number alone, in the language of the clinic."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.messages.form import Clinic
from connectors.messages.take import Answer, Fate

LIMITS = {"zh": 70, "en": 160}
"""Signs of one message: Chinese goes as UCS-2, and English answers are all in the GSM 7 bit alphabet (3GPP TS 23.038)."""


def texts(answers: Sequence[Answer], clinic: Clinic) -> list[str]:
    """Messages that say it, as few as hold it, each of one short message."""
    return packed([line(one, clinic.language) for one in answers], clinic.language)


def packed(lines: Sequence[str], language: str) -> list[str]:
    """Lines put together into messages, as many as fit each; one that is longer than a message is cut."""
    limit, found = LIMITS[language], [""]
    for one in lines:
        text = one if len(one) <= limit else one[: limit - 2].rstrip() + ".."
        joined = f"{found[-1]};{text}" if found[-1] else text
        if len(joined) <= limit:
            found[-1] = joined
        else:
            found.append(text)
    return [one for one in found if one]


def line(answer: Answer, language: str) -> str:
    """One answer."""
    return _zh(answer) if language == "zh" else _en(answer)


def _zh(answer: Answer) -> str:
    match answer.fate:
        case Fate.TAKEN:
            return f"{answer.number}已撤回" if answer.back else f"{answer.number}已收"
        case Fate.WAITING:
            return f"{answer.number}待收第{'、'.join(map(str, answer.missing))}条"
        case _:
            return f"{answer.number or ''}未收：{'；'.join(one.says_zh for one in answer.problems)}。改后以原号重发"


def _en(answer: Answer) -> str:
    match answer.fate:
        case Fate.TAKEN:
            return f"{answer.number} taken back" if answer.back else f"{answer.number} taken"
        case Fate.WAITING:
            return f"{answer.number} waits for part {', '.join(map(str, answer.missing))}"
        case _:
            return f"{answer.number or ''} refused: {'. '.join(one.says for one in answer.problems)}. Send it again with the same number".strip()
