"""Answers are given until the clinic has them, and not longer."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.messages import length
from deploy.outposts.answers import Told
from deploy.outposts.outbox import GONE, Outbox
from deploy.outposts.said import texts
from schemas.models.case import Status
from tests.connectors.messages.sample import CLINIC, ENGLISH

_WORDS = {"report": ["taken", "refused", "back"], "received": ["open", "done", "overdue", "not_applicable"], "sampled": ["open", "done", "overdue", "not_applicable"],
          "told": ["done"], "status": [one.value for one in Status]}  # fmt: skip


def _stands(choice: dict[tuple[int, str], int]) -> list[Told]:
    return [Told("诊", number, about, _WORDS[about][at % len(_WORDS[about])]) for (number, about), at in sorted(choice.items())]


_STANDS = st.dictionaries(st.tuples(st.integers(1, 3), st.sampled_from(sorted(_WORDS))), st.integers(0, 5)).map(lambda found: found | {(n, "report"): 0 for n in (1, 2, 3)}).map(_stands)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_STANDS, st.booleans(), st.booleans()), min_size=1, max_size=8))
def test_whatever_breaks_in_between_the_clinic_knows_what_stands(turns: list[tuple[list[Told], bool, bool]]) -> None:
    """Answers may not arrive, and confirmations may be lost: after the next that arrives the clinic knows exactly what stands, and gets nothing twice that it confirmed."""
    with TemporaryDirectory() as folder:
        outbox, knows, confirmed = Outbox(Path(folder)), dict[tuple[str, int, str], str](), 0
        for stands, arrives, confirms in turns:
            given_ = outbox.since(CLINIC.code, stands)
            assert all(one.answer > confirmed for one in given_)
            if not arrives:
                continue
            knows |= {one.place: one.word for one in given_}
            assert {place: word for place, word in knows.items() if word != GONE} == {(one.kind, one.number, one.about): one.word for one in stands}
            if confirms and given_:
                confirmed = outbox.confirm(CLINIC.code, max(one.answer for one in given_))
                assert outbox.since(CLINIC.code, stands) == []


def test_a_confirmation_of_what_was_never_given_changes_nothing(tmp_path: Path) -> None:
    """A mistyped number, an old one, and the same again leave things as they are; --since gives again whatever is asked for."""
    outbox = Outbox(tmp_path)
    stands = [Told("诊", number, "report", "taken") for number in (1, 2, 3)]
    assert [one.answer for one in outbox.since(CLINIC.code, stands)] == [1, 2, 3]
    assert [outbox.confirm(CLINIC.code, upto) for upto in (99, 2, 1, 2)] == [0, 2, 2, 2]
    assert [one.answer for one in outbox.since(CLINIC.code, stands)] == [3]
    assert [one.answer for one in outbox.since(CLINIC.code, stands, since=0)] == [1, 2, 3]
    assert outbox.since(ENGLISH.code, []) == []


def test_of_a_report_that_expired_nothing_more_is_said(tmp_path: Path) -> None:
    """When the bus no longer knows a report, the clinic is not told that its answers fell."""
    outbox = Outbox(tmp_path)
    outbox.since(CLINIC.code, [Told("诊", 1, "report", "taken"), Told("诊", 1, "told", "done")])
    outbox.confirm(CLINIC.code, 2)
    assert outbox.since(CLINIC.code, []) == []
    assert [(one.about, one.word) for one in outbox.since(CLINIC.code, [Told("诊", 1, "report", "taken")])] == [("told", GONE)]


@settings(max_examples=30, deadline=None)
@given(_STANDS, st.sampled_from([CLINIC, ENGLISH]))
def test_answers_are_short_messages(stands: list[Told], clinic: object) -> None:
    """Each text is one short message that ends with how to confirm it."""
    mine = ENGLISH if clinic is ENGLISH else CLINIC
    with TemporaryDirectory() as folder:
        found = Outbox(Path(folder)).since(mine.code, stands)
    said = texts(found, mine)
    assert all(length.fits(text) for text in said)
    assert said[-1].endswith(f"711 收{len(found)}" if mine is CLINIC else f"27 A{len(found)}")
