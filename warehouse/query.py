"""Reading what was published: one SELECT, no files, no writes, no settings.

BI tables go by their bare names, earlier days by `history.<table>`, and with `vault=True` the vault's by
`vault.<table>`, so that both can be joined. A BI table too large for the release's file is read from its
Parquet. A query never spills to disk: nothing of the vault lands there.

The vault that is opened is the one the current release names, never the link `vault.duckdb`, so that the two
always belong together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.contracts import Table, all_tables
from warehouse.encrypted_files import sql_path
from warehouse.engine import Parameters, connect, identifier, literal, read_parquet
from warehouse.errors import ConfigError, InputError
from warehouse.publish import (
    RELEASE_FILE,
    VAULT_FILE,
    VAULT_RELEASES,
    Release,
    current_release,
    manifest_of,
)
from warehouse.store import MANIFEST, Partition, Store

READS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
_NAMES_THE_VAULT = re.compile(r"\bvault\"?\s*\.", re.IGNORECASE)
_MISSING_TABLE = re.compile(r"Table with name (\w+) does not exist")
# DuckDB's sentences for these name tables, columns and words of the query; the others may quote values.
_WITHOUT_DATA = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)


def query(
    warehouse: Path,
    sql: str,
    *,
    vault: bool = False,
    as_of: date | None = None,
    params: Parameters = None,
    tables: Iterable[Table] | None = None,
) -> pa.Table:
    """The rows of one SELECT over the current release, or over the retained tables of another day.

    `tables` are the contracts looked for when `as_of` is another day; by default all there are.
    """
    is_vault_missed = not vault and _NAMES_THE_VAULT.search(sql) is not None
    with opened(warehouse, vault=vault, as_of=as_of, tables=tables) as con, _readable_errors(is_vault_missed):
        statements = con.extract_statements(sql)
        if len(statements) != 1 or statements[0].type not in READS:
            raise InputError("only one SELECT can be run here", fix="queries read; nothing can be changed")
        return con.execute(statements[0], params).to_arrow_table()


@contextmanager
def opened(
    warehouse: Path,
    *,
    vault: bool = False,
    as_of: date | None = None,
    tables: Iterable[Table] | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can read the release (or another day) and nothing else, and cannot be reopened."""
    release = current_release(warehouse)
    if release is None:
        raise ConfigError("there is no release yet", file=warehouse, fix="run `satu run` first")
    with connect(temp_directory="") as con:
        if as_of is None or as_of == release.as_of:
            _attach_release(con, warehouse, release, vault)
        else:
            _attach_day(con, warehouse, as_of, vault, all_tables().values() if tables is None else tables)
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        yield con


def _attach_release(con: duckdb.DuckDBPyConnection, warehouse: Path, release: Release, vault: bool) -> None:
    """The release's file as the default catalog, the tables beside it, and the vault it names."""
    manifest = manifest_of(release)
    con.execute(f"ATTACH {literal(str(release.path / RELEASE_FILE))} AS release (READ_ONLY)")
    beside = {t["name"]: warehouse / t["parquet"] for t in manifest["tables"] if not t.get("in_file", True)}
    readable = _create_views(con, "memory.main", beside)
    if vault:
        if manifest["vault"] is None:
            raise ConfigError("this release has no vault", file=release.path, fix="run `satu run` first")
        readable += _attach_vault(con, warehouse, warehouse / VAULT_RELEASES / release.path.name)
    _allow(con, readable)
    con.execute("SET search_path = 'release.main,memory.main'")


def _attach_vault(con: duckdb.DuckDBPyConnection, warehouse: Path, folder: Path) -> list[Path]:
    """The vault of a release under its name: its file, or its encrypted tables, which are returned."""
    file = folder / VAULT_FILE
    try:
        if file.exists():
            con.execute(f"ATTACH {literal(str(file))} AS vault (READ_ONLY)")
            return []
        tables = json.loads((folder / MANIFEST).read_bytes())["tables"]
        con.execute("ATTACH ':memory:' AS vault")
        return _create_views(con, "vault.main", {t["name"]: warehouse / t["parquet"] for t in tables})
    except (duckdb.IOException, OSError) as error:
        raise ConfigError("the vault cannot be opened", file=file, fix="ask its owner for access") from error


def _create_views(con: duckdb.DuckDBPyConnection, schema: str, files: dict[str, Path]) -> list[Path]:
    for name, path in files.items():
        con.execute(f"CREATE VIEW {schema}.{identifier(name)} AS FROM {read_parquet([path])}")
    return list(files.values())


def _allow(con: duckdb.DuckDBPyConnection, paths: Iterable[Path]) -> None:
    """Let only these files be read once external access is off."""
    con.execute(f"SET allowed_paths = [{', '.join(literal(sql_path(path)) for path in paths)}]")


def _attach_day(
    con: duckdb.DuckDBPyConnection, warehouse: Path, as_of: date, vault: bool, tables: Iterable[Table]
) -> None:
    """Views over the partitions retained for a day; their files are the only ones that can be read."""
    store = Store(warehouse)
    partitions: list[Partition] = []
    con.execute("CREATE SCHEMA vault")
    for table in tables:
        if table.zone == "vault" and not vault:
            continue
        partition = store.partition(table, as_of)
        if partition is not None:
            schema = "vault" if table.zone == "vault" else "main"
            files = read_parquet([partition.path])
            con.execute(f"CREATE VIEW {schema}.{identifier(table.name)} AS FROM {files}")
            partitions.append(partition)
    if not partitions:
        raise InputError(f"no table is retained for {as_of}", fix="see `satu tables` for the days there are")
    _allow(con, [partition.path for partition in partitions])


@contextmanager
def _readable_errors(is_vault_missed: bool) -> Iterator[None]:
    """DuckDB's errors as one sentence; where its own could quote a value of the data, ours does not.

    `is_vault_missed`: the query names the vault, which was not asked for.
    """
    try:
        yield
    except _WITHOUT_DATA as error:
        if is_vault_missed and not isinstance(error, duckdb.ParserException):
            raise InputError(
                "the query reads the vault, which was not asked for", fix="add --vault; its use is recorded"
            ) from error
        sentence = str(error).split("\n")[0].partition("Error: ")[2]
        fix = _where_it_is(sentence) or "correct it"
        raise InputError(f"the query cannot be read: {sentence.rstrip('!. ')}", fix=fix) from error
    except duckdb.PermissionException as error:
        raise InputError("a query cannot read files", fix="use the published tables") from error
    except duckdb.ConversionException as error:
        raise InputError("a value cannot be converted as the query asks", fix="use TRY_CAST") from error
    except duckdb.OutOfMemoryException as error:
        raise InputError(
            "the query needs more memory than there is", fix="aggregate or filter more"
        ) from error
    except duckdb.Error as error:
        kind = type(error).__name__.removesuffix("Exception")
        raise InputError(f"the query failed ({kind} error)", fix="check its functions and values") from error


def _where_it_is(sentence: str) -> str | None:
    """What to write for a table of the vault that was named without it."""
    missing = _MISSING_TABLE.search(sentence)
    table = None if missing is None else all_tables().get(missing[1].lower())
    if table is None or table.zone != "vault":
        return None
    return f"it is in the vault: write vault.{table.name}, with --vault"
