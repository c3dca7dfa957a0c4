"""Small codes about people and places: sex, postcode."""

from __future__ import annotations

from transforms.functions.registry import Function, let, null_if_empty

_FEMALE = (
    "'p', 'pr', 'perempuan', 'wanita', 'w', 'f', 'female', 'woman', 'cewek', 'putri', 'ibu', 'ny', 'nn', '2'"
)
_MALE = (
    "'l', 'lk', 'laki', 'laki laki', 'laki2', 'lakilaki', 'pria', 'm', 'male', 'man', 'cowok', 'putra', "
    "'bapak', 'tn', '1'"
)
_COMPLETED = (
    "'completed', 'complete', 'selesai', 'paid', 'lunas', 'done', 'ok', 'sukses', 'success', 'delivered', "
    "'terkirim', 'shipped', 'dikirim', 'closed', 'sale', 'penjualan', 'diterima'"
)
_CANCELLED = "'cancelled', 'canceled', 'cancel', 'batal', 'dibatalkan', 'void', 'voided', 'failed', 'gagal'"
_RETURNED = "'returned', 'return', 'retur', 'refunded', 'refund', 'dikembalikan', 'pengembalian'"

_INDONESIAN_POSTCODE = r"regexp_extract(regexp_replace(x, '[.,]0\z|[ .-]+', '', 'g'), '^[1-9][0-9]{4}\z', 0)"
_SIGNS = r"regexp_replace(upper(x), '[.,]0\z|[^A-Z0-9]+', '', 'g')"
_FOREIGN_POSTCODE = rf"""CASE
    WHEN regexp_matches({_SIGNS}, '^(?:0+|9{{4,}}|.{{0,2}}|.{{11,}}|[A-Z]+)\z') THEN ''
    WHEN upper(country) = 'US' THEN left(regexp_extract({_SIGNS}, '^[0-9]{{5}}(?:[0-9]{{4}})?\z', 0), 5)
    ELSE {_SIGNS} END"""

FUNCTIONS = (
    Function(
        "norm_sex",
        ("x",),
        let(
            "sex_word",
            "trim(regexp_replace(lower(x), '[^a-z0-9]+', ' ', 'g'))",
            f"CASE WHEN sex_word IN ({_FEMALE}) THEN 'female' WHEN sex_word IN ({_MALE}) THEN 'male' END",
        ),
        "VARCHAR",
        "female or male from L/P, laki-laki/perempuan, pria/wanita, m/f, 1/2 (men first, as on "
        "forms); NULL otherwise.",
    ),
    Function(
        "norm_order_status",
        ("x",),
        let(
            "status_word",
            "trim(regexp_replace(lower(x), '[^a-z]+', ' ', 'g'))",
            f"CASE WHEN status_word IN ({_COMPLETED}) THEN 'completed' WHEN status_word IN ({_CANCELLED}) "
            f"THEN 'cancelled' WHEN status_word IN ({_RETURNED}) THEN 'returned' END",
        ),
        "VARCHAR",
        "completed, cancelled or returned from the words tills and marketplaces use; NULL for any other.",
    ),
    Function(
        "norm_postcode",
        ("x", "country"),
        null_if_empty(
            "postcode_signs",
            f"""CASE WHEN coalesce(country, 'ID') = 'ID' THEN {_INDONESIAN_POSTCODE}
            ELSE {_FOREIGN_POSTCODE} END""",
        ),
        "VARCHAR",
        "A postcode: five digits in Indonesia (ISO code ID or NULL), elsewhere three to ten capitals and "
        "digits with a digit among them, of US codes the first five; NULL otherwise.",
    ),
)
