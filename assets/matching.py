"""Matching on one engine: from `match_records` to scored pairs and clusters, with a given identity model.

Runs the SQL of transforms/identity in its order and hands the numbers to NumPy. Knows nothing of days, files
or channels, so the same code serves a night, the training of a model and a bare table of people.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from transforms.identity.blocking import RULE_NAMES, RULES, block_caps, block_keys_sql
from transforms.identity.linkage import UNIT, Pairs, agglomerate, bounded_components, components, incomplete
from transforms.identity.model import IdentityModel
from transforms.identity.rules import name_rules
from transforms.model import Model
from warehouse.engine import Engine

HOT_ABOVE = 50
"""A phone or an e-mail that more records share is nobody's."""
LEAST_WEIGHT = -3.2
"""Bits from which a pair is kept for review and explanation: one chance in ten."""
_COUNTED = "SELECT pattern, CAST(COUNT(*) AS BIGINT) AS n FROM {} GROUP BY pattern ORDER BY pattern"
_SCORES = (
    "record_a, record_b, CAST(weight * 10000 AS BIGINT) AS weight,"
    " CAST(evidence * 10000 AS BIGINT) AS evidence, is_vetoed"
)


Decision = tuple[int, int, bool]
"""What a steward decided of two records: (record, record, is_same)."""
BLOCKS = ("block_keys", "block_sizes", "refined_keys", "refined_sizes")


class Places:
    """The places of record numbers in a list of them."""

    def __init__(self, members: np.ndarray) -> None:
        self._place = np.zeros(int(members.max(initial=-1)) + 1, dtype=np.int64)
        self._place[members] = np.arange(len(members))

    def of_pair(self, a: int, b: int) -> tuple[int, int]:
        """The places of two record numbers."""
        return int(self._place[a]), int(self._place[b])

    def of_pairs(self, pairs: pa.Table) -> tuple[np.ndarray, np.ndarray]:
        """The places of record_a and record_b, the smaller one first."""
        a, b = (self._place[pairs.column(name).to_numpy()] for name in ("record_a", "record_b"))
        return np.minimum(a, b), np.maximum(a, b)


