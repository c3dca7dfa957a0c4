"""The golden record, for whatever fields the contacts contract has (registered ones included).

These tables have one column or row per field of the contract, so their SQL is made from the contract
instead of standing in a file.
"""

from __future__ import annotations

from warehouse.contracts import Field, InputContract, duckdb_type

_NEWEST = "days_between(DATE '1900-01-01', v.last_on)"
_EARLIEST = "-days_between(DATE '1900-01-01', v.first_on)"
_WISHES = {
    "trust": ("ch.trust", _NEWEST, "v.ord"),
    "recency": (_NEWEST, "ch.trust", "v.ord"),
    "first": (_EARLIEST, "ch.trust", "-v.ord"),
}
_IDENTITY_EXTRAS = {"name_key": "VARCHAR", "phones": "VARCHAR[]", "name_titles": "VARCHAR"}


def golden_models(contract: InputContract) -> dict[str, str]:
    """The SELECT of every table made here, by the table's name."""
    return {
        "contact_versions": contact_versions_sql(contract),
        "contact_records": contact_records_sql(contract),
        "customer_attributes": customer_attributes_sql(contract),
        "customer_profile": customer_profile_sql(contract),
    }


def contact_versions_sql(contract: InputContract) -> str:
    """`contact_versions`: one row per record, channel and content, with its fields and `ord`."""
    fields = ", ".join(f"c.{name}" for name in (*_content(contract), *_IDENTITY_EXTRAS))
    return f"""
SELECT v.record_key, v.channel, v.content_hash, v.ord, v.first_on, v.last_on, {fields}
FROM visible_contacts AS v
INNER JOIN contact_rows AS c
    ON c.record_key = v.record_key AND c.channel = v.channel
    AND v.ord = c.line
        + (CAST(days_between(DATE '2000-01-01', c.arrived) AS BIGINT) * 100000 + c.file_seq) * 1000000000
    AND c.content_hash = v.content_hash
"""


def contact_records_sql(contract: InputContract) -> str:
    """`contact_records`: one row per record and channel, the newest known value of every identity field."""
    newest = [
        f"max_by({name}, ord) FILTER (WHERE {name} IS NOT NULL) AS {name}"
        for name in (*_identity(contract), "name_key")
    ]
    newest.append("max_by(phones, ord) FILTER (WHERE len(phones) > 0) AS phones")
    return f"""
SELECT record_key, channel, MIN(first_on) AS first_on, MAX(last_on) AS last_on,
    {", ".join(newest)}
FROM contact_versions
GROUP BY record_key, channel
"""


def customer_attributes_sql(contract: InputContract) -> str:
    """`customer_attributes`: the surviving value of every attribute, with its source and rule.

    Rules (declared per field): trust = the most trusted channel, then the newest; recency = the newest,
    then the most trusted; first = the earliest, kept for ever.
    """
    fields = _surviving(contract)
    candidates = "\n    UNION ALL\n".join(_candidates(field, number) for number, field in enumerate(fields))
    names = ", ".join(f"({number}, '{field.name}')" for number, field in enumerate(fields))
    return f"""
WITH candidates AS (
{candidates}
),
ranked AS (
    SELECT customer_id, attribute_no, value, record_key, channel, seen_on, rule,
        ROW_NUMBER() OVER (
            PARTITION BY customer_id, attribute_no
            ORDER BY first_wish DESC, second_wish DESC, ord DESC, record_key, channel, value
        ) AS position
    FROM candidates
),
counted AS (
    SELECT customer_id, attribute_no, CAST(COUNT(DISTINCT value) AS INTEGER) AS count_values
    FROM candidates
    GROUP BY customer_id, attribute_no
),
attributes AS (
    SELECT attribute_no, attribute FROM (VALUES {names}) AS named (attribute_no, attribute)
)
SELECT r.customer_id, a.attribute, r.value, r.record_key, r.channel, r.seen_on, r.rule, c.count_values
FROM ranked AS r
INNER JOIN counted AS c ON c.customer_id = r.customer_id AND c.attribute_no = r.attribute_no
INNER JOIN attributes AS a ON a.attribute_no = r.attribute_no
WHERE r.position = 1
"""


def customer_profile_sql(contract: InputContract) -> str:
    """`customer_profile`: one row per customer, one column per attribute, with first and last day seen."""
    columns = ",\n    ".join(
        f"CAST(MAX(CASE WHEN a.attribute = '{f.name}' THEN a.value END) AS {duckdb_type(f.type)}) AS {f.name}"
        for f in _surviving(contract)
    )
    return f"""
WITH seen AS (
    SELECT l.customer_id, MIN(r.first_on) AS first_seen, MAX(r.last_on) AS last_seen
    FROM customer_links AS l
    INNER JOIN record_registry AS r ON r.record_key = l.record_key
    GROUP BY l.customer_id
)
SELECT s.customer_id, MIN(s.first_seen) AS first_seen, MAX(s.last_seen) AS last_seen,
    {columns}
FROM seen AS s
LEFT JOIN customer_attributes AS a ON a.customer_id = s.customer_id
GROUP BY s.customer_id
"""


def profile_fields(contract: InputContract) -> list[Field]:
    """The fields that become columns of `customer_profile`."""
    return _surviving(contract)


def _surviving(contract: InputContract) -> list[Field]:
    return [f for f in contract.fields if f.survivorship is not None]


def _content(contract: InputContract) -> list[str]:
    return [f.name for f in contract.fields if f.name not in ("source_id", contract.event_field)]


def _identity(contract: InputContract) -> list[str]:
    wanted = ("full_name", "nik", "national_id", "member_id", "email", "birth_date", "household_key")
    return [name for name in wanted if contract.field_named(name) is not None]


def _candidates(field: Field, number: int) -> str:
    rule = field.survivorship or "recency"
    first_wish, second_wish, order = _WISHES[rule]
    return f"""    SELECT l.customer_id, {number} AS attribute_no, CAST(v.{field.name} AS VARCHAR) AS value,
        v.record_key, v.channel, v.last_on AS seen_on, '{rule}' AS rule,
        {first_wish} AS first_wish, {second_wish} AS second_wish, {order} AS ord
    FROM contact_versions AS v
    INNER JOIN customer_links AS l ON l.record_key = v.record_key
    INNER JOIN channels AS ch ON ch.channel = v.channel
    WHERE v.{field.name} IS NOT NULL"""
