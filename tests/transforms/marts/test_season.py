"""A season that moves through the year makes nobody late: Ramadan, up to Idulfitri (10 April 2024)."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.transforms.marts.company import Company, day, file, line

OTHERS = 20


def buys(*days: str, customer: int = 1) -> list[object]:
    return [line(f"C{customer} {on}", on, "10", f"C{customer}") for on in days]


def others() -> list[object]:
    """Twenty who buy every 60 days outside the season."""
    days = [str(day("2023-06-01") + dt.timedelta(60 * n)) for n in range(4)]
    return [row for n in range(2, 2 + OTHERS) for row in buys(*days, customer=n)]


def rhythm(as_of: str, *days: str, has_season: bool = True) -> tuple[str, int, bool]:
    company = Company(as_of=day(as_of)).sells(file(*buys(*days), *others()))
    company.con.execute("UPDATE value_settings SET has_season = ?", [has_season])
    company.build("customer_rhythm")
    found = company.con.execute(
        "SELECT state, days_overdue, is_won_back FROM customer_rhythm WHERE customer_id = 1"
    ).fetchall()
    return tuple(found[0])


PEAK = ("2023-07-10", "2023-09-10", "2023-11-10", "2024-01-10", "2024-03-12", "2024-03-17", "2024-03-22",
        "2024-03-27", "2024-04-01", "2024-04-05", "2024-04-08")  # fmt: skip
TWO_LEBARANS = ("2023-03-28", "2023-04-03", "2023-04-12", "2023-04-19", "2024-03-20", "2024-03-28",
                "2024-04-06")  # fmt: skip


def test_the_season_is_the_thirty_days_up_to_the_eve_of_idulfitri() -> None:
    company = Company().sells(file(*buys("03-10", "03-11", "03-12", "04-09", "04-10")))
    found = company.table("season_clock", "date", "season_days", "is_season")
    half_years, found = found[:2], found[2:]
    assert [on for on, *_ in half_years] == [day("06-30") - dt.timedelta(n) for n in (360, 180)]
    before = found[0][1]
    assert [(on, days - before, is_season) for on, days, is_season in found] == [
        (day("03-10"), 0, False),
        (day("03-11"), 1, True),
        (day("03-12"), 2, True),
        (day("04-09"), 30, True),
        (day("04-10"), 30, False),
        (day("06-30"), 30, False),
    ]


def test_a_peak_that_has_passed_makes_nobody_late() -> None:
    """Every two months all year, every five days before Lebaran: 83 days later it is not yet time."""
    state, overdue, _ = rhythm("2024-06-30", *PEAK, has_season=False)
    assert (state, overdue > 30) == ("lapsing", True)
    state, overdue, _ = rhythm("2024-06-30", *PEAK)
    assert (state, overdue < 0) == ("active", True)


def test_who_buys_around_lebaran_only_is_not_late_before_the_next() -> None:
    for as_of in ("2024-10-31", "2025-02-28"):
        assert rhythm(as_of, *TWO_LEBARANS, has_season=False)[0] in ("lapsing", "lapsed")
        assert rhythm(as_of, *TWO_LEBARANS)[0] == "active"


def test_who_buys_around_lebaran_only_is_late_after_one_without_a_purchase() -> None:
    assert rhythm("2025-04-30", *TWO_LEBARANS)[0] in ("lapsing", "lapsed")


def test_who_comes_back_at_lebaran_every_year_is_not_won_back() -> None:
    days = (*TWO_LEBARANS, "2025-03-10")
    assert rhythm("2025-03-15", *days, has_season=False)[2]
    assert not rhythm("2025-03-15", *days)[2]


@pytest.mark.parametrize("as_of", ["2024-04-20", "2024-05-31", "2024-06-30"])
@pytest.mark.parametrize("days", [("2023-11-10",), ("2023-08-01", "2023-10-01", "2024-01-05"), PEAK[:4]])
def test_a_season_never_adds_to_a_silence(days: tuple[str, ...], as_of: str) -> None:
    """Who did not buy in the peak either is as late as over the whole year, not later."""
    assert rhythm(as_of, *days)[1] <= rhythm(as_of, *days, has_season=False)[1]


def test_a_company_without_the_season_keeps_one_rhythm() -> None:
    company = Company().sells(file(*buys(*PEAK)))
    company.con.execute("UPDATE value_settings SET has_season = FALSE")
    assert company.table("season_history", "season_x", "season_t_x_days", "season_silent_days") == [(0, 0, 0)]
