"""lifetimes: BetaGeoFitter, no penalty. Its likelihood is on rescaled time, its parameters are not.

Variant `cells`: it is given distinct histories and their weights instead of the customers, which its users
would have to think of themselves; putting them together is within its cost.
"""

from __future__ import annotations

import pandas as pd
from lifetimes import BetaGeoFitter
from measured import HORIZON_DAYS, Run


def main() -> None:
    run = Run("lifetimes")
    with run.phase("read"):
        people = pd.read_parquet(run.customers)
        columns = [people["x"].astype(float), people["t_x_days"] / 7, people["T_days"] / 7]
    fitter = BetaGeoFitter(penalizer_coef=0.0)
    with run.phase("fit"):
        if run.variant == "cells":
            together = people.groupby(["x", "t_x_days", "T_days"], as_index=False).size()
            fitter.fit(
                together["x"].astype(float),
                together["t_x_days"] / 7,
                together["T_days"] / 7,
                weights=together["size"],
            )
        else:
            fitter.fit(*columns)
    run.note([fitter.params_[name] for name in ("r", "alpha", "a", "b")])
    if run.variant == "cells":
        return
    with run.phase("score"):
        fitter.conditional_expected_number_of_purchases_up_to_time(HORIZON_DAYS / 7, *columns)
        fitter.conditional_probability_alive(*columns)
    run.note(scored="expected purchases, P(alive)")


if __name__ == "__main__":
    main()
