"""The one measure all engines are held to: BG/NBD log-likelihood as the paper has it, not our code.

Equation 6 of Fader, Hardie, Lee 2005, Marketing Science 24(2), in logarithms, weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
from scipy.special import betaln, gammaln


def log_likelihood(customers: Path, parameters: Sequence[float]) -> float:
    """Of all customers of the file at (r, alpha, a, b)."""
    r, alpha, a, b = parameters
    with duckdb.connect() as con:
        found = con.execute(
            "SELECT x, t_x_days / 7 AS t_x, T_days / 7 AS T, COUNT(*) AS n FROM read_parquet(?) GROUP BY ALL",
            [str(customers)],
        ).fetchnumpy()
    x, t_x, T, n = (np.asarray(found[name], dtype=np.float64) for name in ("x", "t_x", "T", "n"))
    stays = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + T)
    left = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + t_x)
    either = np.where(x > 0, np.logaddexp(stays, left), stays)
    return float((n * (gammaln(r + x) - gammaln(r) + r * np.log(alpha) + either)).sum())
