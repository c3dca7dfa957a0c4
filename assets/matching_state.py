"""What matching leaves for the next night: everything that need not be found out again where nothing changed.

Record numbers hold from night to night. The bulk of features, keys and pairs stays as it is for many nights,
in the order it is looked up by; beside it stands what came later, and which of the bulk no longer holds. When
too little of the bulk holds, all is put in order again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from assets.matching import FeaturesOf, Matching
from transforms.identity.decided import Decision, Places
from transforms.identity.key_index import KeyIndex, Keys, is_among, one_array
from transforms.identity.linkage import components
from transforms.identity.model import IdentityModel
from transforms.identity.moves import LargeBlocks
from transforms.identity.pairing import order_of
from warehouse.engine import Engine

LEAST_FRESH = 0.85
"""The share of the bulk that must still hold."""
IDENTIFIERS = (
    "SELECT record_no, CAST(0 AS TINYINT) AS rule_no, kind, value,"
    " grouping_hash(concat(kind, ' ', value)) AS block"
)
"""Phones and e-mails as keys, of a table with record_no, kind and value."""
_DECISIONS = pa.schema([("record_a", pa.int32()), ("record_b", pa.int32()), ("is_same", pa.bool_())])
_KEYED = ("keys", "refined", "identifiers")


class Features:
    """What records state (`match_features`): the bulk but that of stale records, and later rows."""

    def __init__(self, bulk: pa.Table, later: pa.Table, is_stale: np.ndarray) -> None:
        self.bulk, self.later, self.is_stale = bulk, later, is_stale

    @cached_property
    def _row(self) -> np.ndarray:
        row = np.full(len(self.is_stale), -1, dtype=np.int32)
        row[_numbers(self.bulk)] = np.arange(len(self.bulk), dtype=np.int32)
        row[self.is_stale] = -1
        row[_numbers(self.later)] = np.arange(
            len(self.bulk), len(self.bulk) + len(self.later), dtype=np.int32
        )
        return row

    def of(self, records: np.ndarray, columns: list[str] | None = None) -> pa.Table:
        """The rows of some record numbers; those without features have none. By default all columns."""
        row = self._row[records[records < len(self.is_stale)]]
        row = row[row >= 0]
        in_bulk = row < len(self.bulk)
        places = (row[in_bulk], row[~in_bulk] - len(self.bulk))
        tables = (table.select(columns or table.column_names) for table in (self.bulk, self.later))
        taken = [table.take(pa.array(at)) for table, at in zip(tables, places, strict=True)]
        return pa.concat_tables(taken).combine_chunks()

    def after(self, is_changed: np.ndarray, new: pa.Table) -> Features:
        """The features once those of changed records are these."""
        stays = self.later.filter(pa.array(~is_changed[_numbers(self.later)]))
        later = pa.concat_tables([stays, new]).combine_chunks()
        return Features(self.bulk, later, self.is_stale | is_changed)

    def all(self) -> pa.Table:
        """The rows of all records, in the order of numbers."""
        return self.of(np.arange(len(self.is_stale)))


class ScoredPairs:
    """`scored_pairs`: the bulk but pairs of stale records and `dead` places, and later rows."""

    def __init__(self, bulk: pa.Table, later: pa.Table, dead: np.ndarray) -> None:
        self.bulk, self.later, self.dead = bulk, later, dead

    @classmethod
    def of(cls, scored: pa.Table) -> ScoredPairs:
        """Pairs that all hold, in any order."""
        return cls(_ordered(scored), scored.slice(0, 0).combine_chunks(), np.empty(0, dtype=np.int64))

    def holds(self, is_stale: np.ndarray) -> np.ndarray:
        """Which of the bulk hold."""
        a, b = (one_array(self.bulk.column(name)) for name in ("record_a", "record_b"))
        holds: np.ndarray = ~(is_stale[a] | is_stale[b])
        holds[self.dead] = False
        return holds

    def among(self, inside: np.ndarray, is_stale: np.ndarray) -> pa.Table:
        """The pairs of which both records are inside (by record number)."""
        a, b = (one_array(self.bulk.column(name)) for name in ("record_a", "record_b"))
        place = np.flatnonzero(inside[a] & inside[b])
        place = place[~(is_stale[a[place]] | is_stale[b[place]]) & ~is_among(place, self.dead)]
        a, b = (one_array(self.later.column(name)) for name in ("record_a", "record_b"))
        later = self.later.filter(pa.array(inside[a] & inside[b]))
        return pa.concat_tables([self.bulk.take(pa.array(place)), later])

    def find(
        self, records: tuple[np.ndarray, np.ndarray], is_stale: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Where the pairs of some records stand in the bulk and in the later rows, -1 where they do not."""
        packed = records[0].astype(np.int64) << 32 | records[1]
        bulk, later = (_place(_packed(table), packed) for table in (self.bulk, self.later))
        holds = np.append(self.holds(is_stale), False)
        return np.where(holds[bulk], bulk, -1), later

    def at(self, bulk: np.ndarray, later: np.ndarray) -> pa.Table:
        """The pairs at some places."""
        return pa.concat_tables([self.bulk.take(pa.array(bulk)), self.later.take(pa.array(later))])

    def after(
        self, is_changed: np.ndarray, parted: tuple[np.ndarray, np.ndarray], new: pa.Table
    ) -> ScoredPairs:
        """The pairs without those of changed records and parted places, and with new ones."""
        a, b = (one_array(self.later.column(name)) for name in ("record_a", "record_b"))
        stays = ~(is_changed[a] | is_changed[b])
        bulk, later = parted
        stays[later] = False
        rows = pa.concat_tables([self.later.filter(pa.array(stays)), new])
        return ScoredPairs(self.bulk, _ordered(rows), np.sort(np.concatenate([self.dead, bulk])))

    def all(self, is_stale: np.ndarray) -> pa.Table:
        """The pairs that hold."""
        return pa.concat_tables([self.bulk.filter(pa.array(self.holds(is_stale))), self.later])


