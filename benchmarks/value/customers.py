"""Customers made from a known BG/NBD model, as every engine gets them: whole days, one purchase a day.

A purchase happens on the day its moment falls in (rounded up), as orders are dated in a company's records.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

TRUTH = (0.243, 4.414, 0.793, 2.426)
"""r, alpha (weeks), a, b as published for CDNOW."""
SPEND = (6.25, 3.74, 15.44)
"""p, q, gamma of Gamma-Gamma as published for CDNOW."""
LONGEST_DAYS = 1095
SEED = 71003
BLOCK = 1_000_000

Events = tuple[np.ndarray, np.ndarray]
"""Customer and day since the first purchase, of repeat purchases."""


def write_customers(path: Path, customers: int, seed: int = SEED) -> None:
    """A Parquet file of customer_id, x, t_x_days, T_days; block by block, so that memory stays small."""
    temporary = path.with_suffix(".part")
    with pq.ParquetWriter(temporary, SCHEMA, compression="zstd") as writer:
        for first, rng in blocks(customers, seed):
            size = min(BLOCK, customers - first)
            T, rounds = histories(rng, size)
            x, t_x = np.zeros(size, np.int32), np.zeros(size, np.int32)
            for who, day in rounds:
                fresh = day > t_x[who]
                x[who[fresh]] += 1
                t_x[who] = day
            ids = np.arange(first, first + size)
            writer.write_table(pa.table([ids, x, t_x, T], schema=SCHEMA))
    temporary.rename(path)


SCHEMA = pa.schema(
    [("customer_id", pa.int64()), ("x", pa.int32()), ("t_x_days", pa.int32()), ("T_days", pa.int32())]
)


def blocks(customers: int, seed: int) -> Iterator[tuple[int, np.random.Generator]]:
    """The first customer of each block and its own generator."""
    for first in range(0, customers, BLOCK):
        yield first, np.random.default_rng([seed, first])


def histories(rng: np.random.Generator, customers: int) -> tuple[np.ndarray, Iterator[Events]]:
    """Days observed of each customer, and repeat purchases: first the first of each, then the second."""
    r, alpha, a, b = TRUTH
    rate = np.maximum(rng.gamma(r, 1 / alpha, customers) / 7, 1e-300)
    leaves = rng.beta(a, b, customers)
    T = rng.integers(1, LONGEST_DAYS, customers, endpoint=True).astype(np.int32)
    return T, _rounds(rng, rate, leaves, T)


def _rounds(
    rng: np.random.Generator, rate: np.ndarray, leaves: np.ndarray, T: np.ndarray
) -> Iterator[Events]:
    here, moment = np.arange(len(T)), np.zeros(len(T))
    while len(here):
        moment[here] += rng.exponential(1 / rate[here])
        here = here[moment[here] <= T[here]]
        yield here, np.ceil(moment[here]).astype(np.int32)
        here = here[rng.random(len(here)) >= leaves[here]]
