"""A night with Dagster's storage in a real PostgreSQL server, seen by the UI."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.dagster_retention import forget_old_runs
from pipelines.instance import open_instance
from tests.pipelines.days import DAYS, materialised, three_days
from tests.pipelines.test_ui import DAYS_SHOWN, running_ui
from tests.support.nights import satu
from tests.support.postgres import throw_away_postgres

RUNS = "{ runsOrError { ... on Runs { results { status jobName } } } }"


@pytest.mark.slow
def test_a_night_is_recorded_in_postgres_and_the_ui_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("dagster_postgres")
    home = three_days(tmp_path / "home", bad=False)
    with throw_away_postgres() as url:
        monkeypatch.setenv("SATU_POSTGRES_URL", url)
        assert satu("run", "--as-of", DAYS[0], "--home", home).code == 0
        assert url not in (home / "dagster" / "dagster.yaml").read_text(), "secrets stay in the environment"
        assert not list(home.glob("dagster/**/*.db")), "nothing is left to SQLite"
        assert satu("status", "--home", home).out.startswith("Good: release 1 shows")
        with running_ui(home) as asked:
            found = asked(RUNS)["runsOrError"]["results"]
            assert found == [{"status": "SUCCESS", "jobName": "nightly"}]
            shown = asked(DAYS_SHOWN, asset={"path": ["rfm"]})["assetNodeOrError"]["assetPartitionStatuses"]
            assert [(r["startKey"], r["endKey"]) for r in shown["ranges"]] == [(DAYS[0], DAYS[0])]
        with open_instance(home) as instance:
            assert forget_old_runs(instance, datetime.now(UTC) + timedelta(minutes=1)) == 1
            assert instance.get_run_records() == []
            check = dg.AssetCheckKey(dg.AssetKey("conservation"), "mostly_accepted")
            assert instance.event_log_storage.get_asset_check_execution_history(check, limit=9) == []
        assert materialised(home, "rfm") == materialised(home, "release") == {DAYS[0]}
        assert satu("status", "--home", home).out.startswith("Good: release 1 shows")
