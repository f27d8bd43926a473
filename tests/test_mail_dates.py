"""Dates as mail writes them, to UTC."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_leaks.loaders.mail_dates import to_utc

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1971, 1, 2), datetime(2100, 12, 30), timezones=ZONES))
def test_every_date_of_a_mail_program(date: datetime) -> None:
    utc = date.astimezone(timezone.utc).replace(microsecond=0, tzinfo=None)
    assert to_utc(format_datetime(date)) == f"{utc.isoformat()}Z"
    assert to_utc(date.isoformat(timespec="seconds")) == f"{utc.isoformat()}Z"


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Wed, 5 Oct 2011 15:14:00 -0500 (CDT)", "2011-10-05T20:14:00Z"),
        ("5 Oct 2011 15:14 -0500", "2011-10-05T20:14:00Z"),
        ("Wed, 05 Oct 11 15:14:00 GMT", "2011-10-05T15:14:00Z"),
        ("Wed Oct  5 15:14:00 2011", "2011-10-05T15:14:00Z"),
        ("Wed, 5 Oct 2011 15:14:00", "2011-10-05T15:14:00Z"),
        ("Wed, 5 Oct 2011 15:14:00 CEST", "2011-10-05T13:14:00Z"),
        ("Wed, 5 Oct 2011 23:59:60 +0000", "2011-10-05T23:59:59Z"),
        ("October 5, 2011 3:14:15 PM CDT", "2011-10-05T20:14:15Z"),
        ("Tue, Oct 4, 2011 at 12:14 AM GMT+02:00", "2011-10-03T22:14:00Z"),
        ("2011-10-05 15:14:00Z", "2011-10-05T15:14:00Z"),
    ],
)
def test_other_ways_to_write_one(date: str, expected: str) -> None:
    assert to_utc(date) == expected


@pytest.mark.parametrize(
    "date",
    [
        "", "soon", "Wed, 32 Oct 2011 15:14:00 -0500", "Wed, 5 Oct 0000 15:14:00 +0000",
        "Wed, 5 Oct 9999 15:14:00 +0000", "Wed, 5 Oct 1970 15:14:00 +0000",
        "31 Dec 2100 23:00:00 -0500", "Wed, 5 Xyz 2011 15:14:00 +0000", "5 Oct 2011 25:14:00 +0000",
        "5 Oct 2011 15:14:00 +9900", "Wed, 5 Oct 99999999999999999999 15:14:00", "9" * 5000,
    ],
)  # fmt: skip
def test_nonsense_is_no_date(date: str) -> None:
    assert to_utc(date) is None


def test_local_time_without_its_zone_is_no_point_in_time() -> None:
    assert to_utc("Wednesday, October 05, 2011 3:14 PM", zone_needed=True) is None
    assert to_utc("Wed, Oct 5, 2011 at 3:14 PM", zone_needed=True) is None
    assert to_utc("October 5, 2011 3:14:15 PM CDT", zone_needed=True) == "2011-10-05T20:14:15Z"


@given(st.text())
def test_no_text_raises(date: str) -> None:
    to_utc(date)
