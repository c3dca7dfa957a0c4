"""clvkit: BGNBD on days put together by day and measured in weeks, as its README advises."""

from __future__ import annotations

import pandas as pd
from clvkit import BGNBD, CustomerBase
from measured import HORIZON_DAYS, Run


def main() -> None:
    run = Run("clvkit")
    with run.phase("read"):
        people = pd.read_parquet(run.customers).set_index("customer_id")
        summary = pd.DataFrame(
            {
                "frequency": people["x"].astype(float),
                "recency": people["t_x_days"] / 7,
                "T": people["T_days"] / 7,
            }
        )
        base = CustomerBase(
            summary,
            time_unit="W",
            collapse="D",
            observation_period_end=pd.Timestamp("2026-01-01"),
            has_monetary=False,
            on_negative="net",
        )
    model = BGNBD()
    with run.phase("fit"):
        model.fit(base)
    run.note(model.params_)
    with run.phase("score"):
        model.predict(t=HORIZON_DAYS / 7)
        model.probability_alive()
    run.note(scored="expected purchases, P(alive)")


if __name__ == "__main__":
    main()
