"""What matching leaves for the next night: everything that need not be found out again where nothing changed.

Record numbers hold from night to night. Each part is a SELECT under the name `next_<part>`; the next night
reads it as `known_<part>`.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from assets.matching import Matching
from transforms.identity.decided import Decision, Places
from transforms.identity.linkage import components
from transforms.identity.model import IdentityModel
from warehouse.engine import Engine

PARTS = {
    "identifiers": ("record_no", "kind", "value"),
    "hot": ("kind", "value"),
    "features": ("*",),
    "keys": ("record_no", "rule_no", "block"),
    "refined": ("record_no", "rule_no", "block"),
    "large": ("rule_no", "block", "count_records"),
    "pairs": ("*",),
    "labels": ("record_no", "component", "label"),
    "decisions": ("record_a", "record_b", "is_same"),
    "records": ("record_no", "digest"),
    "numbers": ("record_key", "record_no"),
}
"""The parts of the state and their columns; `records` and `numbers` are those of whom has the records."""


def match_all(matching: Matching, model: IdentityModel) -> None:
    """`scored_pairs` of all `match_records`, and the state but its labels. Needs nothing known before."""
    matching.propose_and_score(model, keeps_blocks=True)
    leave(
        matching.engine,
        identifiers="match_identifiers",
        hot="hot_identifiers",
        features="match_features",
        keys="block_keys",
        refined="refined_keys",
        large="large_blocks",
        pairs="scored_pairs",
    )


def label_all(matching: Matching, model: IdentityModel, decisions: list[Decision]) -> np.ndarray:
    """The label of each record number, -1 for those nobody has, and the rest of the state."""
    members = ordered_members(matching.engine)
    labels = Labels.empty(members)
    labels.renew(matching, model, members, decisions)
    labels.leave(matching.engine, decisions)
    return labels.label


def ordered_members(engine: Engine, name: str = "record_numbers") -> np.ndarray:
    """The record numbers of a table with keys, in the order of keys."""
    found = engine.fetch(f"SELECT record_no FROM {name} ORDER BY record_key")
    return np.asarray(found.column("record_no").to_numpy(), dtype=np.int64)


def leave(engine: Engine, **sources: str) -> None:
    """Name tables or SELECTs as parts of the state."""
    for part, source in sources.items():
        engine.define(f"next_{part}", f"SELECT {', '.join(PARTS[part])} FROM {source}")


class Labels:
    """By record number: its component, by links and `same` decisions, and its cluster; -1 where nobody is.

    Both are named by one of their records, whichever it is.
    """

    def __init__(self, component: np.ndarray, label: np.ndarray) -> None:
        self.component = component
        self.label = label

    @classmethod
    def empty(cls, members: np.ndarray) -> Labels:
        """Nobody has a label yet."""
        nobody = np.full(int(members.max(initial=-1)) + 1, -1, dtype=np.int64)
        return cls(nobody, nobody.copy())

    def renew(
        self,
        matching: Matching,
        model: IdentityModel,
        members: np.ndarray,
        decisions: list[Decision],
        scored: str = "scored_pairs",
    ) -> None:
        """Label these records anew: whole components, given in the order of keys."""
        place = Places(members)
        a, b = place.of_pairs(matching.linked(model, scored))
        same = [place.of_pair(x, y) for x, y, is_same in decisions if is_same]
        x, y = np.array(same, dtype=np.int64).reshape(-1, 2).T
        self.component[members] = members[components(len(members), np.r_[a, x], np.r_[b, y])]
        self.label[members] = matching.cluster_of(model, members, decisions, scored)

    def leave(self, engine: Engine, decisions: list[Decision]) -> None:
        """Leave labels and decisions as parts of the state."""
        numbers = np.nonzero(self.label >= 0)[0]
        columns = (numbers, self.component[numbers], self.label[numbers])
        names = PARTS["labels"]
        engine.put("labels", pa.table({n: c.astype(np.int32) for n, c in zip(names, columns, strict=True)}))
        kinds = (pa.int32(), pa.int32(), pa.bool_())
        schema = pa.schema(list(zip(PARTS["decisions"], kinds, strict=True)))
        rows = [dict(zip(schema.names, decision, strict=True)) for decision in decisions]
        engine.put("decisions_heeded", pa.Table.from_pylist(rows, schema=schema))
        leave(engine, labels="labels", decisions="decisions_heeded")
