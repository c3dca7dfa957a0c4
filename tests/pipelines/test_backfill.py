"""`satu backfill`: each day stands or falls alone, and a bad one is never shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

import pipelines.running
from assets.tables import BUILD_ORDER
from pipelines.definitions import JOB, build_definitions
from pipelines.instance import open_instance
from pipelines.running import RANGE_END, RANGE_START
from tests.pipelines.days import BAD, DAYS, days_with_tables, materialised, release_day, three_days
from tests.support.nights import Said, checksums, copied, satu
from warehouse.nights import nights
from warehouse.workspace import load_workspace


@dataclass(frozen=True)
class Shop:
    """A shop whose second day is bad: the first day was published, then the second was tried, then all three,
    two to a run."""

    home: Path
    first: dict[tuple[str, str], str]
    bad_night: Said
    after_bad_night: dict[tuple[str, str], str]
    release_after_bad_night: str
    backfill: Said


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    home = three_days(tmp_path_factory.mktemp("shop") / "home", bad=True)
    assert satu("run", "--as-of", DAYS[0], "--home", home).code == 0
    first = checksums(home)
    bad_night = satu("run", "--as-of", BAD, "--home", home)
    after, release = checksums(home), release_day(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipelines.running, "DAYS_PER_RUN", 2)
        backfill = satu("backfill", DAYS[0], DAYS[-1], "--home", home)
    return Shop(home, first, bad_night, after, release, backfill)


def test_a_night_on_a_bad_day_fails_and_leaves_everything_as_it_was(shop: Shop) -> None:
    assert shop.bad_night.code == 1
    assert "satu: the night failed; the last release is untouched" in shop.bad_night.err
    assert "Good morning" not in shop.bad_night.out
    assert shop.after_bad_night == shop.first
    assert shop.release_after_bad_night == DAYS[0]


def test_it_ends_with_1_and_one_sentence_that_names_the_day_and_the_rule(
    shop: Shop,
) -> None:
    said = shop.backfill
    assert said.code == 1
    (sentence,) = [line for line in said.err.splitlines() if line.startswith("satu: ")]
    assert f"satu: {BAD}: conservation is not written because it breaks 1 rule: mostly_accepted" in sentence
    assert DAYS[0] not in sentence and DAYS[2] not in sentence
    assert "3 day(s) from 2026-01-05 to 2026-01-07: some failed, see above" in said.out
    assert "Traceback" not in said.err


def test_a_long_range_is_several_runs_and_a_failed_one_does_not_stop_the_next(shop: Shop) -> None:
    with open_instance(shop.home) as instance:
        last, before = instance.get_runs(limit=2)
    assert (before.tags[RANGE_START], before.tags[RANGE_END], before.status.value) == (*DAYS[:2], "FAILURE")
    assert (last.tags["dagster/partition"], last.status.value) == (DAYS[2], "SUCCESS")


def test_the_bad_day_writes_no_table_and_its_neighbours_have_all(shop: Shop) -> None:
    home = shop.home
    stored = {day for (table, day) in checksums(home) if table == "rfm"}
    assert stored == {DAYS[0], DAYS[2]}
    assert BAD not in days_with_tables(home)


def test_dagster_shows_the_bad_day_as_missing_and_its_check_as_failed(shop: Shop) -> None:
    home = shop.home
    assert materialised(home, "rfm") == materialised(home, "release") == {DAYS[0], DAYS[2]}
    with open_instance(home) as instance:
        key = dg.AssetCheckKey(dg.AssetKey("conservation"), "mostly_accepted")
        records = instance.event_log_storage.get_asset_check_execution_history(key, limit=20)
        outcomes = {r.partition: r.status.value for r in reversed(records) if r.partition and r.event}
        said = {
            r.partition: r.event.dagster_event.asset_check_evaluation_data
            for r in records
            if r.partition and r.event and r.event.dagster_event
        }
    assert said[BAD].description == "Most rows of a file of the day are in quarantine."
    assert "satu quarantine list" in str(said[BAD].metadata["what_to_do"].value)
    assert said[DAYS[0]].description is None, "what must hold is said by the check itself"
    assert outcomes == {DAYS[0]: "SUCCEEDED", BAD: "FAILED", DAYS[2]: "SUCCEEDED"}


def test_the_release_goes_on_to_the_newest_good_day(shop: Shop) -> None:
    home = shop.home
    assert release_day(home) == DAYS[2]


def test_every_night_is_written_down_and_the_status_names_the_day_that_stays_bad(shop: Shop) -> None:
    ended = [(str(end.day), end.problem is None) for end in nights(shop.home / "warehouse")]
    assert ended == [(DAYS[0], True), (BAD, False), (DAYS[0], True), (BAD, False), (DAYS[2], True)]
    said = json.loads(satu("status", "--json", "--home", shop.home).out)
    assert (said["state"], [end["as_of"] for end in said["failed"]]) == ("good", [BAD])


def test_one_table_of_a_day_can_be_made_again_alone(shop: Shop, tmp_path: Path) -> None:
    home = copied(shop.home, tmp_path / "home")
    before = checksums(home)
    assert selected(home, DAYS[0], "rfm").success
    assert checksums(home) == before
    assert release_day(home) == DAYS[2]


def test_a_table_without_what_it_is_made_from_says_so(shop: Shop, tmp_path: Path) -> None:
    home = copied(shop.home, tmp_path / "home")
    result = selected(home, "2026-01-02", "rfm")
    assert not result.success
    (failure,) = [e.step_failure_data.user_failure_data for e in result.all_events if e.is_step_failure]
    assert failure is not None
    assert failure.description == (
        "2026-01-02: table orders has not been made for 2026-01-02; "
        "select it as well, or run the whole night for that day"
    )


def test_only_the_tables_a_table_reads_must_be_there(shop: Shop, tmp_path: Path) -> None:
    home = copied(shop.home, tmp_path / "home")
    chain = ("dim_channel", "customer_links", "customer_profile", "order_lines", "orders")
    assert selected(home, "2026-01-02", *chain).success
    assert days_with_tables(home)["2026-01-02"] == len(chain)
    assert release_day(home) == DAYS[2]


def test_a_table_and_all_that_is_made_from_it_can_be_made_again(shop: Shop, tmp_path: Path) -> None:
    home = copied(shop.home, tmp_path / "home")
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
