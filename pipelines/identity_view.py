"""Who is who in the current release, for those allowed to see people: links, evidence, ids old and new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from assets.context import Context
from transforms.identity.evidence import Scale
from warehouse.errors import ConfigError, InputError
from warehouse.query import opened

Row = dict[str, Any]


@dataclass(frozen=True)
class Named:
    """What a steward named: the customer it is now, and the record that stands for it.

    `earlier_id` is the id that was given, when it is no longer in use.
    """

    customer_id: int
    record_key: str
    earlier_id: int | None = None


class IdentityView:
    """The identity tables of one release; made by `look_at_people`."""

    def __init__(self, context: Context, con: duckdb.DuckDBPyConnection, as_of: date, release: int) -> None:
        self.context = context
        self.as_of = as_of
        self.release = release
        self._con = con

    def rows(self, sql: str, **params: Any) -> list[Row]:
        """The rows of a query over the release and its vault; ConfigError when an older version made it."""
        found: list[Row] = self.table(sql, **params).to_pylist()
        return found

    def table(self, sql: str, **params: Any) -> pa.Table:
        """The same in columns."""
        try:
            return self._con.execute(sql, params or None).to_arrow_table()
        except (duckdb.BinderException, duckdb.CatalogException):
            raise ConfigError(
                f"release {self.release} was made by another version and lacks a table or column",
                fix="run `satu run` first",
            ) from None

    def find(self, word: str) -> Named:
        """The customer of an id, old or new, or of a record key; InputError when there is none.

        No message repeats what was given: it may be somebody's phone number.
        """
        word = word.strip()
        if not word.isdecimal() and ":" not in word:
            raise InputError(
                "this is neither a customer's number nor the key of a record",
                fix="write a number such as 6744426210862907, or <id space>:<customer number> such as till:8",
            )
        if not word.isdecimal():
            return self.find_record(word)
        given = int(word)
        links = self.rows("SELECT anchor FROM vault.customer_links WHERE customer_id = $id", id=given)
        if links:
            return Named(given, links[0]["anchor"])
        record = self._first_record_of(given)
        if record is not None:
            return Named(self.find_record(record).customer_id, record, given)
        for customer in self._successors(given):
            return Named(customer, self.links(customer)[0]["anchor"], given)
        raise InputError(
            f"release {self.release} ({self.as_of}) knows no such number",
            fix="give the key of one of the person's records; numbers change when a channel's `source_id` or"
            " `id_space` does",
        )

    def find_record(self, key: str) -> Named:
        """The customer of a record; InputError when there is none."""
        links = self.rows("SELECT customer_id FROM vault.customer_links WHERE record_key = $key", key=key)
        if not links:
            raise InputError(
                f"release {self.release} ({self.as_of}) knows no record of this key",
                fix="write it as <id space>:<customer number>, as `satu explain ID` shows records",
            )
        return Named(links[0]["customer_id"], key)

    def links(self, customer_id: int) -> list[Row]:
        """The records of a customer, the one that gives the id first."""
        return self.rows(
            "SELECT record_key, customer_id, household_id, anchor FROM vault.customer_links"
            " WHERE customer_id = $id ORDER BY record_key <> anchor, record_key",
            id=customer_id,
        )

    def customers_of(self, keys: Sequence[str]) -> dict[str, int]:
        """Record key → customer, for those of the records that are known."""
        found = self.rows(
            "SELECT record_key, customer_id FROM vault.customer_links"
            " WHERE record_key IN (SELECT UNNEST($keys))",
            keys=list(keys),
        )
        return {row["record_key"]: row["customer_id"] for row in found}

    def edges(self, keys: Sequence[str]) -> list[Row]:
        """The stored pairs that touch any of the records, the best first."""
        return self.rows(
            "SELECT * FROM vault.match_edges WHERE record_a IN (SELECT UNNEST($keys))"
            " OR record_b IN (SELECT UNNEST($keys)) ORDER BY weight DESC, record_a, record_b, rule",
            keys=list(keys),
        )

    def scale(self) -> Scale:
        """What each level weighed when the release was made."""
        return Scale.of(self.rows("SELECT metric, item, value FROM match_quality"))

    def profile_values(self, customer_ids: Sequence[int]) -> dict[int, dict[str, str]]:
        """Customer → attribute → surviving value."""
        found: dict[int, dict[str, str]] = {customer: {} for customer in customer_ids}
        for row in self.rows(
            "SELECT customer_id, attribute, value FROM vault.customer_attributes"
            " WHERE customer_id IN (SELECT UNNEST($ids))",
            ids=list(customer_ids),
        ):
            found[row["customer_id"]][row["attribute"]] = row["value"]
        return found

    def earlier_ids(self, customer_id: int) -> list[Row]:
        """Ids that became this one, through any number of steps, the latest first."""
        return self._chain(customer_id, "customer_id", "previous_customer_id")

    def _successors(self, given: int) -> list[int]:
        """The customers of today that an id without a record became."""
        now = [row["customer_id"] for row in self._chain(given, "previous_customer_id", "customer_id")]
        return [customer for customer in dict.fromkeys(reversed(now)) if self.links(customer)]

    def _chain(self, start: int, known: str, wanted: str) -> list[Row]:
        """Rows of the history reached from an id, going from one column to the other."""
        reached, pending, found = {start}, [start], []
        while pending:
            steps = self.rows(
                "SELECT as_of, customer_id, previous_customer_id, event, cause"
                f" FROM history.customer_id_history WHERE {known} IN (SELECT UNNEST($ids))"
                " AND customer_id <> previous_customer_id ORDER BY as_of DESC, previous_customer_id",
                ids=pending,
            )
            found += [step for step in steps if step[wanted] not in reached]
            pending = sorted({step[wanted] for step in steps} - reached)
            reached.update(pending)
        return found

    def _first_record_of(self, given: int) -> str | None:
        """The record an id derives from: it tells where the id went, by a decision or a new model as well."""
        keys = self._con.execute("SELECT record_key FROM vault.customer_links").to_arrow_table()
        with self.context.looking() as engine:
            engine.put("links", keys)
            found = engine.scalar(
                "SELECT MIN(record_key) FROM links WHERE keyed_int53(record_key) = $id", {"id": given}
            )
        return None if found is None else str(found)


@contextmanager
def look_at_people(context: Context) -> Iterator[IdentityView]:
    """The current release and its vault; ConfigError when there is none."""
    warehouse = context.workspace.warehouse
    with opened(warehouse, vault=True) as con:
        seq, as_of = con.execute("SELECT MAX(seq), MAX(as_of) FROM _release").fetchall()[0]
        yield IdentityView(context, con, as_of, seq)
