"""`python -m benchmarks.identity`: prepare the data, run every engine once, score, report."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.identity.cases import Case, Prepared, prepared, public_case, retailer_case
from benchmarks.identity.public_sets import PUBLIC, Absent
from benchmarks.identity.report import BY_LABELS, Row, page, table
from benchmarks.identity.retailer import NOISE, SEEDS, Sample
from benchmarks.identity.running import ENGINES, Engine, run
from benchmarks.identity.scores import best_threshold, closure, contributions, scores
from benchmarks.processes import Limits, default_home, machine


def main() -> None:
    options = _options()
    home = options.home.expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True)
    given = {name: path for name in ("historical", "febrl4") if (path := getattr(options, name))}
    engines = [e for e in ENGINES if not options.engines or {e.name, e.script} & set(options.engines)]
    groups: dict[str, list[Case]] = {}
    for case in _cases(options):
        groups.setdefault(case.group, []).append(case)
    tables: list[str] = []
    skipped: list[str] = []
    for group, cases in groups.items():
        try:
            ready = [(case, prepared(case, home, given)) for case in cases]
        except Absent as reason:
            skipped.append(f"{group}: {reason}")
            continue
        tables.append(_group(group, ready, engines, home, options))
        print(tables[-1] + "\n", flush=True)
    report = options.report or home / "report.md"
    report.write_text(page(tables, skipped, machine()), encoding="utf-8")
    print(*skipped, f"report: {report}", sep="\n")


def _group(
    group: str,
    ready: list[tuple[Case, Prepared]],
    engines: list[Engine],
    home: Path,
    options: argparse.Namespace,
) -> str:
    """Run and score the engines on all cases of a group."""
    limits = Limits(options.minutes * 60, options.gigabytes * 1024)
    rows: dict[str, Row] = {}
    for case, data in ready:
        for engine in engines:
            if engine.most_records is not None and len(data.keys) > engine.most_records:
                continue
            folder = home / "runs" / case.name / engine.name
            if options.keep and (folder / "run.json").is_file():
                account = json.loads((folder / "run.json").read_text(encoding="utf-8"))
            else:
                print(f"{case.name}: {engine.title} ...", file=sys.stderr, flush=True)
                account = run(engine, data.records, folder, home, limits)
            for key, title, cluster in _answers(engine, data, folder, account):
                row = rows.setdefault(key, Row(key, title))
                row.accounts.append(account)
                if cluster is None:
                    row.problems.append(str(account["problem"]))
                else:
                    row.scores.append(scores(data.person, cluster))
                    row.parts.append(contributions(data.person, cluster))
    first = ready[0][1]
    return table(group, len(ready), len(first.keys), int(first.person.max()) + 1, list(rows.values()))


def _answers(
    engine: Engine, data: Prepared, folder: Path, account: dict[str, object]
) -> Iterator[tuple[str, str, np.ndarray | None]]:
    """(key, title, clusters) of a run: its own, and those of other thresholds over its scored pairs."""
    if "problem" in account:
        yield engine.name, engine.title, None
        return
    if engine.own:
        yield engine.name, f"{engine.title}{engine.at}", data.clusters(folder)
    if engine.cuts or engine.by_labels:
        a, b, weight = data.edges(folder)
    for label, least in engine.cuts:
        kept = weight >= least
        joined = closure(len(data.keys), a[kept], b[kept])
        yield f"{engine.name} {label}", f"{engine.title}, {label}", joined
    if engine.by_labels:
        joined = best_threshold(data.person, a, b, weight)[1]
        yield f"{engine.name} by labels", f"{engine.title}, {BY_LABELS}", joined


def _cases(options: argparse.Namespace) -> Iterator[Case]:
    for name in options.sets:
        if name in PUBLIC:
            yield public_case(name)
    if "retailer" in options.sets:
        for records in options.records:
            for noise in options.noise:
                for seed in options.seeds:
                    yield retailer_case(Sample(records, seed, noise))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity", description=__doc__)
    parser.add_argument(
        "--home", type=Path, default=default_home(), help="where environments, data and runs are kept"
    )
    parser.add_argument("--sets", nargs="+", default=[*PUBLIC, "retailer"], choices=[*PUBLIC, "retailer"])
    parser.add_argument("--records", nargs="+", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS))
    parser.add_argument("--noise", nargs="+", default=list(NOISE), choices=list(NOISE))
    parser.add_argument(
        "--engines", nargs="+", choices=sorted({n for e in ENGINES for n in (e.name, e.script)})
    )
    parser.add_argument("--historical", type=Path, help="the historical_50k Parquet file")
    parser.add_argument("--febrl4", type=Path, help="the folder of the two FEBRL 4 files")
    parser.add_argument("--minutes", type=float, default=30.0, help="an engine is stopped after")
    parser.add_argument("--gigabytes", type=float, default=10.0, help="an engine is stopped at")
    parser.add_argument("--keep", action="store_true", help="do not run again what has been run")
    parser.add_argument("--report", type=Path, help="the report's file (default: report.md in HOME)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
