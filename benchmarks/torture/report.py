"""The figures of a torture: kills by night and kind, what was found, what the readers saw."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from benchmarks.torture.readers import READERS
from benchmarks.torture.trials import EVERY_STEP, MOMENT, STEP

NIGHTS = {"few": "ingest, six tables, release", "all": "the whole night", "command": "`satu run`"}
KINDS = {EVERY_STEP: "every step once", STEP: "a random step", MOMENT: "a random moment"}


def text(folder: Path) -> str:
    """A table of kills and a line about the readers, as Markdown."""
    path = folder / "kills.jsonl"
    done = (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    )
    kills = [entry for entry in done if entry["killed"]]
    counted = Counter((entry["size"], entry["by"]) for entry in kills)
    wrong = Counter((entry["size"], entry["by"]) for entry in done if entry["found"])
    lines = ["| night | killed at | kills | next run not clean or not the same |", "|---|---|---:|---:|"]
    lines += [
        f"| {night} | {kind} | {counted[size, by]} | {wrong[size, by]} |"
        for size, night in NIGHTS.items()
        for by, kind in KINDS.items()
        if counted[size, by]
    ]
    lines.append(f"| all | | {len(kills)} | {sum(wrong.values())} |")
    seen = [json.loads(account.read_bytes()) for account in sorted(folder.glob("reader-*.json"))]
    reads, torn, errors = (sum(account[name] for account in seen) for name in ("reads", "torn", "errors"))
    minutes = sum(account["seconds"] for account in seen) / READERS / 60
    nights = len(kills) + len(done)
    lines += [
        "",
        f"{nights:,} nights, killed or whole, in {minutes:.0f} minutes, one after the other;"
        f" {READERS} readers looked {reads:,} times: {torn} torn, {errors} errors.",
    ]
    return "\n".join(lines)
