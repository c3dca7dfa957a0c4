"""NIK, the Indonesian identity number: PP KK CC DDMMYY SSSS, day + 40 for women.

There is no check digit: a well-formed number says nothing about a person being registered.
"""

from __future__ import annotations

from transforms.functions.registry import Function, let

_PROVINCE = "(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-6])"
_TWO_NOT_ZERO = "(?:0[1-9]|[1-9][0-9])"
_DAY_MONTH = (
    "(?:(?:0[1-9]|[1246][0-9]|4[1-9]|5[0-9])(?:0[1-9]|1[0-2])"
    "|[37]0(?:0[13-9]|1[0-2])|[37]1(?:0[13578]|1[02]))"
).replace("0[1-9]|[1246][0-9]|4[1-9]|5[0-9]", "0[1-9]|[12][0-9]|4[1-9]|[56][0-9]")
_SERIAL = "(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9])"
_NIK = rf"^{_PROVINCE}{_TWO_NOT_ZERO}{_TWO_NOT_ZERO}{_DAY_MONTH}[0-9][0-9]{_SERIAL}\z"

_MONTH_DAY = (
    "concat(substr(nik, 11, 2), '-', substr(nik, 9, 2), '-', translate(substr(nik, 7, 1), '4567', '0123'), "
    "substr(nik, 8, 1))"
)
_IN_2000S = f"TRY_CAST(concat('20', {_MONTH_DAY}) AS DATE)"
_IN_1900S = f"TRY_CAST(concat('19', {_MONTH_DAY}) AS DATE)"

FUNCTIONS = (
    Function(
        "norm_nik",
        ("x",),
        let(
            "nik_digits",
            f"regexp_extract(regexp_replace(x, '[ .''-]+', '', 'g'), '{_NIK}', 0)",
            "CASE WHEN nik_digits NOT IN ('', '1111111111111111') THEN nik_digits END",
        ),
        "VARCHAR",
        "Sixteen digits that can be a NIK: an existing province, a possible birth day, a serial; "
        "otherwise NULL.",
    ),
    Function(
        "nik_sex",
        ("nik",),
        "CASE WHEN substr(nik, 7, 1) >= '4' THEN 'female' WHEN nik IS NOT NULL THEN 'male' END",
        "VARCHAR",
        "The sex that a norm_nik states.",
    ),
    Function(
        "nik_birth_date",
        ("nik", "as_of"),
        f"CASE WHEN {_IN_2000S} <= as_of THEN {_IN_2000S} ELSE {_IN_1900S} END",
        "DATE",
        "The birth date that a norm_nik states; the century is the latest one not after as_of (age 0 to 99).",
    ),
)
