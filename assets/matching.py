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

LEAST_WEIGHT = -3.2
"""Bits from which a pair is kept for review and explanation: one chance in ten."""
_COUNTED = "SELECT pattern, CAST(COUNT(*) AS BIGINT) AS n FROM {} GROUP BY pattern ORDER BY pattern"
_SCORES = (
    "record_a, record_b, CAST(weight * 10000 AS BIGINT) AS weight,"
    " CAST(evidence * 10000 AS BIGINT) AS evidence, is_vetoed"
)


class Matching:
    """Steps of matching; `match_records` must be readable in the engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def features(self) -> int:
        """`match_names`, `match_features`; how many records can be compared."""
        self._run("hot_identifiers")
        self._run("match_names")
        self._run("match_features")
        return int(self.engine.scalar("SELECT COUNT(*) FROM match_features"))

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
        self.engine.put("block_rules", _block_rules(caps))
        self._run("candidate_pairs")
        self.engine.drop("block_keys")

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
        self._run("term_weights")

    def score(self, model: IdentityModel, compared: str, name: str) -> None:
        """Compared pairs weighed by a model, kept under a name. Needs `term_weights`."""
        self._params(model)
        patterns = self.engine.fetch(f"SELECT DISTINCT pattern FROM {compared} ORDER BY pattern")
        numbers = patterns.column("pattern").to_numpy()
        self.engine.put("pattern_weights", model.pattern_weights(numbers))
        self.engine.define("pairs_to_score", f"SELECT * FROM {compared}")
        self.engine.materialise(name, Model.load("identity/scored_pairs").sql)
        self.engine.drop("pairs_to_score")

    def propose_and_score(self, model: IdentityModel) -> None:
        """`scored_pairs`: the candidate pairs of a model, weighed by it."""
        self.features()
        self.keys(tuple(model.caps))
        self.propose(model.caps)
        self.compare("SELECT record_a, record_b FROM candidate_pairs", "compared_pairs")
        self.weigh_terms(model)
        self.score(model, "compared_pairs", "scored_pairs")
        patterns = self.counted("compared_pairs")[0]
        self.engine.put(
            "pattern_rules",
            pa.table({"pattern": patterns, "rule": pa.array(name_rules(patterns), pa.string())}),
        )
        self.engine.drop("candidate_pairs")
        self.engine.drop("compared_pairs")

    def cluster(
        self, model: IdentityModel, count: int, decisions: Iterable[tuple[int, int, bool]] = ()
    ) -> np.ndarray:
        """For each of `count` record numbers, the smallest one of its cluster. Needs `scored_pairs`.

        decisions: (record, record, is_same) of stewards; they go before any evidence.
        """
        threshold = round(model.threshold * UNIT)
        same, different = sorted_out(decisions)
        pairs = self._pairs(
            f"SELECT {_SCORES} FROM scored_pairs WHERE weight >= {model.threshold} OR is_vetoed"
        )
        parted = _among(pairs, different, count)
        pairs = pairs.where(~parted).plus(_decided(same, 99)).plus(_decided(different, -99))
        labels = bounded_components(count, pairs, threshold)
        if len(same):
            labels = components(count, np.r_[labels, same[:, 0]], np.r_[np.arange(count), same[:, 1]])
        suspicious = incomplete(labels, pairs, threshold)
        if len(suspicious) == 0:
            return labels
        members = np.nonzero(np.isin(labels, suspicious))[0]
        inner = self._inner_pairs(model, members, labels[members])
        inner = inner.plus(_decided(different, -99))
        inner = inner.where(np.isin(labels[inner.a], suspicious) & (labels[inner.a] == labels[inner.b]))
        start = np.arange(count, dtype=np.int64)
        if len(same):
            start = components(count, same[:, 0], same[:, 1])
        found = agglomerate(start, inner, threshold)
        labels[members] = found[members]
        return labels

    def _inner_pairs(self, model: IdentityModel, members: np.ndarray, labels: np.ndarray) -> Pairs:
        """All pairs within the given clusters, those never proposed compared and scored as well."""
        self.engine.put("inner_members", pa.table({"record_no": members, "label": labels}))
        self.engine.materialise(
            "inner_pairs",
            "SELECT a.record_no AS record_a, b.record_no AS record_b FROM inner_members AS a"
            " INNER JOIN inner_members AS b ON a.label = b.label AND a.record_no < b.record_no",
        )
        self.compare(
            "SELECT i.record_a, i.record_b FROM inner_pairs AS i"
            " ANTI JOIN scored_pairs AS s ON s.record_a = i.record_a AND s.record_b = i.record_b",
            "inner_compared",
        )
        self.score(model, "inner_compared", "inner_scored")
        found = self._pairs(
            f"SELECT {_SCORES} FROM inner_scored UNION ALL SELECT {_SCORES} FROM scored_pairs"
            " SEMI JOIN inner_pairs USING (record_a, record_b)"
        )
        for name in ("inner_members", "inner_pairs", "inner_compared"):
            self.engine.drop(name)
        return found

    def _pairs(self, sql: str) -> Pairs:
        found = self.engine.fetch(sql)
        names = ("record_a", "record_b", "weight", "evidence")
        columns = [np.asarray(found.column(name).to_numpy(), dtype=np.int64) for name in names]
        vetoed = np.asarray(found.column("is_vetoed").to_numpy(), dtype=bool)
        return Pairs(columns[0], columns[1], columns[2], columns[3], vetoed)

    def _params(self, model: IdentityModel) -> None:
        params = {
            "threshold": [model.threshold],
            "least_weight": [LEAST_WEIGHT],
        }
        self.engine.put("match_params", pa.table(params))

    def _run(self, name: str) -> None:
        self.engine.materialise(name, Model.load(f"identity/{name}").sql)


def _block_rules(caps: dict[str, int]) -> pa.Table:
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
