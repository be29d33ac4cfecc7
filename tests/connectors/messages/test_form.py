"""The register of clinics, and parts that wait."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from connectors.messages.form import register
from connectors.messages.held import KEPT
from connectors.messages.take import Fate
from connectors.registry import BadFile
from schemas.tokens import Keys
from tests.connectors.messages.sample import CLINIC, REGISTER, SENT, VISIT, report, taker

_YAML = """
clinics:
  - {code: CLIN-530624-11, number: 711, region: 530624107, staff: VD-11, phones: [138 0000 0099, +959421234567], places: {1: HOSP-530624-01}, language: zh, checked: true}
  - {code: CLIN-533102-07, number: 27, region: 533102100, staff: VD-27, phones: [13800000098], language: en}
"""


def test_a_register_is_read_as_it_is_written(tmp_path: Path) -> None:
    """Numbers are text, phones of every country are one form, and a clinic is found by phone, code and number."""
    path = tmp_path / "outposts.yaml"
    path.write_text(_YAML, "utf-8")
    found = register(path)
    one = found.of("+86 138-0000-0099")
    assert one is not None
    assert (one.code, one.region, one.phones, one.checked) == ("CLIN-530624-11", "530624107", ["+8613800000099", "+959421234567"], True)
    assert found.of("09421234567") is None
    assert found.of("nobody") is None
    assert found.called("27") is found.called("CLIN-533102-07") is found.clinics[1]


@pytest.mark.parametrize(("old", "new", "said"), [
    ("number: 27", "number: 711", "a number stands twice"), ("13800000098", "13800000099", "a phone stands twice"), ("CLIN-533102-07", "CLIN-530624-11", "a code stands twice"),
    ("number: 27", "number: 027", "number"), ("13800000098", "12", "phones"), ("language: en", "language: fr", "language"), ("clinics:", "clinic:", "clinics"), ("clinics:", "clinics: [", "not YAML"),
])  # fmt: skip
def test_a_wrong_register_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    """What stands twice, or is none, is refused with the file and the field, and no phone is repeated."""
    path = tmp_path / "outposts.yaml"
    path.write_text(_YAML.replace(old, new), "utf-8")
    with pytest.raises(BadFile, match=said) as refused:
        register(path)
    assert "1380000009" not in str(refused.value)


def test_parts_wait_sealed_and_are_told_missing(tmp_path: Path) -> None:
    """A part waits on the disk, where nobody reads it without the keys, over a restart; the last makes the report; one that is erased says nothing."""
    first, second = "名李样本 电13800000002 时2.1-9:30", "判疑"
    waiting = taker(tmp_path).take(CLINIC, f"711 {report(15, f'1/2 {first}')}", SENT)
    assert [(one.fate, one.missing) for one in waiting.answers] == [(Fate.WAITING, (2,))]
    assert waiting.raws == []
    (kept,) = tmp_path.glob("*/*")
    assert not [text for text in ("李样本", "13800000002", "711") if text.encode() in kept.read_bytes() or text in str(kept.relative_to(tmp_path))]
    done = taker(tmp_path).take(CLINIC, f"711 {report(15, f'2/2 {second}')}", SENT)
    assert [one.fate for one in done.answers] == [Fate.TAKEN]
    other = Keys(b"another secret for it, of 32 bytes")
    assert taker(tmp_path, other).take(CLINIC, f"711 {report(15, f'2/2 {second}')}", SENT).answers[0].fate is Fate.WAITING


def test_parts_are_forgotten_after_two_weeks(tmp_path: Path) -> None:
    """What never became whole does not stay on the disk."""
    taker(tmp_path).take(CLINIC, f"711 {report(15, '1/2 名李样本')}", SENT)
    (kept,) = tmp_path.glob("*/*")
    old = time.time() - KEPT - 60
    os.utime(kept, (old, old))
    answer = taker(tmp_path).take(CLINIC, f"711 {report(15, '2/2 ' + VISIT)}", SENT).answers[0]
    assert answer.missing == (1,)
    assert not kept.exists()


def test_a_part_in_too_many_texts_is_refused(tmp_path: Path) -> None:
    """A part that comes with a fifth text asks for a new version; the same text again is no further one."""
    texts = [f"711 {report(15, f'1/2 温38.{number} 名李样本')}" for number in range(5)]
    fates = [taker(tmp_path).take(CLINIC, text, SENT).answers[0].fate for text in (*texts[:4], *texts)]
    assert fates == [Fate.WAITING] * 8 + [Fate.REFUSED]
    assert REGISTER.called("711") is CLINIC
