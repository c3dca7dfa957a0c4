"""Every contract gives checks with stable names and words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data_quality.gx_runner import run_suite
from data_quality.rules import checks_for
from data_quality.runbook import runbook
from data_quality.sql_runner import run_sql
from tests.data_quality.samples import column, rule, table, write
from warehouse.contracts import all_tables, load_table

TABLES = sorted(all_tables())


def test_names_say_table_column_and_rule() -> None:
    names = {check.name: check.full_name for check in checks_for(load_table("rfm"))}
    assert names["r_score_between_1_and_5"] == "rfm.r_score.between_1_and_5"
    assert names["segment_not_null"] == "rfm.segment.not_null"
    assert names["customer_id_found_in_customers"] == "rfm.customer_id.found_in_customers"
    assert names["key_unique"] == "rfm.key_unique"


def test_bounds_below_zero_and_with_decimals_have_names() -> None:
    given = table("t", [column("x", "double", minimum="-0.5", maximum="1.5")], ["x"])
    assert "x_between_minus_0_5_and_1_5" in [check.name for check in checks_for(given)]


@pytest.mark.parametrize("name", TABLES)
def test_every_check_has_a_dagster_name_and_two_languages(name: str) -> None:
    rows = runbook(load_table(name))
    assert len({row.check for row in rows}) == len(rows)
    for row in rows:
        assert re.fullmatch(r"[A-Za-z0-9_]+", row.check)
        for text in (row.wording.holds, row.wording.problem, row.wording.fix):
            assert text.en and text.id and text.en != text.id
            assert "{" not in text.en + text.id
        assert row.wording.holds != row.wording.problem


def test_a_check_says_what_must_hold_apart_from_its_fault() -> None:
    said = {check.name: check.wording for check in checks_for(load_table("rfm"))}
    assert said["r_score_between_1_and_5"].holds.en == "r_score is ≥ 1 & ≤ 5 wherever it is filled."
    assert said["segment_not_null"].holds.en == "segment is filled in every row."
    assert said["segment_not_null"].problem.en == "segment is empty where it must be filled."
    (ordered,) = [c.wording for c in checks_for(load_table("clv")) if c.name == "interval_ordered"]
    assert ordered.holds.en == "In every row: clv_low <= clv_high"
    assert ordered.problem.en == "The lower bound is above the upper bound."


def test_a_rule_named_as_a_derived_check_is_refused() -> None:
    given = table("t", [column("x", "integer", required=True)], ["x"], rules=(rule("x_not_null", "x > 0"),))
    with pytest.raises(ValueError, match="x_not_null"):
        checks_for(given)


def test_a_nullable_part_of_a_key_may_be_empty() -> None:
    kinds = {
        check.kind
        for check in checks_for(load_table("customer_id_history"))
        if check.columns == ("previous_customer_id",)
    }
    assert "key_not_null" not in kinds


@pytest.mark.parametrize("runner", [run_sql, run_suite])
@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_fails_only_where_rows_are_promised(name: str, runner, tmp_path: Path) -> None:
    given = load_table(name)
    results = runner(given, write(tmp_path / "empty.parquet", given, []))
    failed = [result.check for result in results if not result.passed]
    assert failed == ([f"row_count_at_least_{given.min_rows}"] if given.min_rows else [])
    assert not [result.note for result in results if result.note]
