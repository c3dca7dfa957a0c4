"""The data sets of a benchmark, prepared once: normalised columns and truth as Parquet in the cache.

`python -m benchmarks.identity.cases HOME NAME [SET=PATH ...]` prepares one, so that the memory this takes is
given back before any engine is measured.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.identity.public_sets import PUBLIC, ROOT, Absent
from benchmarks.identity.retailer import Sample, retailer

VERSION = 1  # of the prepared files: raise it when the columns or the samples change
ABSENT = 3


@dataclass(frozen=True)
class Case:
    """One data set. `group` is what cases drawn with several seeds have in common."""

    name: str
    group: str


def public_case(name: str) -> Case:
    return Case(name, name)


def retailer_case(sample: Sample) -> Case:
    return Case(sample.name, f"retailer, {sample.records:,} records, {sample.noise} noise")


@dataclass(frozen=True)
class Prepared:
    """Where a case's records are, their keys in order and the person of each, as a number."""

    records: Path
    keys: pa.Array
    person: np.ndarray

    def clusters(self, folder: Path) -> np.ndarray:
        """The cluster of each record, as a number, from an engine's answer; a record it left out is alone."""
        answer = pq.read_table(folder / "clusters.parquet")
        where = self.positions(answer["record_key"])
        said = answer["cluster"].cast(pa.string()).combine_chunks().dictionary_encode().indices
        found = np.arange(len(self.keys)) + len(answer)
        found[where] = said.to_numpy()
        return found

    def edges(self, folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(record, record, weight) of the pairs an engine scored."""
        answer = pq.read_table(folder / "edges.parquet")
        a, b = (self.positions(answer[name]) for name in ("record_a", "record_b"))
        return a, b, answer["weight"].to_numpy()

    def positions(self, keys: pa.ChunkedArray) -> np.ndarray:
        return pc.index_in(keys.cast(pa.string()), value_set=self.keys).to_numpy()


def prepared(case: Case, home: Path, given: Mapping[str, Path]) -> Prepared:
    """The case, prepared in a process of its own when it is not in the cache. Raises Absent."""
    records, truth = _places(case.name, home)
    if not (records.is_file() and truth.is_file()):
        words = [sys.executable, "-m", "benchmarks.identity.cases", str(home), case.name]
        words += [f"{name}={path}" for name, path in given.items()]
        done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        if done.returncode == ABSENT:
            raise Absent(done.stdout.strip())
        done.check_returncode()
    table = pq.read_table(truth)
    person = table["person"].cast(pa.string()).combine_chunks().dictionary_encode().indices.to_numpy()
    return Prepared(records, table["record_key"].combine_chunks(), person)


def _prepare(name: str, home: Path, given: Mapping[str, Path]) -> None:
    records, truth = _places(name, home)
    records.parent.mkdir(parents=True, exist_ok=True)
    if name in PUBLIC:
        found = PUBLIC[name](given)
    else:
        _, size, noise, seed = name.split("-")
        found = retailer(Sample(int(size), int(seed), noise), home)
    if not found.records["record_key"].equals(found.truth["record_key"]):
        raise ValueError(f"{name}: records and truth are not the same records")
    pq.write_table(found.records, records)
    pq.write_table(found.truth, truth)


def _places(name: str, home: Path) -> tuple[Path, Path]:
    folder = home / "data" / f"v{VERSION}"
    return folder / f"{name}.parquet", folder / f"{name}.truth.parquet"


def main() -> int:
    home, name, *given = sys.argv[1:]
    try:
        _prepare(name, Path(home), {n: Path(p) for n, _, p in (g.partition("=") for g in given)})
    except Absent as reason:
        print(reason)
        return ABSENT
    return 0


if __name__ == "__main__":
    sys.exit(main())
