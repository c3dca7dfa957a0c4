"""The normalised columns that every engine gets, and nothing else: one row per record.

Belongs here: the list of columns and their normal forms. Does not belong here: where a data set comes from.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from transforms.functions import create_macros, set_secret

TYPES = {
    "record_key": "VARCHAR",
    "name_key": "VARCHAR",  # the whole name
    "given": "VARCHAR",
    "family": "VARCHAR",
    "birth_date": "DATE",
    "phones": "VARCHAR[]",
    "phone": "VARCHAR",  # the first of them
    "email": "VARCHAR",
    "nik": "VARCHAR",
    "national_id": "VARCHAR",
    "member_id": "VARCHAR",
    "address_key": "VARCHAR",
    "postcode": "VARCHAR",
    "city": "VARCHAR",
    "sex": "VARCHAR",
    "occupation": "VARCHAR",
    "social_handle": "VARCHAR",
    "household_key": "VARCHAR",
    "first_on": "DATE",
    "last_on": "DATE",
}
# Names that open very many Indonesian names and are often left out: the next word tells people apart.
_OPENING = "'muhammad', 'ahmad', 'abdul', 'siti', 'nur'"
_WORDS = "string_split(name_key, ' ')"
_PARTS = {
    "given": f"CASE WHEN array_length({_WORDS}) > 1 AND {_WORDS}[1] IN ({_OPENING}) THEN {_WORDS}[2]"
    f" ELSE {_WORDS}[1] END",
    "family": f"CASE WHEN array_length({_WORDS}) > 1 THEN {_WORDS}[-1] END",
}
CITY_PREFIX = r"^(kota administrasi|kota adm|kotamadya|kota|kabupaten|kab)[. ]+"


def connection() -> duckdb.DuckDBPyConnection:
    """DuckDB with Satu's named functions, two threads."""
    con = duckdb.connect(config={"threads": 2, "preserve_insertion_order": "true"})
    con.execute("SET enable_progress_bar = false")
    create_macros(con)
    set_secret(con, b"the same for every benchmark, so that keys stay")
    return con


def city_key(value: str) -> str:
    """SQL for a city's name without its kind and its case."""
    plain = f"trim(lower(fold_accents({value})))"
    return f"nullif(regexp_replace({plain}, '{CITY_PREFIX}', ''), '')"


def normalised(con: duckdb.DuckDBPyConnection, source: str, columns: Mapping[str, str]) -> pa.Table:
    """The rows of `source` in the columns of TYPES, in the order of their keys.

    `columns` gives the expressions a source has; the others stay empty. `given` and `family` come from the
    whole name when a source does not tell them apart, `phone` from `phones`.
    """
    unknown = set(columns) - set(TYPES)
    if unknown:
        raise ValueError(f"no such columns: {sorted(unknown)}")
    given = {name: f"{columns[name]} AS {name}" for name in columns}
    if not {"first_on", "last_on"} & set(columns):
        given |= {name: f"DATE '2026-01-01' AS {name}" for name in ("first_on", "last_on")}
    inner = f"SELECT {', '.join(given.values())} FROM {source}"
    derived = {name: sql for name, sql in _PARTS.items() if name not in given}
    if "phones" in given and "phone" not in given:
        derived["phone"] = "phones[1]"
    wanted = ", ".join(
        f"CAST({derived.get(name, name if name in given else 'NULL')} AS {kind}) AS {name}"
        for name, kind in TYPES.items()
    )
    return con.execute(f"SELECT {wanted} FROM ({inner}) ORDER BY record_key").to_arrow_table()
