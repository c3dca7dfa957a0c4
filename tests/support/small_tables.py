"""Small tables in, the tables made from them out: any model of `transforms`, run in DuckDB.

Belongs here: empty inputs with their columns, running the models a table needs.
Does not belong here: expectations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import duckdb

from transforms.cube import cube_models
from transforms.functions import create_macros, set_secret
from transforms.identity.households import households
from transforms.model import Model, all_models
from transforms.records.build import record_columns
from warehouse.contracts import all_tables, base_inputs, duckdb_type

AS_OF = dt.date(2026, 1, 31)
Row = Mapping[str, Any]

CONTACTS = ("email", "phone", "whatsapp", "landline", "address", "social_handle")
_OTHERS: dict[str, dict[str, str]] = {
    "value_settings": {"has_season": "BOOLEAN"},
    "lebaran": {"date": "DATE"},
    "params": {"as_of": "DATE", "timezone": "VARCHAR", "lead_window_days": "INTEGER"},
    "channels": {"channel": "VARCHAR", "id_space": "VARCHAR"},
    "mapping_roles": {"channel": "VARCHAR", "mapping": "INTEGER", "role": "VARCHAR"},
    "city_codes": {"city": "VARCHAR", "city_code": "VARCHAR"},
    "customer_traits": {
        "customer_id": "BIGINT",
        **dict.fromkeys(
            (f"own_{t}" for t in ("city_code", "age_band", "sex", "education", "occupation")), "VARCHAR"
        ),
    },
    "rfm_values": {"role": "VARCHAR", "customer_id": "BIGINT"},
    "pareto_values": {
        "role": "VARCHAR",
        "as_of": "DATE",
        "customer_id": "BIGINT",
        "revenue": "DECIMAL(18,2)",
        "profit": "DECIMAL(18,2)",
    },
    "as_of_dates": {"role": "VARCHAR", "as_of": "DATE", "window_start": "DATE"},
    "clusters": {"record_key": "VARCHAR", "cluster_no": "VARCHAR"},
    "contact_facts": {
        "record_key": "VARCHAR",
        "name_key": "VARCHAR",
        "email": "VARCHAR",
        "phones": "VARCHAR[]",
        "household_key": "VARCHAR",
    },
    "record_registry": {"record_key": "VARCHAR", "anchor_ord": "BIGINT", "count_touches": "BIGINT"},
    "identity_figures": {"metric": "VARCHAR", "item": "VARCHAR", "value": "DOUBLE"},
    "contact_versions": {
        "record_key": "VARCHAR",
        "channel": "VARCHAR",
        "ord": "BIGINT",
        "first_on": "DATE",
        **dict.fromkeys(("email", "email_key", "nik", "national_id", "member_id"), "VARCHAR"),
        **dict.fromkeys(("phone", "address", "city", "sex", "education", "occupation"), "VARCHAR"),
        "birth_date": "DATE",
        "phones": "VARCHAR[]",
    },
    "contact_settings": dict.fromkeys(
        ("window_days", "max_contacts", "max_per_channel", "owner_days"), "INTEGER"
    )
    | dict.fromkeys(("hours_from", "hours_until"), "VARCHAR")
    | {"is_owned_by_sale": "BOOLEAN"},
    "list_members": {
        "customer_id": "BIGINT",
        "position": "INTEGER",
        **dict.fromkeys(("item", "purpose", "contact_channel"), "VARCHAR"),
    },
    "contact_channels": {"contact_channel": "VARCHAR", "position": "INTEGER"},
    "mapped_fields": {"contract": "VARCHAR", "field": "VARCHAR"},
    "contact_purposes": {"purpose": "VARCHAR", "needs_consent": "BOOLEAN"},
    "blacklist_entries": {
        "entry_no": "INTEGER",
        **dict.fromkeys(("kind", "value", "reason", "evidence", "contact_channel", "country"), "VARCHAR"),
        **dict.fromkeys(("listed_on", "expires_on"), "DATE"),
    },
    "identity_levels": {"item": "VARCHAR", "unit": "BIGINT", "code": "INTEGER"},
    "order_headers": {
        "order_space": "VARCHAR",
        "source_order_id": "VARCHAR",
        "order_id": "BIGINT",
        "customer_id": "BIGINT",
        "ordered_on": "DATE",
        "ordered_at": "TIMESTAMP",
        **dict.fromkeys(
            ("channel", "store", "city_code", "salesperson", "purchase_method", "payment_method"), "VARCHAR"
        ),
    },
}
_SINGULAR = {"ies": "y", "s": ""}


@cache
def _columns() -> dict[str, dict[str, str]]:
    """Columns and types of every input a test may fill: records, published tables and a few more."""
    found = dict(_OTHERS)
    for contract in base_inputs().values():
        columns = record_columns(contract)
        channel = "source_channel" if "channel" in columns else "channel"
        ending = "ies" if contract.name.endswith("ies") else "s"
        name = f"{contract.name.removesuffix(ending)}{_SINGULAR[ending]}_rows"
        found[name] = columns | {channel: "VARCHAR", "order_space": "VARCHAR"}
    for table in all_tables().values():
        found[table.name] = {c.name: duckdb_type(c.type) for c in table.columns}
    texts = ("full_name", "city", "sex", "education", "occupation", *CONTACTS)
    found["customer_profile"] |= dict.fromkeys(texts, "VARCHAR")
    found["customer_profile"] |= {"birth_date": "DATE"}
    return found


@cache
def _models() -> dict[str, Model]:
    folded = (Model(f"customers/{name}", sql) for name, sql in cube_models().items())
    return {model.name: model for model in (*all_models(), *folded)}


class Tables:
    """Inputs by name; `rows(name)` makes what a table needs. What is put stands, the rest is made or empty."""

    def __init__(self, as_of: dt.date = AS_OF) -> None:
        self.con = duckdb.connect(config={"threads": 1})
        create_macros(self.con)
        set_secret(self.con, b"a key for tests")
        self._there: set[str] = set()
        self.put("value_settings", {"has_season": True})
        self.put("params", {"as_of": as_of, "timezone": "Asia/Jakarta", "lead_window_days": 90})

    def put(self, name: str, *rows: Row) -> Tables:
        """Add rows to an input; columns left out are NULL."""
        columns = _columns()[name]
        if name not in self._there:
            declared = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            self.con.execute(f"CREATE TABLE {name} ({declared})")
            self._there.add(name)
        for row in rows:
            unknown = set(row) - set(columns)
            if unknown:
                raise ValueError(f"{name} has no {', '.join(sorted(unknown))}")
            marks = ", ".join("?" * len(columns))
            self.con.execute(f"INSERT INTO {name} VALUES ({marks})", [row.get(c) for c in columns])
        return self

    def rows(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        """The rows of a table, sorted; only these columns if given."""
        self.need(name)
        return self.con.execute(f"SELECT {', '.join(columns) or '*'} FROM {name} ORDER BY ALL").fetchall()

    def made(self, *names: str) -> None:
        """Say that the test made these itself."""
        self._there.update(names)

    def forget(self, name: str) -> None:
        """Say that a table is to be made again."""
        self._there.remove(name)

    def need(self, name: str) -> None:
        if name in self._there:
            return
        if name == "household_components":
            self.need("household_ties")
            ties = self.con.execute(
                "SELECT cluster_a, cluster_b, strength FROM household_ties"
            ).to_arrow_table()
            made = households(*ties.columns)
            self.con.register("made", made)
            self.con.execute("CREATE TABLE household_components AS FROM made")
        elif name in _models() and name not in _OTHERS:
            model = _models()[name]
            for dependency in model.inputs:
                self.need(dependency)
            self.con.execute(f"CREATE TABLE {name} AS {model.render()}")
        else:
            self.put(name)
        self._there.add(name)


def day(text: str) -> dt.date:
    """A day of January 2026 from `05`, any day from `2025-12-31`."""
    return dt.date.fromisoformat(text if len(text) == 10 else f"2026-01-{text}")


def at(on: dt.date, clock: str) -> dt.datetime:
    """A local time in Jakarta as the records keep it, in UTC."""
    return dt.datetime.combine(on, dt.time.fromisoformat(clock)) - dt.timedelta(hours=7)


def record(line: int, on: str, clock: str | None = None, **fields: Any) -> dict[str, Any]:
    """A row of any contract: number of its line, the day (and time) of the event; the rest by name."""
    event_on = day(on)
    happened = at(event_on, clock) if clock else at(event_on, "00:00")
    row = {"line": line, "file_seq": 1, "mapping": 1, "arrived": event_on, "event_on": event_on}
    return row | {"event_at": happened} | fields


def links(**customers: Iterable[str] | str) -> list[dict[str, Any]]:
    """Rows of customer_links: `c1=["shop:1"]` makes record shop:1 customer 1."""
    return [
        {"record_key": key, "customer_id": int(name[1:])}
        for name, keys in customers.items()
        for key in ([keys] if isinstance(keys, str) else keys)
    ]
