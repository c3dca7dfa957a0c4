"""How an erased person is known again without being kept: keyed hashes of what only that person states.

A phone or an address passes to others and is shared in a family, so a phone counts only with a name. An
e-mail or an identity number counts alone unless somebody who stays states it too (`entries_sql`).
"""

from __future__ import annotations

RECORD, NIK, EMAIL, PHONE_NAME, NIK_NAME, EMAIL_NAME = (
    "record",
    "nik",
    "email",
    "phone_name",
    "nik_name",
    "email_name",
)
KINDS = (RECORD, NIK, EMAIL, PHONE_NAME, NIK_NAME, EMAIL_NAME)
_NAME = "array_to_string(name_tokens(name_key), ' ')"
_ALONE = {NIK: "nik", EMAIL: "email_key"}
_WITH_NAME = {PHONE_NAME: "phones", NIK_NAME: "[nik]", EMAIL_NAME: "[email_key]"}


def is_suppressed_sql(contract: str, kinds: frozenset[str]) -> str:
    """Whether a row is one of an erased person, by the kinds of entries there are: hashing is costly."""
    listed = "IN (SELECT record_hash FROM suppressions)"
    tests = [f"keyed_hash(record_key) {listed}"] if RECORD in kinds else []
    if contract == "contacts":
        tests += [f"{_hash(kind, value)} {listed}" for kind, value in _ALONE.items() if kind in kinds]
        tests += [
            f"list_has_any({_hashes_with_name(kind, values)}, (SELECT list(record_hash) FROM suppressions))"
            for kind, values in _WITH_NAME.items()
            if kind in kinds
        ]
    return f"COALESCE({', FALSE) OR COALESCE('.join(tests)}, FALSE)" if tests else "FALSE"


def entries_sql() -> str:
    """The entries (kind, record_hash) of people, over `contacts` (record_key, nik, email_key, phones,
    name_key of every version known) and `own_keys` (person, record_key): one row per entry."""
    parts = [f"SELECT '{RECORD}' AS kind, keyed_hash(record_key) AS record_hash FROM own_keys"]
    for kind, with_name, value in ((NIK, NIK_NAME, "nik"), (EMAIL, EMAIL_NAME, "email_key")):
        is_shared = f"{value} IN (SELECT {value} FROM others WHERE {value} IS NOT NULL)"
        parts.append(f"SELECT '{kind}', {_hash(kind, value)} FROM own WHERE NOT ({is_shared})")
        parts.append(
            f"SELECT '{with_name}', UNNEST({_hashes_with_name(with_name, f'[{value}]')})"
            f" FROM named WHERE {is_shared}"
        )
    parts.append(f"SELECT '{PHONE_NAME}', UNNEST({_hashes_with_name(PHONE_NAME, 'phones')}) FROM named")
    return f"""
WITH own AS (
    SELECT k.person, c.* FROM contacts AS c INNER JOIN own_keys AS k ON k.record_key = c.record_key
),
others AS (
    SELECT nik, email_key FROM contacts WHERE record_key NOT IN (SELECT record_key FROM own_keys)
),
names AS (SELECT DISTINCT person, name_key FROM own WHERE name_key IS NOT NULL),
named AS (
    SELECT own.nik, own.email_key, own.phones, names.name_key
    FROM own INNER JOIN names ON names.person = own.person
)
SELECT DISTINCT kind, record_hash
FROM ({" UNION ALL ".join(parts)})
WHERE record_hash IS NOT NULL
ORDER BY kind, record_hash
"""


def _hash(kind: str, value: str) -> str:
    return f"keyed_hash('{kind}' || chr(31) || {value})"


def _hashes_with_name(kind: str, values: str) -> str:
    said = f"'{kind}' || chr(31) || one || chr(31) || {_NAME}"
    return f"list_transform({values}, lambda one: keyed_hash({said}))"
