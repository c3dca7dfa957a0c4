"""Matching of one day: from the state an earlier night left where there is one, else of all records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa

from assets.matching import BLOCKS, Matching
from assets.matching_memory import MatchingMemory
from assets.matching_state import label_all, leave, match_all
from assets.matching_update import Update
from transforms.identity.decided import Decision
from transforms.identity.model import IdentityModel
from warehouse.engine import Engine

# 64 bits of everything a record says: a change goes unseen once in 10^19 of them, as with blocking keys.
_DIGESTS = "(SELECT r.record_no, hash(r) AS digest FROM night_records AS r)"
_SPENT = ("night_records", "members_scored", *BLOCKS)


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

    def number(self) -> None:
        """`record_numbers` of `record_registry`: a record keeps its number, new ones are appended."""
        if not self._is_known:
            schema = pa.schema([("record_key", pa.string()), ("record_no", pa.int32())])
            self.engine.put("known_numbers", schema.empty_table())
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
        self.engine.materialise("night_records", "SELECT * FROM match_records")
        if self._is_known:
            self._find_changed()
            self._update = Update(matching, self._model())
            self._update.pairs()
            self.engine.materialise("scored_pairs", "SELECT * FROM scored_pairs")
            matching.name_patterns()
        else:
            match_all(matching, self._model())

    def label(self, decisions: list[Decision]) -> pa.Table:
        """`cluster_numbers`: record_no and cluster_first, one record of its cluster; the state is kept."""
        if self._update is not None:
            labels = self._update.labels(decisions)
        else:
            labels = label_all(self._matching, self._model(), decisions)
        if self._memory is not None:
            leave(self.engine, records=_DIGESTS, numbers="record_numbers")
            self._memory.keep(self.engine, self.as_of)
        for name in _SPENT:
            self.engine.drop(name)
        self._matching.forget_records()
        numbers = np.nonzero(labels >= 0)[0]
        columns = {"record_no": numbers, "cluster_first": labels[numbers]}
        return pa.table({name: column.astype(np.int32) for name, column in columns.items()})

    @cached_property
    def _matching(self) -> Matching:
        return Matching(self.engine)

    @cached_property
    def _memory(self) -> MatchingMemory | None:
        return None if self._open_memory is None else self._open_memory()

    @cached_property
    def _is_known(self) -> bool:
        return self._memory is not None and self._memory.recall(self.engine)

    def _find_changed(self) -> None:
        """`changed_numbers`: the records that are new, gone or say something else than in the state."""
        self.engine.materialise(
            "changed_numbers",
            f"SELECT COALESCE(n.record_no, k.record_no) AS record_no FROM {_DIGESTS} AS n"
            " FULL JOIN known_records AS k ON k.record_no = n.record_no"
            " WHERE n.digest IS DISTINCT FROM k.digest",
        )
