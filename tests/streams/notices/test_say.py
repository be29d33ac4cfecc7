"""Notices in words."""

from __future__ import annotations

import pytest

from deploy.docs.golden import examples
from schemas.models.notice import NoticeKind, PublicNotice, ResidentNotice
from streams.notices.say import say
from streams.notices.text import LANGUAGES
from streams.policy import load
from tests.streams.trial import DAY, at

POLICY = load()


def public(kind: NoticeKind, **more: object) -> PublicNotice:
    """A notice to the public of a township."""
    return PublicNotice.of(**{"causes": ["c"], "at": at("2020-01-22 09:00"), "notice": "n", "kind": kind, "template": "", "region": "530624100", "until": at("2020-01-22 11:00")} | more)  # type: ignore[arg-type]


def test_a_place_in_both_languages() -> None:
    """Where, from when until when, for how many days; then that it is withdrawn."""
    notice = public(NoticeKind.PLACE, place="MKT-530624-07")
    title, text = say(notice, "zh", POLICY)
    assert title == "涉疫公共场所提示"
    assert text.startswith("2020年1月22日09:00至2020年1月22日11:00期间曾在云南省（530624100）市场（MKT-530624-07）停留的人员，请在其后14天内")
    assert "at the market MKT-530624-07 in 530624100 between 2020-01-22 09:00 and 2020-01-22 11:00" in say(notice, "en", POLICY)[1]
    assert "已撤回" in say(notice.taken_back(), "zh", POLICY)[1]
    assert "is withdrawn" in say(notice.taken_back(), "en", POLICY)[1]


@pytest.mark.parametrize("notice", [*examples("PublicNotice"), *examples("ResidentNotice"), public(NoticeKind.LEVEL_ENDED, level="alert")], ids=lambda one: str(one.kind))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_can_be_said(notice: PublicNotice | ResidentNotice, language: str) -> None:
    """Each has all the fields that its texts need, also without a region."""
    for one in (notice, notice.taken_back()):
        assert "$" not in say(one, language, POLICY)[1]


def test_a_resident_reads_until_when() -> None:
    """Beginning and end of the observation, and which community."""
    (notice,) = (one for one in examples("ResidentNotice") if isinstance(one, ResidentNotice) and one.kind is NoticeKind.CONTACT)
    assert notice.until == notice.at + 14 * DAY
    assert "since 2020-01-20 21:00. Please stay at home and watch for symptoms until 2020-02-03 21:00; 530624100001003 looks after you" in say(notice, "en", POLICY)[1]
    assert notice.person not in say(notice, "zh", POLICY)[1]
