"""A fit as the tables that SQL models read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from assets.fits import Fit
from warehouse.contracts import all_tables, arrow_schema


def cutpoint_table(fits: list[Fit]) -> pa.Table:
    """`rfm_cutpoint_fits`: the cut points of several fit days."""
    rows = [{"fit_day": fit.fit_day, **row} for fit in fits for row in fit.cutpoints]
    schema = pa.schema(
        [
            ("fit_day", pa.date32()),
            ("measure", pa.string()),
            ("score", pa.int32()),
            ("lower_bound", pa.decimal128(18, 2)),
        ]
    )
    return pa.Table.from_pylist(
        [row | {"lower_bound": Decimal(row["lower_bound"])} for row in rows], schema=schema
    )


def quality_table(quality: Iterable[Mapping[str, Any]], as_of: date) -> pa.Table:
    """Rows of `model_quality` on a day, from what fits keep of their parameters and back-tests."""
    rows = [{**row, "as_of": as_of, "cutoff": date.fromisoformat(row["cutoff"])} for row in quality]
    return pa.Table.from_pylist(rows, schema=arrow_schema(all_tables()["model_quality"]))


def foretold_tables(fit: Fit) -> dict[str, pa.Table]:
    """`foretold_groups` and `foretold_weeks`: what the model in use said of the hold-out, and what came."""
    key = [("model", pa.string()), ("cutoff", pa.date32()), ("horizon_days", pa.int32())]
    names = ("customers", "purchases_said", "purchases_seen", "buyers_said", "buyers_seen")
    groups = [("breakdown", pa.string()), ("group_no", pa.int32()), *((name, pa.float64()) for name in names)]
    weeks = [("end_day", pa.int32()), *((name, pa.float64()) for name in ("customers", "said", "seen"))]
    said = fit.foretold
    head = {} if said is None else {name: getattr(said, name) for name, _ in key}
    return {
        "foretold_groups": pa.Table.from_pylist(
            [head | row for row in (said.groups if said else [])], schema=pa.schema([*key, *groups])
        ),
        "foretold_weeks": pa.Table.from_pylist(
            [head | row for row in (said.weeks if said else [])], schema=pa.schema([*key, *weeks])
        ),
    }
