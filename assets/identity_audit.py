"""The closure audit: what clusters at a threshold are worth, by the model's own probabilities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from assets.matching import Matching
from transforms.identity.model import IdentityModel

_EXPECTED = "1 / (1 + power(2.0, -CAST(weight AS DOUBLE)))"
_TIES = (
    f"SELECT record_a AS x, record_b AS y, {_EXPECTED} AS p FROM audited_scored"
    f" UNION ALL SELECT record_b, record_a, {_EXPECTED} FROM audited_scored"
)
# Two records that are both one person with a third are one person as well, however little they share.
_THROUGH_ANOTHER = (
    "SELECT COUNT(*) AS pairs, SUM(greatest(d.p, COALESCE(t.p, 0))) AS expected"
    " FROM (SELECT x, y, p FROM audited_ties WHERE x < y) AS d"
    " LEFT JOIN (SELECT e.x, f.y, MAX(e.p * f.p) AS p FROM audited_ties AS e"
    " INNER JOIN audited_ties AS f ON f.x = e.y AND f.y > e.x GROUP BY e.x, f.y) AS t"
    " ON t.x = d.x AND t.y = d.y"
)


def audit(matching: Matching, model: IdentityModel, records: int, bits: float) -> tuple[float, float]:
    """Estimated precision and F1 of all pairs that clusters at this threshold imply. Needs `scored_pairs`."""
    engine = matching.engine
    trial = replace(model, threshold=bits)
    labels = matching.cluster(trial, records)
    engine.put("audited", pa.table({"record_no": np.arange(records, dtype=np.int32), "label": labels}))
    implied = engine.fetch(
        "SELECT a.record_no AS record_a, b.record_no AS record_b FROM audited AS a"
        " INNER JOIN audited AS b ON a.label = b.label AND a.record_no < b.record_no"
    )
    matching.score(trial, matching.compare(implied), "audited_scored")
    engine.materialise("audited_ties", _TIES)
    found = engine.fetch(_THROUGH_ANOTHER).to_pylist()[0]
    pairs, expected = float(found["pairs"]), float(found["expected"] or 0.0)
    scored = engine.fetch(f"SELECT record_a, record_b, {_EXPECTED} AS p FROM scored_pairs")
    a, b, p = (scored.column(name).to_numpy() for name in ("record_a", "record_b", "p"))
    missed = float(p[labels[a] != labels[b]].sum())
    for name in ("audited", "audited_scored", "audited_ties"):
        engine.drop(name)
    return expected / max(pairs, 1.0), 2 * expected / max(pairs + expected + missed, 1.0)
