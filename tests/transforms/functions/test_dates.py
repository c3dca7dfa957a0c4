from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Call = Callable[..., Any]
AUGUST = date(2024, 8, 12)
JAKARTA = "Asia/Jakarta"


@pytest.mark.parametrize(
    "written",
    [
        "2024-08-12", "2024-08-12 10:30:00", "2024-08-12T10:30:00Z", "2024/8/12", "20240812", "12/08/2024",
        "12-08-24", "12.08.2024", "12 Agustus 2024", "Senin, 12 Agustus 2024", "12 Agt 2024", "12 Agu 24",
        "12-Ags-2024", "12 Agust 2024", "12 Aug 2024", "August 12, 2024", "Monday, 12 August 2024", "45516",
        "45516.75", "12/08/2024 10:30", "12 Agustus 2024 pukul 10.30 WIB", "12082024", " 12 / 08 / 2024 ",
    ],
)  # fmt: skip
def test_the_twelfth_of_august_in_every_form(call: Call, written: str) -> None:
    assert call("parse_date", written, "dmy") == AUGUST


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1 Peb 2020", date(2020, 2, 1)),
        ("1 Februari 2020", date(2020, 2, 1)),
        ("3 Nop 2021", date(2021, 11, 3)),
        ("31 Okt 2022", date(2022, 10, 31)),
        ("31 Des 2022", date(2022, 12, 31)),
        ("1 Mei 2023", date(2023, 5, 1)),
        ("29/02/2024", date(2024, 2, 29)),
        ("31/02/2024", None),
        ("29/02/2023", None),
        ("2024-13-01", None),
        ("00/01/2024", None),
        ("12 marrakesh 2024", None),
        ("12 08", None),
        ("besok", None),
        ("9999-12-31", None),
        ("", None),
        (None, None),
    ],
)
def test_months_have_indonesian_names_and_days_must_exist(call: Call, written: str, day: date | None) -> None:
    assert call("parse_date", written, "dmy") == day


@pytest.mark.parametrize(
    ("written", "order", "day"),
    [
        ("08/12/2024", "mdy", AUGUST),
        ("08/12/2024", "dmy", date(2024, 12, 8)),
        ("31/12/2024", "mdy", None),
        ("24/08/12", "ymd", AUGUST),
        ("12/08/24", "dmy", AUGUST),
        ("2024-08-12", "mdy", AUGUST),
        ("08122024", "mdy", AUGUST),
        ("01-02-49", "dmy", date(2049, 2, 1)),
        ("01-02-50", "dmy", date(1950, 2, 1)),
    ],
)
def test_the_order_is_the_sources_and_never_guessed(
    call: Call, written: str, order: str, day: date | None
) -> None:
    assert call("parse_date", written, order) == day


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2024-08-12 10:30", "2024-08-12 03:30"),
        ("2024-08-12T10:30:15.250", "2024-08-12 03:30:15.250"),
        ("2024-08-12T10:30:00Z", "2024-08-12 10:30"),
        ("2024-08-12T10:30:00+07:00", "2024-08-12 03:30"),
        ("2024-08-12 10:30:00 -0500", "2024-08-12 15:30"),
        ("2024-08-12 10:30:00+07", "2024-08-12 03:30"),
        ("12/08/2024 8:30 PM", "2024-08-12 13:30"),
        ("12/08/2024 12:05 AM", "2024-08-11 17:05"),
        ("12 Agustus 2024 pukul 10.30 WIB", "2024-08-12 03:30"),
        ("12/08/2024 10:30 WITA", "2024-08-12 02:30"),
        ("Mon, 12 Aug 2024 10:30:00 +0700", "2024-08-12 03:30"),
        ("Mon Aug 12 2024 10:30:00 GMT+0700 (Western Indonesia Time)", "2024-08-12 03:30"),
        ("45516.75", "2024-08-12 11:00"),
        ("2024-08-12", "2024-08-11 17:00"),
    ],
)
def test_a_time_is_local_unless_it_says_otherwise(call: Call, written: str, utc: str) -> None:
    assert call("parse_timestamp", written, "dmy", JAKARTA) == datetime.fromisoformat(utc)


