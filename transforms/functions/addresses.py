"""Addresses as keys for equality; the written address is kept elsewhere."""

from __future__ import annotations

from transforms.functions.registry import Function, null_if_empty

# Variants of the words of an Indonesian address.
_WORDS = {
    "jl": "jalan|jln",
    "gg": "gang",
    "no": "nomor|nomer|nmr",
    "blok": "blk|block",
    "kav": "kavling",
    "komp": "komplek|kompleks|kompl",
    "perum": "perumahan|prm",
    "kel": "kelurahan",
    "desa": "ds",
    "dusun": "dsn",
    "kec": "kecamatan",
    "kab": "kabupaten",
    "prov": "provinsi|propinsi",
    "lt": "lantai",
    "jakarta": "jkt",
}
# "rt/rw 003/004" and "rt 003/004" say the same as "rt 3 rw 4"; "no12" the same as "no 12".
_RT_RW = (r"(^| )rt *(?:rw *)?0*([0-9]+) +0*([0-9])", r"\1rt \2 rw \3")
_NUMBERED = (r"(^| )(rt|rw|no|kav) *0*([0-9])", r"\1\2 \3")


def _norm_address(x: str) -> str:
    text = f"lower(fold_accents({x}))"
    for apostrophe in ("''", "’", "`"):
        text = f"replace({text}, '{apostrophe}', '')"
    text = rf"regexp_replace({text}, '[^\p{{L}}\p{{M}}0-9]+', '  ', 'g')"
    text = f"concat(' ', trim({text}), ' ')"
    for word, variants in _WORDS.items():
        text = f"regexp_replace({text}, ' (?:{variants}) ', ' {word} ', 'g')"
    text = f"trim(replace({text}, '  ', ' '))"
    for pattern, replacement in (_RT_RW, _NUMBERED):
        text = f"regexp_replace({text}, '{pattern}', '{replacement}', 'g')"
    return null_if_empty("address_key", text)


FUNCTIONS = (
    Function(
        "norm_address",
        ("x",),
        _norm_address("x"),
        "VARCHAR",
        "An address for equality: lower case, jalan/jln → jl, gang → gg, RT 003/004 → rt 3 rw 4, signs off.",
    ),
)
