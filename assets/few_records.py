"""A few records looked at closely, outside a night: every value they state, and how two of them compare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import numpy as np
import pyarrow as pa

from assets.context import Context, spill_folder
from assets.day import Day
from assets.matching import Matching
from assets.units import Unit
from transforms.identity.model import IdentityModel
from warehouse.engine import Engine

_SHARING = """
WITH asked AS (
    SELECT record_key, email_key, phones FROM contact_rows WHERE record_key IN (SELECT UNNEST($keys))
)
SELECT record_key FROM asked
UNION
SELECT record_key FROM contact_rows WHERE email_key IN (SELECT email_key FROM asked)
UNION
SELECT record_key FROM (SELECT record_key, UNNEST(phones) AS phone FROM contact_rows) AS listed
WHERE phone IN (SELECT UNNEST(phones) FROM asked)
"""
EVERY_PHONE = "phones"
"""The attribute under which a record's numbers stand one by one; `phone` is the first of a cell only."""
_EVERY_PHONE = f"""
SELECT customer_id, '{EVERY_PHONE}' AS attribute, phone AS value, record_key, channel, last_on AS seen_on,
    'stated' AS rule,
    CAST(ROW_NUMBER() OVER (
        PARTITION BY customer_id ORDER BY ord DESC, mapping, phone
    ) AS INTEGER) AS position,
    CAST(NULL AS DECIMAL(7, 4)) AS score, FALSE AS is_doubtful
FROM (
    SELECT l.customer_id, v.record_key, v.channel, v.last_on, v.ord, v.mapping, UNNEST(v.phones) AS phone
    FROM contact_versions AS v
    INNER JOIN customer_links AS l ON l.record_key = v.record_key
) AS listed
"""


def attribute_values(context: Context, as_of: date, units: list[Unit], links: pa.Table) -> pa.Table:
    """`attribute_values` of the records in `links` (record_key, customer_id): winners and losing values.

    With them every number of every record, as EVERY_PHONE.
    """
    with _looking(context, as_of, units) as day:
        _keep_only(day, links.column("record_key").to_pylist())
        day.put("customer_links", links)
        day.need("attribute_values")
        day.need("contact_versions")
        return day.engine.fetch(f"SELECT * FROM attribute_values UNION ALL BY NAME {_EVERY_PHONE}")


def score_pairs(
    context: Context, as_of: date, units: list[Unit], keys: Sequence[str], model: IdentityModel
) -> pa.Table:
    """Every pair of these records, weighed as a night would: record_a, record_b, pattern, weight, ...

    Whether a phone or e-mail is too widely shared to count depends on all records that have it, so those are
    looked at as well. A record without contact details is in no pair.
    """
    with _looking(context, as_of, units) as day:
        sharing = day.engine.fetch(_SHARING, {"keys": list(keys)}).column("record_key").to_pylist()
        _keep_only(day, sharing)
        numbered = sorted({*sharing, *keys})
        numbers = pa.array(np.arange(len(numbered), dtype=np.int32))
        day.put("record_numbers", pa.table({"record_key": pa.array(numbered), "record_no": numbers}))
        day.need("match_records")
        _score_all(day.engine, keys, model)
        return day.engine.fetch(
            "SELECT a.record_key AS record_a, b.record_key AS record_b, s.pattern, s.weight, s.term_bits,"
            " s.is_vetoed FROM asked_scored AS s"
            " INNER JOIN record_numbers AS a ON a.record_no = s.record_a"
            " INNER JOIN record_numbers AS b ON b.record_no = s.record_b ORDER BY record_a, record_b"
        )


@contextmanager
def _looking(context: Context, as_of: date, units: list[Unit]) -> Iterator[Day]:
    with (
        spill_folder() as spill,
        Day(context, as_of, units, spill=spill) as day,
    ):
        day.need("contact_rows")
        yield day


def _keep_only(day: Day, keys: Sequence[str]) -> None:
    rows = "SELECT * FROM contact_rows WHERE record_key IN (SELECT UNNEST($keys))"
    day.put("contact_rows", day.engine.fetch(rows, {"keys": list(keys)}))


def _score_all(engine: Engine, keys: Sequence[str], model: IdentityModel) -> None:
    matching = Matching(engine)
    matching.features()
    engine.put("asked_keys", pa.table({"record_key": pa.array(list(keys), pa.string())}))
    engine.materialise(
        "asked_numbers", "SELECT n.record_no FROM record_numbers AS n SEMI JOIN asked_keys USING (record_key)"
    )
    pairs = engine.fetch(
        "SELECT a.record_no AS record_a, b.record_no AS record_b FROM asked_numbers AS a"
        " INNER JOIN asked_numbers AS b ON a.record_no < b.record_no"
    )
    matching.score(model, matching.compare(pairs), "asked_scored")
