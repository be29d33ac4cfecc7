"""`lianfang identity` on the bus: explain, review, try, switch."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest

from schemas.models.identity import Judgement, ModelPart, Verdict
from tests.deploy.cli.conftest import Filled, Ran, Run
from tests.deploy.cli.people import NAMES, Sent, publisher, saved, small, standing
from tests.deploy.linkage.people import A, B, C, decision, waits
from tests.streams.identity.small import model

pytestmark = pytest.mark.usefixtures("derived")


class Following:
    """A stage that reads all at once, or never."""

    reads = True

    def __init__(self, bus: object, stage: str, topic: str) -> None:
        """Nothing to connect to."""
        assert (stage, topic) == ("pairs", "identity.model")

    def written(self) -> None:
        """All is written."""

    def read_all(self) -> bool:
        """Look."""
        return self.reads

    def close(self) -> None:
        """Nothing to let go."""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    monkeypatch.setattr("deploy.cli.switch.Follower", Following)


@pytest.fixture(name="sent")
def _sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    return publisher(monkeypatch)


def silent(told: Ran) -> bool:
    """Whether a command named nobody."""
    return not [name for name in NAMES if name in told.out + told.err]


def test_explain(run: Run, filled: Filled) -> None:
    """Two aliases are found by their beginnings in either order, and explained, masked."""
    reader = standing(filled)
    told = run("identity", "explain", "b", "aaaa")
    assert told.code == 0
    assert "+10.00 bits: link" in told.out
    assert "w*** c****" in told.out
    assert "138****0001" in told.out
    assert silent(told)
    assert reader.closed
    assert json.loads(run("identity", "explain", A, B, "--json").out)["weight"] == 10_000


def test_explain_with_the_model_that_counts(run: Run, filled: Filled, tmp_path: Path) -> None:
    """The newest model on the bus weighs, or the one that is given."""
    packed = zlib.compress(model(2, name=(1, 0, 0, 0, 0, 0)).model_dump_json().encode())
    standing(filled, ("identity.model", "0", ModelPart(version=2, model=packed)))
    assert json.loads(run("identity", "explain", A, B, "--json").out)["weight"] == 4000
    given = str(saved(tmp_path, model(3, name=(2, 0, 0, 0, 0, 0))))
    assert json.loads(run("identity", "explain", A, B, "--model", given, "--json").out)["weight"] == 5000


def test_explain_for_a_reason(run: Run, filled: Filled, sent: Sent) -> None:
    """With a reason and a staff code values are shown, and the look is recorded first."""
    standing(filled)
    words = ("identity", "explain", A, B, "--reason", "tracing", "--by", "S-7")
    told = run(*words)
    assert "wang ceshi" in told.out
    ((topic, key, look),) = sent.sent
    assert (topic, key, look.model_dump(include={"a", "b", "by", "reason"})) == ("identity.look", f"{A} {B}", {"a": A, "b": B, "by": "S-7", "reason": "tracing"})
    assert sent.settled
    assert sent.closed


@pytest.mark.parametrize(("a", "b", "said"), [("a", "a", "are one alias"), ("a", "f", "no aliases begin with f"), ("", "b", "3 aliases begin with")])
def test_aliases_that_cannot_be_compared(a: str, b: str, said: str, run: Run, filled: Filled) -> None:
    """One alias twice, none, or several of a beginning are told."""
    standing(filled)
    told = run("identity", "explain", a, b)
    assert (told.code, told.out) == (1, "")
    assert said in told.err


def test_list(run: Run, filled: Filled) -> None:
    """What waits is listed, the heaviest first, or only what waits for one doubt; no more than asked for, and how many there are."""
    standing(filled, ("identity.review", f"{B} {C}", waits(B, C, weight=7000)))
    found = json.loads(run("identity", "review", "list", "--json").out)
    assert [(one["a"], one["b"], one["doubt"]) for one in found] == [(B, C, "score"), (A, C, "score"), (A, A, "crowded")]
    table = run("identity", "review", "list", "--most", "1").out
    assert "3 pairs wait; the first 1" in table
    assert "+7.00" in table
    assert "+5.00" not in table
    assert [one["a"] for one in json.loads(run("identity", "review", "list", "--doubt", "crowded", "--json").out)] == [A]


def test_show(run: Run, filled: Filled) -> None:
    """A pair is shown side by side and masked, with why it waits, what was decided, and its weight."""
    standing(filled, ("identity.decision", f"{A} {C}", decision(A, C, Verdict.DIFFERENT)))
    told = run("identity", "review", "show", "c", "a")
    assert told.code == 0
    for word in ("waits: score", "decided: different", "by S-1", "documents-seen", "138****0001", "so far", "review"):
        assert word in told.out
    assert silent(told)
    said = json.loads(run("identity", "review", "show", A, C, "--json").out)
    assert (said["review"], said["decisions"][0]["verdict"], said["a"]) == ([{"doubt": "score", "says": "", "weight": 5000}], "different", A)
    assert said["weight"] == sum(round(1000 * (step["end"] - step["start"])) for step in said["steps"])


def test_decide(run: Run, filled: Filled, sent: Sent) -> None:
    """A decision goes to its topic under the pair, settled, with who and why; the aliases in their order."""
    standing(filled)
    told = run("identity", "review", "decide", "c", "a", "same", "--by", "S-1", "--reason", "called", "--json")
    ((topic, key, made),) = sent.sent
    assert isinstance(made, Judgement)
    assert (topic, key) == ("identity.decision", f"{A} {C}")
    assert (made.a, made.b, made.verdict, made.decider, made.reason) == (A, C, Verdict.SAME, "S-1", "called")
    assert made.id == made.identity() == json.loads(told.out)["id"]
    assert sent.settled
    assert sent.closed


def test_decide_otherwise(run: Run, filled: Filled, sent: Sent) -> None:
    """Another verdict replaces what stands; the same one again is a problem that says how to go on."""
    stands = decision(A, C, Verdict.SAME)
    standing(filled, ("identity.decision", f"{A} {C}", stands))
    told = run("identity", "review", "decide", A, C, "same", "--by", "S-2", "--reason", "called")
    assert (told.code, sent.sent) == (1, [])
    assert "S-1 decided so already" in told.err
    assert "different, decided by S-2" in run("identity", "review", "decide", A, C, "different", "--by", "S-2", "--reason", "called").out
    made, gone = (value for _, _, value in sent.sent)
    assert isinstance(made, Judgement)
    assert isinstance(gone, Judgement)
    assert (made.verdict, gone.id, gone.retracted) == (Verdict.DIFFERENT, stands.id, True)


@pytest.mark.parametrize(("words", "said"), [
    (("decide", "a", "c", "same", "--by", "S-1", "--reason", "mistake"), "no reason mistake; reasons are documents-seen (核对过证件原件"),
    (("decide", "a", "a", "same", "--by", "S-1", "--reason", "called"), "are one alias"), (("undo", "a", "c", "--by", "S-1", "--reason", "mistake"), "nothing is decided about"),
    (("undo", "a", "c", "--by", "S-1", "--reason", "called"), "no reason called"), (("decide", "a", "9", "same", "--by", "S-1", "--reason", "called"), "no aliases begin with 9"),
])  # fmt: skip
def test_what_cannot_be_decided(words: tuple[str, ...], said: str, run: Run, filled: Filled, sent: Sent) -> None:
    """Reasons out of the vocabulary, one alias twice or none, and nothing to undo are told, and nothing is sent."""
    standing(filled)
    told = run("identity", "review", *words)
    assert (told.code, told.out, sent.sent) == (1, "", [])
    assert said in told.err


def test_a_decision_needs_who_and_why(run: Run) -> None:
    """Without a staff code or a reason the command is used wrongly."""
    assert run("identity", "review", "decide", "a", "c", "same", "--by", "S-1").code == 2
    assert run("identity", "review", "undo", "a", "c", "--reason", "mistake").code == 2


def test_undo(run: Run, filled: Filled, sent: Sent) -> None:
    """All decisions about the pair that stand are taken back, each by its id, with who took it back and why."""
    stands = [decision(A, C, Verdict.SAME), decision(A, C, Verdict.DIFFERENT, at=300, by="S-4")]
    standing(filled, *(("identity.decision", f"{A} {C}", one) for one in stands))
    told = run("identity", "review", "undo", "a", "c", "--by", "S-9", "--reason", "mistake")
    assert "different of S-4 is taken back" in told.out
    gone = [value for _, _, value in sent.sent if isinstance(value, Judgement)]
    assert [(one.id, one.retracted, one.decider, one.reason) for one in gone] == [(one.id, True, "S-9", "mistake") for one in stands]


def test_estimate(run: Run, filled: Filled) -> None:
    """What the decisions tell is told with intervals; what there is too little for is left open."""
    standing(filled, ("identity.decision", f"{A} {C}", decision(A, C, Verdict.SAME)), ("identity.decision", f"{B} {C}", decision(B, C, Verdict.SAME)))
    said = json.loads(run("identity", "review", "estimate", "--json").out)
    assert (said["review"]["same"], said["review"]["decided"], said["precision"]["rate"], said["recall"]["rate"], said["unasked"]) == (1, 1, None, None, 1)
    told = run("identity", "review", "estimate").out
    assert "0.2065 to 1.0000" in told
    assert "1 decisions about pairs that nobody was asked about do not count" in told


def test_try(run: Run, filled: Filled, sent: Sent, tmp_path: Path) -> None:
    """What a model would change is counted and sampled by tokens, and nothing is sent."""
    standing(filled)
    new = str(saved(tmp_path, model(2, name=(0, 0, 0, 0, 0, -4), phone=(20, -1))))
    told = run("identity", "try", new)
    assert told.code == 0
    assert "People that would be one" in told.out
    assert silent(told)
    said = json.loads(run("identity", "try", new, "--json").out)
    assert (said["present"], said["new"], said["people_before"], said["people_after"], said["people_merged"], said["people_split"]) == (1, 2, 2, 2, 2, 1)
    assert said["sample"]["split"] == [{"person": A, "into": [A, B]}]
    assert said["sample"]["merged"] == [{"person": A, "of": [A, C]}]
    assert sent.sent == []


def test_try_what_changes_nothing(run: Run, filled: Filled, tmp_path: Path) -> None:
    """A model of the same weights changes nobody."""
    standing(filled)
    said = json.loads(run("identity", "try", str(saved(tmp_path, model(2))), "--json").out)
    assert {name: said[name] for name in said if name.startswith(("people_merged", "people_split", "people_changed", "aliases_moved", "reviews"))} == {
        "people_merged": 0, "people_split": 0, "people_changed": 0, "aliases_moved": 0, "reviews_gone": 0, "reviews_come": 0}  # fmt: skip


def test_switch(run: Run, filled: Filled, sent: Sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model goes to every partition, and then the orders; without waiting it is said that it will count."""
    monkeypatch.setenv("LIANFANG_PARTITIONS", "3")
    standing(filled)
    told = run("identity", "switch", str(saved(tmp_path, model(2))), "--by", "OP-1", "--wait", "0")
    assert told.code == 0
    assert "it counts for each block when the stage `pairs` has read its order" in told.out
    parts = [value for _, _, value in sent.sent if isinstance(value, ModelPart)]
    assert len({key for _, key, _ in sent.sent}) == 3
    assert [part.blocks for part in parts[:3]] == [None] * 3
    assert len(parts) == 3 * 257
    assert sent.settled


