"""Matching on one engine: from `match_records` to scored pairs and clusters, with a given identity model.

Runs the SQL of transforms/identity in its order and hands the numbers to NumPy. Knows nothing of days, files
or channels, so the same code serves a night, the training of a model and a bare table of people.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from functools import cached_property

import numpy as np
import pyarrow as pa

from transforms.identity import pairing
from transforms.identity.blocking import RULE_NAMES, RULES, Rule, block_caps, block_keys_sql
from transforms.identity.comparing import Compared, compare
from transforms.identity.decided import Decision, Places, among, as_pairs, sorted_out
from transforms.identity.key_index import distinct_of
from transforms.identity.linkage import (
    UNIT,
    Pairs,
    agglomerate,
    bounded_components,
    components,
    incomplete,
)
from transforms.identity.model import IdentityModel, TermKind
from transforms.identity.rules import name_rules
from transforms.identity.values import FieldValues
from transforms.identity.weighing import Terms, weigh
from transforms.model import Model
from warehouse.engine import Engine

HOT_ABOVE = 50
"""A phone or an e-mail that more records share is nobody's."""
PAIRS_AT_ONCE = 1_000_000
"""Pairs compared in one go: what bounds the memory of comparing."""
LEAST_WEIGHT = -3.2
"""Bits from which a pair is kept for review and explanation: one chance in ten."""
_SCORES = (
    "record_a, record_b, CAST(weight * 10000 AS BIGINT) AS weight,"
    " CAST(evidence * 10000 AS BIGINT) AS evidence, is_vetoed"
)
_LARGE = pa.schema([("rule_no", pa.int32()), ("block", pa.int64()), ("count_records", pa.int64())])
FeaturesOf = Callable[[np.ndarray], pa.Table]
BLOCKS = ("large_keys", "block_keys", "whole_blocks", "refined_keys", "large_blocks")


