"""Short dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.messages.dates import SHANGHAI, moment

SENT = datetime(2020, 2, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(("text", "meant"), [
    ("2.1", "2020-02-01"), ("2/1-9:30", "2020-02-01 09:30"), ("2月1日9时30分", "2020-02-01 09:30"), ("0201", "2020-02-01"), ("02010930", "2020-02-01 09:30"), ("2.1-930", "2020-02-01 09:30"),
    ("20.2.1", "2020-02-01"), ("2019.2.1-9:30", "2019-02-01 09:30"), ("20200201", "2020-02-01"), ("202002010930", "2020-02-01 09:30"), ("12.31", "2019-12-31"), ("2.1-9", "2020-02-01 09:00"),
    ("2.5", "2020-02-05"), ("2.9", None), ("2.30", None), ("13.1", None), ("2.1-25:00", None), ("昨天", None), ("", None), ("1.2.3.4", None), ("٢.١", None),
])  # fmt: skip
def test_a_date_has_the_year_in_which_it_last_was(text: str, meant: str | None) -> None:
    """Dates as people write them; one that is ahead, or is in no calendar, is none."""
    assert moment(text, SENT) == meant


@given(st.datetimes(datetime(2020, 1, 1), datetime(2024, 1, 1)), st.timedeltas(timedelta(0), timedelta(days=298)))  # noqa: DTZ001 - Asia/Shanghai, below
def test_it_does_not_matter_how_late_it_comes(when: datetime, late: timedelta) -> None:
    """A message that the gateway has days or months later says the same day."""
    event = when.replace(tzinfo=SHANGHAI)
    assert moment(f"{event.month}.{event.day}-{event.hour}:{event.minute:02}", event + late) == event.strftime("%Y-%m-%d %H:%M")
