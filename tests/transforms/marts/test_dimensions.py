"""Dates, products, channels."""

from __future__ import annotations

import csv
import datetime as dt
from itertools import pairwise

from tests.transforms.marts.company import AS_OF, MARTS, Company, day, file, line


def date_row(company: Company, on: dt.date, *columns: str) -> tuple[object, ...]:
    company.build("dim_date")
    found: tuple[object, ...] = company.con.execute(
        f"SELECT {', '.join(columns)} FROM dim_date WHERE date = ?", [on]
    ).fetchall()[0]
    return found


def test_the_calendar_runs_from_the_first_event_to_a_year_after_as_of() -> None:
    company = Company().sells(file(line("A", "2023-11-05", "10")))
    company.build("dim_date")
    assert company.con.execute("SELECT MIN(date), MAX(date), COUNT(*) FROM dim_date").fetchall() == [
        (day("2023-11-05"), day("2025-06-30"), 604)
    ]


def test_without_events_the_calendar_starts_with_history() -> None:
    company = Company()
    company.build("dim_date")
    assert company.value("SELECT MIN(date) FROM dim_date") == day("01-01")


def test_without_events_and_history_the_calendar_starts_at_as_of() -> None:
    company = Company()
    company.con.execute("UPDATE params SET history_start = NULL")
    company.build("dim_date")
    assert company.value("SELECT MIN(date) FROM dim_date") == day("06-30")


def test_every_day_knows_its_weekday_as_python_does() -> None:
    company = Company().sells(file(line("A", "1969-12-20", "10")))
    company.build("dim_date")
    days = company.con.execute(
        "SELECT date, weekday, is_weekend, week_start, quarter, month_start FROM dim_date"
    ).fetchall()
    for on, weekday, is_weekend, week_start, quarter, month_start in days:
        assert (weekday, is_weekend) == (on.isoweekday(), on.isoweekday() >= 6)
        assert week_start == on - dt.timedelta(on.weekday())
        assert (quarter, month_start) == ((on.month + 2) // 3, on.replace(day=1))


def test_days_to_lebaran_count_down_to_the_nearest_one_and_up_after_it() -> None:
    company = Company()
    assert date_row(company, day("04-01"), "days_to_lebaran", "month_name_en", "month_name_id") == (
        9,
        "April",
        "April",
    )
    assert date_row(company, day("04-10"), "days_to_lebaran") == (0,)
    assert date_row(company, day("05-10"), "days_to_lebaran", "month_name_id") == (-30, "Mei")
    assert date_row(company, day("12-31"), "days_to_lebaran") == (90,)


def test_holidays_carry_their_name() -> None:
    company = Company()
    company.put("holidays", [{"date": day("08-17"), "name": "Hari Kemerdekaan", "is_lebaran": False}])
    assert date_row(company, day("08-17"), "is_holiday", "holiday_name") == (True, "Hari Kemerdekaan")
    assert date_row(company, day("08-18"), "is_holiday", "holiday_name") == (False, None)


def test_lebaran_dates_are_a_lunar_year_apart() -> None:
    with (MARTS / "lebaran.csv").open(encoding="utf-8") as seed:
        dates = [dt.date.fromisoformat(row["date"]) for row in csv.DictReader(seed)]
    assert (dates[0].year, dates[-1].year) == (1990, 2040)
    assert all(353 <= (later - earlier).days <= 356 for earlier, later in pairwise(dates))


def test_products_come_from_the_master_and_then_from_the_latest_line() -> None:
    company = Company().sells(
        file(
            line("A", "06-01", "10", product_id="P1", product_name="Old tea", category="drinks"),
            line("B", "06-02", "10", product_id="P2", product_name="Rice", colour="white"),
            line("C", "06-03", "10", product_id="P2", product_name="White rice"),
            line("D", "06-03", "10", product_name="Delivery"),
        )
    )
    company.put(
        "product_rows",
        [
            {
                "channel": "erp",
                "arrived": day("01-01"),
                "file_seq": 1,
                "line": n,
                "product_id": product,
                "product_name": name,
            }
            for n, (product, name) in enumerate([("P1", "Tea"), ("P9", "Never sold")])
        ],
    )
    assert company.table(
        "dim_product", "product_id", "product_name", "category", "colour", "is_in_master"
    ) == [
        ("Delivery", "Delivery", None, None, False),
        ("P1", "Tea", "drinks", None, True),
        ("P2", "White rice", None, None, False),
        ("P9", "Never sold", None, None, True),
    ]


def test_channels_are_as_declared() -> None:
    company = Company()
    row = {
        "channel": "web",
        "description_en": "Web",
        "description_id": "Daring",
        "trust": 70,
        "id_space": "crm",
    }
    company.put("channels", [row])
    assert company.table("dim_channel") == [tuple(row.values())]


def test_as_of_is_a_day_of_the_calendar() -> None:
    assert date_row(Company(), AS_OF, "year", "month", "day") == (2024, 6, 30)
