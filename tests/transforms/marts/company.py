"""A small company for the mart tests: its inputs as rows, its marts through DuckDB.

Belongs here: the input tables the marts rely on, running the models of `transforms/marts` in their order.
Does not belong here: expectations.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from transforms.cube import cube_models
from transforms.functions import create_macros, set_secret
from transforms.model import Model, all_models, table_names

MARTS = Path(__file__).parents[3] / "transforms" / "marts"
AS_OF = dt.date(2024, 6, 30)

ORDER_LINE_ROWS = {
    "channel": "VARCHAR",
    "order_space": "VARCHAR",
    "record_key": "VARCHAR",
    "arrived": "DATE",
    "file_seq": "INTEGER",
    "line": "BIGINT",
    "mapping": "INTEGER",
    "occurrence": "INTEGER",
    "event_on": "DATE",
    "event_at": "TIMESTAMP",
    "order_id": "VARCHAR",
    "line_no": "VARCHAR",
    "product_id": "VARCHAR",
    "product_name": "VARCHAR",
    "category": "VARCHAR",
    "colour": "VARCHAR",
    "size": "VARCHAR",
    "quantity": "DECIMAL(18,4)",
    "unit_price": "DECIMAL(18,4)",
    "discount": "DECIMAL(18,4)",
    "amount": "DECIMAL(18,4)",
    "cost": "DECIMAL(18,4)",
    "currency": "VARCHAR",
    "status": "VARCHAR",
    "returns_order_id": "VARCHAR",
    "store": "VARCHAR",
    "city": "VARCHAR",
    "country": "VARCHAR",
    "salesperson": "VARCHAR",
    "purchase_method": "VARCHAR",
    "payment_method": "VARCHAR",
}
INPUTS: dict[str, dict[str, str]] = {
    "params": {
        "as_of": "DATE",
        "timezone": "VARCHAR",
        "currency": "VARCHAR",
        "default_margin": "DECIMAL(9,6)",
        "history_start": "DATE",
    },
    "value_settings": {
        "has_season": "BOOLEAN",
        "churn_medium_from": "DECIMAL(7,6)",
        "churn_high_from": "DECIMAL(7,6)",
        "runout_lead_days": "INTEGER",
        "quantity_elasticity": "DECIMAL(7,6)",
    },
    "family_models": {
        "product_family": "VARCHAR",
        "r": "DOUBLE",
        "alpha": "DOUBLE",
        "a": "DOUBLE",
        "b": "DOUBLE",
    },
    "family_holdout": {"cutoff": "DATE"},
    "holdout": {"cutoff": "DATE", "horizon_days": "INTEGER", "sample_step": "BIGINT"},
    "outlook_cut": {"cutoff": "DATE"},
    "outlook_months": {
        "months_ahead": "INTEGER",
        "month_start": "DATE",
        "count_days": "INTEGER",
        "repeat_orders": "DOUBLE",
        "repeat_revenue": "DOUBLE",
        "new_customers": "DOUBLE",
        "new_orders": "DOUBLE",
        "new_revenue": "DOUBLE",
        "revenue_low": "DOUBLE",
        "revenue_high": "DOUBLE",
    },
    "churn_scores": {
        "x": "INTEGER",
        "t_x_days": "INTEGER",
        "T_days": "INTEGER",
        "horizon_days": "INTEGER",
        "p_no_purchase": "DOUBLE",
        "p_alive": "DOUBLE",
        "next_days": "DOUBLE",
        "next_days_p25": "DOUBLE",
        "next_days_p75": "DOUBLE",
    },
    "as_of_dates": {"role": "VARCHAR", "as_of": "DATE", "fit_day": "DATE", "window_start": "DATE"},
    "order_line_rows": ORDER_LINE_ROWS,
    "product_rows": {
        "channel": "VARCHAR",
        "arrived": "DATE",
        "file_seq": "INTEGER",
        "line": "BIGINT",
        "product_id": "VARCHAR",
        "product_name": "VARCHAR",
        "category": "VARCHAR",
        "subcategory": "VARCHAR",
        "brand": "VARCHAR",
        "type": "VARCHAR",
        "colour": "VARCHAR",
        "size": "VARCHAR",
        "cost": "DECIMAL(18,4)",
        "price": "DECIMAL(18,4)",
        "pack_size": "DECIMAL(18,4)",
        "usage_per_day": "DECIMAL(18,4)",
    },
    "customer_links": {"record_key": "VARCHAR", "customer_id": "BIGINT"},
    "city_codes": {"city": "VARCHAR", "city_code": "VARCHAR"},
    "customer_traits": {"customer_id": "BIGINT", "own_city_code": "VARCHAR"},
    "customer_groups": {"customer_id": "BIGINT", "city_code": "VARCHAR"},
    "delivery_touches": {"customer_id": "BIGINT", "city_code": "VARCHAR"},
    "rfm_cutpoint_fits": {
        "fit_day": "DATE",
        "measure": "VARCHAR",
        "score": "INTEGER",
        "lower_bound": "DECIMAL(18,2)",
    },
    "channels": {
        "channel": "VARCHAR",
        "description_en": "VARCHAR",
        "description_id": "VARCHAR",
        "trust": "INTEGER",
        "id_space": "VARCHAR",
    },
    "holidays": {"date": "DATE", "name": "VARCHAR", "is_lebaran": "BOOLEAN"},
}
SEEDS = {
    "lebaran": {"date": "DATE"},
    "rfm_segments": {"r_score": "INTEGER", "f_score": "INTEGER", "segment": "VARCHAR"},
}

Row = Mapping[str, Any]


def day(text: str) -> dt.date:
    """A day of 2024 from `06-30`, any day from `2023-06-30`."""
    return dt.date.fromisoformat(text if len(text) == 10 else f"2024-{text}")


def money(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


def line(
    order_id: str, on: str, amount: str | None = None, customer: str | None = "C1", **fields: Any
) -> Row:
    """An order line of the web shop: order number, day, amount, customer; everything else by name.

    Rows of one file are numbered by `rows_of_file`; a lone line is line 1 of file 1.
    """
    event_on = day(on)
    row = dict.fromkeys(ORDER_LINE_ROWS) | {
        "channel": "web",
        "order_space": "web",
        "record_key": None if customer is None else f"web:{customer}",
        "arrived": event_on,
        "file_seq": 1,
        "line": 1,
        "mapping": 1,
        "occurrence": 1,
        "event_on": event_on,
        "event_at": dt.datetime.combine(event_on, dt.time(12)),
        "order_id": order_id,
        "amount": None if amount is None else Decimal(amount),
    }
    unknown = set(fields) - set(row)
    if unknown:
        raise ValueError(f"order lines have no {', '.join(sorted(unknown))}")
    return row | fields


def file(*lines: Row, seq: int = 1, arrived: str | None = None) -> list[Row]:
    """The lines as one file: numbered, and counted among those of the same order and product."""
    seen: dict[tuple[Any, ...], int] = {}
    rows = []
    for number, row in enumerate(lines, start=1):
        key = (row["order_id"], row["product_id"] or row["product_name"])
        seen[key] = seen.get(key, 0) + 1
        numbered = {"file_seq": seq, "line": number, "occurrence": seen[key]}
        rows.append({**row, **numbered, **({} if arrived is None else {"arrived": day(arrived)})})
    return rows


class Company:
    """The inputs of one night in DuckDB; `table(name)` runs what the table needs and returns its rows."""

    def __init__(self, as_of: dt.date = AS_OF, window_days: int = 730, threads: int = 2) -> None:
        self.con = duckdb.connect(config={"threads": threads})
        create_macros(self.con)
        set_secret(self.con, b"a key for tests")
        for name, columns in (INPUTS | SEEDS).items():
            self.con.execute(f"CREATE TABLE {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
        for name in SEEDS:
            self.con.execute(f"INSERT INTO {name} FROM read_csv('{MARTS / name}.csv', header = true)")
        previous = as_of.replace(day=1) - dt.timedelta(days=1)
        self.put(
            "params",
            [
                {
                    "as_of": as_of,
                    "timezone": "Asia/Jakarta",
                    "currency": "IDR",
                    "default_margin": Decimal("0.3"),
                    "history_start": dt.date(2024, 1, 1),
                }
            ],
        )
        bands = {"churn_medium_from": Decimal("0.33"), "churn_high_from": Decimal("0.66")}
        runout = {"runout_lead_days": 3, "quantity_elasticity": Decimal(0)}
        self.put("value_settings", [{"has_season": True, **bands, **runout}])
        self.put(
            "as_of_dates",
            [
                {
                    "role": role,
                    "as_of": on,
                    "fit_day": on.replace(day=1),
                    "window_start": on - dt.timedelta(window_days - 1),
                }
                for role, on in (("current", as_of), ("previous", previous))
            ],
        )
        self.built: set[str] = set()

    def put(self, name: str, rows: Iterable[Row]) -> None:
        """Add rows to an input; columns left out are NULL."""
        values = [[row.get(column) for column in INPUTS[name]] for row in rows]
        if values:
            self.con.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(INPUTS[name]))})", values)

    def sells(self, *files: Sequence[Row]) -> Company:
        """Put the files of order lines; every customer `C<n>` named in them is linked to customer_id n."""
        rows = [row for lines in files for row in lines]
        self.put("order_line_rows", rows)
        keys = sorted({row["record_key"] for row in rows if row["record_key"]})
        self.put(
            "customer_links", [{"record_key": key, "customer_id": int(key.rsplit("C", 1)[1])} for key in keys]
        )
        return self

    def build(self, *names: str) -> None:
        """Run the models these tables need, in dependency order."""
        for name in build_order():
            if name in needed(names) and name not in self.built:
                sql = cube_models().get(name) or Model.load(f"marts/{name}").render()
                self.con.execute(f"CREATE TABLE {name} AS {sql}")
                self.built.add(name)

    def table(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        """The rows of a mart, sorted; only these columns if given."""
        self.build(name)
        return self.con.execute(f"SELECT {', '.join(columns) or '*'} FROM {name} ORDER BY ALL").fetchall()

    def value(self, sql: str) -> Any:
        row = self.con.execute(sql).fetchone()
        return None if row is None else row[0]


@cache
def model_inputs() -> dict[str, frozenset[str]]:
    """The tables each model reads, from its SQL."""
    marts = {model.name: frozenset(model.inputs) for model in all_models() if model.path.startswith("marts/")}
    return marts | {name: frozenset(table_names(sql)) for name, sql in cube_models().items()}


@cache
def order_models() -> tuple[str, ...]:
    """The models made from order lines and settings alone: those this company can run."""
    available = set(INPUTS) | set(SEEDS)
    models = model_inputs()
    return tuple(
        name
        for name in models
        if set().union(*(models[m] for m in needed([name]))) <= available | set(models)
    )


@cache
def build_order() -> tuple[str, ...]:
    models = {name: model_inputs()[name] for name in order_models()}
    return tuple(
        TopologicalSorter(
            {name: sorted(reads & set(models)) for name, reads in models.items()}
        ).static_order()
    )


def needed(names: Iterable[str]) -> set[str]:
    """The models these tables are made from, themselves included."""
    models = model_inputs()
    found: set[str] = set()
    queue = list(names)
    while queue:
        name = queue.pop()
        if name in models and name not in found:
            found.add(name)
            queue.extend(models[name])
    return found
