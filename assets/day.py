"""One day's tables: every name a SQL model reads, made available on demand in one engine.

A name is, in this order: a small table of configuration, the stored records of a contract, a table made by
Python, a stored partition of the day (when asked for), or a SQL model whose inputs are made available first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from assets import day_memory
from assets.configuration import CONFIGURATION_TABLES
from assets.context import Context
from assets.identity import train
from assets.keeping import keep_anchors
from assets.matching_memory import MatchingMemory
from assets.matching_night import NightMatching
from assets.pinned_identity import pin, pinned_model
from assets.profiles import profile_table
from assets.record_rows import RecordRows
from assets.units import Unit
from transforms.cube import cube_models
from transforms.customers.cities import city_codes
from transforms.customers.golden import READ_ONCE, SPENT, golden_models
from transforms.identity.comparisons import level_codes
from transforms.identity.households import households
from transforms.identity.model import IdentityModel, figures
from transforms.identity.records import match_records_sql
from transforms.marts.holidays import public_holidays
from transforms.model import all_models, table_names
from warehouse.contracts import InputContract, all_tables, arrow_schema
from warehouse.store import Partition

SEEDS = {
    "match_rules": "identity/match_rules.csv",
    "rfm_segments": "marts/rfm_segments.csv",
    "lebaran": "marts/lebaran.csv",
}
WITH_CITIES = ("contact_rows", "order_line_rows", "delivery_rows", "population_rows", "campaign_rows")
TRANSFORMS = Path(__file__).resolve().parent.parent / "transforms"


class Day:
    """The tables of one `as_of`. `stored` names tables to read from their partition; `spill` is where the
    engine puts what does not fit in memory, for who does not hold the warehouse's lock.

    A day that `remembers` matches from the state of the last night that did; for who holds the lock.
    """

    def __init__(
        self,
        context: Context,
        as_of: date,
        units: list[Unit],
        *,
        stored: frozenset[str] = frozenset(),
        previous_links: pa.Table | None = None,
        spill: Path | None = None,
        remembers: bool = False,
    ) -> None:
        self.context = context
        self.as_of = as_of
        self.units = units
        self.stored = stored
        self.engine = context.engine(spill)
        self.timings: dict[str, float] = {}
        self._previous_links = previous_links
        memory = (lambda: MatchingMemory(context, self.identity)) if remembers else None
        self._matching = NightMatching(self.engine, lambda: self.identity, memory, as_of)
        self._records = RecordRows(context, self.engine, units, as_of, self.need)
        self._ready: set[str] = set()
        self._computed: set[str] = set()
        self._partitions: dict[str, Partition] = {}
        self._models = {model.name: model for model in all_models()}
        self._made: dict[str, Callable[[], None]] = {
            "row_counts": self._row_counts,
            "record_numbers": self._record_numbers,
            "scored_pairs": self._scored_pairs,
            "decided_pairs": self._decided_pairs,
            "cluster_numbers": self._cluster_numbers,
            "pattern_rules": lambda: self.need("scored_pairs"),
            "match_params": lambda: self.need("scored_pairs"),
            "identity_figures": self._identity_figures,
            "identity_levels": lambda: self.put("identity_levels", level_codes()),
            "household_components": self._household_components,
            "city_codes": self._city_codes,
            "previous_links": self._put_previous_links,
            "holidays": self._holidays,
            "expired_records": self._records.expired_records,
            "expired_counts": self._records.expired_counts,
        }
        self._generated = generated_models(context.workspace.ruled_contacts)

    def need(self, name: str) -> None:
        """Make `name` readable in the engine, and everything it is made from."""
        if name in self._ready:
            return
        if name in CONFIGURATION_TABLES:
            self.put(name, CONFIGURATION_TABLES[name](self.context, self.as_of))
        elif name.endswith("_rows"):
            self._records.attach(name)
        elif name in SEEDS:
            self.put(name, pacsv.read_csv(TRANSFORMS / SEEDS[name]))
        elif name in self.stored:
            self._attach_partition(name)
        elif name in self._made:
            self._timed(name, self._made[name])
            if name in day_memory.LONG_MADE:
                self._computed.add(name)
        else:
            sql, coded = self.sql_of(name), day_memory.CODED.get(name, ())
            for dependency in self.inputs_of(name):
                self.need(dependency)
            if name in READ_ONCE | day_memory.RESHAPED | day_memory.STREAMED:
                self.engine.define(name, sql)
            else:
                self._timed(name, lambda: self.engine.materialise(name, sql, coded=coded))
                self._computed.add(name)
            for spent in SPENT.get(name, ()):
                self.forget(spent)
        self._ready.add(name)

    def keep_anchors(self) -> None:
        """Write down the numbers that come from records this day shows no longer. For who holds the lock."""
        self.need("record_touches")
        keep_anchors(self.context, self.as_of, self.engine, self.all_rows)

    @property
    def all_rows(self) -> list[str]:
        """What `expired_records` is made from: the stored rows about people, those of expired records too."""
        return [f"all_{name}" for name in self._records.about_people.values()]

    def forget(self, name: str) -> None:
        """Free a table's rows; it is made again when somebody needs it."""
        self.engine.drop(name)
        self._ready.discard(name)
        self._computed.discard(name)

    def keep_only(self, names: Collection[str]) -> None:
        """Free what has been computed but these names; what is stored is read from its partition."""
        for name in sorted(self._computed.difference(names)):
            if name in self._partitions:
                self._read_stored(name)
            else:
                self.forget(name)

    def put(self, name: str, table: pa.Table) -> None:
        """Offer an Arrow table under a name."""
        self.engine.put(name, table)
        self._ready.add(name)

    def settle(self, partition: Partition) -> None:
        """A table was stored: read it from there when it was not kept or is too long to be."""
        self._partitions[partition.table] = partition
        if partition.table in day_memory.STREAMED or partition.rows > day_memory.MOST_ROWS_KEPT:
            self._read_stored(partition.table)

    @property
    def at_hand(self) -> set[str]:
        """The models whose rows are there: what they were made from is not read again for their sake."""
        return self._computed | self._ready.intersection(self._partitions)

    def _read_stored(self, name: str) -> None:
        self.engine.attach(name, [self._partitions[name].path])
        self._computed.discard(name)

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

    def _attach_partition(self, name: str) -> None:
        table = all_tables()[name]
        partition = self.context.store.partition(table, self.as_of)
        if partition is None:
            raise KeyError(name)
        self.engine.attach(name, [partition.path], arrow_schema(table))

    @cached_property
    def identity(self) -> IdentityModel:
        """The pinned identity model; the first day that needs one trains it."""
        return pinned_model(self.context) or train_identity(self.context, self.units)

    def _row_counts(self) -> None:
        """What was counted in the rows of every file that had come by this day."""
        known = [u for u in self.units if u.first_day <= self.as_of]
        self.put(
            "row_counts",
            profile_table((u.channel, u.contract, u.mapping, u.file_day, u.profile) for u in known),
        )

    def _record_numbers(self) -> None:
        self.need("record_registry")
        self._matching.number()

    def _scored_pairs(self) -> None:
        self.need("match_records")
        self._matching.score()
        self.forget("match_records")

    def _decided_pairs(self) -> None:
        self.need("decisions")
        self.need("record_numbers")
        self.engine.materialise(
            "decided_pairs",
            "SELECT least(a.record_no, b.record_no) AS record_a,"
            " greatest(a.record_no, b.record_no) AS record_b,"
            " d.decision = 'same' AS is_same FROM decisions AS d"
            " INNER JOIN record_numbers AS a ON a.record_key = d.record_a"
            " INNER JOIN record_numbers AS b ON b.record_key = d.record_b",
        )

    def _cluster_numbers(self) -> None:
        self.need("scored_pairs")
        decided = self.fetch("decided_pairs", "record_a, record_b, is_same").to_pylist()
        decisions = [(d["record_a"], d["record_b"], d["is_same"]) for d in decided]
        self.put("cluster_numbers", self._matching.label(decisions))

    def _identity_figures(self) -> None:
        self.put("identity_figures", figures(self.identity))

    def _household_components(self) -> None:
        ties = self.fetch("household_ties", "cluster_a, cluster_b, strength")
        self.put("household_components", households(*ties.columns))

    def _city_codes(self) -> None:
        for name in WITH_CITIES:
            self.need(name)
        distinct = (f"SELECT DISTINCT city FROM {name} WHERE city IS NOT NULL" for name in WITH_CITIES)
        names = self.engine.fetch(" UNION ".join(distinct))
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


def train_identity(context: Context, units: list[Unit], *, is_kept: bool = True) -> IdentityModel:
    """Train an identity model on everything registered so far and pin it, unless it is only to be looked at.

    Before anything was registered there is nothing to learn from: the model then holds what is believed
    beforehand, and is not pinned.
    """
    newest = max((u.max_arrived for u in units if u.max_arrived is not None), default=None)
    with Day(context, newest or date.min, units) as day:
        day.need("match_records")
        model = train(day.engine, int(day.engine.scalar("SELECT COUNT(*) FROM record_numbers")))
    if newest is None:
        return model
    model = replace(model, facts=model.facts | {"trained_on": newest.isoformat()})
    if is_kept:
        pin(context, model)
    return model


def generated_models(contacts: InputContract) -> dict[str, str]:
    """The SELECTs made from the contacts contract and from the cube, by the table's name."""
    return golden_models(contacts) | {"match_records": match_records_sql(contacts)} | cube_models()
