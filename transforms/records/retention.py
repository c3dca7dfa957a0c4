"""Which rows of records are kept no longer, over the stored rows of every contract about people.

A record is kept until the longest of its purposes has run out after its last event; it is one record in all
channels that name it. Once that day has passed its rows are gone for good: what comes later under the same
key begins anew. So the outcome depends on what was known at `as_of` alone, whichever nights were run before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from warehouse.contracts import InputContract

SAYS_WHOSE = ("personal", "specific")
MARK = "_expired"
"""The column of raw rows that says, for every mapping that keeps a row no longer, where the row had gone."""
FOR_EVER = "DATE '9999-12-31'"
SEEN_ON = "GREATEST(arrived, event_on)"


def naming_fields(contract: InputContract) -> list[str]:
    """The fields of an order that say whose it is: the customer, and the company's personal fields."""
    return ["source_id", *(f.name for f in contract.fields if f.added and f.privacy in SAYS_WHOSE)]


def had_gone_sql(mapping: str) -> str:
    """Where a raw row had gone before a mapping (`contacts.1`) kept it no longer; NULL while it is kept."""
    marks = f"concat(' ', {MARK}, ' ')"
    return f"NULLIF(split_part(split_part({marks}, ' {mapping}=', 2), ' ', 1), '')"


def expired_records_sql(sources: Mapping[str, str], intervals: Mapping[str, str]) -> str:
    """`expired_records` (record_key, expired_through): rows of the record seen up to that day are gone.

    `sources` are the tables of stored rows and the names of their channel's column; `intervals` say by
    channel how long its records are kept, those it does not name for ever.
    """
    touches = " UNION ALL ".join(
        f"SELECT record_key, arrived, event_on, {channel} AS channel FROM {name}"
        for name, channel in sources.items()
    )
    kept = " ".join(
        f"WHEN '{channel}' THEN CAST(event_on + {interval} AS DATE)"
        for channel, interval in intervals.items()
    )
    return f"""
WITH seen AS (
    SELECT t.record_key, {SEEN_ON} AS seen_on,
        MAX(CASE t.channel {kept} ELSE {FOR_EVER} END) AS kept_until
    FROM ({touches}) AS t
    CROSS JOIN params AS p
    WHERE t.record_key IS NOT NULL AND t.arrived <= p.as_of AND t.event_on <= p.as_of
    GROUP BY t.record_key, {SEEN_ON}
),
spans AS (
    SELECT record_key, seen_on,
        MAX(kept_until) OVER (
            PARTITION BY record_key ORDER BY seen_on ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS kept_until,
        LEAD(seen_on) OVER (PARTITION BY record_key ORDER BY seen_on) AS seen_again_on
    FROM seen
)
SELECT s.record_key, MAX(s.seen_on) AS expired_through
FROM spans AS s
CROSS JOIN params AS p
WHERE s.kept_until < COALESCE(CAST(s.seen_again_on - INTERVAL 1 DAY AS DATE), p.as_of)
GROUP BY s.record_key
"""


def kept_rows_sql(rows: str) -> str:
    """The stored rows of a contract without those of expired records."""
    return f"SELECT r.* FROM {rows} AS r ANTI JOIN expired_records AS e ON {is_expired_sql('r')}"


def anonymous_rows_sql(rows: str, columns: Sequence[str]) -> str:
    """The stored rows of a contract, those of expired records without what says whose they are: `columns`."""
    blanks = ", ".join(f'CASE WHEN e.record_key IS NULL THEN r."{name}" END AS "{name}"' for name in columns)
    joined = f"LEFT JOIN expired_records AS e ON {is_expired_sql('r')}"
    return f"SELECT r.* REPLACE ({blanks}) FROM {rows} AS r {joined}"


def expired_counts_sql(sources: Mapping[str, tuple[str, str]]) -> str:
    """`expired_counts`: by channel, contract, file_seq and mapping, the rows that are gone. `sources` are the
    tables of stored rows with (contract, name of the channel's column)."""
    return " UNION ALL ".join(
        f"SELECT r.{column} AS channel, '{contract}' AS contract, r.file_seq, r.mapping, COUNT(*) AS n"
        f" FROM {name} AS r INNER JOIN expired_records AS e ON {is_expired_sql('r')} GROUP BY ALL"
        for name, (contract, column) in sources.items()
    )


def is_expired_sql(rows: str) -> str:
    """Whether a stored row is of an expired record, as a join with `expired_records AS e`."""
    return (
        f"e.record_key = {rows}.record_key AND GREATEST({rows}.arrived, {rows}.event_on) <= e.expired_through"
    )
