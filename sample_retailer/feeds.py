"""What a channel delivers of a chunk of people: columns, expressions that write them, days of delivery."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa


@dataclass(frozen=True)
class Form:
    """How a channel's files look. `cells` are its columns in order; a `jsonl` has one, the whole line."""

    channel: str
    kind: str  # csv, jsonl or xlsx (which goes over to csv above its limits)
    cells: dict[str, str]
    delimiter: str = ";"
    numbers: frozenset[str] = field(default_factory=frozenset)  # written as numbers in a spreadsheet


@dataclass(frozen=True)
class Feed:
    """Rows of one form and chunk, in the order of the file. `day` is the day on which each row reaches us."""

    form: Form
    columns: dict[str, object]
    day: np.ndarray

    def table(self) -> pa.Table:
        return pa.table({name: arrow(values) for name, values in self.columns.items()})

    def again(self, rows: np.ndarray, day: np.ndarray, **changed: object) -> Feed:
        """The rows numbered `rows` once more on later days, with some columns changed: a correction."""
        taken: dict[str, object] = {n: arrow(v).take(pa.array(rows)) for n, v in self.columns.items()}
        return replace(self, columns=taken | changed, day=day)


def arrow(values: object) -> pa.Array | pa.ChunkedArray:
    """An Arrow column, whatever the values came as."""
    return values if isinstance(values, (pa.Array, pa.ChunkedArray)) else pa.array(values)


@dataclass(frozen=True)
class Keys:
    """Truth of some records: the customer number as the contract reads it, and whose it is."""

    id_space: str
    source_id: pa.Array | pa.ChunkedArray
    person: np.ndarray
    role: str | None = None
