"""Matching of a night from the state of the one before: what follows costs what changed.

The score of a pair depends on its two records and the model alone, and whether two records are compared on
their blocking keys and on which blocks are above the cap. So only pairs that touch a changed record, or share
a block that crossed its cap, can be other pairs; and only components that a change touches can fall apart
otherwise. The result is that of matching all records, pair for pair and cluster for cluster.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from assets.matching import Matching, block_rules
from assets.matching_state import Labels, leave, ordered_members
from transforms.identity.blocking import block_keys_sql
from transforms.identity.decided import Decision
from transforms.identity.model import IdentityModel

_MOVED = {
    "leaving_keys": "leaving",
    "entering_keys": "entering",
    "staying_keys": "staying",
    "touched_blocks": "touched",
    "entering_pairs": "entering_pairs",
    "parting_pairs": "parting_pairs",
}
_OF_CHANGED = (
    "SELECT k.record_no, k.rule_no, k.block FROM {} AS k"
    " SEMI JOIN changed_numbers AS c ON c.record_no = k.record_no"
)
_UNTOUCHED = "ANTI JOIN changed_numbers AS c ON c.record_no = "


class Update:
    """The changes of a night.

    The engine holds the state (`known_*`), `night_records` (the `match_records` of the night),
    `record_numbers`, and in `changed_numbers` the records that are new, gone or say something else.
    """

    def __init__(self, matching: Matching, model: IdentityModel) -> None:
        self.matching = matching
        self.engine = matching.engine
        self.model = model
        self._keys_sql = block_keys_sql(tuple(model.caps))

    def pairs(self) -> None:
        """`scored_pairs` of the night, and the state but its labels."""
        self.engine.put("block_rules", block_rules(self.model.caps))
        self._recount_identifiers()
        self._describe()
        self._propose()
        self._score()

    def labels(self, decisions: list[Decision]) -> np.ndarray:
        """The label of each record number, -1 for those nobody has, and the rest of the state."""
        decided = self._decided_anew(decisions)
        labels, members = self._touched_members(decided)
        self.engine.put("members", pa.table({"record_no": members.astype(np.int32)}))
        self.engine.materialise(
            "members_scored",
            "SELECT p.* FROM scored_pairs AS p SEMI JOIN members AS m ON m.record_no = p.record_a"
            " SEMI JOIN members AS n ON n.record_no = p.record_b",
        )
        self._features_of("SELECT record_no FROM members", "all_features" if decided else "features_at_hand")
        inside = np.zeros(len(labels.label), dtype=bool)
        inside[members] = True
        heeded = [d for d in decisions if inside[d[0]] and inside[d[1]]]
        labels.renew(self.matching, self.model, members, heeded, "members_scored")
        labels.leave(self.engine, decisions)
        return labels.label

    def _recount_identifiers(self) -> None:
        """`hot_identifiers`; the holders of one that turned hot or ceased to be are changed as well."""
        self._restrict_records()
        self.matching.run("recounted_identifiers")
        turned = (
            "SELECT DISTINCT i.record_no FROM known_identifiers AS i SEMI JOIN recounted_identifiers AS r"
            " ON r.kind = i.kind AND r.value = i.value AND r.is_hot <> r.was_hot"
        )
        if self.engine.scalar(f"SELECT COUNT(*) FROM ({turned})"):
            self.engine.materialise(
                "changed_numbers", f"SELECT record_no FROM changed_numbers UNION {turned}"
            )
            self._restrict_records()
        self.engine.materialise(
            "hot_identifiers",
            "SELECT h.kind, h.value FROM known_hot AS h ANTI JOIN recounted_identifiers AS r"
            " ON r.kind = h.kind AND r.value = h.value"
            " UNION ALL SELECT kind, value FROM recounted_identifiers WHERE is_hot",
        )
        leave(
            self.engine,
            hot="hot_identifiers",
            identifiers="(SELECT i.record_no, i.kind, i.value FROM known_identifiers AS i"
            f" {_UNTOUCHED} i.record_no UNION ALL SELECT record_no, kind, value FROM match_identifiers)",
        )

    def _restrict_records(self) -> None:
        self.engine.materialise(
            "match_records",
            "SELECT r.* FROM night_records AS r SEMI JOIN changed_numbers AS c ON c.record_no = r.record_no",
        )
        self.matching.run("match_identifiers")

    def _describe(self) -> None:
        """`new_features` of the changed records, `all_features` of the night."""
        self.matching.describe()
        # DuckDB 1.5 cannot push the filter of a join into a union of Parquet and Arrow.
        self.engine.materialise("new_features", "SELECT * FROM match_features")
        self.engine.define(
            "all_features",
            f"SELECT f.* FROM known_features AS f {_UNTOUCHED} f.record_no"
            " UNION ALL BY NAME SELECT * FROM new_features",
        )
        leave(self.engine, features="all_features")

    def _propose(self) -> None:
        """`entering_pairs`, `parted_pairs`: by whole blocks, then by the refined ones of large blocks."""
        self.engine.materialise("leaving_keys", _OF_CHANGED.format("known_keys"))
        self.engine.materialise("entering_keys", self._keys_sql)
        self._move("keys")
        self._refine("leaving_keys", "count_before", "SELECT * FROM keys_staying", "known_features")
        self.engine.materialise(
            "leaving_keys",
            f"{_OF_CHANGED.format('known_refined')}"
            " UNION ALL SELECT record_no, rule_no, block FROM leaving_keys",
        )
        self._refine(
            "entering_keys",
            "count_after",
            "SELECT record_no, rule_no, block FROM keys_entering"
            " UNION ALL SELECT record_no, rule_no, block FROM keys_staying",
            "all_features",
        )
        self._move("refined")
        self.engine.materialise(
            "large_blocks",
            "SELECT g.rule_no, g.block, g.count_records FROM known_large AS g"
            " ANTI JOIN keys_touched AS t ON t.rule_no = g.rule_no AND t.block = g.block"
            " ANTI JOIN refined_touched AS r ON r.rule_no = g.rule_no AND r.block = g.block"
            " UNION ALL SELECT rule_no, block, count_after FROM keys_touched WHERE NOT is_small"
            " UNION ALL SELECT rule_no, block, count_after FROM refined_touched WHERE NOT is_small",
        )
        leave(self.engine, large="large_blocks")
        for name in ("entering", "parting"):
            self.engine.materialise(
                f"{name}_pairs",
                f"SELECT record_a, record_b FROM keys_{name}_pairs"
                f" UNION SELECT record_a, record_b FROM refined_{name}_pairs",
            )
        self._gather()
        self._part()

    def _gather(self) -> None:
        """`features_at_hand`: of all records that pairs or components to look at may hold, in one pass."""
        self.engine.materialise(
            "ends",
            "SELECT record_no FROM changed_numbers"
            " UNION SELECT record_a FROM entering_pairs UNION SELECT record_b FROM entering_pairs"
            " UNION SELECT record_a FROM parting_pairs UNION SELECT record_b FROM parting_pairs",
        )
        self.engine.materialise(
            "features_at_hand",
            "SELECT f.* FROM all_features AS f SEMI JOIN (SELECT record_no FROM ends UNION"
            " SELECT l.record_no FROM known_labels AS l SEMI JOIN (SELECT k.component FROM known_labels AS k"
            " SEMI JOIN ends AS e ON e.record_no = k.record_no) AS c ON c.component = l.component) AS r"
            " ON r.record_no = f.record_no",
        )

    def _move(self, part: str) -> None:
        """What `leaving_keys` and `entering_keys` change in the blocks of one part, kept under its name."""
        self.engine.define("keys_before", f"SELECT * FROM known_{part}")
        for name in ("staying_keys", "touched_blocks", "entering_pairs", "parting_pairs"):
            self.matching.run(name)
        for name, kept in _MOVED.items():
            self.engine.materialise(f"{part}_{kept}", f"SELECT * FROM {name}")
        still = (
            f"SELECT k.record_no, k.rule_no, k.block FROM known_{part} AS k ANTI JOIN {part}_leaving AS o"
            " ON o.record_no = k.record_no AND o.rule_no = k.rule_no AND o.block = k.block"
        )
        leave(
            self.engine,
            **{part: f"({still} UNION ALL SELECT record_no, rule_no, block FROM {part}_entering)"},
        )

    def _refine(self, name: str, count: str, keys: str, features: str) -> None:
        """The refined keys, under a name, of keys in whole blocks that were large before or are after."""
        self.engine.define("block_keys", keys)
        self.engine.define(
            "block_sizes", f"SELECT rule_no, block, {count} AS count_records FROM keys_touched"
        )
        self.engine.define("match_features", f"SELECT * FROM {features}")
        self.matching.run("refined_keys")
        self.engine.materialise(name, "SELECT * FROM refined_keys")

    def _part(self) -> None:
        """`parted_pairs`: pairs of unchanged records that are compared no longer."""
        self._features_of(
            "SELECT record_a AS record_no FROM parting_pairs UNION SELECT record_b FROM parting_pairs"
        )
        self.engine.materialise("block_keys", self._keys_sql)
        self.engine.define("block_sizes", "SELECT * FROM large_blocks")
        self.matching.run("refined_keys")
        self.matching.run("parted_pairs")

    def _score(self) -> None:
        """`entered_scored`: the pairs that are new, compared and weighed; `scored_pairs`."""
        self.engine.define(
            "kept_pairs",
            f"SELECT p.* FROM known_pairs AS p {_UNTOUCHED} p.record_a"
            " ANTI JOIN changed_numbers AS d ON d.record_no = p.record_b"
            " ANTI JOIN parted_pairs AS q ON q.record_a = p.record_a AND q.record_b = p.record_b",
        )
        self.matching.run("entered_pairs")
        self._features_of(
            "SELECT record_a AS record_no FROM entered_pairs UNION SELECT record_b FROM entered_pairs"
        )
        entered = self.engine.fetch("SELECT record_a, record_b FROM entered_pairs")
        self.matching.score(self.model, self.matching.compare(entered), "entered_scored")
        self.engine.define(
            "scored_pairs", "SELECT * FROM kept_pairs UNION ALL BY NAME SELECT * FROM entered_scored"
        )
        leave(self.engine, pairs="scored_pairs")

    def _features_of(self, records: str, features: str = "features_at_hand") -> None:
        """`match_features`, `match_names` of the records of a SELECT (record_no)."""
        self.matching.restrict(
            f"SELECT f.* FROM {features} AS f SEMI JOIN ({records}) AS r ON r.record_no = f.record_no"
        )

    def _touched_members(self, decided: list[int]) -> tuple[Labels, np.ndarray]:
        """Yesterday's labels, and the records whose components a change touches, in the order of keys."""
        numbers = self._column("SELECT record_no FROM record_numbers")
        labels = self._known_labels(int(numbers.max(initial=-1)) + 1)
        present = np.zeros(len(labels.label), dtype=bool)
        present[numbers] = True
        touched = self._touched(decided)
        hit = np.zeros(len(labels.label) + 1, dtype=bool)
        hit[labels.component[touched]] = True
        hit[-1] = True  # new records are in no component
        chosen = present & hit[labels.component]
        labels.component[~present] = labels.label[~present] = -1
        self.engine.put("members", pa.table({"record_no": np.nonzero(chosen)[0].astype(np.int32)}))
        self.engine.define("member_keys", "SELECT * FROM record_numbers SEMI JOIN members USING (record_no)")
        return labels, ordered_members(self.engine, "member_keys")

    def _known_labels(self, count: int) -> Labels:
        found = self.engine.fetch("SELECT record_no, component, label FROM known_labels")
        number, component, label = (found.column(name).to_numpy() for name in found.column_names)
        labels = Labels.empty(np.r_[number, count - 1])
        labels.component[number] = component
        labels.label[number] = label
        return labels

    def _decided_anew(self, decisions: list[Decision]) -> list[int]:
        """The ends of decisions added or withdrawn."""
        found = self.engine.fetch("SELECT record_a, record_b, is_same FROM known_decisions").to_pylist()
        before = {(d["record_a"], d["record_b"], d["is_same"]) for d in found}
        return [number for a, b, _ in before ^ set(decisions) for number in (a, b)]

    def _touched(self, decided: list[int]) -> np.ndarray:
        """Changed records, the ends of links that came or went, and those decided upon anew."""
        linked = self.matching.linked(self.model, "entered_scored")
        parted = self.matching.linked(
            self.model, "(SELECT p.* FROM known_pairs AS p SEMI JOIN parted_pairs USING (record_a, record_b))"
        )
        ends = [pairs.column(name).to_numpy() for pairs in (linked, parted) for name in pairs.column_names]
        changed = self._column("SELECT record_no FROM changed_numbers")
        return np.concatenate([changed, *ends, np.array(decided, dtype=np.int64)])

    def _column(self, sql: str) -> np.ndarray:
        return np.asarray(self.engine.fetch(sql).column(0).to_numpy(), dtype=np.int64)
