"""The golden record, for whatever fields the contacts contract has (registered ones included).

These tables have one column or row per field of the contract, so their SQL is made from the contract
instead of standing in a file.
"""

from __future__ import annotations

from functools import cache

from transforms.customers.attributes import (
    attribute_values_sql,
    customer_attributes_sql,
    customer_profile_sql,
)
from transforms.customers.statements import golden_statements_sql
from transforms.customers.units import units_of
from transforms.customers.winners import rivals_sql, winners_sql
from warehouse.contracts import Field, InputContract

READ_ONCE = frozenset({"customer_attributes"})
"""Long tables that only reshape others and are read once, when they are stored: not worth keeping."""
SPENT = {"customer_attributes": ("golden_statements",)}
"""By table: what nobody needs any more once it is there."""


@cache
def golden_models(contract: InputContract) -> dict[str, str]:
    """The SELECT of every table made here, by the table's name. The contract carries the company's rules."""
    units = units_of(contract)
    winners = {unit.winners: winners_sql(unit) for unit in units}
    rivals = {unit.rivals: rivals_sql(unit) for unit in units}
    return {
        "contact_versions": contact_versions_sql(contract),
        "contact_records": contact_records_sql(contract),
        "golden_statements": golden_statements_sql(contract),
        **winners,
        **rivals,
        "customer_attributes": customer_attributes_sql(contract),
        "customer_profile": customer_profile_sql(contract),
        "attribute_values": attribute_values_sql(contract),
    }


def contact_versions_sql(contract: InputContract) -> str:
    """`contact_versions`: one row per record, channel and content, with its fields and `ord`."""
    content = [f.name for f in contract.fields if f.name not in ("source_id", contract.event_field)]
    fields = ", ".join(f'c."{name}"' for name in (*content, *(name for name, _, _ in contract.derived)))
    return f"""
SELECT v.record_key, v.channel, v.content_hash, v.ord, c.mapping, v.first_on, v.last_on, {fields}
FROM visible_contacts AS v
INNER JOIN contact_rows AS c
    ON c.record_key = v.record_key AND c.channel = v.channel
    AND v.ord = version_ord(c.arrived, c.file_seq, c.line)
    AND c.content_hash = v.content_hash
"""


def contact_records_sql(contract: InputContract) -> str:
    """`contact_records`: one row per record and channel, the newest known value of every identity field."""
    newest = [
        f"max_by({name}, ord) FILTER (WHERE {name} IS NOT NULL) AS {name}"
        for name in (*_identity(contract), "name_key")
    ]
    newest.append("max_by(phones, ord) FILTER (WHERE array_length(phones) > 0) AS phones")
    return f"""
SELECT record_key, channel, MIN(first_on) AS first_on, MAX(last_on) AS last_on,
    {", ".join(newest)}
FROM contact_versions
GROUP BY record_key, channel
"""


def profile_fields(contract: InputContract) -> list[Field]:
    """The fields that become columns of `customer_profile`."""
    return [f for f in contract.fields if f.survivorship is not None]


def _identity(contract: InputContract) -> list[str]:
    wanted = ("full_name", "nik", "national_id", "member_id", "email", "birth_date", "household_key")
    return [name for name in wanted if contract.field_named(name) is not None]
