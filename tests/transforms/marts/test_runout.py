"""Run-out: the closed forms of SQL are those of the model, from as_of on, and never in the past."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from tests.transforms.marts.company import AS_OF, Company, day, file, line
from transforms.value.predict import next_purchase_days, p_alive, p_no_purchase
from transforms.value.purchase_model import PurchaseModel

PARAMETERS = {"r": 0.9, "alpha": 6.0, "a": 0.6, "b": 3.0}
MODEL = PurchaseModel("mbg_nbd", *PARAMETERS.values(), None, None, None, None, None, 0.0, 1, 1, 0.0, True)


def bought(customer: str, *days: str, **fields: object) -> list[object]:
    return [line(f"{customer}{on}", on, "10", customer, **{"category": "Teh", **fields}) for on in days]


def sold(*rows: object, **settings: object) -> Company:
    company = Company().sells(file(*rows))
    company.put("family_models", [{"product_family": name, **PARAMETERS} for name in ("Teh", "Kopi")])
    for name, value in settings.items():
        company.con.execute(f"UPDATE value_settings SET {name} = ?", [value])
    return company


STEADY = ("01-10", "02-01", "02-24", "03-18", "04-10", "05-03", "05-26", "06-18")
HISTORIES = [
    ("C1", STEADY),
    ("C2", ("06-01",)),
    ("C3", ("2022-08-01", "2022-09-01")),
    ("C4", ("03-01", "03-20")),
]


def test_figures_are_those_of_the_purchase_model() -> None:
    company = sold(*(row for customer, days in HISTORIES for row in bought(customer, *days)))
    found = company.table("runout", "p_reorder_14", "p_reorder_30", "p_alive", "run_out_p25", "run_out_date",
                          "run_out_p75", "customer_id")  # fmt: skip
    by_customer = {row[-1]: row[:-1] for row in found}
    for number, (_, days) in enumerate(HISTORIES, start=1):
        first, last = day(days[0]), day(days[-1])
        history = (len(days) - 1, (last - first).days, (AS_OF - first).days)
        probabilities = [1 - p_no_purchase(MODEL, *history, 14), 1 - p_no_purchase(MODEL, *history, 30)]
        probabilities.append(p_alive(MODEL, *history))
        assert [float(p) for p in by_customer[number][:3]] == pytest.approx(probabilities, abs=1e-6)
        for quantile, on in zip((0.25, 0.5, 0.75), by_customer[number][3:], strict=True):
            ahead = float(next_purchase_days(MODEL, *history, quantile))
            expected = None if np.isnan(ahead) or ahead > 3650 else AS_OF + dt.timedelta(int(np.ceil(ahead)))
            assert on == expected


def test_no_day_lies_in_the_past_and_the_reminder_comes_before_it() -> None:
    columns = ("customer_id", "run_out_date", "remind_on", "confidence", "purchases", "last_purchase")
    rows = [row for customer, days in HISTORIES for row in bought(customer, *days)]
    found = {row[0]: row[1:] for row in sold(*rows, runout_lead_days=5).table("runout", *columns)}
    assert found[1] == (day("07-23"), day("07-18"), "high", 8, day("06-18"))
    assert found[3][:3] == (None, None, "low")
    late = {row[0]: row[2] for row in sold(*rows, runout_lead_days=60).table("runout", *columns)}
    assert late[1] == AS_OF + dt.timedelta(1)


def test_each_family_has_its_own_rhythm_and_the_master_names_it() -> None:
    rows = [
        *bought("C1", "05-01", "06-01", product_id="P1"),
        *bought("C1", "04-01", product_id="P2"),
        *bought("C1", "06-10", category="Kopi"),
    ]
    company = sold(*rows)
    company.put(
        "product_rows", [{"product_id": "P1", "subcategory": "Kopi", "arrived": day("01-01"), "line": 1}]
    )
    found = company.table("runout", "product_family", "purchases", "last_purchase")
    assert found == [("Kopi", 3, day("06-10")), ("Teh", 1, day("04-01"))]


def test_what_was_given_back_was_not_bought() -> None:
    rows = [
        *bought("C1", "05-01", "06-01"),
        line("R", "06-05", "-10", "C1", returns_order_id="C106-01", category="Teh"),
    ]
    assert sold(*rows).table("runout", "purchases", "last_purchase") == [(1, day("05-01"))]


def test_a_larger_last_quantity_lasts_longer_only_when_the_company_says_so() -> None:
    rows = [row for on, q in zip(STEADY, (1, 1, 1, 1, 1, 1, 1, 3), strict=True)
            for row in bought("C1", on, quantity=Decimal(q))]  # fmt: skip
    company = sold(*rows)
    assert company.table("runout", "run_out_date") == [(day("07-23"),)]
    assert company.table("family_history", "quantity_ratio") == [(Decimal("2.400000"),)]
    assert sold(*rows, quantity_elasticity=1).table("runout", "run_out_date") == [(day("08-20"),)]


def test_a_family_last_bought_before_the_window_has_no_row() -> None:
    rows = [*bought("C1", "2022-06-01", "2022-06-20"), *bought("C1", "06-01", category="Kopi")]
    assert sold(*rows).table("runout", "product_family") == [("Kopi",)]