class Matching:
    """Steps of matching; `match_records` must be readable in the engine."""

    def __init__(self, engine: Engine, hot_above: int = HOT_ABOVE) -> None:
        self.engine = engine
        engine.put("match_limits", pa.table({"hot_above": pa.array([hot_above], pa.int64())}))

    def features(self) -> int:
        """`match_names`, `match_features`; how many records can be compared."""
        self.run("match_identifiers")
        self.run("hot_identifiers")
        self.describe()
        return int(self.engine.scalar("SELECT COUNT(*) FROM match_features"))

    def describe(self) -> None:
        """`match_names`, `match_features` of `match_records`. Needs `hot_identifiers`."""
        self.run("match_names")
        self.run("match_features")

    def keys(self, rules: tuple[str, ...] = RULE_NAMES) -> None:
        """`block_keys` by the rules of these names. Needs `match_features`."""
        self.engine.materialise("block_keys", block_keys_sql(rules))

    def caps(self, records: int) -> dict[str, int]:
        """The cap of each rule: one that proposes few pairs per record where people agree by chance."""
        histogram = self.engine.fetch(
            "SELECT rule_no, n, CAST(COUNT(*) AS BIGINT) AS blocks FROM"
            " (SELECT rule_no, CAST(COUNT(*) AS BIGINT) AS n FROM block_keys"
            " GROUP BY rule_no, block) AS sizes"
            " WHERE n > 1 GROUP BY rule_no, n ORDER BY rule_no, n"
        )
        rule_no, size, blocks = (histogram.column(name).to_numpy() for name in ("rule_no", "n", "blocks"))
        return block_caps(rule_no, size, blocks, records)

    def propose(self, caps: dict[str, int]) -> None:
        """`candidate_pairs`, proposed by rules with these caps. Needs `block_keys`."""
        self.engine.put("block_rules", block_rules(caps))
        for name in ("block_sizes", "refined_keys", "refined_sizes", "candidate_pairs"):
            self.run(name)

    def forget_blocks(self) -> None:
        """Free the blocks once their pairs are proposed."""
        for name in BLOCKS:
            self.engine.drop(name)

    def compare(self, pairs: str, name: str) -> None:
        """The pairs of a SELECT (record_a, record_b) compared, kept under a name."""
        self.engine.define("pairs_to_compare", pairs)
        self.engine.materialise(name, Model.load("identity/compared_pairs").sql)
        self.engine.drop("pairs_to_compare")

    def counted(self, compared: str) -> tuple[np.ndarray, np.ndarray]:
        """The patterns of compared pairs and how often each occurs."""
        found = self.engine.fetch(_COUNTED.format(compared))
        return found.column("pattern").to_numpy(), found.column("n").to_numpy()

    def weigh_terms(self, model: IdentityModel) -> None:
        """`term_weights` by the frequencies of a model."""
        kinds, shares = model.term_tables()
        self.engine.put("term_kinds", kinds)
        self.engine.put("term_shares", shares)
        self.run("term_weights")

    def score(self, model: IdentityModel, compared: str, name: str) -> None:
        """Compared pairs weighed by a model, kept under a name. Needs `term_weights`."""
        self._params(model)
        patterns = self.engine.fetch(f"SELECT DISTINCT pattern FROM {compared} ORDER BY pattern")
        numbers = patterns.column("pattern").to_numpy()
        self.engine.put("pattern_weights", model.pattern_weights(numbers))
        self.engine.define("pairs_to_score", f"SELECT * FROM {compared}")
        self.engine.materialise(name, Model.load("identity/scored_pairs").sql)
        self.engine.drop("pairs_to_score")

    def propose_and_score(self, model: IdentityModel, *, keeps_blocks: bool = False) -> None:
        """`scored_pairs`: the candidate pairs of a model, weighed by it."""
        self.features()
        self.keys(tuple(model.caps))
        self.propose(model.caps)
        if not keeps_blocks:
            self.forget_blocks()
        self.compare("SELECT record_a, record_b FROM candidate_pairs", "compared_pairs")
        self.weigh_terms(model)
        self.score(model, "compared_pairs", "scored_pairs")
        self.name_patterns()
        self.engine.drop("candidate_pairs")
        self.engine.drop("compared_pairs")

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
    ) -> np.ndarray:
        """For each of these record numbers, the first of its cluster. Needs scored pairs.

        `members` stand in the order of their keys, so that ties go by keys and never by numbers; no linked or
        decided pair leads out of them. decisions: (record, record, is_same) of stewards; they go before any
        evidence.
        """
        count, threshold = len(members), round(model.threshold * UNIT)
        place = Places(members)
        same, different = sorted_out((*place.of_pair(a, b), is_same) for a, b, is_same in decisions)
        pairs = self._pairs(f"SELECT {_SCORES} FROM {scored} WHERE weight >= {model.threshold}", place)
        parted = _among(pairs, np.concatenate([same, different]), count)
        pairs = pairs.where(~parted).plus(_decided(same, 99)).plus(_decided(different, -99))
        labels = bounded_components(count, pairs, threshold)
        if len(same):
            labels = components(count, np.r_[labels, same[:, 0]], np.r_[np.arange(count), same[:, 1]])
        suspicious = incomplete(labels, pairs, threshold)
        if len(suspicious) == 0:
            return members[labels]
        inside = np.nonzero(np.isin(labels, suspicious))[0]
        inner = self._inner_pairs(
            model, pa.table({"record_no": members[inside], "label": labels[inside]}), scored, place
        )
        inner = inner.plus(_decided(different, -99))
        inner = inner.where(np.isin(labels[inner.a], suspicious) & (labels[inner.a] == labels[inner.b]))
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

    def _inner_pairs(self, model: IdentityModel, members: pa.Table, scored: str, place: Places) -> Pairs:
        """All pairs within the given clusters, those never proposed compared and scored as well."""
        self.engine.put("inner_members", members)
        self.engine.materialise(
            "inner_pairs",
            "SELECT a.record_no AS record_a, b.record_no AS record_b FROM inner_members AS a"
            " INNER JOIN inner_members AS b ON a.label = b.label AND a.record_no < b.record_no",
        )
        self.compare(
            "SELECT i.record_a, i.record_b FROM inner_pairs AS i"
            f" ANTI JOIN {scored} AS s ON s.record_a = i.record_a AND s.record_b = i.record_b",
            "inner_compared",
        )
        self.score(model, "inner_compared", "inner_scored")
        found = self._pairs(
            f"SELECT {_SCORES} FROM inner_scored UNION ALL SELECT {_SCORES} FROM {scored}"
            " SEMI JOIN inner_pairs USING (record_a, record_b)",
            place,
        )
        for name in ("inner_members", "inner_pairs", "inner_compared", "inner_scored"):
            self.engine.drop(name)
        return found

    def _pairs(self, sql: str, place: Places) -> Pairs:
        found = self.engine.fetch(sql)
        a, b = place.of_pairs(found)
        weight, evidence = (
            np.asarray(found.column(name).to_numpy(), dtype=np.int64) for name in ("weight", "evidence")
        )
        return Pairs(a, b, weight, evidence, np.asarray(found.column("is_vetoed").to_numpy(), dtype=bool))

    def _params(self, model: IdentityModel) -> None:
        params = {
            "threshold": [model.threshold],
            "least_weight": [LEAST_WEIGHT],
        }
        self.engine.put("match_params", pa.table(params))

    def run(self, name: str) -> None:
        """The table of a model of transforms/identity."""
        self.engine.materialise(name, Model.load(f"identity/{name}").sql)


