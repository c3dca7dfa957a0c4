"""Numbers into text: DuckDB as a string builder, by projections only.

Projections keep the order of their input and touch no other row, so the text is the same whatever the
number of threads. The macros are the ways in which people and programs write names, phones and amounts.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa

from sample_retailer.feeds import arrow
from sample_retailer.settings import FIRST_DAY

_BATCH = 32_768
_EPOCH_SECONDS = (FIRST_DAY.toordinal() - 719_163) * 86_400
_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
    "November", "Desember",
)  # fmt: skip
_SHORT_MONTHS = ("Jan", "Peb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nop", "Des")

_MACROS = f"""
CREATE MACRO months() AS {list(_MONTHS)};
CREATE MACRO short_months() AS {list(_SHORT_MONTHS)};
CREATE MACRO dmy(t) AS strftime(t, '%d/%m/%Y');
CREATE MACRO dots(n) AS replace(format('{{:,}}', n::BIGINT), ',', '.');
CREATE MACRO numbered(prefix, n) AS prefix || lpad(n::VARCHAR, 10, '0');
CREATE MACRO written_date(t, style) AS CASE style
    WHEN 0 THEN strftime(t, '%d/%m/%Y')
    WHEN 1 THEN strftime(t, '%d-%m-%y')
    WHEN 2 THEN day(t) || ' ' || list_extract(months(), month(t)::INTEGER) || ' ' || year(t)
    WHEN 3 THEN day(t) || ' ' || list_extract(short_months(), month(t)::INTEGER) || ' ' || year(t)
    ELSE strftime(t, '%d/%m/%Y') END;
CREATE MACRO written_rupiah(n, style) AS CASE style
    WHEN 0 THEN 'Rp' || dots(n)
    WHEN 1 THEN 'Rp' || dots(n) || ',00'
    WHEN 2 THEN 'Rp ' || dots(n)
    WHEN 3 THEN 'IDR ' || dots(n)
    WHEN 4 THEN CASE WHEN n % 1000 = 0 THEN (n // 1000) || ' ribu' ELSE dots(n) END
    ELSE dots(n) END;
CREATE MACRO slip(x, place) AS CASE
    WHEN place = 0 OR length(x) < 4 THEN x
    WHEN place % 3 = 0 THEN x[1:2 + place % (length(x) - 2)] || x[4 + place % (length(x) - 2):]
    WHEN place % 3 = 1 THEN x[1:1 + place % (length(x) - 2)] || x[3 + place % (length(x) - 2)]
        || x[2 + place % (length(x) - 2)] || x[4 + place % (length(x) - 2):]
    ELSE x[1:2 + place % (length(x) - 2)] || x[2 + place % (length(x) - 2):] END;
CREATE MACRO cased(x, style) AS CASE style WHEN 1 THEN upper(x) WHEN 2 THEN lower(x) ELSE x END;
CREATE MACRO phone_digits(d, style) AS CASE style
    WHEN 0 THEN '0' || d
    WHEN 1 THEN '0' || d[1:3] || '-' || d[4:7] || '-' || d[8:]
    WHEN 2 THEN '+62 ' || d[1:3] || ' ' || d[4:7] || ' ' || d[8:]
    WHEN 3 THEN '62' || d
    WHEN 4 THEN d
    WHEN 5 THEN '0' || d[1:2] || ' ' || d[3:6] || ' ' || d[7:9] || ' ' || d[10:]
    WHEN 6 THEN 'wa.me/62' || d
    ELSE '0062' || d END;
CREATE MACRO written_phone(n, style) AS phone_digits(n::VARCHAR, style);
CREATE MACRO written_landline(n, style) AS CASE WHEN n = 0 THEN NULL
    WHEN style % 2 = 0 THEN '(0' || (n // 10000000) || ') ' || (n % 10000000 // 10000) || '-'
        || lpad((n % 10000)::VARCHAR, 4, '0')
    ELSE '0' || n END;
CREATE MACRO masked_word(w) AS w[1] || repeat('*', greatest(length(w) - 1, 2));
CREATE MACRO masked_name(x) AS
    list_aggregate(list_transform(string_split(x, ' '), lambda w: masked_word(w)), 'string_agg', ' ');
CREATE MACRO masked_phone(n) AS '+62 ' || (n::VARCHAR)[1:3] || '****' || right(n::VARCHAR, 4);
CREATE MACRO csv_cell(x, sign) AS CASE
    WHEN x IS NULL THEN ''
    WHEN contains(x, sign) OR contains(x, '"') THEN '"' || replace(x, '"', '""') || '"'
    ELSE x END;
CREATE MACRO sheet_text(x) AS CASE WHEN x IS NULL THEN '<c/>' ELSE '<c t="inlineStr"><is><t>'
    || replace(replace(replace(x, '&', '&amp;'), '<', '&lt;'), '>', '&gt;') || '</t></is></c>' END;
CREATE MACRO sheet_number(x) AS CASE WHEN x IS NULL THEN '<c/>' ELSE '<c><v>' || x || '</v></c>' END;
"""


def words(numbers: np.ndarray, vocabulary: Sequence[str | None], empty: int | None = None) -> pa.Array:
    """A text column from a list of words and one index per row; `empty` is the index that means no value."""
    index = np.asarray(numbers, np.int32)
    if empty is not None:
        return pa.DictionaryArray.from_arrays(
            pa.array(index, mask=index == empty), pa.array(list(vocabulary))
        )
    return pa.DictionaryArray.from_arrays(pa.array(index), pa.array(list(vocabulary)))


def moments(days: np.ndarray) -> pa.Array:
    """Timestamps, to the second, of day numbers with fraction (local time)."""
    seconds = _EPOCH_SECONDS + np.floor(np.asarray(days, float) * 86_400).astype(np.int64)
    return pa.array(seconds, pa.timestamp("s"))


def dates(days_since_1970: np.ndarray) -> pa.Array:
    return pa.array(np.asarray(days_since_1970, np.int32), pa.int32()).cast(pa.date32())


class Scribe:
    """Writes text columns from columns of numbers, words and moments."""

    def __init__(self) -> None:
        self._db = duckdb.connect(":memory:")
        self._db.execute("SET preserve_insertion_order = true")
        self._db.execute("SET enable_progress_bar = false")
        self._db.execute(_MACROS)

    def write(self, columns: dict[str, object], select: dict[str, str]) -> pa.Table:
        """One row per row of `columns`, in their order, with the expressions of `select`."""
        table = pa.table({name: arrow(values) for name, values in columns.items()})
        return self.project(table, ", ".join(f'{sql} AS "{name}"' for name, sql in select.items()))

    def project(self, table: pa.Table, select: str) -> pa.Table:
        """`SELECT select FROM table`, keeping the order of rows."""
        rows = pa.Table.from_batches(table.to_batches(max_chunksize=_BATCH), table.schema)
        self._db.register("input_rows", rows)
        try:
            return self._db.sql(f"SELECT {select} FROM input_rows").to_arrow_table()
        finally:
            self._db.unregister("input_rows")

    def close(self) -> None:
        self._db.close()
