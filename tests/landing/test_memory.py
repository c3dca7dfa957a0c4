"""However long a line is, reading its file takes no more memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.landing.case import rows, sales

LINE_MB, ALLOWED_MB = 300, 200
READ = """
import resource, sys
from pathlib import Path
from warehouse.landing import read_file

def read(path):
    table = read_file(Path(path))
    count = sum(batch.num_rows for batch in table.batches())
    return count, len(table.rejects), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

_, _, before = read(sys.argv[1])
count, rejected, after = read(sys.argv[2])
print(count, rejected, (after - before) // 1024)
"""
ORDER = '{"id": 1, "day": "2024-03-04"}\n'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("plain.csv", sales(2), rows(1)), ("quoted.csv", sales(2) + 'R#8;2024-03-04;"', rows(1)), ("lines.jsonl", ORDER * 2, ORDER)],
    ids=["plain", "quoted", "lines"],
)  # fmt: skip
def test_a_line_of_hundreds_of_megabytes_is_set_aside_in_bounded_memory(
    tmp_path: Path, name: str, before: str, after: str
) -> None:
    small, large = tmp_path / f"small-{name}", tmp_path / name
    small.write_text(before.split("R#8;")[0])
    with large.open("wb") as file:
        file.write(before.encode())
        for _ in range(LINE_MB):
            file.write(b"x" * (1 << 20))
        file.write(b"\n" + after.encode())
    read = subprocess.run(
        [sys.executable, "-c", READ, str(small), str(large)], capture_output=True, text=True, check=True
    )
    count, rejected, grown = (int(number) for number in read.stdout.split())
    assert (count, rejected) == (3, 1)
    assert grown < ALLOWED_MB
