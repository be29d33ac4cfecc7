"""`python -m tests.bench.linkage.pace`: CPU of the three stages on a busy machine, and a digest of all facts, to compare two trees of the program.

Other work on the machine makes the same instructions take twice their time. So a fixed loop runs between the batches, and times are told as they would be if
the loop took a fixed time: only their ratio to those of another tree means something. Run it in each tree in turn, several times; the digests say whether the
facts are the same.
"""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from schemas.models.identity import Mention
from schemas.tokens import Keys
from streams.identity.opened import Opened
from streams.identity.spec import shipped as spec
from streams.stage import Emit
from tests.bench.linkage.history import STAGES, build
from tests.bench.linkage.ours import Path3
from tests.bench.linkage.told import mention

_BATCH = 500
_LOOP = 0.02
"""Seconds that the loop is said to take."""
_NUMBERS = {b"%d" % number: str(number) for number in range(20_000)}


class _Kept(Path3):
    """The path, with all that its stages wrote."""

    def __init__(self, folder: Path, opened: Opened) -> None:
        super().__init__(folder, opened)
        self.facts: dict[str, list[Emit]] = {stage: [] for stage in STAGES}

    def _run(self, name: str, emits: Iterable[Emit]) -> list[Emit]:
        found = super()._run(name, emits)
        self.facts[name] += found
        return found


def main() -> None:
    """Build the people before, link those who come, and print one JSON document."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.linkage.pace", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000, help="people before")
    parser.add_argument("--coming", type=int, default=10_000, help="aliases whose records come now")
    asked = parser.parse_args()
    with TemporaryDirectory() as made:
        coming = build(Path(made), asked.people, asked.coming, _opened()).coming
        opened = _opened()  # nothing of the building is remembered
        path = _Kept(Path(made), opened)
        gc.disable()  # all facts are kept here, and looking through them would take as long as the stages, and the loop, ever differently
        found = _linked(path, [mention(opened.keys, record, number) for number, record in enumerate(coming)])
        path.close()
    print(json.dumps({**found, "facts": {stage: _digest(facts) for stage, facts in path.facts.items()}}))


def _opened() -> Opened:
    return Opened(spec("people"), Keys(b"the secret of the bench, of no use elsewhere"))


def _linked(path: Path3, mentions: Sequence[Mention]) -> dict[str, float]:
    """Microseconds of CPU a record, for each stage and all, and how much longer than said the loop took; the first batch fills caches."""
    path.link(mentions[:_BATCH])
    before, loops = dict(path.cpu), list[float]()
    for start in range(_BATCH, len(mentions), _BATCH):
        loops.append(_loop())
        path.link(mentions[start : start + _BATCH])
    slower = sum(loops) / len(loops) / _LOOP
    each = {stage: 1e6 * (path.cpu[stage] - before[stage]) / (len(mentions) - _BATCH) / slower for stage in STAGES}
    return {stage: round(took, 1) for stage, took in {**each, "all": sum(each.values())}.items()} | {"slower": round(slower, 2)}


def _loop() -> float:
    """Seconds of CPU of work like that of the stages: texts, bytes, dicts, digests."""
    began, kept = time.process_time(), {}
    for data, text in _NUMBERS.items():
        kept[data] = (text + "a").encode(), sha256(data).digest()
    return time.process_time() - began


def _digest(facts: Iterable[Emit]) -> str:
    digest = sha256()
    for emit in facts:
        digest.update(f"{emit.topic} {emit.key} {emit.value.model_dump_json()}\n".encode())
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    main()