def block_rules(caps: dict[str, int]) -> pa.Table:
    """`block_rules`: number, bit and cap of each rule in use."""
    rules = [rule for rule in RULES if rule.name in caps]
    return pa.table(
        {
            "rule_no": pa.array([rule.number for rule in rules], pa.int32()),
            "rule_bit": pa.array([1 << rule.number for rule in rules], pa.int64()),
            "block_cap": pa.array([caps[rule.name] for rule in rules], pa.int64()),
            "is_identifier": pa.array([rule.is_identifier for rule in rules], pa.bool_()),
        }
    )


def sorted_out(decisions: Iterable[tuple[int, int, bool]]) -> tuple[np.ndarray, np.ndarray]:
    """Pairs decided to be the same and pairs decided to be different.

    A `same` that would tie two records decided to be different, directly or through others, does not count.
    """
    ordered = sorted((min(a, b), max(a, b), same) for a, b, same in decisions if a != b)
    different = [(a, b) for a, b, same in ordered if not same]
    group: dict[int, set[int]] = {}
    kept = []
    for a, b, is_same in ordered:
        if not is_same:
            continue
        together = group.get(a, {a}) | group.get(b, {b})
        if any(x in together and y in together for x, y in different):
            continue
        kept.append((a, b))
        for record in together:
            group[record] = together
    return tuple(np.array(x, dtype=np.int64).reshape(-1, 2) for x in (kept, different))  # type: ignore[return-value]


def _among(pairs: Pairs, decided: np.ndarray, count: int) -> np.ndarray:
    """Which pairs were decided upon: their evidence no longer speaks."""
    found: np.ndarray = np.isin(pairs.a * count + pairs.b, decided[:, 0] * count + decided[:, 1])
    return found


def _decided(pairs: np.ndarray, bits: int) -> Pairs:
    """Decided pairs as pairs: `same` (positive bits) or vetoed."""
    full = np.full(len(pairs), bits * UNIT, dtype=np.int64)
    return Pairs(pairs[:, 0], pairs[:, 1], full, full, np.full(len(pairs), bits < 0))