@dataclass(frozen=True)
class State:
    """All of it. `hot` holds kind, value and, as keys of identifiers, block."""

    features: Features
    keys: KeyIndex
    refined: KeyIndex
    identifiers: KeyIndex
    hot: pa.Table
    large: LargeBlocks
    pairs: ScoredPairs
    labels: Labels
    decisions: list[Decision]

    @property
    def is_stale(self) -> np.ndarray:
        """Of each record number, whether its part of the bulk no longer holds."""
        return self.features.is_stale

    def sized(self, count: int) -> State:
        """The same for more record numbers."""
        more = np.zeros(max(0, count - len(self.is_stale)), dtype=bool)
        is_stale = np.concatenate([self.is_stale, more])
        return replace(self, features=Features(self.features.bulk, self.features.later, is_stale))

    def in_order(self) -> State:
        """The same, put in order again where too little of the bulk holds."""
        bulk = max(len(self.features.bulk), 1)
        if bulk - len(self.features.later) - np.count_nonzero(self.is_stale) >= LEAST_FRESH * bulk:
            return self
        stale = self.is_stale
        return replace(
            self,
            features=_fresh(self.features.all(), len(stale)),
            keys=KeyIndex.of(self.keys.all(stale)),
            refined=KeyIndex.of(self.refined.all(stale)),
            identifiers=KeyIndex.of(self.identifiers.all(stale)),
            pairs=ScoredPairs.of(self.pairs.all(stale)),
        )

    def tables(self) -> dict[str, pa.Table]:
        """All of it as tables, by name."""
        indexes = {part: getattr(self, part) for part in _KEYED}
        decisions = [dict(zip(_DECISIONS.names, decision, strict=True)) for decision in self.decisions]
        return (
            {f"{part}_bulk": index.bulk.table for part, index in indexes.items()}
            | {f"{part}_later": index.later.table for part, index in indexes.items()}
            | {f"{part}_dead": _column(index.dead) for part, index in indexes.items()}
            | {"features_bulk": self.features.bulk, "features_later": self.features.later}
            | {"pairs_bulk": self.pairs.bulk, "pairs_later": self.pairs.later}
            | {"pairs_dead": _column(self.pairs.dead), "stale": _column(np.flatnonzero(self.is_stale))}
            | {"hot": self.hot, "large": self.large.table, "labels": self.labels.table}
            | {"decisions": pa.Table.from_pylist(decisions, schema=_DECISIONS)}
        )

    @classmethod
    def of_tables(cls, tables: dict[str, pa.Table]) -> State:
        """The inverse of `tables`. Raises KeyError when one is missing."""
        labels = Labels.of_table(tables["labels"])
        is_stale = np.zeros(len(labels.label), dtype=bool)
        is_stale[one_array(tables["stale"].column(0))] = True
        return cls(
            Features(tables["features_bulk"], tables["features_later"], is_stale),
            **{
                part: KeyIndex(
                    Keys(tables[f"{part}_bulk"]),
                    Keys(tables[f"{part}_later"]),
                    one_array(tables[f"{part}_dead"].column(0)),
                )
                for part in _KEYED
            },
            hot=tables["hot"],
            large=LargeBlocks(Keys(tables["large"])),
            pairs=ScoredPairs(
                tables["pairs_bulk"], tables["pairs_later"], one_array(tables["pairs_dead"].column(0))
            ),
            labels=labels,
            decisions=[(d["record_a"], d["record_b"], d["is_same"]) for d in tables["decisions"].to_pylist()],
        )