class Matching:
    """Steps of matching; `match_records` must be readable in the engine."""

    def __init__(self, engine: Engine, hot_above: int = HOT_ABOVE) -> None:
        self.engine = engine
        self.hot_above = hot_above
        engine.put("match_limits", pa.table({"hot_above": pa.array([hot_above], pa.int64())}))
        self._terms: tuple[dict[str, TermKind], Terms] | None = None

    def features(self) -> int:
        """`match_features`; how many records can be compared."""
        self.run("match_identifiers")
        self.run("hot_identifiers")
        self.describe()
        return int(self.engine.scalar("SELECT COUNT(*) FROM match_features"))

    def describe(self) -> pa.Table:
        """`match_features` of `match_records`. Needs `hot_identifiers`."""
        self.run("match_names")
        self.take(self.engine.fetch(Model.load("identity/match_features").sql))
        self.engine.drop("match_names")
        return self._features

    def take(self, features: pa.Table) -> None:
        """Let `match_features` be these."""
        self._features = features
        self.engine.put("match_features", features)
        self.__dict__.pop("_values", None)
        self._terms = None

    def keys(self, rules: tuple[str, ...] = RULE_NAMES, step: int = 1) -> None:
        """`block_keys` by the rules of these names, in blocks of a sampled record. Needs `match_features`.

        Every `step`th record number is sampled; by default all are.
        """
        keys = block_keys_sql(rules)
        sampled = f"SELECT rule_no, block FROM ({keys}) AS s WHERE s.record_no % {step} = 0"
        within = f"SELECT k.* FROM ({keys}) AS k SEMI JOIN ({sampled}) AS b USING (rule_no, block)"
        self.engine.materialise("block_keys", keys if step == 1 else within)

    def caps(self, rules: tuple[str, ...], records: int, step: int = 1) -> dict[str, int]:
        """The cap of each rule: one that proposes few pairs per record where people agree by chance.

        Of every `step`th record's blocks only: what is counted stands for the others.
        """
        histograms = {
            rule.name: pairing.block_histogram(self._blocks("block_keys", rule)[1], step)
            for rule in _named(rules)
        }
        return block_caps(histograms, records)

    def propose(self, caps: dict[str, int]) -> pa.Table:
        """The pairs (record_a, record_b, rules) that rules with these caps propose. Needs `block_keys`.

        Leaves `refined_keys` of the blocks above the caps, and `large_blocks`, refined ones included.
        """
        return pairing.candidate_pairs(self.propose_packed(caps))

    def propose_packed(self, caps: dict[str, int]) -> list[np.ndarray]:
        """What `propose` puts together."""
        self.engine.put("block_rules", block_rules(caps))
        whole, large = self._propose_by("block_keys", caps)
        if large.num_rows == 0:
            self.engine.put("large_blocks", large)
            nothing = "SELECT record_no, rule_no, block FROM block_keys LIMIT 0"
            self.engine.materialise("refined_keys", nothing)
            return whole
        self.engine.put("whole_blocks", large)
        self.engine.define(
            "large_keys", "SELECT * FROM block_keys SEMI JOIN whole_blocks USING (rule_no, block)"
        )
        self.run("refined_keys")
        refined, larger = self._propose_by("refined_keys", caps)
        self.engine.put("large_blocks", pa.concat_tables([large, larger]))
        return whole + refined

    def forget_blocks(self) -> None:
        """Free the blocks once their pairs are proposed."""
        for name in BLOCKS:
            self.engine.drop(name)

    def forget_records(self) -> None:
        """Free what records state."""
        for name in ("match_features", "value_pairs"):
            self.engine.drop(name)
        for name in ("_features", "_values"):
            self.__dict__.pop(name, None)
        self._terms = None

    def compare(self, pairs: pa.Table) -> Compared:
        """Pairs (record_a, record_b) compared; those of which a record has no features are left out."""
        a, b = (pairs.column(name).to_numpy() for name in ("record_a", "record_b"))
        starts = range(0, max(len(a), 1), PAIRS_AT_ONCE)
        chunks = [slice(start, start + PAIRS_AT_ONCE) for start in starts]
        parts = [compare(self._values, a[chunk], b[chunk], self._ask) for chunk in chunks]
        return Compared.of(parts)

    def score(self, model: IdentityModel, compared: Compared, name: str) -> None:
        """Compared pairs weighed by a model, under a name."""
        if self._terms is None or self._terms[0] is not model.terms:
            self._terms = model.terms, Terms(self._values, model)
        self._params(model)
        # A table of the engine's own: what is joined to it is planned by its size.
        self.engine.put("pairs_weighed", weigh(self._values, self._terms[1], model, compared))
        self.engine.materialise(name, "SELECT * FROM pairs_weighed")
        self.engine.drop("pairs_weighed")

    def propose_and_score(self, model: IdentityModel, *, keeps_blocks: bool = False) -> None:
        """`scored_pairs`: the candidate pairs of a model, weighed by it. Needs `match_records`."""
        self.features()
        self.keys(tuple(model.caps))
        self.score_candidates(model, keeps_blocks=keeps_blocks)

    def score_candidates(self, model: IdentityModel, *, keeps_blocks: bool = False) -> None:
        """The same with `match_features` and `block_keys` at hand, which are freed unless blocks are kept."""
        pairs = self.propose(model.caps)
        if not keeps_blocks:
            self.forget_blocks()
        compared = self.compare(pairs)
        if not keeps_blocks:
            self.engine.drop("match_features")
            del self._features
        self.score(model, compared, "scored_pairs")
        self.name_patterns()

    def name_patterns(self) -> None:
        """`pattern_rules`: the rule each pattern of `scored_pairs` goes by."""
        patterns = self.engine.fetch("SELECT DISTINCT pattern FROM scored_pairs ORDER BY pattern")
        numbers = patterns.column("pattern").to_numpy()
        rules = pa.array(name_rules(numbers), pa.string())
        self.engine.put("pattern_rules", pa.table({"pattern": numbers, "rule": rules}))

    def cluster(self, model: IdentityModel, count: int, decisions: Iterable[Decision] = ()) -> np.ndarray:
        """For each of `count` record numbers, in the order of keys, the smallest one of its cluster."""
        return self.cluster_of(model, np.arange(count), decisions)

    def cluster_of(
        self,
        model: IdentityModel,
        members: np.ndarray,
        decisions: Iterable[Decision] = (),
        scored: str = "scored_pairs",
        features: FeaturesOf | None = None,
    ) -> np.ndarray:
        """For each of these record numbers, the first of its cluster. Needs scored pairs.

        `features` gives those of records that are compared now; by default `match_features` has them.

        `members` stand in the order of their keys, so that ties go by keys and never by numbers; no linked or
        decided pair leads out of them. decisions: (record, record, is_same) of stewards; they go before any
        evidence.
        """
        count, threshold = len(members), round(model.threshold * UNIT)
        place = Places(members)
        same, different = sorted_out((*place.of_pair(a, b), is_same) for a, b, is_same in decisions)
        known = self._pairs(f"SELECT {_SCORES} FROM {scored}", place)
        pairs = known.where(known.weight >= threshold)
        parted = among(pairs, np.concatenate([same, different]), count)
        pairs = pairs.where(~parted).plus(as_pairs(same, 99)).plus(as_pairs(different, -99))
        labels = bounded_components(count, pairs, threshold)
        if len(same):
            labels = components(count, np.r_[labels, same[:, 0]], np.r_[np.arange(count), same[:, 1]])
        suspicious = incomplete(labels, pairs, threshold)
        if len(suspicious) == 0:
            return members[labels]
        is_suspicious = np.zeros(count, dtype=bool)
        is_suspicious[suspicious] = True
        inside = np.flatnonzero(is_suspicious[labels])
        inner = self._inner_pairs(model, members, inside, labels, known, features).plus(
            as_pairs(different, -99)
        )
        inner = inner.where(is_suspicious[labels[inner.a]] & (labels[inner.a] == labels[inner.b]))
        start = np.arange(count, dtype=np.int64)
        if len(same):
            start = components(count, same[:, 0], same[:, 1])
        found = agglomerate(start, inner, threshold)
        labels[inside] = found[inside]
        return members[labels]

    def linked(self, model: IdentityModel, scored: str = "scored_pairs") -> pa.Table:
        """The pairs (record_a, record_b) strong enough to link two records."""
        return self.engine.fetch(
            f"SELECT record_a, record_b FROM {scored} WHERE weight >= {model.threshold} AND NOT is_vetoed"
        )

    def _inner_pairs(
        self,
        model: IdentityModel,
        members: np.ndarray,
        inside: np.ndarray,
        labels: np.ndarray,
        known: Pairs,
        features: FeaturesOf | None,
    ) -> Pairs:
        """All pairs of the places `inside` that share a label: the known ones, the others compared now."""
        count = len(members)
        known = known.where(labels[known.a] == labels[known.b])
        a, b = pairing.unpacked(pairing.propose(inside, labels[inside], 0, len(inside)).pairs)
        unseen = pairing.not_among(a * count + b, known.a * count + known.b)
        a, b = members[a[unseen]], members[b[unseen]]
        if features is not None:
            self.take(features(distinct_of(np.concatenate([a, b]))))
        pairs = pa.table({"record_a": a, "record_b": b})
        self.score(model, self.compare(pairs), "inner_scored")
        found = self._pairs(f"SELECT {_SCORES} FROM inner_scored", Places(members))
        self.engine.drop("inner_scored")
        return known.plus(found)

    def _pairs(self, sql: str, place: Places) -> Pairs:
        found = self.engine.fetch(sql)
        a, b = place.of_pairs(found)
        weight, evidence = (
            np.asarray(found.column(name).to_numpy(), dtype=np.int64) for name in ("weight", "evidence")
        )
        return Pairs(a, b, weight, evidence, np.asarray(found.column("is_vetoed").to_numpy(), dtype=bool))

    @cached_property
    def _values(self) -> FieldValues:
        return FieldValues(self._features)

    def _ask(self, model: str, table: pa.Table) -> pa.Table:
        self.engine.put("value_pairs", table)
        return self.engine.fetch(Model.load(f"identity/{model}").sql)

    def _blocks(self, keys: str, rule: Rule) -> tuple[np.ndarray, np.ndarray]:
        found = self.engine.fetch(f"SELECT record_no, block FROM {keys} WHERE rule_no = {rule.number}")
        return found.column("record_no").to_numpy(), found.column("block").to_numpy()

    def _propose_by(self, keys: str, caps: dict[str, int]) -> tuple[list[np.ndarray], pa.Table]:
        """Packed pairs by rule, and the blocks above their caps (rule_no, block, count_records)."""
        pairs, large = [], [_LARGE.empty_table()]
        for rule in _named(caps):
            found = pairing.propose(*self._blocks(keys, rule), rule.number, caps[rule.name])
            pairs.append(found.pairs)
            rule_no = np.full(len(found.large), rule.number, dtype=np.int32)
            large.append(pa.table([rule_no, found.large, found.sizes], schema=_LARGE))
        return pairs, pa.concat_tables(large)

    def _params(self, model: IdentityModel) -> None:
        params = {
            "threshold": [model.threshold],
            "least_weight": [LEAST_WEIGHT],
        }
        self.engine.put("match_params", pa.table(params))

    def run(self, name: str) -> None:
        """The table of a model of transforms/identity."""
        self.engine.materialise(name, Model.load(f"identity/{name}").sql)


def _named(names: Container[str]) -> list[Rule]:
    return [rule for rule in RULES if rule.name in names]


def block_rules(caps: dict[str, int]) -> pa.Table:
    """`block_rules`: number and cap of each rule in use."""
    rules = _named(caps)
    return pa.table(
        {
            "rule_no": pa.array([rule.number for rule in rules], pa.int32()),
            "block_cap": pa.array([caps[rule.name] for rule in rules], pa.int64()),
            "is_identifier": pa.array([rule.is_identifier for rule in rules], pa.bool_()),
        }
    )
