"""pymc-marketing: BetaGeoModel by maximum a posteriori with its default priors.

It compiles its likelihood first; that is done on a thousand customers and told apart.
"""

from __future__ import annotations

import pandas as pd
from measured import HORIZON_DAYS, Run
from pymc_marketing.clv import BetaGeoModel

FEW = 1000
WEEKS = HORIZON_DAYS // 7


def main() -> None:
    run = Run("pymc-marketing")
    with run.phase("read"):
        people = pd.read_parquet(run.customers)
        data = pd.DataFrame(
            {
                "customer_id": people["customer_id"],
                "frequency": people["x"].astype(float),
                "recency": people["t_x_days"] / 7,
                "T": people["T_days"] / 7,
            }
        )
    with run.phase("compile"):
        BetaGeoModel().fit(data.head(FEW).copy(), method="map", progressbar=False)
    model = BetaGeoModel()
    with run.phase("fit"):
        model.fit(data, method="map", progressbar=False)
    run.note([float(model.fit_result[name].item()) for name in ("r", "alpha", "a", "b")])
    with run.phase("score"):
        model.expected_purchases(future_t=WEEKS).compute()
        model.expected_probability_alive().compute()
        model.expected_probability_no_purchase(t=WEEKS).compute()
    run.note(scored="expected purchases, P(alive), P(no purchase)")


if __name__ == "__main__":
    main()
