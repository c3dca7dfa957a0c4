"""Old runs leave Dagster's storage; the catalog still knows which days are there."""

# Dagster reads the type of `context` at run time, so annotations are not postponed here.
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.dagster_retention import forget_old_runs
from pipelines.instance import open_instance
from tests.support.nights import environment_put_back

DAYS = ("2026-01-05", "2026-01-06")
CHECK = dg.AssetCheckKey(dg.AssetKey("rfm"), "key_unique")
SHORTLY = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _environment_put_back() -> Iterator[None]:
    with environment_put_back():
        yield


@dg.asset(
    partitions_def=dg.DailyPartitionsDefinition("2026-01-01", end_date="2026-02-01"),
    check_specs=[dg.AssetCheckSpec("key_unique", asset="rfm")],
)
def rfm(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    context.log.info("a line of the log")
    return dg.MaterializeResult(
        metadata={"rows": 7}, check_results=[dg.AssetCheckResult(passed=True, check_name="key_unique")]
    )


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """A storage that knows one run for each of two days."""
    with open_instance(tmp_path) as instance:
        for day in DAYS:
            assert dg.materialize([rfm], partition_key=day, instance=instance).success
        yield instance


def logs_of_runs(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "dagster" / "history" / "runs").glob("*.db") if path.stem != "index"]


def test_logs_checks_and_runs_go_and_days_stay(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    assert len(logs_of_runs(tmp_path)) == 2
    assert forget_old_runs(instance, datetime.now(UTC) + SHORTLY) == 2
    assert (instance.get_run_records(), logs_of_runs(tmp_path)) == ([], [])
    assert instance.event_log_storage.get_asset_check_execution_history(CHECK, limit=9) == []
    assert instance.get_materialized_partitions(rfm.key) == set(DAYS)
    status = instance.get_status_by_partition(rfm.key, [*DAYS, "2026-01-07"], rfm.partitions_def)
    assert status is not None
    assert [status[day] is not None for day in (*DAYS, "2026-01-07")] == [True, True, False]
    last = instance.get_latest_materialization_event(rfm.key)
    assert last is not None and last.asset_materialization is not None
    assert last.asset_materialization.metadata["rows"].value == 7


def test_what_is_not_old_is_left_alone_and_the_next_run_is_recorded_as_ever(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    assert forget_old_runs(instance, datetime.now(UTC) - SHORTLY) == 0
    assert len(instance.get_run_records()) == 2
    forget_old_runs(instance, datetime.now(UTC) + SHORTLY)
    result = dg.materialize([rfm], partition_key="2026-01-07", instance=instance)
    assert "a line of the log" in [entry.user_message for entry in instance.all_logs(result.run_id)]
    history = instance.event_log_storage.get_asset_check_execution_history(CHECK, limit=9)
    assert {record.run_id for record in history} == {result.run_id}
    assert instance.get_materialized_partitions(rfm.key) == {*DAYS, "2026-01-07"}
