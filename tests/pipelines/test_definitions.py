"""Names people and dashboards rely on: a rename or a moved schedule shows in review."""

from __future__ import annotations

import difflib
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from assets.tables import BUILD_ORDER
from pipelines.definitions import JOB, build_definitions, partitions_of
from tests.support.nights import COMPANY, SECRET, TILL, company, write
from warehouse.contracts import all_tables
from warehouse.workspace import load_workspace

SNAPSHOT = Path(__file__).with_name("definitions.txt")
SAMPLE = Path(__file__).parents[2] / "sample_retailer" / "workspace"


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    """Those of the sample workspace."""
    home = tmp_path_factory.mktemp("sample")
    for path in SAMPLE.rglob("*.yaml"):
        write(home, str(path.relative_to(SAMPLE)), path.read_bytes())
    write(home, "secret.key", SECRET)
    return build_definitions(load_workspace(home))


def described(definitions: dg.Definitions) -> str:
    """Group, asset and what it is made from, then what runs when."""
    graph = definitions.resolve_asset_graph()
    lines = []
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        parents = " ".join(sorted(parent.to_user_string() for parent in node.parent_keys))
        if key.to_user_string() in ("release", "quality_results"):
            parents = "(every table)"
        lines.append(f"{node.group_name:<10} {key.to_user_string():<22} <- {parents or '(landing)'}")
    (schedule,) = definitions.schedules or ()
    resolved = definitions.resolve_schedule_def(schedule.name)
    lines.sort()
    lines.append(
        f"job {JOB}, schedule {resolved.name}: {resolved.cron_schedule} {resolved.execution_timezone}"
    )
    return "\n".join(lines) + "\n"


def test_assets_groups_and_schedule_are_as_committed(definitions: dg.Definitions) -> None:
    expected, found = SNAPSHOT.read_text(encoding="utf-8"), described(definitions)
    change = "".join(
        difflib.unified_diff(expected.splitlines(True), found.splitlines(True), "committed", "now")
    )
    assert not change, f"if this is meant, write it to {SNAPSHOT.name}:\n{change}"


def test_the_night_begins_half_past_six_in_the_companys_zone(definitions: dg.Definitions) -> None:
    (schedule,) = definitions.schedules or ()
    resolved = definitions.resolve_schedule_def(schedule.name)
    assert resolved.cron_schedule == "30 6 * * *"
    assert resolved.execution_timezone == "Asia/Jakarta"
    assert resolved.default_status == dg.DefaultScheduleStatus.RUNNING


def test_every_asset_has_one_partition_per_day_of_the_companys_zone(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        partitions = graph.get(key).partitions_def
        assert isinstance(partitions, dg.DailyPartitionsDefinition), key
        assert partitions.timezone == "Asia/Jakarta"
        assert partitions.get_first_partition_key() == "2024-10-01"


def test_today_is_the_last_partition_as_the_company_counts_days(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", TILL, settings=COMPANY + "history_start: 2026-01-01\n")
    partitions = partitions_of(load_workspace(home))
    already_tomorrow_in_jakarta = datetime(2026, 1, 5, 17, 30, tzinfo=UTC)
    assert partitions.get_partition_keys(current_time=already_tomorrow_in_jakarta)[-1] == "2026-01-06"


def test_the_night_builds_the_day_that_just_ended(definitions: dg.Definitions, tmp_path: Path) -> None:
    (schedule,) = definitions.schedules or ()
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        morning = datetime(2026, 1, 6, 6, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
        context = dg.build_schedule_context(
            instance, scheduled_execution_time=morning, repository_def=definitions.get_repository_def()
        )
        resolved = definitions.resolve_schedule_def(schedule.name)
        (request,) = resolved.evaluate_tick(context).run_requests or ()
    assert request.partition_key == "2026-01-05"


def test_every_table_stands_after_the_tables_its_columns_refer_to() -> None:
    """The gate of a table reads those; a later one would be yesterday's, or missing."""
    order = {name: place for place, name in enumerate(BUILD_ORDER)}
    late = {
        f"{name}.{column.name} -> {column.references}"
        for name in BUILD_ORDER
        for column in all_tables()[name].columns
        if column.references and order[column.references.split(".")[0]] >= order[name]
    }
    assert not late


def test_every_rule_is_a_check_of_its_own_asset(definitions: dg.Definitions) -> None:
    keys = {
        (key.asset_key.to_user_string(), key.name)
        for key in definitions.resolve_asset_graph().asset_check_keys
    }
    assert ("conservation", "mostly_accepted") in keys
    assert ("pareto_summary", "reconciliation") in keys
    assert {name for name, _ in keys} == set(BUILD_ORDER)
