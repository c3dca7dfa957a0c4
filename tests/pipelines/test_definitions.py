"""What Dagster is told about a workspace."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from pipelines.definitions import build_definitions
from warehouse.workspace import load_workspace


@pytest.mark.parametrize(("morning", "night"), [("2026-03-10", ["2026-03-09"]), ("2026-03-01", [])])
def test_the_schedule_builds_the_day_before(tmp_path: Path, morning: str, night: list[str]) -> None:
    """Files received before the cut-off at 06:00 belong to the day before: it is complete then."""
    (tmp_path / "satu.yaml").write_text(
        "company: {name: Toko, timezone: Asia/Jakarta}\nhistory_start: 2026-03-01\n", encoding="utf-8"
    )
    (tmp_path / "secret.key").write_text("a secret of the test, long enough to be one\n", encoding="utf-8")
    repository = build_definitions(load_workspace(tmp_path)).get_repository_def()
    (schedule,) = repository.schedule_defs
    at = datetime.fromisoformat(f"{morning} 06:30").replace(tzinfo=ZoneInfo("Asia/Jakarta"))
    tick = schedule.evaluate_tick(
        dg.build_schedule_context(scheduled_execution_time=at, repository_def=repository)
    )
    assert [request.partition_key for request in tick.run_requests or []] == night
