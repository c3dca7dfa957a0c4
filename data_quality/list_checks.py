"""The check of every list: whoever it shows as contactable, `contactability` allows."""

from __future__ import annotations

from data_quality.wording import Wording
from warehouse.contracts import Table
from warehouse.contracts.model import Text

GOES_BY_CONTACTABILITY = "goes_by_contactability"
LIST_CHECKS = {
    GOES_BY_CONTACTABILITY: Wording(
        Text(
            "Whoever this list shows as contactable, contactability allows for its purpose and channel.",
            "Yang boleh dihubungi menurut daftar ini diizinkan contactability untuk tujuan dan kanalnya.",
        ),
        Text(
            "The list shows people as contactable whom contactability does not allow to be contacted.",
            "Daftar menandai orang boleh dihubungi padahal contactability tidak mengizinkannya.",
        ),
        Text(
            "Use no earlier copy of the list; it is an error in the code, report it.",
            "Jangan memakai salinan daftar yang lama; ini kesalahan kode, laporkan.",
        ),
    )
}


def list_breaches_sql(table: Table) -> str:
    """How many rows of a list are shown as contactable, and how many of them against `contactability`."""
    return f"""
SELECT COUNT(*) AS count_checked, COUNT(*) FILTER (WHERE c.customer_id IS NULL) AS count_failed
FROM {table.name} AS m
LEFT JOIN contactability AS c
    ON c.customer_id = m.customer_id AND c.purpose = lower(trim(m.purpose))
    AND c.contact_channel = m.contact_channel AND c.is_allowed
WHERE m.is_contactable
"""
