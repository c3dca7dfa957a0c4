"""Conditions of segments: facts in, members out; what is not on the list never reaches the engine."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from transforms.functions import create_macros
from transforms.segments import compile_segment, facts_of, members_sql, tables_used
from warehouse.contracts import all_tables
from warehouse.errors import ConfigError

FACTS = facts_of(all_tables(), {"clv": (365,), "churn": (30, 90)})
JAKARTA = "Asia/Jakarta"


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """Three customers: 1 buys and may leave, 2 is a prospect, 3 has a complaint."""
    with duckdb.connect() as con:
        create_macros(con)
        con.execute(
            "CREATE TABLE customers AS FROM (VALUES"
            " (1, 'active', DATE '2026-01-05', 4, FALSE), (2, 'prospect', DATE '2026-01-20', 0, FALSE),"
            " (3, 'lapsed', DATE '2025-01-05', 9, TRUE))"
            " AS t (customer_id, lifecycle_stage, first_seen, count_order_days, has_open_complaint)"
        )
        con.execute(
            "CREATE TABLE pareto AS FROM (VALUES (1, 900.00, 'A'), (3, 5.50, 'C')) AS t (customer_id, revenue, class)"
        )
        con.execute(
            "CREATE TABLE churn AS FROM (VALUES (1, 30, 0.9, 'active'), (1, 90, 0.4, 'active'), (3, 30, 0.9, 'lapsed'),"
            " (3, 90, 0.8, 'lapsed')) AS t (customer_id, horizon_days, churn_probability, state)"
        )
        yield con


@pytest.mark.parametrize(
    ("where", "message", "fix"),
    [
        ("rfm_segment = 'champion'", "`rfm_segment` is never 'champion'", "did you mean 'champions'?"),
        (
            "churn_state IN ('active', 'gone')",
            "`churn_state` is never 'gone'",
            "new, active, lapsing, lapsed",
        ),
        ("'X' <> pareto_class", "`pareto_class` is never 'X'", "A, B, C"),
        ("NOT (first_seen > '2026-13-45')", "'2026-13-45' is none", "2026-01-31"),
        ("first_seen BETWEEN '2026-01-01' AND 'now'", "'now' is none", "2026-01-31"),
        ("count_order_days = 'x'", "`count_order_days` is a number, 'x' is none", "bare"),
    ],
)
def test_a_comparison_that_nobody_could_fulfil_is_refused(where: str, message: str, fix: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)) as refused:
        compile_segment(where, FACTS, JAKARTA)
    assert fix in str(refused.value.fix)


def test_texts_without_a_vocabulary_and_numbers_as_texts_may_be_compared() -> None:
    for where in ("city_code = '31.71'", "count_order_days >= '4'", "lifecycle_stage > 'a'"):
        assert compile_segment(where, FACTS, JAKARTA).columns_used


def test_segments_of_the_contract_are_those_of_the_seed() -> None:
    seed = Path(__file__).parents[2] / "transforms/marts/rfm_segments.csv"
    named = {row["segment"] for row in csv.DictReader(seed.open())}
    assert set(FACTS["rfm_segment"].values) == named


@pytest.mark.parametrize(
    ("where", "members"),
    [
        ("lifecycle_stage = 'prospect'", {2}),
        ("lifecycle_stage <> 'prospect' AND count_order_days >= 4", {1, 3}),
        ("has_open_complaint", {3}),
        ("NOT has_open_complaint AND first_seen >= '2026-01-06'", {2}),
        ("first_seen BETWEEN '2026-01-01' AND '2026-01-10'", {1}),
        ("pareto_class = 'A'", {1}),
        ("pareto_class <> 'A'", {3}),
        ("pareto_class IS NULL", {2}),
        ("coalesce(revenue, 0) < 10", {2, 3}),
        ("churn_probability_90 > 0.5", {3}),
        ("churn_probability_30 > 0.5 AND churn_state = 'active'", {1}),
        ("revenue / (count_order_days - 4) > 0", {3}),
        ("CASE WHEN count_order_days > 5 THEN 'many' ELSE 'few' END = 'many'", {3}),
        ("year(first_seen) = 2025", {3}),
    ],
)
def test_a_condition_chooses_its_members(
    con: duckdb.DuckDBPyConnection, where: str, members: set[int]
) -> None:
    condition = {"chosen": compile_segment(where, FACTS, JAKARTA)}
    rows = con.execute(members_sql(condition, FACTS)).fetchall()
    assert {customer for _, customer in rows} == members
    assert {segment for segment, _ in rows} == {"chosen"}


def test_only_the_tables_a_condition_names_are_read() -> None:
    conditions = {
        "a": compile_segment("lifecycle_stage = 'new'", FACTS, JAKARTA),
        "b": compile_segment("churn_probability_90 > 0.5", FACTS, JAKARTA),
    }
    assert tables_used(conditions, FACTS) == ["customers", "churn"]
    assert tables_used({"a": conditions["a"]}, FACTS) == ["customers"]


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        ("customer_id IN (SELECT customer_id FROM rfm)", "not allowed"),
        ("EXISTS (SELECT 1)", "not allowed"),
        ("revenue > (SELECT avg(revenue) FROM pareto)", "not allowed"),
        ("sum(revenue) OVER () > 1", "not allowed"),
        ("getenv('HOME') = 'x'", "not allowed"),
        ("getvariable('hmac_inner') IS NOT NULL", "not allowed"),
        ("read_text('/etc/passwd') = ''", "not allowed"),
        ("TRUE; DROP TABLE customers", "more than one expression"),
        ("TRUE -- and more", "more than one expression"),
        ("TRUE) UNION ALL SELECT 'x', 1 FROM customers WHERE (TRUE", "neither a column nor an expression"),
        ("vault.customer_profile.full_name = 'Sri'", "there is no column `vault.customer_profile.full_name`"),
        ("full_name = 'Sri'", "there is no column `full_name`"),
        ("churn_probability_60 > 0.5", "there is no column `churn_probability_60`"),
        ("revenue + 1", "is a number, not a condition"),
        ("lifecycle_stage", "is a text, not a condition"),
        ("", "neither a column nor an expression"),
    ],
)
def test_what_is_not_on_the_list_is_refused_before_the_engine_sees_it(where: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(reason)):
        compile_segment(where, FACTS, JAKARTA)


def test_quotes_in_a_condition_stay_inside_their_text(con: duckdb.DuckDBPyConnection) -> None:
    condition = compile_segment("lower(lifecycle_stage) = 'x'' OR TRUE OR ''y'", FACTS, JAKARTA)
    assert con.execute(members_sql({"quoted": condition}, FACTS)).fetchall() == []


def test_the_guide_names_every_fact() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "segments.md").read_text(encoding="utf-8")
    plain = [fact for fact in FACTS.values() if fact.table not in ("clv", "churn") or fact.horizon == 365]
    for name in (*(fact.name for fact in plain), "churn_probability_30", "churn_state"):
        assert f"`{name}`" in guide, name
