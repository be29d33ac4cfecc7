"""The small form of a village clinic: a CSV file, as a spreadsheet in Chinese saves it."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors import registry
from connectors.envelope import envelopes
from connectors.transports.tabular import rows
from schemas.models.record import Handling, Remark, Report, Work
from schemas.tokens import Keys
from streams.normalise.interpret import interpret
from streams.stage import Emit

KEYS = Keys(b"a secret for tests, 32 bytes long")
FORM = """机构,序号,版次,填报人,时间,姓名,电话,事项,办理,说明
CLIN-530624-11,1,1,VD-11,2020年2月1日9时0分,李样本,13800000002,转诊,完成,无车
CLIN-530624-11,2,1,VD-11,2020/2/1 10:00,王例子,13800000003,报卡,完成
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_spreadsheet_is_enough(encoding: str, tmp_path: Path) -> None:
    """Whatever the encoding, each row is a report about the person named in it; a cell that is missing at the end is empty."""
    path, source = tmp_path / "form.csv", registry.sources()["outpost-form"]
    path.write_bytes(FORM.encode(encoding))
    found = []
    for item in rows(path):
        (raw,) = envelopes(source, item, KEYS)
        found += [one.value for one in interpret(source, raw.fields or {}, raw.record, raw.version, KEYS) if isinstance(one, Emit)]
    reports = [one for one in found if isinstance(one, Report)]
    assert [(one.work, one.handling, one.remark, one.place, one.by) for one in reports] == [
        (Work.REFER, Handling.DONE, Remark.NO_TRANSPORT, "CLIN-530624-11", "VD-11"), (Work.CARD, Handling.DONE, None, "CLIN-530624-11", "VD-11"),
    ]  # fmt: skip
    assert reports[0].alias == KEYS.token("phone", "+8613800000002", "liyangben")
