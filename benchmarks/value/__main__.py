"""`python -m benchmarks.value`: make the customers, run every engine once on each number of them, report."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.processes import Limits, default_home, machine
from benchmarks.value.customers import SEED, TRUTH, write_customers
from benchmarks.value.likelihood import log_likelihood
from benchmarks.value.report import page, table
from benchmarks.value.running import ENGINES, run


def main() -> None:
    options = _options()
    home = options.home.expanduser().resolve()
    engines = [e for e in ENGINES if not options.engines or e.name in options.engines]
    limits = Limits(options.minutes * 60, options.gigabytes * 1024)
    tables: list[str] = []
    for customers in options.customers:
        data = home / "data" / f"customers-{customers}-{options.seed}.parquet"
        if not data.is_file():
            data.parent.mkdir(parents=True, exist_ok=True)
            write_customers(data, customers, options.seed)
        rows: dict[str, tuple[str, dict[str, Any]]] = {}
        for engine in engines:
            if engine.most_customers is not None and customers > engine.most_customers:
                continue
            folder = home / "runs" / "value" / str(customers) / engine.name
            if options.keep and (folder / "run.json").is_file():
                account = json.loads((folder / "run.json").read_text(encoding="utf-8"))
            else:
                print(f"{customers:,}: {engine.title} ...", file=sys.stderr, flush=True)
                account = run(engine, data, folder, home, limits)
            if "parameters" in account:
                account["log_likelihood"] = log_likelihood(data, account["parameters"])
            rows[engine.name] = engine.title, account
        tables.append(table(customers, TRUTH, rows))
        print(tables[-1] + "\n", flush=True)
    report = options.report or home / "value.md"
    report.write_text(page(tables, machine()), encoding="utf-8")
    print(f"report: {report}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.value", description=__doc__)
    parser.add_argument(
        "--home", type=Path, default=default_home(), help="where environments, data and runs are kept"
    )
    parser.add_argument("--customers", nargs="+", type=int, default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--engines", nargs="+", choices=[e.name for e in ENGINES])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--minutes", type=float, default=10.0, help="an engine is stopped after")
    parser.add_argument("--gigabytes", type=float, default=6.0, help="an engine is stopped at")
    parser.add_argument("--keep", action="store_true", help="do not run again what has been run")
    parser.add_argument("--report", type=Path, help="the report's file (default: value.md in HOME)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
