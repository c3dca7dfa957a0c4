"""Numbers and answers as people type them: rupiah, thousands, ribu and juta, ya and tidak.

`decimal_sep` is the decimal sign of the source's locale, ',' or '.'. It decides only what the text leaves
open: `1.250` is 1250 where the comma is decimal and 1.25 where the point is. Percentages, NaN, infinity and
currencies other than the rupiah are no numbers: a wrong amount is worse than a missing one.
"""

from __future__ import annotations

from transforms.functions.registry import Function, let

# A number has at most 14 digits before the point. Its type is wider, because DuckDB multiplies two
# DECIMAL(18, 4) in 64 bits, where a product of 92 thousand million is already an error.
NUMBER_TYPE = "DECIMAL(24, 4)"
_PARSED_TYPE = "DECIMAL(18, 4)"

_BLANKS = r"[ \x{0009}\x{00A0}\x{2007}\x{2009}\x{202F}]+"
# "Rp50.000,-" and "Rp50.000,=" say that there are no cents.
_RUPIAH = "rupiah|idr|rp[.]?"
_NO_CENTS = r",[-=\x{2013}]+\z"
_SCALES = (
    ("ribu|rb|k", 1_000),
    ("juta|jt", 1_000_000),
    ("miliar|milyar|milliar", 1_000_000_000),
    ("triliun|trilyun", 1_000_000_000_000),
)
_SCALE_WORDS = "|".join(words for words, _ in _SCALES)


def _grouped(sign: str, other: str) -> str:
    """Thousands marked by `sign` beyond doubt: two groups or more, or one and then the other sign."""
    return rf"^[0-9]{{1,3}}(?:(?:[{sign}][0-9]{{3}}){{2,}}|(?:[{sign}][0-9]{{3}})+[{other}][0-9]*)\z"


def _plain(core: str) -> str:
    """An unsigned number as written → the form every engine casts; NULL when it is no number."""
    return rf"""CASE
        WHEN regexp_matches({core}, '^[0-9]+\z') THEN {core}
        WHEN regexp_matches({core}, '{_grouped(".", ",")}') THEN replace(replace({core}, '.', ''), ',', '.')
        WHEN regexp_matches({core}, '{_grouped(",", ".")}') THEN replace({core}, ',', '')
        WHEN regexp_matches({core}, '^[1-9][0-9]{{0,2}}[.,][0-9]{{3}}\z') THEN
            CASE WHEN contains({core}, decimal_sep) THEN replace({core}, ',', '.')
                ELSE replace(replace({core}, ',', ''), '.', '') END
        WHEN regexp_matches({core}, '^(?:[0-9]+[.,][0-9]*|[.,][0-9]+)\z') THEN replace({core}, ',', '.')
        WHEN regexp_matches({core}, '^[0-9]{{1,3}}(?: [0-9]{{3}})+(?:[.,][0-9]+)?\z')
            THEN replace(replace({core}, ' ', ''), ',', '.')
        WHEN regexp_matches({core}, '^[0-9](?:[.,][0-9]+)?e[+-]?[0-9]{{1,2}}\z')
            THEN replace({core}, ',', '.')
        END"""


def _scale(text: str) -> str:
    branches = " ".join(
        rf"WHEN regexp_matches({text}, '[0-9] *(?:{words})[.]?[ )-]*\z') THEN {factor}"
        for words, factor in _SCALES
    )
    return f"CASE {branches} ELSE 1 END"


def _sign(text: str) -> str:
    """Minus in front, behind or as brackets; two signs at once, or half a bracket, are no number."""
    return rf"""CASE
        WHEN NOT regexp_matches({text}, '[()-]') OR regexp_matches({text}, '^[0-9][0-9.,]*e-[0-9]+\z') THEN 1
        WHEN regexp_matches({text}, '^(?:-[^()-]*|[(][^()-]*[)]|[^()-]*-)\z') THEN -1
        END"""


def _amount(text: str) -> str:
    bare = rf"trim(regexp_replace({text}, '^(?:[+-]|[(])|(?:[)]|-)\z', '', 'g'))"
    bare = rf"trim(regexp_replace({bare}, '(?:{_SCALE_WORDS})[.]?\z', ''))"
    core = f"TRY_CAST({let('number_core', bare, _plain('number_core'))} AS {_PARSED_TYPE})"
    factor = f"CAST(({_scale(text)}) * ({_sign(text)}) AS BIGINT)"
    return f"TRY_CAST({core} * {factor} AS {_PARSED_TYPE})"


_CURRENCY_OFF = f"regexp_replace(regexp_replace(lower(x), '{_NO_CENTS}', ','), '{_RUPIAH}', ' ', 'g')"
_TIDY = f"trim(regexp_replace(replace({_CURRENCY_OFF}, '−', '-'), '{_BLANKS}', ' ', 'g'))"


def _list(words: str) -> str:
    return ", ".join(f"'{word}'" for word in words.split())


_TRUE = _list("true t yes y ya iya yup 1 1.0 on x v ✓ ✔ benar betul aktif")
_FALSE = _list("false f no n tidak tdk bukan belum 0 0.0 off - salah nonaktif")

_IDLE_ZEROS = r"'[.]0+\z', ''"
_LAST_ZEROS = r"'([.][0-9]*[1-9])0+\z', '\1'"
_NUMBER_TEXT = f"regexp_replace(regexp_replace(CAST(n AS VARCHAR), {_IDLE_ZEROS}), {_LAST_ZEROS})"

FUNCTIONS = (
    Function(
        "parse_number",
        ("x", "decimal_sep"),
        rf"""CAST(CASE WHEN regexp_matches(x, '^-?[0-9]{{1,14}}\z') THEN TRY_CAST(x AS {_PARSED_TYPE})
            ELSE {let("number_text", _TIDY, _amount("number_text"))} END AS {NUMBER_TYPE})""",
        NUMBER_TYPE,
        "A number as written: Rp1.250.000,00, IDR 600, 600rb, 1,5 jt, (500), 500-. NULL when it is none.",
    ),
    Function(
        "number_text",
        ("n",),
        _NUMBER_TEXT,
        "VARCHAR",
        "A number as text without idle zeros: 13085, 12.5.",
    ),
    Function(
        "whole_number",
        ("n",),
        "CASE WHEN n = floor(n) THEN TRY_CAST(n AS BIGINT) END",
        "BIGINT",
        "A number without a fraction as BIGINT; NULL when it has one.",
    ),
    Function(
        "parse_integer",
        ("x", "decimal_sep"),
        let("integer_value", "parse_number(x, decimal_sep)", "whole_number(integer_value)"),
        "BIGINT",
        "A whole number as written (3, 3.0, 1.250); NULL when it has a fraction or is no number.",
    ),
    Function(
        "parse_boolean",
        ("x",),
        let(
            "boolean_word",
            "lower(trim(x))",
            f"CASE WHEN boolean_word IN ({_TRUE}) THEN TRUE WHEN boolean_word IN ({_FALSE}) THEN FALSE END",
        ),
        "BOOLEAN",
        "ya/tidak, yes/no, true/false, 1/0, y/n, x and the like; NULL otherwise.",
    ),
)
