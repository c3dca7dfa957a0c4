"""The published concentration of a real web shop (UCI Online Retail II, its first year), as order lines."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from pathlib import Path

import pytest

from tests.transforms.marts.company import Company

SHARED_DATA = Path(os.environ.get("SATU_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
RETAIL = SHARED_DATA / "online_retail_2009_2010.parquet"
AS_OF = dt.date(2010, 12, 9)

pytestmark = pytest.mark.skipif(not RETAIL.exists(), reason=f"needs {RETAIL} (set SATU_SHARED_DATA)")


def online_retail(where: str) -> Company:
    """The shop's lines as one file, line numbers from the row numbers so that exact repeats stay."""
    company = Company(as_of=AS_OF)
    company.con.execute(
        f"""
        INSERT INTO order_line_rows BY NAME
        SELECT 'web' AS channel, 'web' AS order_space, CAST(arrived AS DATE) AS arrived, 1 AS file_seq,
            1 AS mapping,
            'web:' || CAST(CAST("Customer ID" AS BIGINT) AS VARCHAR) AS record_key,
            line, CAST(line AS VARCHAR) AS line_no, 1 AS occurrence, CAST(arrived AS DATE) AS event_on,
            "Invoice" AS order_id, "StockCode" AS product_id, "Quantity" AS quantity, "Price" AS unit_price
        FROM (
            SELECT *, CAST("InvoiceDate" AS TIMESTAMP) AS arrived, ROW_NUMBER() OVER () AS line
            FROM '{RETAIL}'
        )
        WHERE {where}
        """
    )
    company.con.execute(
        """
        INSERT INTO customer_links
        SELECT DISTINCT record_key, CAST(substr(record_key, 5) AS BIGINT)
        FROM order_line_rows
        WHERE record_key IS NOT NULL
        """
    )
    company.build("pareto_summary", "reconciliation")
    return company


def figures(company: Company) -> dict[str, float]:
    rows = company.con.execute(
        "SELECT metric, value FROM pareto_summary WHERE measure = 'revenue'"
    ).fetchall()
    return {metric: float(value) for metric, value in rows}


@pytest.fixture(scope="module")
def net() -> Company:
    return online_retail("true")


@pytest.fixture(scope="module")
def gross() -> Company:
    return online_retail("Quantity > 0")


def test_gross_concentration_is_the_published_one(gross: Company) -> None:
    found = figures(gross)
    assert (found["customers_ranked"], found["customers_at_or_below_zero"]) == (4312, 2)
    assert found["top_20_share"] == pytest.approx(0.7345, abs=5e-5)
    assert found["top_10_share"] == pytest.approx(0.5983, abs=5e-5)
    assert found["top_1_share"] == pytest.approx(0.2849, abs=5e-5)
    assert found["customers_for_80_share"] == pytest.approx(0.273, abs=5e-4)
    assert found["gini"] == pytest.approx(0.7044, abs=5e-5)


def test_net_concentration_is_the_published_one_but_for_four_customers_at_zero(net: Company) -> None:
    """Sums of floats give 4,281 and 102: there, four customers who gave everything back keep 1e-14."""
    found = figures(net)
    assert (found["customers_ranked"], found["customers_at_or_below_zero"]) == (4277, 106)
    assert found["top_20_share"] == pytest.approx(0.7312, abs=3e-4)
    assert found["top_10_share"] == pytest.approx(0.5943, abs=5e-4)
    assert found["top_1_share"] == pytest.approx(0.2812, abs=5e-5)
    assert found["customers_for_80_share"] == pytest.approx(0.276, abs=7e-4)
    assert found["gini"] == pytest.approx(0.7011, abs=4e-4)


def test_every_line_is_accounted_for_to_the_penny(net: Company) -> None:
    count, ledger, orders, difference = net.con.execute(
        "SELECT count_ledger_lines, ledger_revenue, orders_revenue, difference FROM reconciliation"
    ).fetchall()[0]
    # 9,539,484.63 by rounded lines; 14 prices of the shop have a third decimal.
    assert (count, ledger, difference) == (525_461, orders, Decimal("0.00"))
    assert float(ledger) == pytest.approx(9_539_485, abs=1)


def test_anonymous_sales_are_in_the_totals_and_in_no_customer_table(net: Company) -> None:
    assert net.value("SELECT COUNT(*) FROM order_lines WHERE customer_id IS NULL") == 107_927
    assert figures(net)["total_anonymous"] == pytest.approx(
        float(net.value("SELECT SUM(net_revenue) FROM orders WHERE customer_id IS NULL")), abs=0.005
    )


def test_the_cohorts_are_those_of_the_raw_rows(gross: Company) -> None:
    """Thirteen months make 91 cells; every one counted once more, straight from the shop's file."""
    gross.build("cohorts", "cohort_reconciliation")
    found = gross.con.execute("SELECT cohort_month, months_since, active FROM cohorts").fetchall()
    expected = gross.con.execute(
        f"""
        WITH bought AS (
            SELECT DISTINCT "Customer ID" AS customer, date_trunc('month', "InvoiceDate"::TIMESTAMP)::DATE AS month
            FROM '{RETAIL}' WHERE Quantity > 0 AND Price > 0 AND "Customer ID" IS NOT NULL
        ),
        first AS (SELECT customer, MIN(month) AS cohort FROM bought GROUP BY customer)
        SELECT cohort, date_diff('month', cohort, month) AS months, COUNT(*) FROM bought JOIN first USING (customer)
        GROUP BY ALL
        """
    ).fetchall()
    assert len(found) == 91 and set(found) == set(expected)
    december = sorted((months, active) for cohort, months, active in found if cohort == dt.date(2009, 12, 1))
    assert [active for _, active in december] == [
        955, 337, 319, 406, 363, 343, 360, 327, 321, 346, 403, 473, 237,
    ]  # fmt: skip


def test_all_cohorts_and_who_only_gave_back_are_all_orders_of_customers(net: Company) -> None:
    net.build("cohort_reconciliation")
    assert net.con.execute(
        "SELECT cohort_revenue, outside_revenue, known_orders_revenue, difference FROM cohort_reconciliation"
    ).fetchall() == [
        (Decimal("8430845.66"), Decimal("-82637.10"), Decimal("8348208.56"), Decimal("0.00")),
    ]
