"""A night whose sources are dead in every way: it ends, publishes what the others brought, and says who was away."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import dagster as dg
import pytest

from pipelines.instance import open_instance
from tests.support.nights import TILL, TILL_COLUMNS, company, deliver, satu, write
from tests.support.object_store import throw_away_s3
from tests.support.receivers import webhook

pytestmark = pytest.mark.slow

DAY = "2026-01-05"
CHANNEL = """
    channel: {name}
    source:
{source}
    maps:
      contacts:
        - source_id: id
          seen_at: day
          full_name: name
          email: mail
"""
AWAY = {
    "shop_db": "the database cannot be reached or refuses the login",
    "api": "the service answers 500, also when asked 4 times",
    "silent": "the service cannot be reached",
    "old_store": "the object store cannot be reached",
}


def channel(name: str, **source: str) -> str:
    lines = "\n".join(f"      {key}: {value}" for key, value in source.items())
    return CHANNEL.format(name=name, source=lines)


@pytest.fixture
def broken_service() -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(500)
            self.end_headers()

        def log_message(self, format: str, *words: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_dead_sources_cost_their_own_rows_and_nothing_else(
    tmp_path: Path, broken_service: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("psycopg2")
    monkeypatch.setattr("warehouse.sources.rest._FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setenv("SHOP_DB_URL", "postgresql://sri:hush-hush@127.0.0.1:9/shop")
    monkeypatch.setenv("S3_KEY", "a")
    monkeypatch.setenv("S3_SECRET", "hush-hush")
    keys = {
        "type": "objects",
        "access_key": "env:S3_KEY",
        "secret_key": "env:S3_SECRET",
        "timeout_seconds": "1",
    }
    with throw_away_s3() as store, webhook() as told, socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        home = company(
            tmp_path / "home",
            TILL,
            channel("shop_db", type="sql", url="env:SHOP_DB_URL", table="people"),
            channel("api", type="rest", url=f"http://127.0.0.1:{broken_service}/people"),
            channel(
                "silent", type="rest", url=f"http://127.0.0.1:{silent.getsockname()[1]}/", timeout_seconds="1"
            ),
            channel("old_store", url="s3://toko", endpoint="http://127.0.0.1:9", **keys),
            channel("new_store", url="s3://toko", endpoint=store.address, **keys),
        )
        settings = home / "satu.yaml"
        write(home, "satu.yaml", f"{settings.read_text()}alerts:\n  webhook: http://127.0.0.1:{told.port}/\n")
        sale = {
            "receipt": "R1",
            "day": DAY,
            "customer": "8",
            "name": "Sri Hartati",
            "item": "kopi",
            "amount": "5000",
        }
        deliver(home, "till/a.csv", TILL_COLUMNS, sale)
        store.put("people.csv", f"id;day;name;mail\n1;{DAY};Agus Salim;agus@toko.id\n")

        night = satu("run", "--home", home)
        status = satu("status", "--check", "--home", home)
        machine = json.loads(satu("status", "--json", "--home", home).out)

    assert night.code == 0, night.err
    customers = json.loads(
        satu("query", "--format", "json", "SELECT COUNT(*) AS n FROM customers", "--home", home).out
    )
    assert customers == [{"n": 2}], "of the till and of the store that answers"
    (alert,) = [body for _, body in told.posts]
    assert alert["event"] == "source_away" and alert["day"] == DAY
    assert status.code == 0, "readers have the night; what it lacks is to be looked at"
    ends = [
        json.loads(line) for line in (home / "warehouse" / "ledger" / "pulls.jsonl").read_text().splitlines()
    ]
    by_channel = {end["channel"]: end["problem"] for end in ends}
    assert {name for name, problem in by_channel.items() if problem} == set(AWAY)
    with open_instance(home) as instance:
        for name, reason in AWAY.items():
            said = by_channel[name]
            assert said.startswith(f"channels/{name}.yaml: {reason}; ")
            assert f"not pulled: {said}" in night.err.replace("\n", "")
            assert said in alert["problems"]
            assert f"not pulled: {said}" in status.out
            assert f"not pulled: {said}" in machine["attention"]
            event = instance.get_latest_materialization_event(dg.AssetKey(f"raw_{name}"))
            assert event is not None and event.asset_materialization is not None
            assert event.asset_materialization.metadata["source"].value == said
    everything = night.out + night.err + status.out + json.dumps(alert) + json.dumps(by_channel)
    assert "hush" not in everything and "agus@" not in everything and "Sri Hartati" not in everything
