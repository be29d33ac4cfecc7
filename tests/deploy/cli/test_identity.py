"""`lianfang identity` with files: train, evaluate, report, explain."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml

from streams.identity.model import load
from tests.deploy.cli.conftest import Run
from tests.deploy.cli.people import saved
from tests.deploy.linkage.people import FILE, ROWS, write
from tests.streams.identity.small import model

INNER = ("train", "evaluate", "explain", "review", "try", "switch", "report")


@pytest.fixture(name="spec")
def _spec(tmp_path: Path) -> str:
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(FILE.model_dump()), "utf-8")
    return str(path)


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> str:
    return str(write(tmp_path))


@pytest.fixture(name="weights")
def _weights(tmp_path: Path) -> str:
    return str(saved(tmp_path, model()))


@pytest.mark.parametrize("name", [*INNER, "review list", "review show", "review decide", "review undo", "review estimate"])
def test_each_teaches_itself(name: str, run: Run) -> None:
    """Each command says how it is used and what it does, and each that shows something has --json."""
    told = run("identity", *name.split(), "--help")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith(f"Usage: lianfang identity {name}")
    assert "--json" in told.out or name == "review"


def test_the_group_names_them(run: Run) -> None:
    """`lianfang identity --help` lists every command."""
    told = run("identity", "--help")
    assert [name for name in INNER if f"  {name} " not in told.out] == []


def test_train(run: Run, spec: str, file: str, tmp_path: Path) -> None:
    """A model file of the version comes out, and a table of each level with its sentence; the file loads, and tells where it was trained."""
    out = tmp_path / "model.json"
    told = run("identity", "train", file, "--spec", spec, "--out", str(out), "--version", "3")
    assert told.code == 0
    assert (load(out.read_bytes()).version, load(out.read_bytes()).trained_on) == (3, "people.csv")
    assert "times as frequent among pairs" in told.out
    assert "Before anything is compared a pair weighs -" in told.out
    said = json.loads(run("identity", "train", file, "--spec", spec, "--out", str(out), "--json").out)
    assert said["fields"]["name"]["levels"]["equal"]["weight"] == load(out.read_bytes()).fields["name"].levels["equal"].weight
    assert "ceshi" not in json.dumps(said)


def test_train_without_anything_to_learn_from(run: Run, spec: str, tmp_path: Path) -> None:
    """Records of which no two share a key are a problem."""
    lone = write(tmp_path, "lone.csv", "row,name,dob\na1,Wang Ceshi,1980-01-01\n")
    told = run("identity", "train", str(lone), "--spec", spec, "--out", str(tmp_path / "m"))
    assert told.code == 1
    assert "no model can be learned" in told.err
    assert "no column tel in some file" in told.err
    assert not (tmp_path / "m").exists()


def test_evaluate(run: Run, spec: str, file: str, weights: str) -> None:
    """Rates, reviews, misses by cause, recall by field and error, and speed are told, for people and for programs."""
    told = run("identity", "evaluate", file, "--spec", spec, "--model", weights)
    assert told.code == 0
    for word in ("14 records of 9 people", "final clusters", "automatic links", "no shared blocking key", "waits for a steward", "phone-missing", "records a second"):
        assert word in told.out
    said = json.loads(run("identity", "evaluate", file, "--spec", spec, "--model", weights, "--order", "5", "--json").out)
    assert said["clusters"] == {"found": 1, "right": 1, "true": 5, "precision": 1, "recall": 0.2, "f1": pytest.approx(1 / 3)}
    assert said["reviews"] == {"score": {"pairs": 1, "true": 1}}


def test_a_column_left_out(run: Run, spec: str, file: str, weights: str) -> None:
    """Without the birth date the pair that it alone brings together is not compared."""
    said = json.loads(run("identity", "evaluate", file, "--spec", spec, "--model", weights, "--without", "dob", "--json").out)
    assert (said["clusters"]["found"], said["missed"]["no shared blocking key"]) == (0, 2)


def test_a_model_of_the_software(run: Run, tmp_path: Path) -> None:
    """A model that comes with the software is named as its spec is."""
    file = tmp_path / "people.csv"
    file.write_text("record,name,born,phone,person\n1,王测试,1980-01-01,+8613800000001,a\n2,王测试,1980-01-01,+8613800000001,a\n", "utf-8")
    told = run("identity", "evaluate", str(file), "--spec", "people", "--model", "people", "--json")
    assert "training" not in told.err
    assert json.loads(told.out)["clusters"]["found"] == 1


def test_evaluate_trains_on_the_spot(run: Run, spec: str, file: str) -> None:
    """Without a model one is trained on the records themselves, and that is said."""
    told = run("identity", "evaluate", file, "--spec", spec, "--json")
    assert told.code == 0
    assert "training on 14 records, without labels" in told.err
    assert json.loads(told.out)["records"] == 14


def test_report(run: Run, spec: str, file: str, weights: str, tmp_path: Path) -> None:
    """One page is written, with the same rates."""
    out = tmp_path / "report.html"
    told = run("identity", "report", file, "--spec", spec, "--model", weights, "--out", str(out))
    assert told.code == 0
    assert "open it in a browser" in told.out
    assert out.read_text("utf-8").count("<svg") == 8


def test_pictures_that_cannot_be_drawn(run: Run, spec: str, file: str, weights: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without matplotlib the report and the picture say what to install, and nothing is written."""
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    out = tmp_path / "out"
    for words in (("report", file, "--out", str(out)), ("explain", "a1", "a2", "--file", file, "--picture", str(out))):
        told = run("identity", *words, "--spec", spec, "--model", weights)
        assert (told.code, out.exists()) == (1, False)
        assert "pip install 'lianfang[report]'" in told.err


