"""Rounds of reading, for clients written in Python: needs nothing but the standard library.

A round opens the release as docs/bi.md says and asks everything once; the first question is whether the
release agrees with itself. The last line printed tells how it went.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

Rows = Sequence[Sequence[object]]


def read_in_rounds(ask_all: Callable[[str, list[str]], list[Rows]]) -> None:
    """`ask_all` opens the file and answers every question; called again and again until the time is over."""
    file, questions, seconds = sys.argv[1], json.loads(Path(sys.argv[2]).read_text()), float(sys.argv[3])
    until = time.monotonic() + seconds
    rounds = rows = wrong = 0
    seen, days, errors = set(), set(), []
    while time.monotonic() < until:
        try:
            agreement, *answers = ask_all(file, questions)
        except Exception as error:
            errors.append(f"{type(error).__name__}: {str(error)[:200]}")
            continue
        ((seq, as_of, count_wrong),) = agreement
        seen.add(int(str(seq)))
        days.add(str(as_of))
        wrong += int(str(count_wrong)) > 0
        rounds, rows = rounds + 1, rows + sum(map(len, answers))
    told = {
        "rounds": rounds,
        "rows": rows,
        "releases": len(seen),
        "days": len(days),
        "wrong": wrong,
        "errors": errors,
    }
    print(json.dumps(told))
