"""Records of a real local service: pages, retries, and what is said of refusals."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.nights import company
from warehouse.errors import SatuError
from warehouse.sources.rest import RestSource
from warehouse.workspace import load_workspace

CONTRACT = """
    channel: api
    source:
      type: rest
      url: {url}
      {more}
    maps:
      contacts:
        - source_id: id
"""
TOKEN = "hush-hush"


@dataclass
class Service:
    """What was asked, and how often it refuses before it answers."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    fails: int = 0


@pytest.fixture
def service() -> Iterator[Service]:
    told = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            page = int(query.get("page", ["1"])[0])
            rows = [{"id": n} for n in range(2 * page - 1, 2 * page + 1)] if page <= 2 else []
            following = f"/link?page={page + 1}" if page < 2 else None
            if told.fails > 0:
                told.fails -= 1
                self.answer(500, None)
            elif path == "/secret" and self.headers["Authorization"] != f"Bearer {TOKEN}":
                self.answer(401, None)
            elif path == "/away":
                self.answer(302, None, Location="http://localhost:1/")
            elif path == "/elsewhere":
                self.answer(200, {"data": {"items": rows}, "next": "http://localhost:1/"})
            elif path == "/text":
                self.answer(200, "no records")
            elif path == "/none":
                self.answer(404, None)
            else:
                self.answer(
                    200,
                    {"data": {"items": rows}, "next": following, "cursor": page + 1 if page < 2 else None},
                )

        def answer(self, code: int, body: object, **headers: str) -> None:
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *words: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def source(home: Path, url: str, more: str = "records: data.items") -> RestSource:
    workspace = load_workspace(company(home, CONTRACT.format(url=url, more=more)))
    assert workspace.problems == ()
    found = workspace.channels["api"].source.pull
    assert isinstance(found, RestSource)
    return found


def ids(asked: RestSource, home: Path, at_least: str | None = None) -> list[int]:
    return [record["id"] for record in asked.records(home, at_least)]


@pytest.mark.parametrize("pages", ["{link: next}", "{parameter: page}", "{parameter: page, cursor: cursor}"])
def test_pages_are_followed_to_the_last(service: Service, tmp_path: Path, pages: str) -> None:
    more = f"records: data.items\n      pages: {pages}"
    asked = source(tmp_path, f"{service.address}/list", more)
    assert ids(asked, tmp_path) == [1, 2, 3, 4]
    assert [record["id"] for record in asked.records(tmp_path, None, 1)] == [1]


def test_the_highest_value_and_secrets_go_where_the_contract_says(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = (
        "records: data.items\n      since: {field: changed, parameter: after}\n"
        "      headers: {Authorization: Bearer env:SHOP_TOKEN}\n      query: {size: '50'}"
    )
    asked = source(tmp_path, f"{service.address}/secret", more)
    monkeypatch.setenv("SHOP_TOKEN", TOKEN)
    assert ids(asked, tmp_path, "2026-01-01 10:00") == [1, 2]
    assert service.asked == ["/secret?size=50&after=2026-01-01+10%3A00"]
    monkeypatch.setenv("SHOP_TOKEN", "hush-wrong")
    with pytest.raises(SatuError) as raised:
        ids(asked, tmp_path)
    assert str(raised.value) == "the service refuses the login (401); see that the secret is still valid"


def test_a_service_that_stumbles_is_asked_again(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.sources.rest._FIRST_WAIT_SECONDS", 0.01)
    asked = source(tmp_path, f"{service.address}/list")
    service.fails = 1
    assert ids(asked, tmp_path) == [1, 2]
    assert len(service.asked) == 2
    service.fails = 4
    with pytest.raises(SatuError, match="answers 500, also when asked 4 times"):
        ids(asked, tmp_path)


@pytest.mark.parametrize(
    ("path", "more", "said"),
    [
        ("/none", "records: data.items", "the service has nothing at this address (404)"),
        ("/list", "records: data.rows", "the answer has no list of records there"),
        ("/text", "timeout_seconds: 5", "the answer has no list of records there"),
        ("/away", "records: data.items", "the service leads to another host"),
        ("/elsewhere", "records: data.items\n      pages: {link: next}", "the service leads to another host"),
        (
            "/elsewhere",
            "records: data.items\n      pages: {parameter: p}",
            "the pages of the answer do not end",
        ),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, more: str, said: str
) -> None:
    monkeypatch.setattr("warehouse.sources.rest._MOST_PAGES", 3)
    with pytest.raises(SatuError) as raised:
        ids(source(tmp_path, f"{service.address}{path}", more), tmp_path)
    assert str(raised.value).startswith(said)


@pytest.mark.parametrize(
    ("url", "more", "said"),
    [
        ("ftp://shop.id", "records: a", "line 4 column 8: this is not the address of a service"),
        ("https://u:hush@shop.id/a", "records: a", "line 4 column 8: the contract holds a secret"),
        ("https://shop.id/a?token=hush", "records: a", "line 4 column 8: the contract holds a secret"),
        ("https://shop.id/a", "headers: {X-Api-Key: hush}", "line 5 column 24: the contract holds a secret"),
        ("https://shop.id/a", "pages: {first: 0}", "line 5 column 10: how are pages asked for?"),
        ("https://shop.id/a", "since: {field: a}", "line 5 column 10: `since` needs `field` and `parameter`"),
    ],
)
def test_a_wrong_contract_is_told_by_line_and_column(tmp_path: Path, url: str, more: str, said: str) -> None:
    (problem,) = load_workspace(company(tmp_path, CONTRACT.format(url=url, more=more))).problems
    assert str(problem).startswith(f"channels/api.yaml {said}")
    assert "hush" not in str(problem)
