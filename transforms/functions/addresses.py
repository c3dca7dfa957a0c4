"""Addresses: one normal form to read, one cheap key to compare; the written address is kept elsewhere."""

from __future__ import annotations

from transforms.functions.registry import Function, let, null_if_empty

_SIGNS = r"[^\p{L}\p{M}\p{N}]"
_APOSTROPHES = "[''’‘`ʼ´]+"

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

# Words that say what kind of thing follows, in Indonesian and in the languages of most foreign addresses. The
# key drops them: one writer in two leaves them out or shortens them his own way.
_GENERIC = (
    "jl jln jalan jend jenderal gg gang lr lrg lorong no nomor nomer nmr rt rw rtrw blok blk block "
    "kav kavling kapling komp komplek kompleks kompl perum perumahan prm apt apartemen apartment lt lantai "
    "unit dusun dsn kampung kp lingkungan lingk kel kelurahan ds desa kec kecamatan kab kabupaten kota "
    "kotamadya km prov provinsi propinsi kodepos kode pos "
    "street st road rd avenue ave av lane ln drive dr boulevard blvd court ct place pl square sq suite ste "
    "flat floor fl building bldg strasse str rue calle via nr po box"
)
_GENERIC_WORDS = "|".join(sorted(_GENERIC.split(), key=lambda word: (-len(word), word)))
# Signs, the generic words between them and the zeros before a number are one match: every match costs.
_BETWEEN = rf"{_SIGNS}+(?:0*(?:{_GENERIC_WORDS})?{_SIGNS}+)*0*"
# A number written against its word: rt03, no12, blok5.
_GLUED = r" (?:rt|rw|no|nomor|blok|kav|lt|gg|km)0*([1-9])"


def _norm_address(x: str) -> str:
    text = rf"regexp_replace(address_plain, '{_SIGNS}+', '  ', 'g')"
    text = f"concat(' ', trim({text}), ' ')"
    for word, variants in _WORDS.items():
        text = f"regexp_replace({text}, ' (?:{variants}) ', ' {word} ', 'g')"
    text = f"trim(replace({text}, '  ', ' '))"
    for pattern, replacement in (_RT_RW, _NUMBERED):
        text = f"regexp_replace({text}, '{pattern}', '{replacement}', 'g')"
    plain = f"regexp_replace(lower(fold_accents({x})), '{_APOSTROPHES}', '', 'g')"
    return null_if_empty("address_normal", let("address_plain", plain, text))


def _address_key(x: str) -> str:
    """Regular expressions stay out of the lambda, where DuckDB would compile them for every batch of rows."""
    plain = f"lower(fold_accents({x}))"
    text = f"""CASE WHEN contains({x}, '''') OR contains({x}, '’')
        THEN regexp_replace({plain}, '{_APOSTROPHES}', '', 'g') ELSE {plain} END"""
    words = f"regexp_replace(concat(' ', {text}, ' '), '{_BETWEEN}', ' ', 'g')"
    numbers = rf"regexp_replace({words}, '{_GLUED}', ' \1', 'g')"
    inner = "substr(address_words, 2, greatest(length(address_words) - 2, 0))"
    return let("address_words", numbers, f"nullif({inner}, '')")


# Where an address begins to name regions: at kec, kab, kota or prov, else its last two parts between commas,
# else the words after its last number. A postcode may follow.
_POSTCODE = "(?:[ ,.]+[0-9]{5})?"
_TAIL = (
    r"(?:(?:^|[ ,.])(?:kec|kecamatan|kab|kabupaten|kota|kotamadya|prov|provinsi)[ .].*"
    rf"|[^,]*[a-z][^,]*,[^,]*|[0-9](?:[ ]+[^ ,0-9]+){{1,4}}{_POSTCODE})[ .,]*\z"
)


FUNCTIONS = (
    Function(
        "norm_address",
        ("x",),
        _norm_address("x"),
        "VARCHAR",
        "An address for equality: lower case, jalan/jln → jl, gang → gg, RT 003/004 → rt 3 rw 4, signs off.",
    ),
    Function(
        "address_key",
        ("x",),
        _address_key("x"),
        "VARCHAR",
        "A cheap key for comparing addresses of any country: lower case, accents and signs off, words like "
        "jalan, gang, no, rt, rw, kel, kec, street or road dropped, no leading zeros. NULL when "
        "nothing is left.",
    ),
    Function(
        "address_tail",
        ("x",),
        null_if_empty(
            "address_end", f"ltrim(regexp_extract(lower(fold_accents(clean_text(x))), '{_TAIL}', 0), ' ,.')"
        ),
        "VARCHAR",
        "The end of an Indonesian address, where it names district, city and province: few distinct values, "
        "for place_codes.",
    ),
)