@pytest.mark.parametrize(
    "written", ["2024-08-12 25:00", "2024-08-12 10:61", "10:30", "2024-08-12 10:30 EST", "x", ""]
)
def test_an_impossible_time_is_null(call: Call, written: str) -> None:
    assert call("parse_timestamp", written, "dmy", JAKARTA) is None


@settings(deadline=None, max_examples=40)
@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2049, 12, 31)), st.sampled_from([JAKARTA, "Asia/Jayapura"])
)
def test_local_times_agree_with_the_zone_database(call: Call, local: datetime, zone: str) -> None:
    local = local.replace(microsecond=0)
    utc = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
    assert call("parse_timestamp", f"{local:%d/%m/%Y %H:%M:%S}", "dmy", zone) == utc
    assert call("business_date", utc, zone) == local.date()


@settings(deadline=None, max_examples=40)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_date_read_twice_is_the_same_date(call: Call, day: date) -> None:
    assert call("parse_date", f"{day:%d-%m-%Y}", "dmy") == day
    assert call("parse_date", day.isoformat(), "mdy") == day


@settings(deadline=None, max_examples=40)
@given(st.text(alphabet="0123456789/-. :TZagustmei,+", max_size=20))
def test_no_text_is_an_error(call: Call, text: str) -> None:
    call("parse_timestamp", text, "dmy", JAKARTA)


def test_the_business_day_is_the_companys(call: Call) -> None:
    assert call("business_date", datetime(2024, 8, 12, 18, 0), JAKARTA) == date(2024, 8, 13)


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2006, 8, 13), "under 18"),
        (date(2006, 8, 12), "18-24"),
        (date(1999, 8, 13), "18-24"),
        (date(1999, 8, 12), "25-34"),
        (date(1989, 8, 12), "35-44"),
        (date(1979, 8, 12), "45-54"),
        (date(1969, 8, 12), "55-64"),
        (date(1959, 8, 12), "65+"),
        (date(2024, 8, 13), None),
        (date(1904, 8, 12), None),
        (None, None),
    ],
)
def test_age_bands_change_on_the_birthday(call: Call, born: date | None, band: str | None) -> None:
    assert call("age_band", born, AUGUST) == band


@settings(deadline=None, max_examples=40)
@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(-4000, 4000))
def test_days_are_counted_as_python_counts_them(call: Call, day: date, days: int) -> None:
    later = day + timedelta(days=days)
    assert call("add_days", day, days) == later
    assert call("days_between", day, later) == days
    assert call("month_start", day) == day.replace(day=1)


@pytest.mark.parametrize(
    ("said", "born"),
    [
        (date(1990, 8, 5), date(1990, 8, 5)),
        (date(2024, 8, 12), date(2024, 8, 12)),
        (date(1904, 8, 13), date(1904, 8, 13)),
        (date(1904, 8, 12), None),  # 120 years old
        (date(1900, 1, 1), None),  # what programmes write for nothing
        (date(2024, 8, 13), None),  # tomorrow
        (date(2045, 2, 28), date(1945, 2, 28)),  # 28-02-45
        (date(2048, 2, 29), date(1948, 2, 29)),
        (date(2050, 1, 1), None),
        (date(9999, 12, 31), None),
    ],
)
def test_a_birth_date_is_possible_on_the_day_it_was_said(call: Call, said: date, born: date | None) -> None:
    assert call("norm_birth_date", said, date(2024, 8, 12)) == born
    assert born is None or call("norm_birth_date", born, date(2024, 8, 12)) == born


@settings(deadline=None, max_examples=60)
@given(st.dates(), st.dates())
def test_any_two_dates_give_a_birth_date_or_nothing(call: Call, said: date, known_on: date) -> None:
    born = call("norm_birth_date", said, known_on)
    assert born is None or born <= known_on
