"""The comparison sees every difference of content, and none of ids."""

from __future__ import annotations

from schemas.models.case import Concern, Entry, LinkedCase, Role, Sealed, What, Why
from schemas.tokens import Keys
from tests.oracle.content import content, difference

_KEYS = Keys(b"the secret of the tests, of no use elsewhere")
_LINE = Entry(at=1, until=2, what=What.STAY, source="scan-code", region="53", place="MKT-1", evidence="e1")
_CASE = LinkedCase.of(causes=["c1"], at=2, person="p", roles=[Role.RETURNEE], aliases=["p"], concerns=[Concern(region="53", why=Why.STAY)], timeline=[_LINE],
                      contacts=[], contact_of=[], sealed=[Sealed(alias="p", data=_KEYS.seal("p", {"name": "杨测试"}))])  # fmt: skip


def test_ids_and_causes_are_no_content() -> None:
    """The same case from other causes, with other evidence in its timeline, has the same content."""
    other = LinkedCase.of(
        **_CASE.model_dump(exclude={"id", "retracted", "causes", "timeline"}), causes=["c2"], timeline=[_LINE.model_copy(update={"evidence": "e2"})]
    )
    assert other.id != _CASE.id
    assert content(other, _KEYS) == content(_CASE, _KEYS)


def test_every_other_field_is_content() -> None:
    """Each field of the linked case but id, causes and retraction is compared; a new field is too, until the oracle knows it."""
    assert set(content(_CASE, _KEYS)) == set(LinkedCase.model_fields) - {"id", "causes", "retracted"}
    assert content(_CASE, _KEYS)["sealed"] == [{"alias": "p", "name": "杨测试"}]


def test_a_difference_says_which_side_has_it() -> None:
    """What stands and must not is marked with -, what must and does not with +, and equal answers differ in nothing."""
    found, expected = [{"person": "a"}, {"person": "b"}], [{"person": "b"}, {"person": "c"}]
    assert difference({"case.linked": found}, {"case.linked": found, "contact": []}) == ""
    assert difference({"case.linked": found}, {"case.linked": expected}) == '- case.linked {"person": "a"}\n+ case.linked {"person": "c"}'
