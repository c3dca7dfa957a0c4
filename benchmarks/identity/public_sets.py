"""Public data sets with a known truth: FEBRL 3 and 4, fake_1000, historical_50k.

They are read where they are and never become part of the project. Each gives its records in normalised
columns and the truth: who the person behind every record is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from benchmarks.identity.columns import connection, normalised

ROOT = Path(__file__).resolve().parents[2]


class Absent(Exception):
    """A data set that is not on this machine, with where it was looked for."""


@dataclass(frozen=True)
class Labelled:
    """Records in normalised columns and, in the same order, (record_key, person)."""

    records: pa.Table
    truth: pa.Table


def febrl3(given: Mapping[str, Path]) -> Labelled:
    """5,000 Australian records of 2,000 people; `rec-7-dup-1` is the person of `rec-7-org`."""
    return _febrl([_shared("febrl3.csv")])


def febrl4(given: Mapping[str, Path]) -> Labelled:
    """FEBRL 4: 5,000 people in two files; `--febrl4 FOLDER` names the folder of both."""
    folder = _named(given, "febrl4")
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise Absent(f"no CSV file in {folder}")
    return _febrl(files)


def fake_1000(given: Mapping[str, Path]) -> Labelled:
    """1,000 English records of 251 people with many errors."""
    con = connection()
    con.execute(
        "CREATE VIEW people AS SELECT * FROM read_csv(?, all_varchar = true)".replace(
            "?", _quoted(_shared("people_fake_1000.csv"))
        )
    )
    records = normalised(
        con,
        "people",
        {
            "record_key": "unique_id",
            "name_key": "norm_name(concat_ws(' ', first_name, surname))",
            "given": "norm_name(first_name)",
            "family": "norm_name(surname)",
            "birth_date": "TRY_CAST(dob AS DATE)",
            "email": "norm_email(email)",
            "city": "nullif(lower(trim(city)), '')",
        },
    )
    truth = con.execute("SELECT unique_id AS record_key, cluster AS person FROM people ORDER BY 1")
    return Labelled(records, truth.to_arrow_table())


def historical(given: Mapping[str, Path]) -> Labelled:
    """50,578 records of 5,156 people out of Wikidata; `--historical FILE` names the Parquet file."""
    con = connection()
    con.execute(f"CREATE VIEW people AS FROM read_parquet({_quoted(_named(given, 'historical'))})")
    records = normalised(
        con,
        "people",
        {
            "record_key": "unique_id",
            "name_key": "norm_name(coalesce(full_name, concat_ws(' ', first_name, surname)))",
            "given": "norm_name(first_name)",
            "family": "norm_name(surname)",
            "birth_date": "TRY_CAST(dob AS DATE)",
            "postcode": "nullif(lower(trim(postcode_fake)), '')",
            "city": "nullif(lower(trim(birth_place)), '')",
            "sex": "gender",
            "occupation": "nullif(lower(trim(occupation)), '')",
        },
    )
    truth = con.execute("SELECT unique_id AS record_key, cluster AS person FROM people ORDER BY 1")
    return Labelled(records, truth.to_arrow_table())


PUBLIC: dict[str, Callable[[Mapping[str, Path]], Labelled]] = {
    "febrl3": febrl3,
    "febrl4": febrl4,
    "fake_1000": fake_1000,
    "historical": historical,
}


def _febrl(files: list[Path]) -> Labelled:
    con = connection()
    paths = ", ".join(_quoted(path) for path in files)
    con.execute(
        "CREATE VIEW people AS SELECT trim(COLUMNS(*)) FROM"
        f" read_csv([{paths}], all_varchar = true, header = true, delim = ',', normalize_names = true)"
    )
    records = normalised(
        con,
        "people",
        {
            "record_key": "rec_id",
            "name_key": "norm_name(concat_ws(' ', given_name, surname))",
            "given": "norm_name(given_name)",
            "family": "norm_name(surname)",
            "birth_date": "CAST(try_strptime(date_of_birth, '%Y%m%d') AS DATE)",
            "address_key": "norm_address(concat_ws(' ', street_number, address_1, address_2))",
            "postcode": "nullif(postcode, '')",
            "city": "nullif(lower(suburb), '')",
            "national_id": "nullif(soc_sec_id, '')",
        },
    )
    person = "regexp_extract(rec_id, '^rec-([0-9]+)', 1)"
    truth = con.execute(f"SELECT rec_id AS record_key, {person} AS person FROM people ORDER BY 1")
    return Labelled(records, truth.to_arrow_table())


def _shared(name: str) -> Path:
    """A file of the shared real data, looked for as the tests do."""
    folder = Path(os.environ.get("SATU_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / name).is_file():
        raise Absent(f"{name} is not in {folder} (set SATU_SHARED_DATA to its folder)")
    return folder / name


def _named(given: Mapping[str, Path], name: str) -> Path:
    if name not in given:
        raise Absent(f"its place was not given (--{name} PATH)")
    if not given[name].exists():
        raise Absent(f"{given[name]} does not exist")
    return given[name]


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
