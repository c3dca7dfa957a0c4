"""Encrypted files: the same content for who has the key, nothing for others, and no change that goes unnoticed."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse import encrypted_files
from warehouse.encrypted_files import (
    CHUNK,
    DamagedFile,
    EncryptedReader,
    content_of,
    copy_content,
    encrypted,
    is_encrypted,
    make_readable,
    opened,
    remember,
    sql_path,
)
from warehouse.engine import connect, read_parquet
from warehouse.errors import ConfigError
from warehouse.files import private_dir
from warehouse.store import write_parquet

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17)
NAME = "Sri Hartati Kertapati"
ROWS = 300_000


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Path]:
    """A folder whose private files are encrypted."""
    folder = private_dir(tmp_path / "warehouse")
    remember(folder, KEY, is_written=True)
    yield folder
    remember(folder, None, is_written=False)


def people() -> pa.Table:
    return pa.table({"number": range(ROWS), "name": [f"{NAME} {number}" for number in range(ROWS)]})


def written(path: Path, rows: pa.Table, mode: int = 0o600) -> str:
    return write_parquet(path, rows.to_reader(), rows.schema, mode=mode).sha256


@pytest.mark.parametrize("size", SIZES)
def test_any_part_of_the_content_is_read_as_it_was_written(warehouse: Path, size: int) -> None:
    content, path = random.Random(size).randbytes(size), warehouse / "people"
    path.write_bytes(encrypted(path, content))
    assert content_of(path) == content and path.stat().st_size > size
    chance = random.Random(1)
    with EncryptedReader(path) as file:
        for _ in range(50):
            start, length = chance.randrange(size + 2), chance.randrange(2 * CHUNK)
            file.seek(start)
            assert file.read(length) == content[start : start + length]


def test_a_table_is_the_same_for_readers_and_nowhere_on_disk(warehouse: Path, tmp_path: Path) -> None:
    rows = people()
    hidden, plain = warehouse / "hidden.parquet", tmp_path / "plain.parquet"
    assert written(hidden, rows) == written(plain, rows), "the checksum is that of the content"
    assert pq.read_table(opened(hidden)).equals(pq.read_table(plain))
    metadata = pq.read_metadata(opened(hidden))
    assert (metadata.num_rows, metadata.num_row_groups) == (ROWS, 3)
    asked = "SELECT count(*), sum(number), min(name), max(name), sum(hash(name)) FROM {}"
    for threads in (1, 4):
        with connect(threads=threads) as con:
            assert (
                con.execute(asked.format(read_parquet([hidden]))).fetchall()
                == con.execute(asked.format(read_parquet([plain]))).fetchall()
            )
            mixed = con.execute(f"SELECT count(*) FROM {read_parquet([hidden, plain])}").fetchall()
            assert mixed == [(2 * ROWS,)]
    assert hidden.stat().st_mode & 0o777 == 0o600
    assert b"PAR1" in plain.read_bytes() and b"PAR1" not in hidden.read_bytes()


def test_files_that_are_not_private_stay_plain(warehouse: Path) -> None:
    path = warehouse / "sums.parquet"
    written(path, pa.table({"sum": [1]}), mode=0o644)
    assert not is_encrypted(path) and pq.read_table(path).to_pydict() == {"sum": [1]}
    assert sql_path(path) == str(path)


def test_the_same_content_never_looks_the_same(warehouse: Path) -> None:
    assert encrypted(warehouse / "a", b"Sri") != encrypted(warehouse / "a", b"Sri")


@pytest.mark.parametrize("place", [9, 20, 60, CHUNK + 200, -1])
def test_one_changed_byte_is_noticed(warehouse: Path, place: int) -> None:
    path = warehouse / "people"
    content = bytearray(encrypted(path, os.urandom(3 * CHUNK)))
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises((DamagedFile, ConfigError), match=r"people: this (encrypted )?file was"):
        content_of(path)


@pytest.mark.parametrize("kept", [10, 48, 64, CHUNK + 64, 2 * CHUNK])
def test_a_file_that_was_cut_off_is_noticed(warehouse: Path, kept: int) -> None:
    path = warehouse / "people"
    path.write_bytes(encrypted(path, os.urandom(3 * CHUNK))[:kept])
    with pytest.raises(DamagedFile, match="cut off or changed; restore it from a backup"):
        content_of(path)


def test_parts_of_a_file_cannot_change_places(warehouse: Path) -> None:
    path, sealed = warehouse / "people", CHUNK + 16
    content = encrypted(path, os.urandom(3 * CHUNK))
    head, first, second, rest = (
        content[:48],
        content[48:][:sealed],
        content[48 + sealed :][:sealed],
        content[48 + 2 * sealed :],
    )
    path.write_bytes(head + second + first + rest)
    with pytest.raises(DamagedFile):
        content_of(path)


def test_without_the_key_nothing_is_read(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = warehouse / "people.parquet"
    written(path, pa.table({"name": [NAME]}))
    monkeypatch.setattr(encrypted_files, "_ring", {})
    remember(warehouse, OTHER_KEY, is_written=True)
    with pytest.raises(ConfigError, match="encrypted for another workspace"):
        content_of(path)
    with connect() as con, pytest.raises(duckdb.Error) as told:
        con.execute(f"FROM {read_parquet([path])}").fetchall()
    assert NAME not in str(told.value)


def test_a_copy_under_the_key_and_back_is_the_file(warehouse: Path, tmp_path: Path) -> None:
    source, hidden, back = (tmp_path / name for name in ("source", "hidden", "back"))
    source.write_bytes(os.urandom(2 * CHUNK + 5))
    copy_content(source, hidden, KEY)
    copy_content(hidden, back, None)
    assert is_encrypted(hidden) and back.read_bytes() == source.read_bytes()


def test_a_connection_learns_to_read_them_once(warehouse: Path) -> None:
    with connect() as con:
        make_readable(con)
        assert con.list_filesystems().count("encrypted") == 1
