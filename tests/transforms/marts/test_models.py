"""What holds for every mart: its contract's columns, the portable subset, independence of row order."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re
from decimal import Decimal

import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from tests.transforms.marts.company import MARTS, SEEDS, Company, Row, day, file, line, order_models
from warehouse.contracts.load import all_tables
from warehouse.contracts.model import duckdb_type

MODELS = sorted(name for name in order_models() if (MARTS / f"{name}.sql").is_file())
CONTRACTED = [name for name in MODELS if name in all_tables()]
REFUSED_FUNCTIONS = (
    exp.Median,
    exp.Quantile,
    exp.PercentileCont,
    exp.PercentileDisc,
    exp.Mode,
    exp.GroupConcat,
    exp.ArrayAgg,
    exp.CurrentDate,
    exp.CurrentTimestamp,
    exp.Rand,
    exp.Log,
    exp.DayOfWeek,
    exp.Week,
)


def tree(name: str) -> exp.Expression:
    return sqlglot.parse_one((MARTS / f"{name}.sql").read_text(), read="duckdb")


def test_every_contracted_mart_is_here() -> None:
    assert {
        "orders",
        "order_lines",
        "rfm",
        "rfm_cutpoints",
        "pareto",
        "pareto_curve",
        "pareto_summary",
        "rfm_migration",
        "cohorts",
        "churn",
        "runout",
        "revenue_outlook",
        "product_sales",
        "dim_date",
        "dim_product",
        "dim_channel",
    } <= set(CONTRACTED)


@pytest.mark.parametrize("name", CONTRACTED)
def test_a_mart_has_the_columns_and_types_of_its_contract(name: str) -> None:
    company = Company()
    company.build(name)
    found = company.con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {name})").fetchall()
    assert found == [(column.name, duckdb_type(column.type)) for column in all_tables()[name].columns]


@pytest.mark.parametrize("name", MODELS)
def test_a_mart_opens_with_its_grain_and_key(name: str) -> None:
    comment = re.match(r"(--.*\n)+", (MARTS / f"{name}.sql").read_text())
    assert comment is not None
    assert comment[0].startswith("-- One row")
    assert "Key: " in comment[0]


@pytest.mark.parametrize("name", MODELS)
def test_a_mart_stays_in_the_portable_subset(name: str) -> None:
    model = tree(name)
    is_histogram = "-- histogram\n" in (MARTS / f"{name}.sql").read_text()
    assert model.args.get("order") is None
    assert not any(isinstance(projection, exp.Star) for projection in model.selects)
    assert not list(model.find_all(*REFUSED_FUNCTIONS))
    for window in model.find_all(exp.Window):
        assert window.args.get("partition_by") or not window.args.get("order") or is_histogram
        assert not isinstance(window.this, exp.Ntile)
    for division in model.find_all(exp.Div):
        assert division.expression.find(exp.Nullif) is not None, division.sql()
        assert "DOUBLE" in division.sql() or "cents" in division.sql(), division.sql()


LINES = st.builds(
    lambda order, on, amount, customer, product, status, returns, numbered: line(
        f"O{order}",
        str(day("05-01") + dt.timedelta(on)),
        str(Decimal(amount) / 100),
        None if customer == 0 else f"C{customer}",
        product_id=f"P{product}",
        category=f"K{product % 2}",
        status=status,
        returns_order_id=None if returns is None else f"O{returns}",
        cost=Decimal(amount) / 150 if product % 3 == 0 else None,
        line_no=str(product) if numbered else None,
    ),
    st.integers(1, 9),
    st.integers(0, 70),
    st.integers(-30_000, 90_000),
    st.integers(0, 5),
    st.integers(1, 5),
    st.sampled_from(["completed", "cancelled", "returned", None]),
    st.none() | st.integers(1, 12),
    st.booleans(),
)
BALANCES = (
    "reconciliation",
    "order_lines_reconciliation",
    "rfm_migration_balance",
    "cohort_reconciliation",
    "product_sales_reconciliation",
)
CHECKED = (
    "order_lines",
    "orders",
    "order_days",
    "purchase_history",
    "purchase_cells",
    "customer_rhythm",
    "customer_trends",
    "category_shifts",
    "churn_reasons",
    "family_history",
    "family_cells",
    "rfm",
    "rfm_cutpoint_fit",
    "pareto",
    "pareto_curve",
    "pareto_summary",
    "rfm_migration",
    "cohorts",
    "dim_product",
    "product_sales",
    *BALANCES,
)


def night(rows: list[Row], threads: int) -> Company:
    company = Company(threads=threads).sells(rows)
    company.build("rfm_cutpoint_fit")
    company.con.execute(
        "INSERT INTO rfm_cutpoint_fits "
        "SELECT DATE '2024-06-01', measure, score, lower_bound FROM rfm_cutpoint_fit"
    )
    company.build(*CHECKED)
    return company


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(LINES, min_size=1, max_size=12), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
def test_rows_do_not_depend_on_their_order_and_revenue_is_never_lost(
    deliveries: list[list[Row]], shuffle: random.Random
) -> None:
    rows = [row for seq, lines in enumerate(deliveries, start=1) for row in file(*lines, seq=seq)]
    shuffled = list(rows)
    shuffle.shuffle(shuffled)
    first, second = night(rows, threads=1), night(shuffled, threads=4)
    for name in CHECKED:
        assert first.table(name) == second.table(name), name
    for name in BALANCES:
        assert first.table(name, "difference") == [(Decimal("0.00"),)], name
    lines_per_order = first.con.execute(
        "SELECT COUNT(*), MAX(line_no), MIN(line_no) FROM order_lines GROUP BY order_id"
    )
    assert all(count == last and start == 1 for count, last, start in lines_per_order.fetchall())


def test_seeds_are_plain_and_sorted() -> None:
    for name in SEEDS:
        rows = list(csv.reader(io.StringIO((MARTS / f"{name}.csv").read_text(encoding="utf-8"))))
        assert rows[0] == list(SEEDS[name])
        assert rows[1:] == sorted(rows[1:])
