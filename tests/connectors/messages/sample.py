"""An invented clinic, and what takes its messages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from connectors import registry
from connectors.messages import check, form
from connectors.messages.form import Clinic, Register
from connectors.messages.held import Held
from connectors.messages.take import Taker
from schemas.tokens import Keys
from streams.normalise.interpret import check as meaning

KEYS = Keys(b"a secret for tests, 32 bytes long")
SOURCES = registry.sources()
FORM = form.shipped()
SENT = datetime.fromisoformat("2020-02-04T09:00:00+08:00")
CLINIC = Clinic(code="CLIN-530624-11", number="711", region="530624107", staff="VD-11", phones=["13800000099"], places={"1": "HOSP-530624-01"})
ENGLISH = CLINIC.model_copy(update={"code": "CLIN-533102-07", "number": "27", "region": "533102100", "phones": ["+8613800000098"], "language": "en"})
REGISTER = Register(clinics=[CLINIC, ENGLISH])
VISIT = "名李样本 电13800000002 时2.1-9:30 病1.30 症热咳 温38.2 判疑 转1"


def taker(folder: Path, keys: Keys = KEYS) -> Taker:
    """What takes messages, with parts in a folder."""
    return Taker(SOURCES, keys, FORM, Held(folder, keys), lambda source, fields: meaning(source, fields, KEYS.unkept()))


def report(number: int, words: str, kind: str = "诊", revision: int = 1, clinic: Clinic = CLINIC) -> str:
    """A report without the clinic's number, as written by hand."""
    return f"{number}{check.letter(clinic.number, number)}" + (f"-{revision}" if revision > 1 else "") + f" {kind} {words}"
