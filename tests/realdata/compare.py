"""The same facts through two connectors: what differs between the views of the cases and of the rows of one province."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from connectors import registry
from connectors.sources.trajectory import read
from schemas.models.case import What
from tests.realdata.answer import Answer, timeline, view
from tests.realdata.memory import KEYS, raws


def records(name: str, paths: Sequence[Path]) -> Counter[str]:
    """What the steps of some files say, word for word and as it is read, without whose they are."""
    told = [json.loads(raw.body) for raw in raws(registry.sources()[name], paths)]
    return Counter(json.dumps([read(one), *(one[field] for field in ("时间", "途径地点", "事件", "描述", "交通工具"))]) for one in told)


def merged(paths: Sequence[Path]) -> set[str]:
    """Keys of the people that some rows make one of several cases: a row does not say which of two cases with equal columns it belongs to.

    A case begins with its first step, so rows of one identity with two first steps are of two cases.
    """
    first = Counter(found["case"] for raw in raws(registry.sources()["trajectory-csv"], paths) if (found := json.loads(raw.body))["step"] == "轨迹1")
    return {KEYS.token("case", case) for case, count in first.items() if count > 1}


def differences(cases: Answer, rows: Answer, together: set[str]) -> list[str]:
    """What is wrong: each person of the rows must be one of the cases, but for those in `together`, who must have been wherever the other cases were."""
    alone = [case for case in rows.cases if case["person"] not in together]
    missing, remaining = view(alone) - view(cases.cases), view(cases.cases) - view(alone)
    found = [f"{sum(missing.values())} linked cases of the rows are not among those of the cases"] if missing else []
    stays = {line for case in rows.cases if case["person"] in together for line in _stays(timeline(case))}
    if {line for case in remaining for line in _stays(json.loads(case)["timeline"])} - stays:
        found.append("the rows that are several cases in one do not hold all that these cases hold")
    return found


def _stays(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if json.loads(line)["what"] == What.STAY]
