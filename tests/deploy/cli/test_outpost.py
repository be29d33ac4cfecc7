"""`lianfang outpost`, as people at a clinic and at a township use it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from connectors.messages.read import read
from deploy.bus import Bus
from schemas.models.raw import Raw
from tests.connectors.messages.sample import CLINIC, FORM, SENT, VISIT, report, taker
from tests.deploy.cli.conftest import Filled, Run
from tests.deploy.cli.people import KEYS
from tests.deploy.fakes import entry
from tests.deploy.outposts.test_taking import visit

_REGISTER = """
clinics:
  - {code: CLIN-530624-11, number: 711, region: 530624107, staff: VD-11, phones: [13800000099], places: {1: HOSP-530624-01}, key: clinic.key}
  - {code: CLIN-533102-07, number: 27, region: 533102100, staff: VD-27, phones: [13800000098], language: en}
"""


class Publisher:
    """Keeps what is published."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.held: list[Raw] = []

    def bus(self) -> str:
        """Which bus it is."""
        return "one"

    def publish(self, raws: Iterable[Raw]) -> None:
        """Keep them."""
        self.held += raws

    def close(self) -> None:
        """Let go."""


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Publisher:
    """What the command publishes with."""
    found = Publisher()
    monkeypatch.setattr(Bus, "publisher", lambda _: found)
    return found


@pytest.fixture(autouse=True)
def _register(home: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """A register of two clinics, and the key of one."""
    (home / "outposts.yaml").write_text(_REGISTER, "utf-8")
    monkeypatch.setenv("LIANFANG_OUTPOSTS", str(home / "outposts.yaml"))
    assert run("outpost", "key", str(home / "clinic.key")).code == 0


def _csv(path: Path, numbers: Iterable[int]) -> Path:
    records = [visit(number) for number in numbers]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, records[0])
        writer.writeheader()
        writer.writerows(records)
    return path


@pytest.mark.parametrize(("clinic", "said"), [("711", ["村卫生室短信上报卡", "15", "判疑", "HOSP-530624-01", "撤回"]), ("27", ["Reports by text message", "VOID", "1/2", "D (needed) O=observed  S=suspected", "F=fever", "M=mask"])])
def test_the_card_has_all_that_is_needed(run: Run, clinic: str, said: list[str]) -> None:
    """One page in the language of the clinic: numbers with their letters, every key, examples that are understood, how to correct and take back."""
    text = run("outpost", "card", clinic).out
    assert all(word in text for word in said)
    assert len(text.splitlines()) < 66
    assert (clinic == "27") == (not re.search(r"[一-鿿]", text))
    if clinic == "711":
        examples = [line.strip() for line in text.splitlines() if line.startswith("  711 ")]
        assert len(examples) == len(FORM.kinds)
        assert not [one for text in examples for one in read(text, CLINIC, FORM).reports if one.problems]
        assert all(f"\n  {key}" in text for kind in FORM.kinds.values() for key in kind.fields)
    assert run("outpost", "card", clinic, "--first", "9990").code == 1
    assert run("outpost", "card", "999").code == 1


def test_a_report_is_written(run: Run) -> None:
    """The messages of a report end with their letters, are read again, and say when a key is none."""
    (text,) = json.loads(run("outpost", "write", "711", "15", "诊", *VISIT.split(), "--json").out)["texts"]
    assert read(text, CLINIC.model_copy(update={"checked": True}), FORM).reports[0].problems == ()
    assert "撤 #" in run("outpost", "write", "711", "15", "V", "--revision", "2").out
    assert "keys are" in run("outpost", "write", "711", "15", "诊", "家里").err
    assert "kinds are" in run("outpost", "write", "711", "15", "书").err
    assert "too long" in run("outpost", "write", "711", "15", "诊", "址" + "虚" * 80).err


