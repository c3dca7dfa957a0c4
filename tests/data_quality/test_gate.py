"""The gate stops a table with one sentence that names rules and counts."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from data_quality.gate import GateReport, inspect
from data_quality.results import CheckResult
from tests.data_quality.samples import column, rfm_rows, rule, table, write
from warehouse.contracts import load_table
from warehouse.errors import GateFailed

ENGINES = pytest.mark.parametrize("engine", ["sql", "great_expectations"])
SECRET = "Budi Santoso 081299990000"


@ENGINES
def test_a_good_table_passes(engine, tmp_path: Path) -> None:
    rfm = load_table("rfm")
    report = inspect(rfm, write(tmp_path / "rfm.parquet", rfm, rfm_rows()), engine=engine)
    report.raise_if_failed()
    assert report.passed and not report.warnings
    assert report.not_checked == ("customer_id_found_in_customers",)
    assert [r.check for r in report.results][-2:] == ["no_personal_columns", "no_personal_text"]


def test_the_sentence_names_table_rules_counts_and_what_to_do(tmp_path: Path) -> None:
    rfm = load_table("rfm")
    file = write(tmp_path / "rfm.parquet", rfm, rfm_rows({"customer_id": 1}, {"r_score": 9}))
    with pytest.raises(GateFailed) as raised:
        inspect(rfm, file, engine="sql").raise_if_failed()
    assert str(raised.value) == (
        "rfm is not written because it breaks 2 rules: key_unique (2 of 5), "
        "r_score_between_1_and_5 (1 of 5); "
        "look for a join in the model that multiplies rows, or a file delivered under two names"
    )


def test_a_warning_lets_the_table_pass(tmp_path: Path) -> None:
    given = table("t", [column("x", "integer")], ["x"], rules=(rule("small", "x < 5", "warn"),))
    report = inspect(given, write(tmp_path / "t.parquet", given, [{"x": 9}]), engine="sql")
    report.raise_if_failed()
    assert [result.check for result in report.warnings] == ["small"]


def test_results_from_elsewhere_are_judged_too(tmp_path: Path) -> None:
    given = table("t", [column("x", "integer")], ["x"])
    total = CheckResult("orders_equal_ledger", False, 10, 1, "error", "reconciliation")
    report = inspect(given, write(tmp_path / "t.parquet", given, []), extra=[total], engine="sql")
    with pytest.raises(GateFailed, match=r"orders_equal_ledger \(1 of 10\)"):
        report.raise_if_failed()


def test_personal_text_stops_a_table_for_analysis_and_not_one_in_the_vault(tmp_path: Path) -> None:
    given = table("t", [column("x", "integer"), column("note", "text")], ["x"])
    file = write(tmp_path / "t.parquet", given, [{"x": 1, "note": "a@b.id"}])
    report = inspect(given, file, engine="sql")
    assert [(r.check, r.note) for r in report.errors] == [("no_personal_text", "email in note: 1 rows")]
    vault = table("t", given.columns, ["x"], zone="vault")
    assert inspect(vault, file, engine="sql").passed


def test_a_long_list_of_faults_is_cut() -> None:
    results = tuple(CheckResult(f"rule_{n}", False, 2, 1, "error", "sql") for n in range(8))
    with pytest.raises(GateFailed, match=r"8 rules: .*rule_4 .* and 3 more"):
        GateReport("t", results).raise_if_failed()


@ENGINES
def test_no_value_ever_leaves_the_gate(engine, tmp_path: Path, capfd, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    rules = (rule("no_cast", "CAST(name AS INTEGER) > 0"), rule("never", "x < 0"))
    columns = [column("x", "integer"), column("name", "text", values=("known",)), column("day", "date")]
    given = table("t", columns, ["name"], rules=rules)
    file = write(tmp_path / "t.parquet", given, [{"x": 1, "name": SECRET}, {"x": 2, "name": SECRET}])
    report = inspect(given, file, {"t": file}, engine=engine)
    with pytest.raises(GateFailed) as raised:
        report.raise_if_failed()
    captured = capfd.readouterr()
    ours = "\n".join(r.getMessage() for r in caplog.records)
    for text in (str(report), repr(report), str(raised.value), captured.out, captured.err, ours):
        assert "Budi" not in text and "081299990000" not in text
    assert captured.err == "" and captured.out == ""
    assert {r.check for r in report.errors} == {
        "key_unique", "name_in_vocabulary", "no_cast", "never", "no_personal_text",
    }  # fmt: skip


def test_importing_the_gate_imports_neither_great_expectations_nor_sqlalchemy() -> None:
    code = (
        "import sys\n"
        "import data_quality.gate, data_quality.gx_runner, data_quality.row_rules, data_quality.runbook\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('great_expectations', 'sqlalchemy', 'pandas')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@ENGINES
def test_a_column_of_words_is_scanned_when_it_holds_another(engine, tmp_path: Path) -> None:
    columns = [column("x", "integer"), column("state", "text", values=("new",))]
    given = table("t", columns, ["x"])
    good = write(tmp_path / "good.parquet", given, [{"x": 1, "state": "new"}])
    assert inspect(given, good, engine=engine).passed
    bad = write(tmp_path / "bad.parquet", given, [{"x": 1, "state": "0812-3456-7890"}])
    failed = {result.check for result in inspect(given, bad, engine=engine).errors}
    assert failed == {"state_in_vocabulary", "no_personal_text"}


def test_a_suite_runs_without_loading_what_only_pages_and_statistics_need(tmp_path: Path) -> None:
    rfm = load_table("rfm")
    file = write(tmp_path / "rfm.parquet", rfm, rfm_rows({"r_score": 9}))
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from data_quality.gate import inspect\n"
        "from warehouse.contracts import load_table\n"
        f"assert not inspect(load_table('rfm'), Path({str(file)!r})).passed\n"
        "print([m for m in ('great_expectations', 'altair.vegalite', 'scipy.stats.distributions') if m in sys.modules])\n"
        "import scipy.stats\n"
        "print(scipy.stats.norm.cdf(0.0))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['great_expectations']", "0.5"]