def test_explain_records(run: Run, spec: str, file: str, weights: str, tmp_path: Path) -> None:
    """Two records are shown side by side, masked, with the steps of their weight; the picture is an SVG."""
    out = tmp_path / "out.svg"
    words = ("identity", "explain", "a1", "a2", "--file", file, "--spec", spec, "--model", weights)
    told = run(*words, "--picture", str(out))
    assert told.code == 0
    assert "+10.00 bits: link. Linked from 8 bits on, reviewed from 2." in told.out
    assert "W*** C****" in told.out
    assert "Ceshi" not in told.out
    assert out.read_text("utf-8").startswith("<?xml")
    assert json.loads(run(*words, "--json").out)["values"]["born"] == [["1980-**-**"], ["1980-**-**"]]
    plain = run(*words, "--reason", "quality", "--by", "S-1")
    assert "Wang Ceshi" in plain.out


def test_a_reason_and_who_belong_together(run: Run, spec: str, file: str, weights: str) -> None:
    """Values are not shown with half of it, nor for a reason that is none."""
    words = ("identity", "explain", "a1", "a2", "--file", file, "--spec", spec, "--model", weights)
    assert "give both --reason and --by" in run(*words, "--reason", "review").err
    assert "give both --reason and --by" in run(*words, "--by", "S-1").err
    told = run(*words, "--by", "S-1", "--reason", "curiosity")
    assert (told.code, told.out) == (1, "")
    assert "reasons are review (核对身份" in told.err


@pytest.mark.parametrize(("words", "said"), [
    (("evaluate", "FILE", "--spec", "nothing"), "there is no spec nothing"), (("evaluate", "FILE", "--spec", "FILE.yaml"), "there is no spec"),
    (("evaluate", "FILE", "--spec", "SPEC", "--model", "FILE"), "is no model: "), (("evaluate", "FILE", "--spec", "febrl"), "none of the columns that the spec febrl reads"),
    (("evaluate", "BLIND", "--spec", "SPEC"), "do not tell who is who: the spec small reads it from person"), (("explain", "a1", "zz", "--file", "FILE", "--spec", "SPEC"), "no record zz"),
    (("explain", "a1", "a2", "--file", "FILE"), "--file and --spec belong together"), (("evaluate", "FILE", "--spec", "SPEC", "--model", "OTHER"), "does not fit the spec small"),
    (("evaluate", "FILE", "--spec", "SPEC", "--model", "none"), "there is no model none"), (("explain", "a1", "a2", "--file", "FILE", "--spec", "SPEC", "--model", "people"), "does not fit"),
    (("evaluate", "FILE", "--spec", "BROKEN"), "is wrong: "), (("evaluate", "FILE", "--spec", "SPEC", "--without", "mail"), "reads no column mail that could be left out; it reads "),
])  # fmt: skip
def test_problems_are_told(words: tuple[str, ...], said: str, run: Run, spec: str, file: str, tmp_path: Path) -> None:
    """What cannot be is one line that says what to do, and no result."""
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: small\n", "utf-8")
    blind = write(tmp_path, "blind.csv", "\n".join(line.rsplit(",", 2)[0] for line in ROWS.splitlines()))
    other = saved(tmp_path, model(2).model_copy(update={"spec": "large"}))
    named = {"FILE": file, "SPEC": spec, "BLIND": str(blind), "OTHER": str(other), "BROKEN": str(broken), "FILE.yaml": f"{tmp_path}/none.yaml"}
    told = run("identity", *(named.get(word, word) for word in words))
    assert (told.code, told.out) == (1, "")
    assert said in told.err
    assert "Traceback" not in told.err
