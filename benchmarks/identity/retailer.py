"""The sample retailer as a benchmark: its contacts through Satu's own records step, cut to an exact size.

Seeds and noise here are for measuring only: nothing in the matcher may be chosen by looking at them.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from assets.bronze import raw_files
from assets.configuration import suppressions
from assets.context import open_context
from assets.day import Day
from assets.registering import register_landing
from assets.silver import record_units
from benchmarks.identity.columns import city_key, connection, normalised
from benchmarks.identity.public_sets import Labelled
from sample_retailer import Settings, generate
from sample_retailer.settings import LAST_DAY

SEEDS = (71_003, 71_011, 71_023)  # the sample and the tests use others
RECORDS_PER_PERSON = 2.1  # a little less than there are, so that a sample is never too small
NOISE: dict[str, dict[str, float]] = {
    "usual": {},
    "rough": {
        "typo": 0.10,
        "changed_phone": 0.20,
        "recycled_phone": 0.45,
        "moved": 0.15,
        "second_account": 0.10,
        "shared_phone": 0.60,
        "has_email": 0.50,
    },
}
_SECRET = "the same for every benchmark, so that keys stay"
_FIELDS = (
    "name_key", "phones", "email", "nik", "national_id", "member_id", "birth_date", "address", "postcode",
    "city", "sex", "occupation", "social_handle", "household_key",
)  # fmt: skip
_COLUMNS = {
    "record_key": "record_key",
    "name_key": "CASE WHEN NOT is_placeholder_name(name_key) THEN name_key END",
    "phones": "phones",
    # as `contact_facts` has it: an office's address, a placeholder and `a@a.com` are nobody's
    "email": "CASE WHEN NOT is_role_email(email) AND NOT is_placeholder_email(email)"
    " AND split_part(email, '@', 1) <> split_part(split_part(email, '@', 2), '.', 1) THEN email END",
    "nik": "nik",
    "national_id": "national_id",
    "member_id": "member_id",
    "birth_date": "COALESCE(birth_date, nik_birth_date(nik, DATE '2026-09-30'))",
    "address_key": "norm_address(address)",
    "postcode": "postcode",
    "city": city_key("city"),
    "sex": "sex",
    "occupation": "nullif(lower(trim(occupation)), '')",
    "social_handle": "social_handle",
    "household_key": "household_key",
    "first_on": "first_on",
    "last_on": "last_on",
}


@dataclass(frozen=True)
class Sample:
    """Which sample: how many records, drawn with which seed, how messy."""

    records: int
    seed: int
    noise: str

    @property
    def name(self) -> str:
        return f"retailer-{self.records}-{self.noise}-{self.seed}"


def retailer(sample: Sample, scratch: Path) -> Labelled:
    """Exactly `sample.records` contact records of the invented retailer and who they are."""
    people = max(2_000, round(sample.records / RECORDS_PER_PERSON))
    settings = Settings(customers=people, deliveries=1, seed=sample.seed, **NOISE[sample.noise])
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        home = Path(folder) / "home"
        truth = generate(home, settings=settings).truth
        (home / "secret.key").write_text(_SECRET + "\n", encoding="utf-8")
        contacts = _contacts(home)
        con = connection()
        con.register("contacts", contacts)
        con.execute(f"CREATE TABLE truth AS FROM read_parquet('{truth}')")
    return _cut(con, sample)


def _contacts(home: Path) -> pa.Table:
    """One row per record: of every field the newest known value, whatever channel it came by."""
    context = open_context(home)
    register_landing(context)
    suppressed = suppressions(context)
    units = []
    for channel in context.workspace.channels.values():
        mappings = tuple(m for m in channel.mappings if m.contract == "contacts")
        if mappings:
            about_people = replace(channel, mappings=mappings)
            units += record_units(context, about_people, raw_files(context, channel), suppressed)
    newest = ", ".join(f"max_by({name}, ord) FILTER (WHERE {_known(name)}) AS {name}" for name in _FIELDS)
    with Day(context, LAST_DAY, units) as day:
        day.need("contact_versions")
        return day.engine.fetch(
            f"SELECT record_key, MIN(first_on) AS first_on, MAX(last_on) AS last_on, {newest}"
            " FROM contact_versions GROUP BY record_key"
        )


def _known(name: str) -> str:
    return f"len({name}) > 0" if name == "phones" else f"{name} IS NOT NULL"


def _cut(con: duckdb.DuckDBPyConnection, sample: Sample) -> Labelled:
    """Whole people in the order of a keyed hash until exactly `sample.records` records are in.

    A made-up entry has a person below zero and is a person of its own.
    """
    con.execute(
        "CREATE TABLE known AS SELECT c.*, CASE WHEN t.person_id < 0 THEN 'nobody ' || t.record_key"
        " ELSE CAST(t.person_id AS VARCHAR) END AS person"
        " FROM contacts AS c INNER JOIN truth AS t ON t.record_key = c.record_key"
    )
    people = con.execute(
        "SELECT person, COUNT(*) AS records FROM known GROUP BY person"
        f" ORDER BY md5(concat('{sample.seed}', person)), person"
    ).to_arrow_table()
    taken = _whole_people(people["records"].to_numpy(), sample.records)
    con.register("taken", people.filter(pa.array(taken)))
    con.execute(
        "CREATE TABLE chosen AS SELECT k.* FROM known AS k SEMI JOIN taken AS t ON t.person = k.person"
    )
    truth = con.execute("SELECT record_key, person FROM chosen ORDER BY record_key").to_arrow_table()
    return Labelled(normalised(con, "chosen", _COLUMNS), truth)


def _whole_people(sizes: np.ndarray, wanted: int) -> np.ndarray:
    """Which people to take, in order, passing over those too large for the room that is left."""
    before = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    taken = before + sizes <= wanted
    room = wanted - int(sizes[taken].sum())
    for position in np.flatnonzero(~taken):
        if room == 0:
            break
        if sizes[position] <= room:
            taken[position] = True
            room -= int(sizes[position])
    if room:
        raise ValueError(f"the sample has {wanted - room:,} records only; lower RECORDS_PER_PERSON")
    return taken
