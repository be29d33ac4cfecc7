"""What became of a report, from what is on the bus, in any order."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.messages.form import Clinic
from connectors.messages.write import retracted
from deploy.outposts.answers import Told, answers
from deploy.outposts.outbox import Numbered
from deploy.outposts.said import line
from streams.standing import standing
from tests.connectors.messages.sample import CLINIC, FORM, SENT, VISIT, report, taker
from tests.properties import bus
from tests.properties.worlds import EVERY, World

_GOOD, _BAD = report(1, VISIT), report(1, VISIT.replace("判疑", "判好"))
_OTHER = report(1, VISIT.replace("温38.2", "温37.9"))
_SECOND, _BAD_SECOND = report(1, VISIT, revision=2), report(1, VISIT.replace("电13800000002", "电12").replace("判疑", ""), revision=2)


def told(texts: list[str], folder: Path, clinic: Clinic = CLINIC) -> list[Told]:
    """What a clinic is answered after these messages."""
    inside = bus.bus(World([], [3], list(EVERY)))
    takes = taker(folder, bus.KEYS)
    for number, text in enumerate(texts):
        bus.write(inside, takes.take(clinic, text, SENT + timedelta(minutes=number)).raws)
    inside.run()

    def messages(topic: str) -> list[tuple[str, object]]:
        return [(emit.key, emit.value) for emit in inside.topics.get(topic, [])]

    return answers(clinic.code, FORM, bus.agencies(), bus.KEYS, messages, lambda topic: standing(topic, messages(topic)))  # type: ignore[arg-type]


@pytest.mark.parametrize(("texts", "word", "more"), [
    ([_GOOD], "taken", ""), ([_GOOD, _GOOD, _GOOD], "taken", "3"), ([_BAD], "refused", "判"), ([_BAD, _GOOD], "taken", ""), ([_GOOD, _BAD_SECOND], "refused", "判"),
    ([_GOOD, _SECOND], "taken", ""), ([_GOOD, _OTHER], "conflict", "2"), ([_GOOD, _OTHER, _SECOND], "taken", ""), ([_GOOD, retracted(CLINIC, 1, "诊", 2)[4:].split(" #")[0]], "back", ""),
    ([_GOOD, retracted(CLINIC, 1, "诊", 2)[4:].split(" #")[0], report(1, VISIT, revision=3)], "taken", ""), ([report(1, VISIT.replace("电13800000002", "电12"))], "refused", "电"),
], ids=range(11))  # fmt: skip
def test_what_became_of_a_report(texts: list[str], word: str, more: str, tmp_path: Path) -> None:
    """Taken, how often, refused by which fields, repaired, corrected, taken back, or said in two ways under one number; in any order the same."""
    mine = [f"711 {text}" for text in texts]
    shuffled = random.Random(7).sample(mine, len(mine))
    for order in (mine, shuffled):
        assert [one for one in told(order, tmp_path) if one.about == "report"] == [Told("诊", 1, "report", word, more)]


def test_nobody_elses_reports(tmp_path: Path) -> None:
    """A clinic is answered about its own numbers, and not about those of another with the same numbers."""
    other = CLINIC.model_copy(update={"code": "CLIN-530624-12"})
    assert told([f"711 {_GOOD}"], tmp_path, other)
    inside = told([], tmp_path)
    assert inside == []


@pytest.mark.parametrize(("about", "word", "more", "zh", "en"), [
    ("report", "taken", "", "1已收", "1 taken"), ("report", "taken", "3", "1已收（重复3次）", "1 taken (3 times)"),
    ("report", "refused", "判电", "1未收，请改判电后以原号重发", "1 refused, correct D P and send it again with the same number"),
    ("report", "refused", "", "1未收，请改内容后以原号重发", "1 refused, correct it and send it again with the same number"),
    ("report", "conflict", "12", "1同号两文，请以版次12重发", "1 came with two contents, send it again as version 12"),
    ("status", "confirmed", "", "1 确诊", "1 confirmed"), ("status", "gone", "", "1前答状态作废", "1 status no longer so"), ("told", "gone", "", "1前答结果作废", "1 told no longer so"),
])  # fmt: skip
def test_in_words(about: str, word: str, more: str, zh: str, en: str) -> None:
    """Each answer in both languages, with the keys as they stand on the card of that language."""
    one = Numbered(answer=1, kind="诊", number=1, about=about, word=word, more=more)
    assert (line(one, "zh"), line(one, "en")) == (zh, en)
