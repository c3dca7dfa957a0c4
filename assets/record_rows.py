"""`<contract>_rows`: the stored records a day reads, without those that no purpose keeps any longer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pyarrow as pa

from assets.context import Context
from assets.units import Unit, record_schema
from transforms.records.build import ORDERS
from transforms.records.retention import (
    anonymous_rows_sql,
    expired_counts_sql,
    expired_records_sql,
    kept_rows_sql,
    naming_fields,
)
from warehouse.engine import DuckDBEngine, read_parquet


@dataclass(frozen=True)
class RecordRows:
    """The rows of one day's engine; `need` makes another table of the day available there."""

    context: Context
    engine: DuckDBEngine
    units: list[Unit]
    as_of: date
    need: Callable[[str], None]

    def attach(self, name: str) -> None:
        """The accepted records of every channel that could be visible; an expired order stays, nobody's."""
        contract = next(c for c in self.context.workspace.inputs if rows_name(c) == name)
        if not self.context.workspace.keeping or contract not in self.about_people:
            self._attach_stored(contract, name)
            return
        self.need("expired_records")
        if contract == ORDERS:
            naming = ["record_key", *naming_fields(self.context.workspace.inputs[ORDERS])]
            self.engine.define(name, anonymous_rows_sql(f"all_{name}", naming))
        else:
            self.engine.define(name, kept_rows_sql(f"all_{name}"))

    def expired_records(self) -> None:
        """`expired_records`, and of every contract about people `all_<contract>_rows`, the rows with them."""
        self.need("params")
        for contract, name in self.about_people.items():
            self._attach_stored(contract, f"all_{name}")
        sources = {f"all_{name}": self._channel_column(c) for c, name in self.about_people.items()}
        intervals = {channel: kept.interval for channel, kept in self.context.workspace.keeping.items()}
        self.engine.materialise("expired_records", expired_records_sql(sources, intervals))

    def expired_counts(self) -> None:
        """`expired_counts`: rows gone by file and mapping; those of orders stay."""
        self.need("expired_records")
        sources = {
            f"all_{name}": (contract, self._channel_column(contract))
            for contract, name in self.about_people.items()
            if contract != ORDERS
        }
        self.engine.materialise("expired_counts", expired_counts_sql(sources))

    @cached_property
    def about_people(self) -> dict[str, str]:
        """By contract about people, the name of its rows."""
        inputs = self.context.workspace.inputs
        return {contract: rows_name(contract) for contract in inputs if inputs[contract].is_about_people}

    def _channel_column(self, contract: str) -> str:
        """The column that names a row's channel; a contract may have a field `channel` of its own."""
        schema = record_schema(self.context.workspace.inputs[contract])
        return "source_channel" if "channel" in schema.names else "channel"

    def _attach_stored(self, contract: str, name: str) -> None:
        schema = record_schema(self.context.workspace.inputs[contract])
        column = self._channel_column(contract)
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


def rows_name(contract: str) -> str:
    """The name SQL models use for the stored records of a contract: `order_lines` → `order_line_rows`."""
    singular = contract[:-3] + "y" if contract.endswith("ies") else contract.removesuffix("s")
    return f"{singular}_rows"
