"""Files of a real S3 server as deliveries: which are fetched, wholly, once, and what is said when they are not."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pyarrow import fs

from tests.support.nights import company
from tests.support.object_store import REGION, Shop, throw_away_s3
from warehouse.errors import SatuError
from warehouse.sources.object_store import Store
from warehouse.sources.objects import Fetched, ObjectSource, fetch_new, newest_into
from warehouse.workspace import load_workspace

SECRET, DAY = b"a-secret-of-tests", date(2026, 1, 5)


@pytest.fixture(scope="module")
def server() -> Iterator[Shop]:
    with throw_away_s3() as made:
        yield made


@pytest.fixture
def shop(server: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setenv("SHOP_KEY", "a")
    monkeypatch.setenv("SHOP_SECRET", "hush-hush")
    yield server
    for listed in server.client.list_objects_v2(Bucket="toko").get("Contents", []):
        server.client.delete_object(Bucket="toko", Key=listed["Key"])


def source(
    address: str, url: str = "s3://toko/export", pattern: str = "**", seconds: int = 5
) -> ObjectSource:
    return ObjectSource(url, pattern, address, REGION, None, "env:SHOP_KEY", "env:SHOP_SECRET", None, seconds)


def fetched(asked: ObjectSource, folder: Path) -> Fetched:
    return fetch_new(asked, folder, DAY, SECRET)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*/*"))


def test_every_object_is_fetched_once_and_again_when_it_changed(shop: Shop, tmp_path: Path) -> None:
    shop.put("export/a.csv", "id\n1\n")
    shop.put("export/2026/a.csv", "id\n2\n")
    shop.put("exports-of-others/a.csv", "id\n9\n")
    asked = source(shop.address)
    assert fetched(asked, tmp_path) == Fetched(2, 2, None)
    assert sorted(path.read_text() for path in tmp_path.glob("*/*")) == ["id\n1\n", "id\n2\n"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*/*")} == {0o600}
    assert all(path.name.startswith("2026-01-05-") for path in tmp_path.iterdir())
    assert fetched(asked, tmp_path) == Fetched(2, 0, None)
    shop.put("export/a.csv", "id\n1\n3\n")
    assert fetched(asked, tmp_path) == Fetched(2, 1, None)
    assert names(tmp_path) == ["a.csv"] * 3


def test_an_object_written_anew_in_the_same_second_with_the_same_size_is_fetched(
    shop: Shop, tmp_path: Path
) -> None:
    asked = source(shop.address)
    for attempt in range(20):
        folder = tmp_path / str(attempt)
        shop.put("export/a.csv", "id\n1\n")
        (before,) = asked.opened().objects()
        fetched(asked, folder)
        shop.put("export/a.csv", "id\n2\n")
        (after,) = asked.opened().objects()
        if before == after:
            break
    assert before == after, "the listing tells them apart"
    assert fetched(asked, folder) == Fetched(1, 1, None)
    assert sorted(path.read_text() for path in folder.glob("*/*")) == ["id\n1\n", "id\n2\n"]
    assert fetched(asked, folder) == Fetched(1, 0, None)


def test_what_an_earlier_version_fetched_is_not_fetched_again(shop: Shop, tmp_path: Path) -> None:
    shop.put("export/a.csv", "id\n1\n")
    (listed,) = source(shop.address).opened().objects()
    said = f"a.csv\0{listed.size}\0{listed.written_ns}".encode()
    mark = hashlib.blake2b(said, digest_size=12, key=hashlib.sha256(SECRET).digest()).hexdigest()
    (tmp_path / f"2026-01-04-{mark}").mkdir()
    assert fetched(source(shop.address), tmp_path) == Fetched(1, 0, None)


def test_what_was_taken_out_of_a_fetched_file_does_not_come_back(shop: Shop, tmp_path: Path) -> None:
    for name in ("a", "b"):
        shop.put(f"export/{name}.csv", "id\n1\n")
    asked = source(shop.address)
    fetched(asked, tmp_path)
    rewritten, deleted = tmp_path.glob("*/*")
    rewritten.write_text("id\n")
    deleted.unlink()
    assert fetched(asked, tmp_path) == Fetched(2, 0, None)
    assert [path.read_text() for path in tmp_path.glob("*/*")] == ["id\n"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("**", ["a.csv", "b.csv", "c.txt"]),
        ("*.csv", ["a.csv"]),
        ("**/*.csv", ["a.csv", "b.csv"]),
        ("2026/?.csv", ["b.csv"]),
        ("[a].csv", []),
    ],
)
def test_a_pattern_says_which(shop: Shop, tmp_path: Path, pattern: str, expected: list[str]) -> None:
    for key in ("a.csv", "2026/b.csv", "2026/01/c.txt", ".hidden.csv", "2026/~$b.csv"):
        shop.put(f"export/{key}", key)
    if expected:
        fetched(source(shop.address, pattern=pattern), tmp_path)
    else:
        with pytest.raises(SatuError, match="nothing there matches"):
            fetched(source(shop.address, pattern=pattern), tmp_path)
    assert names(tmp_path) == expected


def test_names_with_tricks_stay_in_their_folder_and_hold_up_no_other(shop: Shop, tmp_path: Path) -> None:
    long = "n" * 900 + "é-2026-01-05.csv"
    for key in ("../../up.csv", "..", "a//b.csv", "ctl\x01\\.csv", long, "ok.csv", "sp ace+%41é.csv"):
        shop.put(f"export/{key}", "id\n1\n")
    found = fetched(source(shop.address), tmp_path / "landing")
    assert (found.seen, found.new) == (7, 4)
    assert str(found.problem) == (
        "`..` (and 2 more) was not fetched: its name goes up or holds an empty folder; rename it in the store"
    )
    shortened = "n" * 100 + ("n" * 900 + "é-2026-01-05.csv").encode()[-100:].decode()
    assert names(tmp_path / "landing") == sorted(["ctl__.csv", shortened, "ok.csv", "sp ace+%41é.csv"])
    assert [path.name for path in tmp_path.iterdir()] == ["landing"]


def test_an_object_that_changes_while_it_is_read_is_not_taken(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.put("export/a.csv", "id\n1\n")
    shop.put("export/b.csv", "id\n2\n")
    list_all = Store.objects

    def slowly(store: Store) -> list:
        listed = list_all(store)
        shop.put("export/a.csv", "id\n1\n3\n")
        shop.client.delete_object(Bucket="toko", Key="export/b.csv")
        return listed

    monkeypatch.setattr(Store, "objects", slowly)
    found = fetched(source(shop.address), tmp_path)
    assert (found.seen, found.new) == (2, 0)
    assert str(found.problem).startswith("`a.csv` (and 1 more) was not fetched: it changed while it was read")
    assert list(tmp_path.iterdir()) == []


def test_a_kill_leaves_nothing_half(shop: Shop, tmp_path: Path) -> None:
    shop.put("export/a.csv", "id\n" + "1\n" * 1000)
    folder = tmp_path / "landing"
    child = os.fork()
    if child == 0:
        os.rename = lambda *words: os._exit(9)  # type: ignore[assignment]
        fetched(source(shop.address), folder)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert names(folder) != ["a.csv"] and [path.name for path in folder.iterdir()] == [".tmp-pulled"]
    assert not [path for path in folder.glob("*/*") if path.is_file()]
    assert fetched(source(shop.address), folder) == Fetched(1, 1, None)
    assert names(folder) == ["a.csv"] and len(list(folder.iterdir())) == 1


def test_the_newest_are_looked_at_without_being_kept(shop: Shop, tmp_path: Path) -> None:
    for number in range(5):
        shop.put(f"export/{number}.csv", str(number))
    found = newest_into(source(shop.address), tmp_path, 3)
    assert [path.name for path in found] == ["2.csv", "3.csv", "4.csv"]


def test_what_fails_is_one_sentence_without_secrets(shop: Shop, tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        told = {
            source(
                shop.address, "s3://nobody/export"
            ): "there is no such bucket or folder; correct `source.url`",
            source(shop.address, "s3://toko/empty"): "nothing there matches; correct `source.url` or",
            source("http://127.0.0.1:9"): "the object store cannot be reached; see that it runs",
            source(
                f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=1
            ): "the object store cannot be reached",
            source(shop.address, "file:///no/such/folder"): "there is no such bucket or folder",
            source(shop.address, "env:NO_SUCH_URL"): "the environment variable NO_SUCH_URL is not set",
        }
        for asked, said in told.items():
            with pytest.raises(SatuError) as raised:
                fetched(asked, tmp_path)
            assert str(raised.value).startswith(said)
            assert "hush" not in str(raised.value)


@pytest.mark.parametrize("scheme", ["gs", "az"])
def test_google_and_azure_that_do_not_answer_are_told_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("SHOP_SECRET", "aHVzaA==")
    asked = ObjectSource(
        f"{scheme}://toko/export",
        "**",
        "http://127.0.0.1:9",
        account="toko",
        secret_key="env:SHOP_SECRET",
        timeout_seconds=1,
    )
    with pytest.raises(SatuError) as raised:
        fetched(asked, tmp_path)
    assert str(raised.value).startswith("the object store cannot be reached; see that it runs")


def test_refused_access_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_KEY", "AKIANOBODY")
    monkeypatch.setenv("SHOP_SECRET", "hush-hush")
    with throw_away_s3() as shop:
        shop.put("export/a.csv", "id\n1\n")
        shop.refuse_everybody()
        with pytest.raises(SatuError) as raised:
            fetched(source(shop.address), tmp_path)
    assert str(raised.value).startswith(
        "the object store refuses the login; see that the keys are still valid"
    )
    assert "AKIA" not in str(raised.value)


def test_a_mounted_folder_is_a_store_as_well(tmp_path: Path) -> None:
    (tmp_path / "mount" / "2026").mkdir(parents=True)
    (tmp_path / "mount" / "2026" / "a b.csv").write_text("id\n1\n")
    asked = ObjectSource((tmp_path / "mount").as_uri(), "**/*.csv")
    assert isinstance(asked.opened().files, fs.LocalFileSystem)
    assert fetched(asked, tmp_path / "l") == Fetched(1, 1, None)
    assert fetched(asked, tmp_path / "l") == Fetched(1, 0, None)
    assert names(tmp_path / "l") == ["a b.csv"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("url: ftp://shop", "line 4 column 8: this is not the address of an object store"),
        ("url: s3://hush:hush@toko/a", "line 4 column 8: this is not the address of an object store"),
        ("pattern: '*'", "line 3 column 3: `url` is missing"),
        ("url: s3://toko\n      secret_key: hush", "line 5 column 15: the contract holds a secret"),
        (
            "url: s3://toko\n      access_key: env:A",
            "line 3 column 3: `access_key` and `secret_key` belong together",
        ),
        (
            "url: s3://toko\n      endpoint: minio",
            "line 5 column 13: this is not the address of an object store",
        ),
        ("url: s3://toko\n      path: a", "line 5 column 3: unknown key `path`"),
    ],
)
def test_a_wrong_contract_is_told_by_line_and_column(tmp_path: Path, more: str, said: str) -> None:
    contract = f"""
    channel: store
    source:
      type: objects
      {more}
    maps:
      contacts:
        - source_id: id
    """
    (problem,) = load_workspace(company(tmp_path, contract)).problems
    assert str(problem).startswith(f"channels/store.yaml {said}")
    assert "hush" not in str(problem)
