"""RFM: values in the window, cut points that never split ties, segments that cover every cell."""

from __future__ import annotations

import csv
import datetime as dt
import random
from decimal import Decimal

from tests.transforms.marts.company import AS_OF, MARTS, Company, day, file, line, money


def freeze(company: Company, *fit_days: dt.date) -> None:
    """Take today's cut points as those of the fit days."""
    company.build("rfm_cutpoint_fit")
    for fit_day in fit_days:
        company.con.execute(
            "INSERT INTO rfm_cutpoint_fits SELECT ?, measure, score, lower_bound FROM rfm_cutpoint_fit",
            [fit_day],
        )


def test_values_look_at_the_window_only_and_money_includes_days_given_back() -> None:
    company = Company(window_days=30).sells(
        file(
            line("old", "05-31", "1000"),
            line("A", "06-01", "10"),
            line("B", "06-10", "20"),
            line("R", "06-20", "-5", returns_order_id="unknown"),
            line("K", "06-25", "-7", "C2"),
        )
    )
    company.build("rfm_values")
    assert company.con.execute("FROM rfm_values WHERE role = 'current'").fetchall() == [
        ("current", AS_OF, 1, 20, 2, money("25"))
    ]


def scores_by_rank(values: list[int]) -> dict[int, int]:
    """The definition: 1 + min(4, floor(5 (rank - 1) / n)) with the smallest rank of ties."""
    n = len(values)
    return {v: 1 + min(4, 5 * sum(other < v for other in values) // n) for v in values}


def test_cut_points_score_as_percent_ranks_and_never_split_ties() -> None:
    draw = random.Random(7)
    for _ in range(20):
        frequencies = [draw.choice([1, 1, 1, 2, 2, 3, 5, 9]) for _ in range(draw.randint(1, 40))]
        company = Company().sells(
            file(
                *(
                    line(f"{n}-{k}", str(AS_OF - dt.timedelta(k)), "10", f"C{n}")
                    for n, count in enumerate(frequencies, start=1)
                    for k in range(count)
                )
            )
        )
        freeze(company, day("06-01"))
        company.build("rfm")
        found = dict(company.con.execute("SELECT DISTINCT frequency, f_score FROM rfm").fetchall())
        assert found == scores_by_rank(frequencies)


def test_a_score_that_ties_jump_over_has_the_bound_of_the_next() -> None:
    """Six of ten buy once: the seventh has score 4, so 2, 3 and 4 begin at two purchases; nobody has 5."""
    rows = [line(f"{n}", "06-01", "10", f"C{n}") for n in range(1, 11)]
    rows += [line(f"{n}b", "06-02", "10", f"C{n}") for n in range(7, 11)]
    company = Company().sells(file(*rows))
    company.build("rfm_cutpoint_fit")
    found = company.con.execute(
        "SELECT fit_day, score, lower_bound FROM rfm_cutpoint_fit WHERE measure = 'frequency' ORDER BY ALL"
    ).fetchall()
    assert found == [
        (AS_OF, 1, money("1")),
        (AS_OF, 2, money("2")),
        (AS_OF, 3, money("2")),
        (AS_OF, 4, money("2")),
    ]


def test_recency_is_cut_as_negative_days_so_that_more_is_better() -> None:
    company = Company().sells(file(*(line(f"{n}", f"06-{n:02d}", "10", f"C{n}") for n in range(1, 11))))
    freeze(company, day("06-01"))
    company.build("rfm")
    found = company.con.execute("SELECT recency_days, r_score FROM rfm ORDER BY ALL").fetchall()
    assert [score for _, score in found] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert company.con.execute(
        "SELECT lower_bound FROM rfm_cutpoint_fit WHERE measure = 'recency' AND score = 5"
    ).fetchall() == [(money("-21"),)]


def test_values_beyond_the_frozen_bounds_still_get_a_score() -> None:
    company = Company().sells(file(line("A", "06-01", "10"), line("B", "06-30", "9000", "C2")))
    company.put(
        "rfm_cutpoint_fits",
        [
            {"fit_day": day("06-01"), "measure": measure, "score": score, "lower_bound": Decimal(100 * score)}
            for measure in ("recency", "frequency", "monetary")
            for score in range(1, 6)
        ],
    )
    assert company.table("rfm", "customer_id", "r_score", "f_score", "m_score") == [
        (1, 1, 1, 1),
        (2, 1, 1, 5),
    ]


def test_without_cut_points_everybody_is_in_the_middle() -> None:
    company = Company().sells(file(line("A", "06-01", "10")))
    assert company.table("rfm", "r_score", "f_score", "m_score", "segment") == [(3, 3, 3, "need_attention")]


def test_the_previous_segment_uses_its_own_days_and_cut_points() -> None:
    company = Company().sells(
        file(
            line("A", "04-01", "10"),
            line("A2", "05-20", "10"),
            line("B", "06-20", "10", "C2"),
            line("A3", "06-25", "10"),
        )
    )
    bounds = {"recency": [-400, -60, -40, -20, -7], "frequency": [1, 2, 3, 4, 5], "monetary": [1, 2, 3, 4, 5]}
    company.put(
        "rfm_cutpoint_fits",
        [
            {"fit_day": fit_day, "measure": measure, "score": score, "lower_bound": Decimal(bound)}
            for fit_day in (day("05-01"), day("06-01"))
            for measure, cuts in bounds.items()
            for score, bound in enumerate(cuts, start=1)
        ],
    )
    assert company.table("rfm", "customer_id", "segment", "previous_segment") == [
        (1, "potential_loyalist", "potential_loyalist"),
        (2, "promising", None),
    ]
    assert company.table("rfm_cutpoints", "as_of", "fit_day", "measure", "score", "lower_bound")[0] == (
        AS_OF,
        day("06-01"),
        "frequency",
        1,
        money("1"),
    )


def test_every_recency_and_frequency_cell_has_exactly_one_segment() -> None:
    with (MARTS / "rfm_segments.csv").open(encoding="utf-8") as seed:
        cells = [(int(row["r_score"]), int(row["f_score"])) for row in csv.DictReader(seed)]
    assert sorted(cells) == [(r, f) for r in range(1, 6) for f in range(1, 6)]
