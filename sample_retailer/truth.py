"""The truth beside the workspace: which person each record belongs to. The pipeline never reads it."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sample_retailer.feeds import Keys

_SCHEMA = pa.schema([("record_key", pa.string()), ("person_id", pa.int64())])


class TruthFile:
    """Appends (record_key, person_id). A negative person is a made-up entry, and every one is another."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._writer = pq.ParquetWriter(path, _SCHEMA, compression="zstd")

    def __enter__(self) -> TruthFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()

    def add(self, keys: list[Keys]) -> None:
        """The keys of one chunk, each record once, in the order of their keys."""
        tables = [pa.table([_record_keys(k), pa.array(k.person, pa.int64())], schema=_SCHEMA) for k in keys]
        together = (
            pa.concat_tables(tables)
            .group_by("record_key", use_threads=False)
            .aggregate([("person_id", "min")])
        )
        together = together.select(["record_key", "person_id_min"]).rename_columns(_SCHEMA.names)
        self._writer.write_table(together.sort_by("record_key").cast(_SCHEMA))


def _record_keys(keys: Keys) -> pa.ChunkedArray:
    ending = f"/{keys.role}" if keys.role else ""
    return pc.binary_join_element_wise(f"{keys.id_space}:", keys.source_id, ending, "").cast(pa.string())
