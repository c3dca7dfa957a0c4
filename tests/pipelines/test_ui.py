"""A backfill as a person starts it in the UI, against the running server and daemon.

Slow, because five processes start and each writes Dagster's events one by one; test_backfill says the same of
the command line.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.tables import BUILD_ORDER
from pipelines.instance import open_instance
from tests.pipelines.days import BAD, DAYS, days_with_tables, materialised, release_day, three_days

BACKFILL_SECONDS = 600
LAUNCH = """
mutation Launch($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}
"""
STATUS = """
query Status($id: String!) {
  partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status } }
}
"""
DAYS_SHOWN = """
query Days($asset: AssetKeyInput!) {
  assetNodeOrError(assetKey: $asset) {
    ... on AssetNode {
      assetPartitionStatuses { ... on TimePartitionStatuses { ranges { status startKey endKey } } }
    }
  }
}
"""
ALL_ASSETS = ["raw_till", "records", *BUILD_ORDER, "release"]
Ask = Any


@contextmanager
def running_ui(home: Path) -> Iterator[Ask]:
    """A function that asks the GraphQL of `satu ui`."""
    with serving(home) as address:
        yield lambda query, **variables: ask(address, query, variables)


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The address of `satu ui`, its server and daemon stopped in every case."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "pipelines", "ui", "--port", str(port), "--home", str(home)]
    log = home.with_name("ui.log")
    with log.open("wb") as messages:
        process = subprocess.Popen(
            words,
            stdout=subprocess.PIPE,
            stderr=messages,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
            text=True,
        )
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said.startswith("Satu is at http://127.0.0.1:"), log.read_text()[-2000:]
            address = said.split()[3]
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise
    assert not is_answering(address)


def ask(address: str, query: str, variables: dict[str, Any]) -> Any:
    """The data GraphQL answers with."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        answer = json.load(response)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def is_answering(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/server_info", timeout=2):
            return True
    except OSError:
        return False


def backfill(ui: Ask, days: tuple[str, ...]) -> str:
    """Launch a backfill of every asset and wait for how it ends."""
    params = {"partitionNames": list(days), "assetSelection": [{"path": [name]} for name in ALL_ASSETS]}
    launched = ui(LAUNCH, params=params)["launchPartitionBackfill"]
    assert launched["__typename"] == "LaunchBackfillSuccess", launched
    until = time.monotonic() + BACKFILL_SECONDS
    while time.monotonic() < until:
        status: str = ui(STATUS, id=launched["backfillId"])["partitionBackfillOrError"]["status"]
        if status.startswith("COMPLETED") or status in ("FAILED", "CANCELED"):
            return status
        time.sleep(1)
    raise AssertionError(f"the backfill did not end within {BACKFILL_SECONDS} s")


def days_shown(ui: Ask, asset: str) -> dict[str, str]:
    """Day → status as the asset's page shows it."""
    node = ui(DAYS_SHOWN, asset={"path": [asset]})["assetNodeOrError"]
    ranges = node["assetPartitionStatuses"]["ranges"]
    return {day: r["status"] for r in ranges for day in DAYS if r["startKey"] <= day <= r["endKey"]}


def checked_days(home: Path, table: str, check: str) -> dict[str, str]:
    """Day → outcome of a check."""
    key = dg.AssetCheckKey(dg.AssetKey(table), check)
    with open_instance(home) as instance:
        records = instance.event_log_storage.get_asset_check_execution_history(key, limit=50)
        return {r.partition: r.status.value for r in reversed(records) if r.partition and r.event}


@pytest.mark.slow
def test_a_bad_day_inside_a_backfill_stays_out_and_its_neighbours_are_made(tmp_path: Path) -> None:
    home = three_days(tmp_path / "home", bad=True)
    good = {DAYS[0], DAYS[2]}
    with running_ui(home) as ui:
        assert backfill(ui, DAYS) in ("COMPLETED_FAILED", "FAILED")
        for asset in ("conservation", "rfm", "release"):
            shown = days_shown(ui, asset)
            assert {day for day, status in shown.items() if status == "MATERIALIZED"} == good, (asset, shown)
            assert shown.get(BAD) in (None, "FAILED"), shown
    assert all(materialised(home, name) == good for name in ("customers", "quality_results"))
    assert checked_days(home, "conservation", "mostly_accepted") == {
        DAYS[0]: "SUCCEEDED",
        BAD: "FAILED",
        DAYS[2]: "SUCCEEDED",
    }
    passed = {
        day for day, outcome in checked_days(home, "rfm", "key_unique").items() if outcome == "SUCCEEDED"
    }
    assert passed == good
    assert BAD not in days_with_tables(home)
    assert release_day(home) == DAYS[2]


@pytest.mark.slow
def test_a_backfill_of_good_days_makes_every_partition_and_a_release(tmp_path: Path) -> None:
    home = three_days(tmp_path / "home", bad=False)
    with running_ui(home) as ui:
        assert backfill(ui, DAYS) == "COMPLETED_SUCCESS"
        for asset in ALL_ASSETS:
            assert days_shown(ui, asset) == dict.fromkeys(DAYS, "MATERIALIZED"), asset
    assert checked_days(home, "orders", "key_unique") == dict.fromkeys(DAYS, "SUCCEEDED")
    assert release_day(home) == DAYS[2]
