"""Satu's purchase model: equal histories put together, then the product's own fit and forecasts.

Run with the project's interpreter and the project's folder on the path. Figures of (x, T) and of whole
histories are computed once for each and joined to the customers.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.dataset  # DuckDB loads it with its first result: part of starting, as imports of others are
from measured import HORIZON_DAYS, Run

from transforms.value.btyd import fit_purchases
from transforms.value.cells import cells
from transforms.value.predict import expectation_lookup, p_alive

HISTORY = ("x", "t_x_days", "T_days")
SCORES = """
COPY (
    SELECT
        c.customer_id,
        a.p_alive * e.expected_if_alive AS expected_purchases,
        a.p_alive,
        1 - a.p_alive * (1 - e.silent_if_alive) AS p_no_purchase
    FROM customers AS c
    INNER JOIN alive AS a ON (c.x, c.t_x_days, c.T_days) = (a.x, a.t_x_days, a.T_days)
    INNER JOIN expected AS e ON (c.x, c.T_days) = (e.x, e.T_days)
) TO $scores (FORMAT parquet)
"""


def main() -> None:
    run = Run(None)
    con = duckdb.connect(config={"threads": 2, "preserve_insertion_order": "false"})
    con.execute("SET enable_progress_bar = false")
    with run.phase("read"):
        con.execute("CREATE TABLE customers AS SELECT * FROM read_parquet(?)", [str(run.customers)])
    with run.phase("collapse"):
        found = con.execute("SELECT x, t_x_days, T_days FROM customers").to_arrow_table()
        data = cells(*(found.column(name).to_numpy() for name in HISTORY))
    with run.phase("fit"):
        model = fit_purchases(data, "bg_nbd")
    run.note(
        model.parameters, cells=len(data), evaluations=model.evaluations, gradient_norm=model.gradient_norm
    )
    with run.phase("score"):
        alive = p_alive(model, data.x, data.t_x_days, data.T_days)
        columns = {name: pa.array(getattr(data, name)) for name in HISTORY}
        con.register("alive", pa.table(columns | {"p_alive": pa.array(alive)}))
        lookup = expectation_lookup(model, data.x, data.T_days, [HORIZON_DAYS], 0.0)
        con.register("expected", pa.Table.from_pandas(lookup))
        con.execute(SCORES, {"scores": str(run.folder / "scores.parquet")})
    run.note(scored="expected purchases, P(alive), P(no purchase); written")


if __name__ == "__main__":
    main()