class Labels:
    """By record number: its component, by links and `same` decisions, and its cluster; -1 where nobody is.

    Both are named by one of their records, whichever it is.
    """

    def __init__(self, component: np.ndarray, label: np.ndarray) -> None:
        self.component = component
        self.label = label

    @classmethod
    def nobody(cls, count: int) -> Labels:
        """Nobody of so many record numbers has a label yet."""
        return cls(np.full(count, -1, dtype=np.int32), np.full(count, -1, dtype=np.int32))

    @classmethod
    def of_table(cls, table: pa.Table) -> Labels:
        """The inverse of `table`."""
        return cls(*(one_array(table.column(name)) for name in ("component", "label")))

    @property
    def table(self) -> pa.Table:
        """component and label, a row per record number."""
        return pa.table({"component": self.component, "label": self.label})

    def sized(self, count: int) -> Labels:
        """A copy for more record numbers."""
        found = Labels.nobody(max(count, len(self.label)))
        found.component[: len(self.component)] = self.component
        found.label[: len(self.label)] = self.label
        return found

    def renew(
        self,
        matching: Matching,
        model: IdentityModel,
        members: np.ndarray,
        decisions: list[Decision],
        scored: str = "scored_pairs",
        features: FeaturesOf | None = None,
    ) -> None:
        """Label these records anew: whole components, given in the order of keys. See `cluster_of`."""
        place = Places(members)
        a, b = place.of_pairs(matching.linked(model, scored))
        same = [place.of_pair(x, y) for x, y, is_same in decisions if is_same]
        x, y = np.array(same, dtype=np.int64).reshape(-1, 2).T
        self.component[members] = members[components(len(members), np.r_[a, x], np.r_[b, y])]
        self.label[members] = matching.cluster_of(model, members, decisions, scored, features)


def match_all(matching: Matching, model: IdentityModel) -> None:
    """`scored_pairs` of all `match_records`; blocks and features stay for `state_of`."""
    matching.propose_and_score(model, keeps_blocks=True)


def label_all(matching: Matching, model: IdentityModel, decisions: list[Decision]) -> Labels:
    """The labels of all `record_numbers`, from `scored_pairs`."""
    members = ordered_members(matching.engine)
    labels = Labels.nobody(int(members.max(initial=-1)) + 1)
    labels.renew(matching, model, members, decisions)
    return labels


def state_of(engine: Engine, labels: Labels, decisions: list[Decision]) -> State:
    """The state after `match_all` and `label_all`."""

    def keys(name: str) -> KeyIndex:
        return KeyIndex.of(Keys.of_table(engine.fetch(f"SELECT rule_no, block, record_no FROM {name}")))

    large = engine.fetch("SELECT rule_no, block, count_records AS record_no FROM large_blocks")
    return State(
        features=_fresh(engine.fetch("SELECT * FROM match_features"), len(labels.label)),
        keys=keys("block_keys"),
        refined=keys("refined_keys"),
        identifiers=keys(f"({IDENTIFIERS} FROM match_identifiers)"),
        hot=hot_blocks(engine),
        large=LargeBlocks(Keys.of_table(large)),
        pairs=ScoredPairs.of(engine.fetch("SELECT * FROM scored_pairs")),
        labels=labels,
        decisions=decisions,
    )


def hot_blocks(engine: Engine) -> pa.Table:
    """`hot_identifiers` with their blocks (kind, value, block)."""
    numbered = "(SELECT 0 AS record_no, * FROM hot_identifiers) AS h"
    return engine.fetch(f"SELECT kind, value, block FROM ({IDENTIFIERS} FROM {numbered}) ORDER BY block")


def ordered_members(engine: Engine, name: str = "record_numbers") -> np.ndarray:
    """The record numbers of a table with keys, in the order of keys."""
    found = engine.fetch(f"SELECT record_no FROM {name} ORDER BY record_key")
    return np.asarray(found.column("record_no").to_numpy(), dtype=np.int64)


def _fresh(features: pa.Table, count: int) -> Features:
    """Features that all hold, of so many record numbers."""
    features = features.combine_chunks()
    return Features(features, features.slice(0, 0), np.zeros(count, dtype=bool))


def _numbers(features: pa.Table) -> np.ndarray:
    return one_array(features.column("record_no"))


def _column(values: np.ndarray) -> pa.Table:
    return pa.table({"at": pa.array(values, pa.int64())})


def _packed(pairs: pa.Table) -> np.ndarray:
    a, b = (one_array(pairs.column(name)) for name in ("record_a", "record_b"))
    return a.astype(np.int64) << 32 | b


def _ordered(pairs: pa.Table) -> pa.Table:
    return pairs.take(pa.array(order_of(_packed(pairs)))).combine_chunks()


def _place(ordered: np.ndarray, packed: np.ndarray) -> np.ndarray:
    at = np.searchsorted(ordered, packed)
    at[at == len(ordered)] = -1
    return np.where(is_among(packed, ordered), at, -1)
