"""`make bench`: asks questions of the running path, each on a broker of its own, and keeps the answers with the machine's description."""

from __future__ import annotations

import argparse
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy.cli.output import progress, table
from deploy.local import process, stack
from schemas.settings import Settings
from tests.bench.ask import Answer, Bench, machine

_QUESTIONS = {
    "stages": "what a scan costs in each stage: CPU, wire, disk",
    "path": "scans per second that two cores sustain with lag flat",
    "latency": "from a confirmed result to the contact's release, at 10, 50 and 90 % of that",
    "peak": "the share of a province's peak that two cores hold for ten minutes, and what all of it takes",
    "work": "from the record of a return to its task, and what tasks cost beside linked cases",
    "growth": "throughput, latency and memory with 0.1 to 50 million presences of history",
    "spread": "two, four and eight partitions over one and two workers",
    "recovery": "seconds to resume after a kill, and after losing the disk",
    "busy": "what others notice of a place with a million presences a day",
    "replay": "changelog or replay of the retained input, for each stage",
    "relay": "the runtime alone, beside a plain loop",
}


def main() -> None:
    """Ask what was asked for. A question that fails is told at the end, and the exit code is then 1."""
    asked = _arguments()
    known: dict[str, dict[str, Any]] = {"path": {"sustained": asked.rate}} if asked.rate else {}
    failures = {}
    for name in asked.questions or _QUESTIONS:
        progress(f"{name}: {_QUESTIONS[name]}")
        try:
            answer, seconds = _ask(name, known, asked)
        except AssertionError as failure:
            failures[name] = str(failure)
            progress(f"{name} failed: {failure}")
            continue
        known[name] = answer.found
        _tell(answer)
        _keep(
            asked.json,
            {"question": name, "small": asked.small, "settings": dict(asked.set), "seconds": round(seconds), "machine": machine(), "found": answer.found},
        )
    sys.exit("\n".join(f"{name}: {failure}" for name, failure in failures.items()) or 0)


def _arguments() -> argparse.Namespace:
    lines = "\n".join(f"  {name:<10}{says}" for name, says in _QUESTIONS.items())
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=f"{__doc__}\n\nquestions (all of them when none is named):\n{lines}",
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("questions", nargs="*", type=_question, metavar="QUESTION", help="one of the above")
    parser.add_argument("--small", action="store_true", help="about a minute for each, to see that it works; the numbers mean little")
    parser.add_argument("--rate", type=float, help="scans per second that the path sustains, for `latency` without `path`; unset, it is measured first")
    parser.add_argument(
        "--set", type=_setting, action="append", default=[], metavar="NAME=VALUE", help="a setting for all buses, such as batch_size=2000; repeatable"
    )
    parser.add_argument(
        "--json", type=Path, default=Path(".lianfang/bench.json"), help="file of results, one JSON document a line (default .lianfang/bench.json)"
    )
    return parser.parse_args()


def _question(text: str) -> str:
    if text not in _QUESTIONS:
        raise argparse.ArgumentTypeError(f"no {text}: there are {', '.join(_QUESTIONS)}")
    return text


def _setting(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or name not in Settings.model_fields:
        raise argparse.ArgumentTypeError(f"{text} is no NAME=VALUE of a setting; `lianfang settings` lists them")
    return name, value


def _ask(name: str, known: dict[str, dict[str, Any]], asked: argparse.Namespace) -> tuple[Answer, float]:
    """The answer and how long it took; the broker is stopped and its folder removed whatever happens."""
    began = time.monotonic()
    with TemporaryDirectory(prefix="lianfang-bench-") as folder:
        home = Path(folder)
        try:
            process.tie()
            ends = stack.up(home, lambda _: None)
            answer: Answer = import_module(f"tests.bench.{name}").ask(Bench(ends, home, asked.small, known, dict(asked.set)))
        finally:
            stack.down(home)
    return answer, time.monotonic() - began


def _tell(answer: Answer) -> None:
    for one in answer.tables:
        table(one.title, one.columns, one.rows)
    for note in answer.notes:
        print(note)
    sys.stdout.flush()


def _keep(path: Path, result: dict[str, Any]) -> None:
    """Add a result to the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(result, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
