"""Messages: what is read, and what is refused with a sentence that says what to correct."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.messages import check, length, reply
from connectors.messages.read import LONGEST, content, read
from connectors.messages.take import Fate, Outcome
from connectors.messages.write import TooLong, has, retracted, written
from streams.normalise.interpret import check as check_
from tests.connectors.messages.sample import CLINIC, ENGLISH, FORM, KEYS, SENT, SOURCES, VISIT, report, taker

RECORD = {"机构": "CLIN-530624-11", "序号": "15", "版次": "1", "地区": "530624107", "姓名": "李样本", "电话": "13800000002", "就诊时间": "2020-02-01 09:30",
          "发病日期": "2020-01-30", "症状": "发热，咳嗽", "体温": "38.2", "处置": "疑似", "转诊": "HOSP-530624-01"}  # fmt: skip


def taken(text: str, folder: Path, clinic: object = CLINIC) -> Outcome:
    """What comes of a message."""
    return taker(folder).take(ENGLISH if clinic is ENGLISH else CLINIC, text, SENT)


@pytest.mark.parametrize("text", [
    f"711 {report(15, VISIT)}", f"７１１，{report(15, VISIT)}", f"711  {report(15, VISIT.lower())} ", f"711 {report(15, VISIT.replace('名', '名:'))}",
    f"711 {report(15, 'N李样本 P13800000002 T02010930 O1/30 SFC C38.2 DS R1', 'V')}", f"711 {report(15, '判疑似 症发热咳嗽 转1 温38.2 病1月30日 时2月1日9时30分 电13800000002 名李样本')}",
], ids=range(6))  # fmt: skip
def test_one_report_in_many_hands(text: str, tmp_path: Path) -> None:
    """Full-width signs, Latin letters for keys and words, whole words, and any order of fields are the same record."""
    outcome = taken(text, tmp_path)
    assert [json.loads(raw.body) for raw in outcome.raws] == [RECORD]
    assert [(one.number, one.fate) for one in outcome.answers] == [(15, Fate.TAKEN)]
    (raw,) = outcome.raws
    assert (raw.record, raw.version) == (KEYS.token("record", "outpost-visit", "CLIN-530624-11", "15"), 1)


def test_it_fits_one_message() -> None:
    """A visit with phone, onset, symptoms, temperature and referral is one message of 70 signs, also with the check letters of a program."""
    text = written(CLINIC, 15, "诊", {word[0]: word[1:] for word in VISIT.split()})
    assert len(text) == 1
    assert length.fits(text[0])
    assert length.room(text[0]) < 160 - len(text[0])  # it is in UCS-2


def test_several_reports_and_answers_in_one(tmp_path: Path) -> None:
    """Reports of any kind go together, and a word says up to which answer the clinic has them."""
    text = f"711 {report(1, '时2.1-8:00 品口 存20 用4', '物')}；{report(2, '名李样本 电13800000002 时2.1-10:00 事卡 办完 注电', '办')}；收27"
    outcome = taken(text, tmp_path)
    assert [(raw.source, raw.fault) for raw in outcome.raws] == [("stock-report", None), ("outpost-form", None)]
    assert [one.fate for one in outcome.answers] == [Fate.TAKEN, Fate.TAKEN]
    assert outcome.has == 27
    assert taken(has(CLINIC, 27), tmp_path).has == 27


def test_a_correction_and_a_retraction(tmp_path: Path) -> None:
    """The same number with a higher version corrects, and takes back with one word."""
    (corrected,) = taken(f"711 {report(15, VISIT, revision=2)}", tmp_path).raws
    (gone,) = taken(retracted(CLINIC, 15, "诊", 3), tmp_path).raws
    first = taken(f"711 {report(15, VISIT)}", tmp_path).raws[0]
    assert first.record == corrected.record == gone.record
    assert [(one.version, one.retracts) for one in (first, corrected, gone)] == [(1, False), (2, False), (3, True)]


@pytest.mark.parametrize(("words", "key"), [
    (VISIT.replace("判疑", "判好"), "判"), (VISIT.replace("判疑", ""), "判"), (VISIT.replace("时2.1-9:30", "时2.30"), "时"), (VISIT.replace("症热咳", "症热坏"), "症"),
    (VISIT.replace("转1", "转7"), "转"), (VISIT.replace("温38.2", "温382"), "温"), (VISIT.replace("13800000002", "1380000000"), "电"), (VISIT + " 判确", "判"),
    (VISIT + " 证53060219910203002X", "证"), (VISIT + " 家里", "?"), ("时2.1 判疑", ""), (VISIT.replace("时2.1-9:30", "时3.1"), "时"),
], ids=range(12))  # fmt: skip
def test_what_is_wrong_is_told_by_its_key(words: str, key: str, tmp_path: Path) -> None:
    """A wrong field is named by its key with what is expected; nothing that was written is repeated; it lies in `reject` under the report's number."""
    outcome = taken(f"711 {report(15, words)}", tmp_path)
    (answer,) = outcome.answers
    assert answer.fate is Fate.REFUSED
    assert [one.key for one in answer.problems] == [key]
    said = json.dumps([(one.says, one.says_zh) for one in answer.problems], ensure_ascii=False) + str([raw.fault for raw in outcome.raws])
    assert not [value for value in ("13800000002", "李样本", "380000000", "家里", "53060219910203002X") if value in said]
    assert {raw.record for raw in outcome.raws} == {KEYS.token("record", "outpost-visit", "CLIN-530624-11", "15")}


