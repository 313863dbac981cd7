"""Opening hours over weekends, holidays, daylight saving and the turn of the year."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from answer_support import dealer

from seldenrijk.responder.answer import hours

ZONE = dealer().zone
MOMENTS = st.one_of(
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    # Around the change of the clocks and the new year.
    st.builds(
        lambda base, minutes: base + timedelta(minutes=minutes),
        st.sampled_from(
            [
                datetime(2026, 3, 29, tzinfo=UTC),
                datetime(2026, 10, 25, tzinfo=UTC),
                datetime(2026, 12, 31, 12, tzinfo=UTC),
            ]
        ),
        st.integers(-3_000, 3_000),
    ),
)


@given(MOMENTS)
def test_next_opening_lies_ahead_and_is_open(now: datetime) -> None:
    following = hours.next_opening(dealer(), now)
    assert following is not None
    assert following.astimezone(UTC) > now.astimezone(UTC)
    assert hours.is_open(dealer(), following)
    assert not hours.is_open(dealer(), (following.astimezone(UTC) - timedelta(minutes=1)))


@given(MOMENTS)
def test_open_exactly_within_the_days_hours(now: datetime) -> None:
    here = now.astimezone(ZONE)
    span = hours.opening(dealer(), here.date())
    assert hours.is_open(dealer(), now) == (span is not None and span[0] <= here < span[1])


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        (datetime(2026, 3, 30, 6, 59, tzinfo=UTC), False),  # Monday after the change: 08:59
        (datetime(2026, 3, 30, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 26, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 26, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 28, 15, 59, tzinfo=UTC), True),  # Saturday, 16:59
        (datetime(2026, 11, 28, 16, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 25, 11, 0, tzinfo=UTC), False),
        (datetime(2027, 1, 1, 11, 0, tzinfo=UTC), False),
        (datetime(2026, 4, 3, 11, 0, tzinfo=UTC), True),  # Good Friday is no closed day
    ],
)
def test_known_moments(moment: datetime, opened: bool) -> None:
    assert hours.is_open(dealer(), moment) is opened


def test_new_years_eve_leads_over_the_holiday() -> None:
    following = hours.next_opening(dealer(), datetime(2026, 12, 31, 20, tzinfo=UTC))
    assert following == datetime(2027, 1, 2, 9, tzinfo=ZONE)


def test_exceptions_name_the_christmas_days() -> None:
    found = hours.exceptions(dealer(), datetime(2026, 12, 20, tzinfo=UTC))
    assert [day.date for day in found] == [date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)]


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        hours.is_open(dealer(), datetime(2026, 1, 1, 12))  # noqa: DTZ001


def test_deviating_and_extra_closed_days_win() -> None:
    rules = dealer().model_copy(
        update={
            "hours": dealer().hours.model_copy(
                update={"deviating": {date(2026, 12, 24): hours.Hours(opens="09:00", closes="16:00")}}
            ),
            "holidays": dealer().holidays.model_copy(update={"extra_closed": (date(2026, 12, 28),)}),
        }
    )
    assert not hours.is_open(rules, datetime(2026, 12, 24, 15, 30, tzinfo=UTC))
    assert hours.day_of(rules, date(2026, 12, 28)).hours is None
