"""Matching of one day: from the state an earlier night left where there is one, else of all records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa

from assets.matching import BLOCKS, Matching
from assets.matching_memory import MatchingMemory
from assets.matching_state import State, label_all, match_all, state_of
from assets.matching_update import Update
from transforms.identity.decided import Decision
from transforms.identity.key_index import one_array
from transforms.identity.model import IdentityModel
from warehouse.engine import Engine

# 64 bits of everything a record says: a change goes unseen once in 10^19 of them, as with blocking keys.
# A record that only orders name says nothing, and is here all the same.
_DIGESTS = (
    "SELECT n.record_no, COALESCE(hash(r), 0) AS digest FROM record_numbers AS n"
    " LEFT JOIN match_records AS r ON r.record_no = n.record_no"
)
_SPENT = (
    "said_before",
    "said_now",
    "members",
    "pairs_of_members",
    "pairs_entered",
    "pairs_parted",
    *BLOCKS,
)
_NUMBERS = pa.schema([("record_key", pa.string()), ("record_no", pa.int32())])


class NightMatching:
    """Numbers, pairs and clusters of a day's records, in this order.

    `memory` opens the kept state; a day without one keeps none either.
    """

    def __init__(
        self,
        engine: Engine,
        model: Callable[[], IdentityModel],
        memory: Callable[[], MatchingMemory] | None,
        as_of: date,
    ) -> None:
        self.engine = engine
        self.as_of = as_of
        self._model = model
        self._open_memory = memory
        self._update: Update | None = None
        self._said: pa.Table | None = None

    def number(self) -> None:
        """`record_numbers` of `record_registry`: a record keeps its number, new ones are appended."""
        known = (self._recalled or {}).get("numbers", _NUMBERS.empty_table())
        self.engine.put("known_numbers", known)
        last = int(self.engine.scalar("SELECT COALESCE(MAX(record_no), -1) FROM known_numbers"))
        self.engine.materialise(
            "record_numbers",
            f"SELECT r.record_key, CAST(COALESCE(k.record_no, {last} + ROW_NUMBER() OVER"
            " (PARTITION BY k.record_no IS NULL ORDER BY r.record_key)) AS INTEGER) AS record_no"
            " FROM record_registry AS r LEFT JOIN known_numbers AS k ON k.record_key = r.record_key",
        )

    def score(self) -> None:
        """`scored_pairs`, `pattern_rules` and `match_params`. Needs `match_records`."""
        matching = self._matching
        if self._memory is None:
            matching.propose_and_score(self._model())
            return
        self._said = self.engine.fetch(_DIGESTS)
        if self._recalled is None:
            match_all(matching, self._model())
            return
        changed = self._changed(self._recalled["records"], self._said)
        records = self.engine.fetch("SELECT * FROM match_records")
        state = State.of_tables(self._recalled)
        here = one_array(self._said.column("record_no"))
        self._update = Update(matching, self._model(), state, records, here, changed)
        self._update.pairs()
        self.engine.put("pairs_of_night", self._update.scored_pairs())
        self.engine.materialise("scored_pairs", "SELECT * FROM pairs_of_night")
        self.engine.drop("pairs_of_night")
        matching.name_patterns()

    def label(self, decisions: list[Decision]) -> pa.Table:
        """`cluster_numbers`: record_no and cluster_first, one record of its cluster; the state is kept."""
        state: State | None = None
        if self._update is not None:
            label = self._update.label(decisions).label
            state = self._update.state.in_order()
        else:
            labels = label_all(self._matching, self._model(), decisions)
            label = labels.label
            if self._memory is not None:
                state = state_of(self.engine, labels, decisions)
        if self._memory is not None and state is not None:
            numbers = self.engine.fetch("SELECT * FROM record_numbers")
            self._memory.keep(state.tables() | {"records": self._said, "numbers": numbers}, self.as_of)
        for name in _SPENT:
            self.engine.drop(name)
        self._matching.forget_records()
        numbers = np.flatnonzero(label >= 0)
        columns = {"record_no": numbers, "cluster_first": label[numbers]}
        return pa.table({name: column.astype(np.int32) for name, column in columns.items()})

    @cached_property
    def _matching(self) -> Matching:
        return Matching(self.engine)

    @cached_property
    def _memory(self) -> MatchingMemory | None:
        return None if self._open_memory is None else self._open_memory()

    @cached_property
    def _recalled(self) -> dict[str, pa.Table] | None:
        return None if self._memory is None else self._memory.recall()

    def _changed(self, before: pa.Table, now: pa.Table) -> np.ndarray:
        """The numbers of records that are new, gone or say something else."""
        self.engine.put("said_before", before)
        self.engine.put("said_now", now)
        changed = self.engine.fetch(
            "SELECT COALESCE(n.record_no, b.record_no) AS record_no FROM said_now AS n"
            " FULL JOIN said_before AS b ON b.record_no = n.record_no"
            " WHERE n.digest IS DISTINCT FROM b.digest"
        )
        return one_array(changed.column("record_no"))
