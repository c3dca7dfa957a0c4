"""One planted fault, one red check: the right one, in both runners."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_quality.gx_runner import run_suite
from data_quality.results import CheckResult
from data_quality.sql_runner import run_sql
from tests.data_quality.samples import RFM_ROW, column, rfm_rows, rule, table, write
from warehouse.contracts import arrow_schema, load_table

RUNNERS = pytest.mark.parametrize("runner", [run_sql, run_suite])


def failed(results: list[CheckResult]) -> dict[str, int]:
    return {result.check: result.count_failed for result in results if not result.passed}


@RUNNERS
def test_good_rows_pass_everything(runner, tmp_path: Path) -> None:
    rfm = load_table("rfm")
    results = runner(rfm, write(tmp_path / "rfm.parquet", rfm, rfm_rows()))
    assert failed(results) == {}
    assert {result.count_checked for result in results if result.check != "schema_as_declared"} == {3}


@RUNNERS
@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"as_of": None}, "as_of_not_null"),
        ({"customer_id": None}, "customer_id_not_null"),
        ({"customer_id": 0}, "customer_id_between_1_and_9007199254740991"),
        ({"customer_id": 2**53}, "customer_id_between_1_and_9007199254740991"),
        ({"recency_days": -1}, "recency_days_at_least_0"),
        ({"frequency": 0}, "frequency_at_least_1"),
        ({"monetary": None}, "monetary_not_null"),
        ({"r_score": 6}, "r_score_between_1_and_5"),
        ({"segment": None}, "segment_not_null"),
    ],
)
def test_a_bad_row_is_caught_by_its_check_alone(
    runner, change: dict[str, Any], check: str, tmp_path: Path
) -> None:
    rfm = load_table("rfm")
    results = runner(rfm, write(tmp_path / "rfm.parquet", rfm, rfm_rows(change)))
    assert failed(results) == {check: 1}


@RUNNERS
def test_every_row_of_a_shared_key_counts(runner, tmp_path: Path) -> None:
    rfm = load_table("rfm")
    rows = rfm_rows({"customer_id": 1}, {"customer_id": 1, "as_of": date(2024, 5, 2)})
    assert failed(runner(rfm, write(tmp_path / "rfm.parquet", rfm, rows))) == {"key_unique": 2}


@RUNNERS
def test_a_key_shared_across_two_files_is_found(runner, tmp_path: Path) -> None:
    rfm = load_table("rfm")
    files = [write(tmp_path / f"{number}.parquet", rfm, [RFM_ROW]) for number in (1, 2)]
    assert failed(runner(rfm, files)) == {"key_unique": 2}


@RUNNERS
@pytest.mark.parametrize(
    ("keys", "shared"),
    [
        ([(1, "a"), (1, "b"), (2, "a")], 0),  # in order
        ([(2, "a"), (1, "b"), (1, "a")], 0),  # in no order
        ([(1, "a"), (1, "a"), (2, "a")], 2),
        ([(1, "a"), (2, "a"), (1, "a")], 2),  # apart from one another
        ([(1, None), (2, "a"), (3, None)], 0),
        ([(1, None), (1, None), (1, "a")], 2),
    ],
)
def test_shared_keys_are_found_in_any_order(
    runner, keys: list[tuple[int, str | None]], shared: int, tmp_path: Path
) -> None:
    given = table(
        "t", [column("as_of", "date"), column("x", "integer"), column("s", "text")], ["as_of", "x", "s"]
    )
    rows = [{"as_of": date(2024, 5, 1), "x": x, "s": s} for x, s in keys]
    found = failed(runner(given, write(tmp_path / "t.parquet", given, rows)))
    assert found == ({"key_unique": shared} if shared else {})


@RUNNERS
def test_words_outside_a_vocabulary_are_caught(runner, tmp_path: Path) -> None:
    given = table("t", [column("x", "integer"), column("state", "text", values=("new", "it's"))], ["x"])
    rows = [{"x": 1, "state": "it's"}, {"x": 2, "state": "New"}, {"x": 3, "state": None}]
    assert failed(runner(given, write(tmp_path / "t.parquet", given, rows))) == {"state_in_vocabulary": 1}


@RUNNERS
def test_a_row_rule_with_null_is_satisfied_and_a_warning_stays_one(runner, tmp_path: Path) -> None:
    columns = [column("x", "integer"), column("y", "integer"), column("s", "text")]
    rules = (rule("ordered", "x <= y", "warn"), rule("signs", "x % 2 = 0 OR s LIKE 'a:%' OR s = '{b}$c'"))
    given = table("t", columns, ["x"], rules=rules)
    rows = [{"x": 2, "y": 1}, {"x": 4, "y": None}, {"x": 5, "y": 9, "s": "a:b"}, {"x": 7, "y": 7, "s": "c"}]
    results = runner(given, write(tmp_path / "t.parquet", given, rows))
    assert failed(results) == {"ordered": 1, "signs": 1}
    assert {r.check: r.severity for r in results if not r.passed} == {"ordered": "warn", "signs": "error"}


@RUNNERS
def test_a_reference_is_checked_only_when_the_other_table_is_given(runner, tmp_path: Path) -> None:
    rfm, customers = load_table("rfm"), table("customers", [column("customer_id", "bigint")], ["customer_id"])
    file = write(tmp_path / "rfm.parquet", rfm, rfm_rows())
    known = write(tmp_path / "customers.parquet", customers, [{"customer_id": n} for n in (1, 3, None)])
    assert failed(runner(rfm, file)) == {}
    assert "customer_id_found_in_customers" not in [r.check for r in runner(rfm, file)]
    assert failed(runner(rfm, file, {"customers": known})) == {"customer_id_found_in_customers": 1}


@RUNNERS
def test_an_empty_value_points_nowhere_on_purpose(runner, tmp_path: Path) -> None:
    given = table("t", [column("x", "integer", references="other.y")], ["x"])
    other = table("other", [column("y", "integer")], ["y"])
    file = write(tmp_path / "t.parquet", given, [{"x": None}, {"x": 1}])
    assert failed(runner(given, file, {"other": write(tmp_path / "o.parquet", other, [])})) == {
        "x_found_in_other": 1
    }


@RUNNERS
def test_too_few_rows(runner, tmp_path: Path) -> None:
    given = table("t", [column("x", "integer")], ["x"], min_rows=3)
    results = runner(given, write(tmp_path / "t.parquet", given, [{"x": 1}]))
    assert failed(results) == {"row_count_at_least_3": 2}


@RUNNERS
def test_a_type_that_differs_is_the_schema_alone(runner, tmp_path: Path) -> None:
    rfm = load_table("rfm")
    good = pa.Table.from_pylist(rfm_rows(), schema=arrow_schema(rfm))
    at = good.schema.get_field_index("r_score")
    wide = good.set_column(at, "r_score", good["r_score"].cast(pa.int64()))
    pq.write_table(wide, tmp_path / "rfm.parquet")
    results = runner(rfm, tmp_path / "rfm.parquet")
    assert failed(results) == {"schema_as_declared": 1}
    assert results[0].note == "r_score is BIGINT, not INTEGER"


@RUNNERS
def test_a_missing_column_is_the_schema_and_every_check_that_needs_it(runner, tmp_path: Path) -> None:
    rfm = load_table("rfm")
    good = pa.Table.from_pylist(rfm_rows(), schema=arrow_schema(rfm))
    pq.write_table(
        good.drop_columns(["segment"]).append_column("Budi", good["segment"]), tmp_path / "rfm.parquet"
    )
    results = runner(rfm, tmp_path / "rfm.parquet")
    assert failed(results) == {"schema_as_declared": 2, "segment_not_null": 3, "segment_in_vocabulary": 3}
    assert results[0].note == "segment is missing; 1 columns are not in the contract"


@RUNNERS
def test_a_rule_that_cannot_be_computed_fails_as_an_error_and_alone(runner, tmp_path: Path) -> None:
    rules = (rule("broken", "CAST(s AS INTEGER) > 0", "warn"), rule("sound", "x > 1", "warn"))
    given = table("t", [column("x", "integer"), column("s", "text")], ["x"], rules=rules)
    results = runner(given, write(tmp_path / "t.parquet", given, [{"x": 1, "s": "Budi Santoso"}]))
    assert failed(results) == {"broken": 1, "sound": 1}
    assert {r.check: r.severity for r in results if not r.passed} == {"broken": "error", "sound": "warn"}
    assert "Budi" not in str(results)


@RUNNERS
def test_a_file_that_is_no_parquet_fails_every_check(runner, tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_text("nothing")
    results = runner(load_table("rfm"), tmp_path / "t.parquet")
    assert results and not any(result.passed for result in results)
