"""`match_records`: what each source record says of a person, for whatever fields the contract has."""

from __future__ import annotations

from warehouse.contracts import InputContract

_PLAIN = (
    "nik",
    "national_id",
    "member_id",
    "postcode",
    "sex",
    "occupation",
    "social_handle",
    "household_key",
)


def match_records_sql(contract: InputContract) -> str:
    """One row per record_key: its newest known value of every field that people are compared by.

    Phones are the newest and the earliest it had. `first_on` and `last_on` bound the days it was seen. A
    record whose only name is a placeholder (test, n/a) is marked: it is compared with nobody. A city is its
    official code where it has one, so that Kota Bandung and Bandung are one place.
    """
    derived = {name for name, _, _ in contract.derived}
    sources = {name: name for name in (*_PLAIN, "name_key", "birth_date", "city")}
    sources["email_key"] = "email_key" if "email_key" in derived else "email"
    sources["address_key"] = "address_key" if "address_key" in derived else "norm_address(address)"
    newest = ",\n        ".join(
        f"max_by({sql}, ord) FILTER (WHERE {sql} IS NOT NULL) AS {name}" for name, sql in sources.items()
    )
    return f"""
WITH newest AS (
    SELECT
        record_key,
        MIN(first_on) AS first_on,
        MAX(last_on) AS last_on,
        max_by(phones, ord) FILTER (WHERE array_length(phones) > 0) AS newest_phones,
        min_by(phones, ord) FILTER (WHERE array_length(phones) > 0) AS earliest_phones,
        {newest}
    FROM contact_versions
    GROUP BY record_key
)
SELECT
    n.record_no, r.record_key, r.first_on, r.last_on,
    CASE WHEN is_placeholder_name(r.name_key) THEN NULL ELSE r.name_key END AS name_key,
    COALESCE(is_placeholder_name(r.name_key), FALSE) AS is_placeholder,
    COALESCE(r.birth_date, nik_birth_date(r.nik, r.last_on)) AS birth_date,
    list_distinct(list_concat(r.newest_phones, r.earliest_phones)) AS phones,
    CASE
        WHEN is_role_email(r.email_key) OR is_placeholder_email(r.email_key) THEN NULL
        ELSE r.email_key
    END AS email,
    r.nik, r.national_id, r.member_id, r.address_key, r.postcode,
    COALESCE(g.city_code, lower(r.city)) AS city,
    r.sex, lower(r.occupation) AS occupation, r.social_handle, r.household_key
FROM newest AS r
INNER JOIN record_numbers AS n ON n.record_key = r.record_key
LEFT JOIN city_codes AS g ON g.city = r.city
"""