@pytest.mark.parametrize("text", [
    f"712 {report(15, VISIT)}", f"711 16{check.letter('711', 15)} 诊 {VISIT}", f"711 {report(15, VISIT, '书')}", "711", "", "你好", f"711 {report(15, VISIT)} #AA",
    f"711 {report(15, VISIT)} #", "711 " + "长" * LONGEST, f"711 0{check.letter('711', 0)} 诊 {VISIT}", f"711 {report(15, '3/2 ' + VISIT)}",
], ids=range(11))  # fmt: skip
def test_what_is_no_report_is_refused(text: str, tmp_path: Path) -> None:
    """Another clinic's number, a number whose letter does not fit, an unknown kind, a message that was cut or mistyped: one raw message with a fault, one answer."""
    outcome = taken(text, tmp_path)
    assert [raw.fault is not None for raw in outcome.raws] == [True]
    assert [one.fate for one in outcome.answers] == [Fate.REFUSED]
    assert reply.texts(outcome.answers, CLINIC)


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_a_wrong_number_is_found(one: int, other: int) -> None:
    """Every number that differs from another in one digit, or in two neighbours that were swapped, has another letter."""
    a, b = f"{one:04}", f"{other:04}"
    differ = [place for place in range(4) if a[place] != b[place]]
    swapped = len(differ) == 2 and differ[1] == differ[0] + 1 and a[differ[0]] == b[differ[1]] and a[differ[1]] == b[differ[0]]
    if len(differ) == 1 or swapped:
        assert check.letter("711", one) != check.letter("711", other)


