"""`python -m sample_retailer --home DIR [--customers N] [--days N] [--seed N]`"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sample_retailer.generate import generate


def main(arguments: list[str] | None = None) -> int:
    """Writes a sample workspace and says how many rows each channel got."""
    parser = argparse.ArgumentParser(
        prog="sample_retailer", description="Write the sample retailer's workspace."
    )
    parser.add_argument("--home", type=Path, required=True, help="folder of the workspace to write")
    parser.add_argument("--customers", type=int, default=20_000, help="people, buyers and prospects together")
    parser.add_argument("--days", type=int, default=None, help="daily deliveries after the history (14)")
    parser.add_argument("--seed", type=int, default=2026, help="the same seed gives the same files")
    given = parser.parse_args(arguments)
    try:
        summary = generate(
            given.home, given.customers, given.days, given.seed, lambda line: print(line, file=sys.stderr)
        )
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 2
    for channel, rows in summary.rows.items():
        print(f"{channel:20} {rows:>12,}")
    print(f"{'total':20} {sum(summary.rows.values()):>12,}  {summary.first_day} .. {summary.last_day}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
