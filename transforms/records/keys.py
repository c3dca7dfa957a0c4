"""The key of a record and the hash of what it says, over its standardised columns."""

from __future__ import annotations

from warehouse.contracts import InputContract

_IDENTITY = (
    "name_key",
    "email",
    "phones",
    "nik",
    "national_id",
    "member_id",
    "birth_date",
    "address",
    "social_handle",
)


def record_key_sql(contract: InputContract, id_space: str, role: str | None) -> str:
    """Whose row it is: the customer number in its space, for a contact without one what it says of itself."""
    if "source_id" not in contract.field_names:
        return "CAST(NULL AS VARCHAR)"
    suffix = f" || {_text('/' + role)}" if role else ""
    known = f"{_text(id_space + ':')} || source_id{suffix}"
    if contract.name != "contacts":
        return f"CASE WHEN source_id IS NOT NULL THEN {known} END"
    digest = f"keyed_hash({_packed(_IDENTITY)})"
    unknown = f"{_text(id_space + ':~')} || substr({digest}, 1, 24){suffix}"
    return f"CASE WHEN source_id IS NOT NULL THEN {known} ELSE {unknown} END"


def content_hash_sql(contract: InputContract) -> str:
    """Tells versions of a contact apart by all they say; other contracts have none."""
    if contract.name != "contacts":
        return "CAST(NULL AS BIGINT)"
    content = tuple(f.name for f in contract.fields if f.name not in ("source_id", contract.event_field))
    return f"keyed_int63({_packed((*content, 'phones'))})"


def _packed(names: tuple[str, ...]) -> str:
    values = ", ".join(f"COALESCE(CAST({_quoted(name)} AS VARCHAR), '')" for name in names)
    return f"concat_ws(chr(31), {values})"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
