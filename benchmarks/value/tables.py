"""`python -m benchmarks.value.tables`: rfm, pareto, clv and churn of made customers by the product's code.

Orders are made from BG/NBD and Gamma-Gamma, one line each, and read from Parquet as if identity and orders
had been made already. Prints CPU seconds per step and the peak memory of the process as a Markdown table.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from assets.context import open_context
from assets.day import Day
from assets.fits import Fit
from assets.mart_inputs import PREPARED
from benchmarks.processes import default_home
from benchmarks.value.customers import BLOCK, SEED, SPEND, blocks, histories
from transforms.value.cells import cells
from transforms.value.fallback import purchase_model, spend_model
from transforms.value.gamma_gamma import spend_cells
from warehouse.contracts import all_tables, arrow_schema
from warehouse.store import ordered_select, write_parquet

AS_OF = date(2026, 6, 30)
TABLES = ("rfm", "pareto", "clv", "churn")
CATEGORIES = 12
MARGIN = 0.3
SETTINGS = "company: {name: Made, timezone: Asia/Jakarta, currency: IDR, country: ID}\n"
ORDERS = """
    SELECT customer_id, DATE '{as_of}' - ago AS ordered_on, 'completed' AS status,
        CAST(amount AS DECIMAL(18, 2)) AS net_revenue, CAST(amount * {margin} AS DECIMAL(18, 2)) AS margin,
        'default_margin' AS margin_source, 'category ' || category AS category
    FROM read_parquet('{path}')
"""


class MadeDay(Day):
    """A day whose orders and order lines are read from one file, as long ones are from their partitions."""

    events = Path()

    def need(self, name: str) -> None:
        if name in ("orders", "order_lines"):
            self.engine.define(name, ORDERS.format(as_of=AS_OF, margin=MARGIN, path=self.events))
        else:
            super().need(name)


def main() -> None:
    options = _options()
    home = options.home.expanduser().resolve()
    events = home / "data" / f"orders-{options.customers}-{options.seed}.parquet"
    if not events.is_file():
        events.parent.mkdir(parents=True, exist_ok=True)
        write_orders(events, options.customers, options.seed)
    print(f"| step ({options.customers:,} customers) | CPU s | memory so far, GB |\n|---|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        (workspace / "satu.yaml").write_text(SETTINGS, encoding="utf-8")
        (workspace / "secret.key").write_text("the same for every benchmark, so that keys stay")
        with MadeDay(open_context(workspace), AS_OF, []) as day:
            day.events = events
            _build(day, workspace)


def _build(day: MadeDay, folder: Path) -> None:
    started = _cpu_seconds()
    for name in ("order_days", "purchase_history"):
        day.need(name)
        started = _told(name, started)
    fit = _fit(day)
    in_all = started = _told("fits, without back-tests", started)
    for name in TABLES:
        if name in PREPARED:
            PREPARED[name](day, lambda _: fit)
            started = _told(f"{name}: what SQL needs", started)
        day.need(name)
        started = _told(f"{name}: SQL", started)
        _write(day, name, folder / f"{name}.parquet")
        started = _told(f"{name}: ordered and written", started)
        day.forget(name)
    _told("the four tables", in_all)


def _write(day: MadeDay, name: str, path: Path) -> None:
    table = all_tables()[name]
    rows = day.engine.reader(ordered_select(table, f"SELECT * FROM {name}"))
    write_parquet(path, rows, arrow_schema(table))


def _fit(day: Day) -> Fit:
    histories_now = day.fetch("purchase_history", "x, t_x_days, T_days")
    data = cells(*(histories_now.column(name).to_numpy() for name in histories_now.column_names))
    amounts = day.fetch("spend_cells", "x, mean_value, n")
    means = amounts.column("mean_value").cast(pa.float64()).to_numpy()
    spent = spend_cells(amounts.column("x").to_numpy(), means, amounts.column("n").to_numpy(), binned=True)
    cutpoints = day.fetch("rfm_cutpoint_fit", "measure, score, lower_bound").to_pylist()
    (purchase, note), (spend, spend_note) = purchase_model(data, "mbg_nbd"), spend_model(spent)
    return Fit(
        fit_day=AS_OF.replace(day=1),
        asked_model="mbg_nbd",
        asked_season="none",
        cutpoints=cutpoints,
        purchase=purchase,
        purchase_note=note,
        patterns={},
        spend=spend,
        spend_note=spend_note,
        spend_cap=None,
        corrections={},
        quality=[],
        foretold=None,
    )


def write_orders(path: Path, customers: int, seed: int) -> None:
    """customer_id, days before as_of, amount, category; one row per purchase."""
    p, q, gamma = SPEND
    schema = pa.schema(
        [("customer_id", pa.int64()), ("ago", pa.int32()), ("amount", pa.float64()), ("category", pa.int8())]
    )
    temporary = path.with_suffix(".part")
    with pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        for first, rng in blocks(customers, seed):
            T, rounds = histories(rng, min(BLOCK, customers - first))
            scale = 1 / rng.gamma(q, 1 / gamma, len(T))
            everybody = np.arange(len(T))
            for who, day in ((everybody, np.zeros(len(T), np.int32)), *rounds):
                columns = (first + who, T[who] - day, rng.gamma(p, scale[who]), _categories(rng, len(who)))
                writer.write_table(pa.table(list(columns), schema=schema))
    temporary.rename(path)


def _categories(rng: np.random.Generator, size: int) -> np.ndarray:
    return rng.integers(0, CATEGORIES, size, dtype=np.int8)


def _told(step: str, since: float) -> float:
    now = _cpu_seconds()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"| {step} | {now - since:.1f} | {peak:.2f} |", flush=True)
    return now


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.value.tables", description=__doc__)
    parser.add_argument("--home", type=Path, default=default_home(), help="where data are kept")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=SEED)
    return parser.parse_args()


if __name__ == "__main__":
    main()
