"""What no company needs to know: secrets by the name of the column or field that would hold them.

They open bank accounts, and no purpose of Satu needs them, so they are never stored.
"""

from __future__ import annotations

import re

SECRET_NAMES = {
    "mother_maiden_name": re.compile(
        r"\b(mothers?|ibu|mom)\b.*\b(maiden|kandung|birth name)\b|\b(maiden|gadis)\b.*\b(mothers?|ibu)\b"
        r"|^mothers? name$|^nama ibu$"
    ),
    "card_security_code": re.compile(r"\b(cvv2?|cvc2?|card security code|kode keamanan kartu)\b"),
    "card_number": re.compile(
        r"\b(credit|debit) card (number|no|num)\b|\b(no|nomor) kartu (kredit|debit)\b"
        r"|\bcc (number|no|num)\b"
    ),
    "pin": re.compile(r"^pin( (atm|kartu|card|code))?$"),
    "password": re.compile(r"\b(password|passwd|kata sandi|sandi)\b"),
}


def secret_kind(name: str) -> str | None:
    """The kind of secret that a column or field of this name would hold; None for all others."""
    words = re.sub(r"[^a-z0-9]+", " ", name.casefold().replace("'", "")).strip()
    return next((kind for kind, pattern in SECRET_NAMES.items() if pattern.search(words)), None)
