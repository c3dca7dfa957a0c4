"""The engine port, on DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from warehouse.engine import DuckDBEngine, identifier, literal


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckDBEngine]:
    with DuckDBEngine(tmp_path / "spill", threads=1) as duck:
        yield duck


def test_a_put_table_is_read_by_its_name_and_can_be_put_again(engine: DuckDBEngine) -> None:
    engine.put("orders", pa.table({"amount": [1, 2]}))
    engine.put("orders", pa.table({"amount": [5]}))
    assert engine.fetch("SELECT amount FROM orders").to_pydict() == {"amount": [5]}


def test_attached_files_are_one_table_without_a_column_from_the_folder_name(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    paths = []
    for day in ("2026-01-01", "2026-01-02"):
        path = tmp_path / f"it's as_of={day}" / "1.parquet"
        path.parent.mkdir()
        pq.write_table(pa.table({"n": [int(day[-1])]}), path)
        paths.append(path)
    engine.attach("days", paths)
    assert sorted(engine.fetch("FROM days").to_pylist(), key=str) == [{"n": 1}, {"n": 2}]


def test_no_files_are_an_empty_table_of_the_schema(engine: DuckDBEngine) -> None:
    schema = pa.schema([("amount", pa.decimal128(18, 2)), ("tags", pa.list_(pa.string()))])
    engine.attach("nothing", [], schema)
    described = engine.fetch("SELECT column_type FROM (DESCRIBE nothing)").column(0).to_pylist()
    assert described == ["DECIMAL(18,2)", "VARCHAR[]"]
    with pytest.raises(ValueError, match="schema"):
        engine.attach("nothing", [])


def test_a_materialised_query_may_read_what_it_replaces(engine: DuckDBEngine) -> None:
    engine.put("numbers", pa.table({"n": [1, 2, 3]}))
    engine.materialise("numbers", "SELECT n * 10 AS n FROM numbers")
    engine.materialise("numbers", "SELECT n + 1 AS n FROM numbers")
    assert engine.scalar("SELECT sum(n) FROM numbers") == 63


def test_coded_columns_read_as_the_texts_they_are(engine: DuckDBEngine) -> None:
    rows = "SELECT * FROM (VALUES (1, 'isn''t'), (2, NULL), (3, 'a'), (4, 'isn''t')) AS t (n, word)"
    engine.materialise("words", rows, coded=["word"])
    found = engine.fetch("SELECT n, COALESCE(word, 'none') AS word FROM words WHERE n < 4 ORDER BY n")
    assert found.column("word").to_pylist() == ["isn't", "none", "a"]
    assert engine.scalar("SELECT COUNT(*) FROM words WHERE word IN ('a', 'never seen')") == 1
    batch = engine.reader("SELECT word FROM words WHERE word IS NOT NULL").read_all()
    assert pa.types.is_dictionary(batch.schema.field("word").type)


def test_columns_without_texts_or_with_too_many_stay_as_they_are(engine: DuckDBEngine) -> None:
    engine.materialise("nothing", "SELECT CAST(NULL AS VARCHAR) AS word", coded=["word"])
    engine.materialise("many", "SELECT CAST(range AS VARCHAR) AS word FROM range(10001)", coded=["word"])
    assert engine.fetch("FROM nothing").column("word").to_pylist() == [None]
    assert pa.types.is_string(engine.fetch("FROM many").schema.field("word").type)


def test_a_dropped_name_is_gone_and_an_unknown_one_is_fine(engine: DuckDBEngine) -> None:
    engine.materialise("numbers", "SELECT 1 AS n")
    engine.drop("numbers")
    engine.drop("numbers")
    with pytest.raises(duckdb.CatalogException):
        engine.fetch("FROM numbers")


def test_a_reader_streams_in_batches(engine: DuckDBEngine) -> None:
    batches = list(engine.reader("SELECT i FROM range(300000) r(i)"))
    assert sum(batch.num_rows for batch in batches) == 300_000
    assert len(batches) > 1


def test_scalar_takes_parameters_and_no_row_is_none(engine: DuckDBEngine) -> None:
    assert engine.scalar("SELECT $a + 1", {"a": 2}) == 3
    assert engine.scalar("SELECT 1 WHERE false") is None


def test_settings_keep_it_in_utc_inside_the_warehouse_and_off_the_network(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    def setting(name: str) -> str:
        return str(engine.scalar("SELECT current_setting($name)", {"name": name}))

    assert setting("TimeZone") == "UTC"
    assert setting("temp_directory") == str(tmp_path / "spill")
    assert setting("max_temp_directory_size") != ""
    assert setting("autoinstall_known_extensions") == setting("autoload_known_extensions") == "False"
    assert (tmp_path / "spill").stat().st_mode & 0o777 == 0o700


def test_python_variables_are_not_tables(engine: DuckDBEngine) -> None:
    mine = pa.table({"n": [1]})
    with pytest.raises(duckdb.CatalogException):
        engine.fetch("FROM mine")
    assert mine.num_rows == 1


def test_setup_sees_the_connection_once(tmp_path: Path) -> None:
    def setup(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("CREATE MACRO twice(x) AS 2 * x")

    with DuckDBEngine(tmp_path, memory_limit="200MB", setup=setup) as duck:
        assert duck.scalar("SELECT twice(21)") == 42


def test_quotes_in_names_and_texts_are_doubled() -> None:
    assert identifier('a"b') == '"a""b"'
    assert literal("it's") == "'it''s'"
