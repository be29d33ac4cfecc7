"""A handful of invented people who are easily mistaken for each other: shared phones, two documents, missing handles."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from schemas.tokens import Keys
from tests.oracle.values import check_digit

KEYS = Keys(b"the secret of the tests, of no use elsewhere")


def resident(first: str) -> str:
    """A valid number after 17 digits."""
    return first + check_digit(first + "0")


@dataclass(frozen=True)
class Human:
    """What somebody writes into a form; '' for what there is not."""

    name: str = ""
    phone: str = ""
    id_no: str = ""
    certificate: str = ""
    account: str = ""
    patient: str = ""
    born: str = ""
    sex: str = ""


HUMANS = (
    Human("杨测试", "13800000001", resident("53062419800101001"), account="ox-1", patient="P1", born="1980-01-01", sex="男"),
    Human("李样本", "13800000001", resident("53060219900303003"), account="ox-2", patient="P2", born="1990-03-03", sex="男"),
    Human("杨测试", "13800000002", resident("53062419850202002"), "MB000001", account="ox-1", born="1985-02-02", sex="女"),
    Human("Yang Ceshi", "13800000001", certificate="MB000001", account="ox-3", born="1985-02-02", sex="女"),
    Human("楊測試", "13800000004", born="1980-01-01", sex="男"),
    Human("李样品", "13800000010", born="1990-03-30", sex="男"),
    Human("Aung Sample", "+959420000001", certificate="MB000002", account="ox-4", patient="P3", born="1977", sex="女"),
    Human("AUNG, SAMPLE", "+959420000001", certificate="MB 00-0002"),
    Human("周假名", "13800000003", patient="P1"),
)
"""Some are one person on two forms, some share a phone, an account, a document or a patient number with another, some are only alike."""
FORMS = (
    "name phone", "name phone id_no certificate account patient", "name phone account patient", "id_no certificate", "id_no account patient",
    "name phone born sex", "name phone born sex", "name born sex", "phone",
)  # fmt: skip
"""What a form has of somebody."""
_TELLING = {"id_no", "born", "phone"}
"""Of these a form without a number has something, or it is nobody's."""


@st.composite
def circles(draw: st.DrawFn) -> st.SearchStrategy[Human]:
    """A few of them, each time with the handles of some form: who shows up in one world, so that the same people show up again and again."""
    humans = draw(st.lists(st.sampled_from(HUMANS), min_size=2, max_size=4, unique=True))
    forms = draw(st.lists(st.sampled_from(FORMS), min_size=1, max_size=3, unique=True))
    return st.builds(_written, st.sampled_from(humans), st.sampled_from(forms * 5 + ["name"]))


def _written(human: Human, form: str) -> Human:
    """Who has no resident number writes name and phone; a name alone is nobody's."""
    given = form.split()
    handles = given if form == "name" or any(getattr(human, one) for one in given if one in _TELLING) else {*given, "name", "phone"}
    return Human(**{handle: getattr(human, handle) for handle in handles})