def test_a_stick_from_clinic_to_bus_and_its_answers_back(run: Run, home: Path, publisher: Publisher, filled: Filled) -> None:
    """Packed and sealed without a bus; half of it taken; the rest named, brought, and taken once; the answers are a sealed file that the clinic opens."""
    key, stick = str(home / "clinic.key"), home / "stick"
    packed = run("outpost", "pack", "CLIN-530624-11", "outpost-visit", str(_csv(home / "visits.csv", range(1, 201))), "--key", key, "--out", str(stick), "--size", "500")
    assert packed.code == 0
    parts = sorted(stick.iterdir())
    assert len(parts) > 1
    assert not [part for part in parts if b"13800000002" in part.read_bytes()]
    half = run("outpost", "take", str(parts[0]), "--json")
    (told,) = json.loads(half.out)["files"]
    assert (half.code, told["missing"]) == (1, [*range(2, len(parts) + 1)])
    rest = run("outpost", "take", *map(str, parts), "--json")
    assert rest.code == 0
    files = json.loads(rest.out)["files"]
    assert (files[0]["again"], files[-1]["missing"]) == ([1], [])
    assert all(one["records"] == one["taken"] + one["rejected"] + one["duplicates"] for one in files)
    assert told["records"] + sum(one["records"] for one in files) == len(publisher.held) == 200
    filled(*(entry("raw.outpost-visit", raw, key=raw.record) for raw in publisher.held))
    out = home / "answers.lfp"
    assert len(json.loads(run("outpost", "answers", "711", "--out", str(out), "--json").out)["answers"]) == 200
    assert "200已收" in run("outpost", "open", str(out), "--key", key).out
    assert run("outpost", "open", str(out)).code == 1


def test_answers_are_given_until_they_are_confirmed(run: Run, filled: Filled, home: Path) -> None:
    """The same again until the clinic confirms; then what is new only; --since gives again; a number that was never given changes nothing."""
    takes = taker(home / "messages", KEYS)
    raws = [raw for number in (1, 2) for raw in takes.take(CLINIC, f"711 {report(number, VISIT)}", SENT).raws]
    filled(*(entry("raw.outpost-visit", raw, key=raw.record) for raw in raws))
    first = run("outpost", "answers", "711", "--texts").out
    assert first == run("outpost", "answers", "711", "--texts").out == "1已收;2已收;收到请回711 收2\n"
    assert json.loads(run("outpost", "confirm", "711", "9", "--json").out)["has"] == 0
    assert json.loads(run("outpost", "confirm", "CLIN-530624-11", "1", "--json").out)["has"] == 1
    assert run("outpost", "answers", "711", "--texts").out == "2已收;收到请回711 收2\n"
    assert run("outpost", "answers", "711", "--texts", "--since", "0").out == first
    assert "1已收" in run("outpost", "answers", "711", "--since", "0").out
    assert json.loads(run("outpost", "answers", "27", "--json").out)["answers"] == []


def test_what_is_wrong_is_said(run: Run, home: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key, another source, a broken row, a file without a piece, an open piece of a clinic that has a key, no register: each says what to do."""
    rows, out = _csv(home / "visits.csv", [1]), str(home / "out")
    assert "--key" in run("outpost", "pack", "CLIN-530624-11", "outpost-visit", str(rows), "--out", out).err
    assert "clinics send" in run("outpost", "pack", "CLIN-530624-11", "scan-code", str(rows), "--clear", "--out", out).err
    (home / "broken.jsonl").write_text("{\n", "utf-8")
    assert "records 1" in run("outpost", "pack", "CLIN-530624-11", "outpost-visit", str(home / "broken.jsonl"), "--clear", "--out", out).err
    assert run("outpost", "pack", "CLIN-530624-11", "outpost-visit", str(rows), "--clear", "--out", out).code == 0
    (part,) = (home / "out").iterdir()
    taken = run("outpost", "take", str(part), str(rows))
    assert taken.code == 1
    assert "not sealed under the key" in taken.out
    assert "visits.csv: no piece" in taken.out
    assert publisher.held == []
    assert "there already" in run("outpost", "key", str(home / "clinic.key")).err
    (home / "clinic.key").write_text("00", "ascii")
    assert "64 hexadecimal" in run("outpost", "take", str(part)).err
    monkeypatch.delenv("LIANFANG_OUTPOSTS")
    assert all("LIANFANG_OUTPOSTS" in run("outpost", *words).err for words in (("card", "711"), ("take", str(part))))


