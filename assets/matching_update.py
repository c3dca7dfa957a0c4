"""Matching of a night from the state of the one before: what follows costs what changed.

The score of a pair depends on its two records and the model alone, and whether two records are compared on
their blocking keys and on which blocks are above the cap. So only pairs that touch a changed record, or share
a block that crossed its cap, can be other pairs; and only components that a change touches can fall apart
otherwise. The result is that of matching all records, pair for pair and cluster for cluster.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from assets.matching import Matching, block_rules
from assets.matching_state import IDENTIFIERS, Labels, State, ordered_members
from transforms.identity.blocking import block_keys_sql
from transforms.identity.decided import Decision
from transforms.identity.kept_rows import Features
from transforms.identity.key_index import SCHEMA, KeyIndex, Keys, distinct_of, is_among, one_array
from transforms.identity.model import IdentityModel
from transforms.identity.moves import Moves, Turnover, moved, parted, proposed_by
from transforms.identity.pairing import distinct, unpacked
from transforms.model import Model

Ends = tuple[np.ndarray, np.ndarray]

_REFINED_BY = ["record_no", "given_code", "birth_text", "postcode", "city", "phone"]


class Update:
    """The changes of a night.

    `records` are the `match_records` of the night, `here` the numbers of all its records, `changed` those of
    records that are new, gone or say something else than in the state. The engine holds `record_numbers`.
    """

    def __init__(
        self,
        matching: Matching,
        model: IdentityModel,
        state: State,
        records: pa.Table,
        here: np.ndarray,
        changed: np.ndarray,
    ) -> None:
        self.matching, self.model = matching, model
        self.engine = matching.engine
        self._records, self._here = records, here
        self.state = state.sized(int(changed.max(initial=-1)) + 1)
        self.is_changed = np.zeros(len(self.state.is_stale), dtype=bool)
        self.is_changed[changed] = True
        rules = block_rules(model.caps)
        self.engine.put("block_rules", rules)
        self._caps = dict(zip(*(rules.column(n).to_pylist() for n in ("rule_no", "block_cap")), strict=True))
        self._keys_sql = block_keys_sql(tuple(model.caps))

    def pairs(self) -> None:
        """`pairs_entered`: those compared anew; the state goes on to the pairs of the night."""
        identifiers, hot = self._recount_identifiers()
        before = self.state
        described = self.matching.describe()
        features = before.features.after(self.is_changed, described)
        self.state = replace(before, features=features, identifiers=identifiers, hot=hot)
        whole, refined = self._move(before, described)
        moves = whole + refined
        parted_places = self._part(moves)
        self._compare(self._entered(moves))
        entered = self.engine.fetch("SELECT * FROM pairs_entered")
        pairs = self.state.pairs.after(self.is_changed, parted_places, entered)
        self.state = replace(self.state, pairs=pairs)

    def scored_pairs(self) -> pa.Table:
        """All pairs of the night."""
        return self.state.pairs.all(self.state.is_stale)

    def label(self, decisions: list[Decision]) -> Labels:
        """The labels of the night; the state goes on to them."""
        labels = self.state.labels.sized(len(self.is_changed))
        members = self._touched_members(labels, self._decided_anew(decisions))
        inside = np.zeros(len(labels.label), dtype=bool)
        inside[members] = True
        self.engine.put("pairs_of_members", self.state.pairs.among(inside, self.state.is_stale))
        heeded = [d for d in decisions if inside[d[0]] and inside[d[1]]]
        features = self.state.features
        labels.renew(self.matching, self.model, members, heeded, "pairs_of_members", features.of)
        self.state = replace(self.state, labels=labels, decisions=decisions)
        return labels

    def _recount_identifiers(self) -> tuple[KeyIndex, pa.Table]:
        """Identifiers and hot ones; holders of one that turned hot or ceased to be are changed as well."""
        stated = self._restate()
        blocks = distinct_of(
            np.r_[one_array(stated.column("block")), one_array(self.state.hot.column("block"))]
        )
        which, holder = self._staying(self.state.identifiers).find(0, blocks, self._is_stale)
        asked = np.searchsorted(blocks, one_array(stated.column("block")))
        count = np.bincount(which, minlength=len(blocks)) + np.bincount(asked, minlength=len(blocks))
        is_hot = count > self.matching.hot_above
        was_hot = is_among(blocks, np.sort(one_array(self.state.hot.column("block"))))
        turned = is_hot != was_hot
        hot = pa.concat_tables([self.state.hot, stated.select(self.state.hot.column_names)])
        hot = hot.filter(pa.array(is_hot[np.searchsorted(blocks, one_array(hot.column("block")))]))
        hot = hot.group_by(hot.column_names).aggregate([]).sort_by("block")
        self.engine.put("hot_identifiers", hot)
        if turned.any():
            self.is_changed[holder[turned[which]]] = True
            stated = self._restate()
        return self._staying(self.state.identifiers).plus(Keys.of_table(stated)), hot

    def _restate(self) -> pa.Table:
        """`match_records` of the changed records still here; the phones and e-mails they give, as keys."""
        chosen = [pa.array(self.is_changed[n.to_numpy()]) for n in self._records.column("record_no").chunks]
        records = self._records.filter(pa.chunked_array(chosen, pa.bool_()))
        self.engine.put("match_records", records)
        self.matching.run("match_identifiers")
        return self.engine.fetch(f"{IDENTIFIERS} FROM match_identifiers")

    def _move(self, before: State, described: pa.Table) -> tuple[list[Moves], list[Moves]]:
        """What happens to blocks and to the refined ones of large blocks; the state goes on to their keys."""
        features = self.state.features
        leaving, entering = self._keys(before.features.of(np.flatnonzero(self.is_changed)), described)
        keys = self._staying(before.keys)
        whole = self._moved(Turnover(keys, before.large, leaving, entering))
        large = before.large.after(whole)

        leaving = leaving.where(before.large.hold(leaving)).plus(*(move.opened for move in whole))
        entering_large = entering.where(large.hold(entering)).plus(*(move.closed for move in whole))
        out, come = self._refined((leaving, before.features), (entering_large, features))
        stays = self._staying(before.refined).without(out.where(~self.is_changed[out.record]))
        refined = self._moved(Turnover(stays, large, out, come))
        self.state = replace(
            self.state, keys=keys.plus(entering), refined=stays.plus(come), large=large.after(refined)
        )
        return whole, refined

    def _moved(self, turnover: Turnover) -> list[Moves]:
        return moved(turnover, self._is_stale, self.is_changed, self._caps)

    def _part(self, moves: list[Moves]) -> Ends:
        """Where the pairs of unchanged records stand that are compared no longer."""
        parting = distinct([move.parting for move in moves])
        ends = distinct_of(np.concatenate(unpacked(parting)))
        features = self.state.features
        (keys,) = self._keys(features.of(ends))
        keys = keys.plus(*self._refined((keys.where(self.state.large.hold(keys)), features)))
        small = keys.where(~self.state.large.hold(keys))
        places = self.state.pairs.find(parted([parting], proposed_by(small)), self._is_stale)
        bulk, later = (found[found >= 0] for found in places)
        self.engine.put("pairs_parted", self.state.pairs.at(bulk, later))
        return bulk, later

    def _entered(self, moves: list[Moves]) -> Ends:
        """The pairs that are new, or of which a record changed."""
        a, b = unpacked(distinct([move.pairs for move in moves]))
        old = np.flatnonzero(~(self.is_changed[a] | self.is_changed[b]))
        bulk, later = self.state.pairs.find((a[old], b[old]), self._is_stale)
        known = np.zeros(len(a), dtype=bool)
        known[old[(bulk >= 0) | (later >= 0)]] = True
        return a[~known], b[~known]

    def _compare(self, ends: Ends) -> None:
        """`pairs_entered`: these pairs, compared and weighed."""
        self.matching.take(self.state.features.of(distinct_of(np.concatenate(ends))))
        table = pa.table({n: x.astype(np.int32) for n, x in zip(("record_a", "record_b"), ends, strict=True)})
        self.matching.score(self.model, self.matching.compare(table), "pairs_entered")

    def _keys(self, *features: pa.Table) -> list[Keys]:
        """The keys of each of some features."""
        self._put_apart("match_features", list(features))
        return self._apart(self._keys_sql, len(features))

    def _refined(self, *keys: tuple[Keys, Features]) -> list[Keys]:
        """The second keys of each of some keys in large blocks."""
        self._put_apart("large_keys", [one.table for one, _ in keys])
        stated = [features.of(distinct_of(one.record), _REFINED_BY) for one, features in keys]
        self._put_apart("match_features", stated)
        return self._apart(Model.load("identity/refined_keys").sql, len(keys))

    def _put_apart(self, name: str, tables: list[pa.Table]) -> None:
        """Several tables as one: in each after the first, record numbers follow those of the one before."""
        count = len(self.is_changed)
        moved = [
            table.set_column(
                table.column_names.index("record_no"),
                "record_no",
                pa.array(one_array(table.column("record_no")) + np.int32(n * count)),
            )
            for n, table in enumerate(tables)
        ]
        self.engine.put(name, pa.concat_tables(moved))

    def _apart(self, sql: str, tables: int) -> list[Keys]:
        """The keys of each of the tables put as one."""
        found = self.engine.fetch(sql)
        rule, block, record = (one_array(found.column(name)) for name in SCHEMA.names)
        which, record = record // len(self.is_changed), record % len(self.is_changed)
        chosen = [np.flatnonzero(which == n) for n in range(tables)]
        return [Keys.of(rule[at], block[at], record[at]) for at in chosen]

    def _touched_members(self, labels: Labels, decided: list[int]) -> np.ndarray:
        """The records whose components a change touches, in the order of keys. Those gone lose theirs."""
        changed = np.flatnonzero(self.is_changed)
        linked = (self.matching.linked(self.model, name) for name in ("pairs_entered", "pairs_parted"))
        ends = [one_array(pairs.column(name)) for pairs in linked for name in pairs.column_names]
        hit = np.zeros(len(labels.label) + 1, dtype=bool)
        hit[labels.component[np.concatenate([changed, *ends, np.array(decided, dtype=np.int64)])]] = True
        hit[-1] = True  # new records are in no component
        is_here = labels.label >= 0
        is_here[changed] = False
        is_here[self._here[self.is_changed[self._here]]] = True
        members = np.flatnonzero(is_here & hit[labels.component])
        labels.component[~is_here] = labels.label[~is_here] = -1
        self.engine.put("members", pa.table({"record_no": members.astype(np.int32)}))
        self.engine.define("member_keys", "SELECT * FROM record_numbers SEMI JOIN members USING (record_no)")
        return ordered_members(self.engine, "member_keys")

    def _decided_anew(self, decisions: list[Decision]) -> list[int]:
        """The ends of decisions added or withdrawn."""
        return [number for a, b, _ in set(self.state.decisions) ^ set(decisions) for number in (a, b)]

    @property
    def _is_stale(self) -> np.ndarray:
        return self.state.is_stale | self.is_changed

    def _staying(self, index: KeyIndex) -> KeyIndex:
        return index.without_records(self.is_changed)
