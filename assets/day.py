"""One day's tables: every name a SQL model reads, made available on demand in one engine.

A name is, in this order: a small table of configuration, the stored records of a contract, a table made by
Python, a stored partition of the day (when asked for), or a SQL model whose inputs are made available first.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from assets.configuration import CONFIGURATION_TABLES
from assets.context import Context
from assets.units import Unit, record_schema
from transforms.customers.cities import city_codes
from transforms.customers.golden import golden_models
from transforms.identity.clusters import components, recut
from transforms.marts.holidays import public_holidays
from transforms.model import all_models, table_names
from warehouse.contracts import all_tables, arrow_schema
from warehouse.engine import read_parquet

SEEDS = {
    "match_rules": "identity/match_rules.csv",
    "rfm_segments": "marts/rfm_segments.csv",
    "lebaran": "marts/lebaran.csv",
}
TRANSFORMS = Path(__file__).resolve().parent.parent / "transforms"


class Day:
    """The tables of one `as_of`. `stored` names tables to read from their partition."""

    def __init__(
        self,
        context: Context,
        as_of: date,
        units: list[Unit],
        *,
        stored: frozenset[str] = frozenset(),
        previous_links: pa.Table | None = None,
    ) -> None:
        self.context = context
        self.as_of = as_of
        self.units = units
        self.stored = stored
        self.engine = context.engine()
        self.timings: dict[str, float] = {}
        self._previous_links = previous_links
        self._ready: set[str] = set()
        self._models = {model.name: model for model in all_models()}
        self._made: dict[str, Callable[[], None]] = {
            "raw_clusters": self._raw_clusters,
            "recut_records": self._recut_records,
            "household_components": self._household_components,
            "city_codes": self._city_codes,
            "previous_links": self._put_previous_links,
            "holidays": self._holidays,
        }
        self._generated = golden_models(context.workspace.inputs["contacts"])

    def need(self, name: str) -> None:
        """Make `name` readable in the engine, and everything it is made from."""
        if name in self._ready:
            return
        if name in CONFIGURATION_TABLES:
            self.put(name, CONFIGURATION_TABLES[name](self.context, self.as_of))
        elif name.endswith("_rows"):
            self._attach_records(name)
        elif name in SEEDS:
            self.put(name, pacsv.read_csv(TRANSFORMS / SEEDS[name]))
        elif name in self.stored:
            self._attach_partition(name)
        elif name in self._made:
            self._timed(name, self._made[name])
        else:
            sql = self.sql_of(name)
            for dependency in self.inputs_of(name):
                self.need(dependency)
            self._timed(name, lambda: self.engine.materialise(name, sql))
        self._ready.add(name)

    def put(self, name: str, table: pa.Table) -> None:
        """Offer an Arrow table under a name."""
        self.engine.put(name, table)
        self._ready.add(name)

    def sql_of(self, name: str) -> str:
        """The SELECT behind a name; KeyError when there is none."""
        return self._generated[name] if name in self._generated else self._models[name].sql

    def inputs_of(self, name: str) -> list[str]:
        """The tables a name's SELECT reads."""
        if name in self._generated:
            return sorted(table_names(self._generated[name]))
        return sorted(self._models[name].inputs)

    def fetch(self, name: str, columns: str = "*") -> pa.Table:
        """The rows of a name, in memory."""
        self.need(name)
        return self.engine.fetch(f"SELECT {columns} FROM {name}")

    def close(self) -> None:
        """Free the engine and everything made in it."""
        self.engine.close()

    def __enter__(self) -> Day:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _timed(self, name: str, work: Callable[[], None]) -> None:
        started = time.process_time()
        work()
        self.timings[name] = time.process_time() - started

    def _attach_records(self, name: str) -> None:
        """`<contract>_rows`: the accepted records of every channel that could be visible."""
        contract = next(c for c in self.context.workspace.inputs if rows_name(c) == name)
        schema = record_schema(self.context.workspace.inputs[contract])
        column = "source_channel" if "channel" in schema.names else "channel"
        parts = []
        for channel in self.context.workspace.channels.values():
            paths = [
                u.records
                for u in self.units
                if u.channel == channel.name
                and u.contract == contract
                and u.min_arrived is not None
                and u.min_arrived <= self.as_of
            ]
            if paths:
                parts.append(
                    f"SELECT *, '{channel.name}' AS {column}, '{channel.order_space}' AS order_space"
                    f" FROM {read_parquet(paths)}"
                )
        if not parts:
            extra = [(column, pa.string()), ("order_space", pa.string())]
            self.engine.put(name, pa.schema([*schema, *(pa.field(*e) for e in extra)]).empty_table())
            return
        self.engine.define(name, " UNION ALL ".join(parts))

    def _attach_partition(self, name: str) -> None:
        table = all_tables()[name]
        partition = self.context.store.partition(table, self.as_of)
        if partition is None:
            raise KeyError(name)
        self.engine.attach(name, [partition.path], arrow_schema(table))

    def _raw_clusters(self) -> None:
        self.need("record_registry")
        self.need("all_edges")
        keys = self.engine.fetch("SELECT record_key FROM record_registry ORDER BY record_key")
        edges = self.engine.fetch("SELECT record_a, record_b FROM all_edges")
        record_keys = keys.column("record_key").combine_chunks()
        self.put("raw_clusters", components(record_keys, edges.column("record_a"), edges.column("record_b")))

    def _recut_records(self) -> None:
        facts = self.fetch("suspicious_facts")
        edges = self.fetch("suspicious_edges")
        decisions = self.fetch("decisions").to_pylist()
        different = [(d["record_a"], d["record_b"]) for d in decisions if d["decision"] == "different"]
        self.put("recut_records", recut(facts, edges, different))

    def _household_components(self) -> None:
        tokens = self.fetch("household_tokens")
        both = pa.chunked_array(
            [*tokens.column("cluster_no").chunks, *tokens.column("token").chunks], pa.string()
        )
        nodes = pc.unique(both)
        nodes = nodes.take(pc.sort_indices(nodes))
        found = components(nodes, tokens.column("cluster_no"), tokens.column("token"))
        found = found.append_column("first_key", nodes.take(found.column("cluster_no")))
        self.put("_household_nodes", found)
        self.engine.materialise(
            "household_components",
            "SELECT n.record_key, MIN(t.cluster_no) OVER (PARTITION BY n.cluster_no) AS first_key"
            " FROM _household_nodes AS n"
            " INNER JOIN (SELECT DISTINCT cluster_no FROM household_tokens) AS t"
            " ON t.cluster_no = n.record_key",
        )

    def _city_codes(self) -> None:
        self.need("contact_rows")
        self.need("order_line_rows")
        names = self.engine.fetch(
            "SELECT DISTINCT city FROM contact_rows WHERE city IS NOT NULL"
            " UNION SELECT DISTINCT city FROM order_line_rows WHERE city IS NOT NULL"
        )
        self.put("city_codes", city_codes(names.column("city").to_pylist()))

    def _holidays(self) -> None:
        self.need("visible_order_lines")
        first = self.engine.scalar("SELECT MIN(event_on) FROM visible_order_lines") or self.as_of
        self.put("holidays", public_holidays(self.context.workspace.settings.country, first, self.as_of))

    def _put_previous_links(self) -> None:
        table = all_tables()["customer_links"]
        partition = self.context.store.partition(table, self.as_of - timedelta(days=1))
        if self._previous_links is not None:
            self.put("previous_links", self._previous_links)
        else:
            paths = [] if partition is None else [partition.path]
            self.engine.attach("previous_links", paths, arrow_schema(table))


def rows_name(contract: str) -> str:
    """The name SQL models use for the stored records of a contract: `order_lines` → `order_line_rows`."""
    singular = contract[:-3] + "y" if contract.endswith("ies") else contract.removesuffix("s")
    return f"{singular}_rows"
