"""What matching leaves for the next night: everything that need not be found out again where nothing changed.

Record numbers hold from night to night. The bulk of features, keys and pairs stays as it is for many nights,
in the order it is looked up by; beside it stands what came later, and which of the bulk no longer holds. When
too little of the bulk holds, all is put in order again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from assets.matching import FeaturesOf, Matching
from transforms.identity.decided import Decision, Places
from transforms.identity.kept_rows import Features, ScoredPairs
from transforms.identity.key_index import KeyIndex, Keys, one_array
from transforms.identity.linkage import components
from transforms.identity.model import IdentityModel
from transforms.identity.moves import LargeBlocks
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


def _column(values: np.ndarray) -> pa.Table:
    return pa.table({"at": pa.array(values, pa.int64())})