@given(st.data())
def test_a_wrong_sign_is_found(data: st.DataObject) -> None:
    """A message with check letters in which one Latin letter or digit is another, or two neighbours are swapped, is refused whole."""
    (text,) = written(CLINIC, 15, "V", {"N": "MAUNG", "P": "13800000002", "T": "2.1-9:30", "D": "S"})
    place = data.draw(st.integers(0, len(text) - 5))
    if data.draw(st.booleans()):
        wrong = text[:place] + data.draw(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")) + text[place + 1 :]
    else:
        wrong = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if content(wrong) != content(text):
        assert read(wrong, CLINIC, FORM).problem


@given(st.text(max_size=200) | st.text("711 15KNPTVDS诊办物名电时判疑撤收#;/-.:0123456789", max_size=200))
def test_nothing_breaks_it(text: str) -> None:
    """Whatever is written is read or refused, with a problem that repeats none of it."""
    message = read(f"711 {text}", CLINIC, FORM)
    assert message.problem or message.has is not None or message.reports
    problems = [one for said in message.reports for one in said.problems] + ([message.problem] if message.problem else [])
    assert all(one.says and one.says_zh and one.key in {"", "?", "#", *"名电证性龄址时病症温判转事办注交品存用"} for one in problems)


_SPOILT = st.sampled_from(["", " ", "诊", "判", "X", "#", "-2", "1/2", "；", "时13.1", "13800000001", "症", "撤", "9" * 30, "证11010119900307779X", "\u202e", "名"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 3), _SPOILT), max_size=4), st.sampled_from([report(15, VISIT), report(3, "时2.1-8:00 品口 存20 用4", "物")]))
def test_the_answer_is_what_normalise_says(edits: list[tuple[int, int, str]], text: str) -> None:
    """However a message is spoiled, what is answered as taken is understood, and what is answered as refused is refused, with a reason."""
    for at, gone, new in edits:
        text = text[:at] + new + text[at + gone :]
    with TemporaryDirectory() as folder:
        outcome = taken(f"711 {text}", Path(folder))
    understood = {raw.record: not raw.fault and (raw.retracts or not check_(SOURCES[raw.source], json.loads(raw.body), KEYS)) for raw in outcome.raws}
    fates = [one.fate is Fate.TAKEN for one in outcome.answers if one.fate is not Fate.WAITING]
    assert sorted(understood.values()) == sorted(fates) or len(understood) < len(fates)  # two of one number are one record
    assert all(one.problems for one in outcome.answers if one.fate is Fate.REFUSED)


@given(st.lists(st.sampled_from([*VISIT.split(), "证530602199102030025", "址虚构村第三村民小组老学校旁边", "龄28", "性女"]), unique=True, min_size=2))
def test_every_message_that_is_written_is_one_short_message(words: list[str]) -> None:
    """However many fields there are, each message fits, and together they hold every field once."""
    fields = {word[0]: word[1:] for word in words}
    texts = written(CLINIC, 15, "诊", fields)
    assert all(length.fits(text) for text in texts)
    reports = [said for text in texts for said in read(text, CLINIC, FORM).reports]
    assert {key: value for said in reports for key, value in said.fields.items()} == fields


def test_what_fits_nowhere_is_said() -> None:
    """A field that is longer than a message is refused where it is written."""
    with pytest.raises(TooLong):
        written(CLINIC, 15, "诊", {"址": "虚" * 80})


@pytest.mark.parametrize("clinic", [CLINIC, ENGLISH], ids=["zh", "en"])
def test_answers_are_short_messages(clinic: object, tmp_path: Path) -> None:
    """Answers in both languages are each of one short message, name numbers only, and say what to correct."""
    mine = ENGLISH if clinic is ENGLISH else CLINIC
    text = f"{mine.number} " + ";".join(report(number, VISIT.replace("判疑", "判好").replace("转1", "转9"), clinic=mine) for number in range(1, 5))
    texts = reply.texts(taker(tmp_path).take(mine, text, SENT).answers, mine)
    assert len(texts) > 1
    assert all(length.fits(one) for one in texts)
    assert ("判应为" if mine is CLINIC else "D: expected") in texts[0]
    assert all(name not in "".join(texts) for name in ("李样本", "13800000002"))


def test_every_word_of_the_format_is_understood() -> None:
    """Every short word of every field becomes a word that its source knows, and every field that a source must have can be written."""
    for kind in FORM.kinds.values():
        source = SOURCES[kind.source]
        rules = {path: rule for rule in source.map.values() for path in rule.paths}
        for entry in kind.fields.values():
            words = set(entry.words.values())
            known = source.subject.sex_words if entry.field == source.subject.sex else rules[entry.field].words if words else {}
            assert words <= known.keys(), entry.field
        written_ = {entry.field for entry in kind.fields.values()} | set(kind.sets.values())
        assert {path for rule in source.map.values() if not rule.optional for path in rule.paths if rule.as_ != "symptoms"} <= written_
