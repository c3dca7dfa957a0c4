"""`satu backfill`: each day stands or falls alone, and a bad one is never shown."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from assets.tables import BUILD_ORDER
from pipelines.definitions import JOB, build_definitions
from pipelines.instance import open_instance
from tests.pipelines.days import BAD, DAYS, days_with_tables, materialised, release_day, three_days
from tests.support.nights import Said, checksums, copied, satu
from warehouse.workspace import load_workspace


@pytest.fixture(autouse=True)
def _environment_put_back() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def backfilled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """The first day has been published; then all three days are filled, the second of which is bad."""
    home = three_days(tmp_path_factory.mktemp("shop") / "home", bad=True)
    assert satu("run", "--as-of", DAYS[0], "--home", home).code == 0
    return home, satu("backfill", DAYS[0], DAYS[-1], "--home", home)


def test_it_ends_with_1_and_one_sentence_that_names_the_day_and_the_rule(
    backfilled: tuple[Path, Said],
) -> None:
    _, said = backfilled
    assert said.code == 1
    (sentence,) = [line for line in said.err.splitlines() if line.startswith("satu: ")]
    assert f"satu: {BAD}: conservation is not written because it breaks 1 rule: mostly_accepted" in sentence
    assert DAYS[0] not in sentence and DAYS[2] not in sentence
    assert "3 day(s) from 2026-01-05 to 2026-01-07: some failed, see above" in said.out
    assert "Traceback" not in said.err


def test_the_bad_day_writes_no_table_and_its_neighbours_have_all(backfilled: tuple[Path, Said]) -> None:
    home, _ = backfilled
    stored = {day for (table, day) in checksums(home) if table == "rfm"}
    assert stored == {DAYS[0], DAYS[2]}
    assert BAD not in days_with_tables(home)


def test_dagster_shows_the_bad_day_as_missing_and_its_check_as_failed(backfilled: tuple[Path, Said]) -> None:
    home, _ = backfilled
    assert materialised(home, "rfm") == materialised(home, "release") == {DAYS[0], DAYS[2]}
    with open_instance(home) as instance:
        key = dg.AssetCheckKey(dg.AssetKey("conservation"), "mostly_accepted")
        records = instance.event_log_storage.get_asset_check_execution_history(key, limit=20)
        outcomes = {r.partition: r.status.value for r in reversed(records) if r.partition and r.event}
    assert outcomes == {DAYS[0]: "SUCCEEDED", BAD: "FAILED", DAYS[2]: "SUCCEEDED"}


def test_the_release_goes_on_to_the_newest_good_day(backfilled: tuple[Path, Said]) -> None:
    home, _ = backfilled
    assert release_day(home) == DAYS[2]


def test_a_night_on_the_bad_day_leaves_the_last_release_as_it_was(tmp_path: Path) -> None:
    home = three_days(tmp_path / "home", bad=True)
    assert satu("run", "--as-of", DAYS[0], "--home", home).code == 0
    before = checksums(home), os.readlink(home / "warehouse" / "current")
    said = satu("run", "--as-of", BAD, "--home", home)
    assert said.code == 1
    assert "the night failed; the last release is untouched" in said.err
    assert "Good morning" not in said.out
    assert (checksums(home), os.readlink(home / "warehouse" / "current")) == before
    assert release_day(home) == DAYS[0]
    status = json.loads(satu("status", "--json", "--home", home).out)
    assert status["as_of"] == DAYS[0]


def test_one_table_of_a_day_can_be_made_again_alone(backfilled: tuple[Path, Said], tmp_path: Path) -> None:
    home = copied(backfilled[0], tmp_path / "home")
    before = checksums(home)
    assert selected(home, DAYS[0], "rfm").success
    assert checksums(home) == before
    assert release_day(home) == DAYS[2]


def test_a_table_without_what_it_is_made_from_says_so(backfilled: tuple[Path, Said], tmp_path: Path) -> None:
    home = copied(backfilled[0], tmp_path / "home")
    result = selected(home, "2026-01-02", "rfm")
    assert not result.success
    (failure,) = [e.step_failure_data.user_failure_data for e in result.all_events if e.is_step_failure]
    assert failure is not None
    assert failure.description == (
        "2026-01-02: table conservation has not been made for 2026-01-02; "
        "select it as well, or run the whole night for that day"
    )


def test_a_table_and_all_that_is_made_from_it_can_be_made_again(
    backfilled: tuple[Path, Said], tmp_path: Path
) -> None:
    home = copied(backfilled[0], tmp_path / "home")
    before = checksums(home)
    assert selected(home, DAYS[2], *BUILD_ORDER[BUILD_ORDER.index("orders") :], "release").success
    assert checksums(home) == before
    assert release_day(home) == DAYS[2]


def selected(home: Path, day: str, *assets: str) -> dg.ExecuteInProcessResult:
    """What the UI's button does for some assets of a day, in this process."""
    with open_instance(home) as instance:
        job = build_definitions(load_workspace(home)).resolve_job_def(JOB)
        return job.execute_in_process(
            partition_key=day,
            asset_selection=[dg.AssetKey(name) for name in assets],
            instance=instance,
            raise_on_error=False,
        )