def test_switch_waits(run: Run, filled: Filled, sent: Sent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long the stage took is said; when it does not come to an end, that no worker may be running; the model is sent either way."""
    monkeypatch.setattr(Following, "reads", True)
    standing(filled)
    new = str(saved(tmp_path, model(2)))
    assert "all blocks are weighed anew after 0.0 s" in run("identity", "switch", new, "--by", "OP-1").out
    assert isinstance(json.loads(run("identity", "switch", new, "--by", "OP-1", "--json").out)["seconds"], float)
    monkeypatch.setattr(Following, "reads", False)
    told = run("identity", "switch", new, "--by", "OP-1", "--wait", "0.01")
    assert "does a worker run?" in told.out
    assert sent.settled


def test_switch_back_is_refused(run: Run, filled: Filled, sent: Sent, tmp_path: Path) -> None:
    """A version that is not higher than what counts is refused with the one to take, and nothing is sent; so is what is no model."""
    packed = zlib.compress(model(4).model_dump_json().encode())
    standing(filled, ("identity.model", "0", ModelPart(version=4, model=packed)))
    told = run("identity", "switch", str(saved(tmp_path, model(4))), "--by", "OP-1")
    assert (told.code, told.out, sent.sent) == (1, "", [])
    assert "version 4 is not higher than 4, which counts now: train it with --version 5" in told.err
    (tmp_path / "no.json").write_text("{}")
    assert "is no model" in run("identity", "switch", str(tmp_path / "no.json"), "--by", "OP-1").err


def test_a_model_of_another_spec_on_the_bus(run: Run, filled: Filled, sent: Sent, tmp_path: Path) -> None:
    """Where the model that counts is not of the software's spec, that is told, and switching to one that is still goes."""
    odd = zlib.compress(model(4).model_copy(update={"spec": "large"}).model_dump_json().encode())
    standing(filled, ("identity.model", "0", ModelPart(version=4, model=odd)))
    for words in (("explain", A, B), ("review", "show", A, B), ("try", str(saved(tmp_path, model(5))))):
        told = run("identity", *words)
        assert (told.code, told.out) == (1, "")
        assert "model 4 on the bus is of another spec" in told.err
    assert run("identity", "switch", str(saved(tmp_path, model(5))), "--by", "OP-1", "--wait", "0").code == 0
    assert sent.settled


@pytest.mark.parametrize("words", ["explain a b", "review list", "review show a b", "review decide a b same --by S --reason called", "review undo a b --by S --reason mistake", "review estimate"])
def test_without_a_stack(words: str, run: Run) -> None:
    """Without a broker each says how to start one or name another."""
    told = run("identity", *words.split())
    assert (told.code, told.out) == (1, "")
    assert "run `lianfang up`, or set LIANFANG_BROKERS and LIANFANG_REGISTRY" in told.err
