"""Churn: bands, dates and overdue days of the scores, and the main reason in words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.transforms.marts.company import AS_OF, Company, day, file, line

COLUMNS = ("customer_id", "reason_code", "reason", "reason_id")


def buys(*days: str, customer: str = "C1", amount: str = "10", category: str = "Teh") -> list[object]:
    return [line(f"{customer} {on}", on, amount, customer, category=category) for on in days]


def reason(*rows: object) -> tuple[str, str, str]:
    """The reason of customer 1 beside two who buy every thirty days, without a season."""
    others = [*buys("2023-12-01", "2023-12-31", customer="C2"), *buys("05-01", "05-31", customer="C3")]
    company = Company().sells(file(*rows, *others))
    company.con.execute("UPDATE value_settings SET has_season = FALSE")
    company.build("churn_reasons")
    found = company.con.execute(
        "SELECT reason_code, reason, reason_id FROM churn_reasons WHERE customer_id = 1"
    ).fetchall()
    return tuple(found[0])


HALF_BEFORE = ("2023-07-20", "2023-08-20", "2023-09-20", "2023-10-20", "2023-11-20", "2023-12-20")
HALF_RECENT = ("01-20", "02-20", "03-20", "04-20", "05-20", "06-20")


def test_a_steady_customer_buys_as_usual() -> None:
    assert reason(*buys(*HALF_BEFORE, *HALF_RECENT)) == (
        "as_usual",
        "buys in the usual rhythm",
        "belanja seperti biasanya",
    )


def test_a_first_purchase_is_recent_then_the_only_one() -> None:
    assert reason(*buys("06-20"))[0] == "first_purchase_recent"
    assert reason(*buys("01-20"))[:2] == ("one_time_silent", "bought once and has been silent since")


def test_the_silence_is_counted_in_usual_gaps() -> None:
    """Five gaps of some thirty days, then ninety days of nothing."""
    code, words, kata = reason(*buys("2023-11-01", "2023-12-01", "2023-12-31", "01-30", "03-01", "04-01"))
    assert code == "overdue_vs_own_cadence"
    assert words == "silent for 3.0 times the usual gap"
    assert kata == "diam selama 3,0 kali jeda biasanya"


def test_what_was_given_back_is_the_reason_even_of_who_is_late() -> None:
    back = [
        line(f"R{on}", on, "-10", "C1", returns_order_id=f"C1 {on}", category="Teh")
        for on in ("02-20", "03-20")
    ]
    assert reason(*buys("01-20", "02-20", "03-20"), *back) == (
        "refund_heavy",
        "gave back 2 of 3 orders within a year",
        "mengembalikan 2 dari 3 pesanan dalam setahun",
    )


def test_a_category_bought_no_more_is_a_reason_though_the_customer_buys_on() -> None:
    rows = [*buys(*HALF_BEFORE, category="Kopi"), *buys(*HALF_RECENT)]
    assert reason(*rows) == (
        "switching",
        "used to buy Kopi about every 30 days, not for 193 days",
        "dulu membeli Kopi kira-kira tiap 30 hari, sudah 193 hari tidak",
    )


def test_a_category_bought_less_often_than_chance_explains_is_named_with_its_shares() -> None:
    kopi = [line(f"K{on}", on, "5", "C1", category="Kopi") for on in (*HALF_BEFORE, "01-20")]
    assert reason(*buys(*HALF_BEFORE, *HALF_RECENT), *kopi)[:2] == (
        "switching",
        "turns away from Kopi: on 1 of 6 purchase days, on 6 of 6 before",
    )


@pytest.mark.parametrize("recent", [("01-20", "02-20", "06-20"), ("06-20",)])
def test_a_small_change_of_the_basket_is_chance(recent: tuple[str, ...]) -> None:
    """Three of six days before, none of three or of one since."""
    kopi = [line(f"K{on}", on, "5", "C1", category="Kopi") for on in HALF_BEFORE[:3]]
    assert reason(*buys(*HALF_BEFORE, *recent), *kopi)[0] != "switching"


def test_coming_less_often_than_chance_explains_is_a_reason() -> None:
    often = ("2023-08-01", "2023-08-15", "2023-09-01", "2023-09-15", "2023-10-01", "2023-10-15", "2023-11-01",
             "2023-11-15", "2023-12-01")  # fmt: skip
    assert reason(*buys(*often, "06-20"))[:2] == (
        "frequency_declining",
        "comes less often: purchase days in half a year 1, in the one before 8",
    )


def test_who_buys_rarely_and_is_not_late_has_the_own_gap_as_reason() -> None:
    assert reason(*buys("2022-09-01", "2023-04-01", "2023-11-01", "05-20")) == (
        "buys_rarely",
        "buys rarely: about every 161 days",
        "jarang belanja: kira-kira tiap 161 hari",
    )


def test_spending_half_is_a_reason() -> None:
    rows = [*buys(*HALF_BEFORE, amount="100"), *buys(*HALF_RECENT, amount="45")]
    assert reason(*rows) == (
        "spend_declining",
        "a purchase day brings 45 percent of what it brought half a year before",
        "belanja 45 persen dari nilai hari belanja sebelumnya",
    )


def test_a_peak_before_lebaran_is_no_decline_after_it() -> None:
    """Nine days in Ramadan 2023 against one a month since: less often by a season only."""
    peak = [f"2023-04-{n:02d}" for n in range(1, 20, 2)]
    company = Company(as_of=day("2024-02-28")).sells(file(*buys(*peak, *HALF_BEFORE, "01-20", "02-20")))
    assert company.table("customer_trends", "repeats_before", "repeats_recent", "count_before") == [
        (2, 6, 12)
    ]


def test_bands_dates_and_overdue_days() -> None:
    company = Company().sells(file(*buys("01-20"), *buys("05-20", "06-20", customer="C2")))
    score = {"horizon_days": 90, "p_alive": 0.5, "next_days": 20.0, "next_days_p25": 5.0}
    one, two = {"x": 0, "t_x_days": 0, "T_days": 162}, {"x": 1, "t_x_days": 31, "T_days": 41}
    company.put(
        "churn_scores",
        [
            {**score, **one, "p_no_purchase": 0.66},
            {**score, **one, "p_no_purchase": 0.329999, "horizon_days": 180},
            {**score, **two, "p_no_purchase": 0.33, "next_days_p75": 40.0},
        ],
    )
    columns = ("customer_id", "horizon_days", "churn_probability", "churn_band", "next_purchase_p25",
               "expected_next_purchase", "next_purchase_p75", "days_overdue", "state")  # fmt: skip
    p25, half, p75 = day("07-05"), day("07-20"), day("08-09")
    assert company.table("churn", *columns) == [
        (1, 90, Decimal("0.660000"), "high", p25, half, None, 116, "lapsed"),
        (1, 180, Decimal("0.329999"), "low", p25, half, None, 116, "lapsed"),
        (2, 90, Decimal("0.330000"), "medium", p25, half, p75, -36, "active"),
    ]
    assert set(company.table("churn", "as_of")) == {(AS_OF,)}
