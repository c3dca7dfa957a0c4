"""Telephone numbers: every Indonesian way of writing one becomes E.164."""

from __future__ import annotations

from transforms.functions.registry import Function, let, null_if_empty

# A run of digits as people write a number; the signs include the dashes and blanks of word processors.
_RUN = r"[+]?[0-9(][0-9 ().+\x{002D}\x{00A0}\x{2010}-\x{2015}]{5,}"
_LINK = r"(?:https?://)?(?:api[.]|www[.])?(?:wa[.]me|whatsapp[.]com/send)/?(?:[?]phone=)?"
_SEPARATOR = r"[/,;&|\x{000A}]| atau | dan | or "
_SAME_DIGIT = "|".join(f"{digit}{{7,}}" for digit in range(10))
_SIX_DIGITS = "(?:[0-9][^0-9]*){6}"
_PLACEHOLDER = rf"^[+]1234567.*\z|^.*(?:{_SAME_DIGIT}).*\z"

# What follows +62: mobile 8xx (9-12 digits), area code and number (9-11 digits).
_INDONESIAN = "8[1-9][0-9]{7,10}|[2-79][0-9]{8,10}"
_FOREIGN = "[13457-9][0-9]{7,14}|2[0-9]{8,14}|6[013-9][0-9]{7,13}"
_E164 = rf"^[+](?:62(?:{_INDONESIAN})|{_FOREIGN})\z"

# Calling codes used to complete a number written without one.
_CALLING_CODES = {
    "AE": "971",
    "AU": "61",
    "BN": "673",
    "CN": "86",
    "DE": "49",
    "FR": "33",
    "GB": "44",
    "HK": "852",
    "IN": "91",
    "JP": "81",
    "KR": "82",
    "MY": "60",
    "NL": "31",
    "PH": "63",
    "SA": "966",
    "SG": "65",
    "TH": "66",
    "TL": "670",
    "TW": "886",
    "US": "1",
    "VN": "84",
}
_KNOWN_COUNTRIES = ", ".join(f"'{name}'" for name in _CALLING_CODES)


def _dialled(x: str) -> str:
    """The first number of a cell as it is dialled: digits, with + in front if it is international."""
    first = f"regexp_replace(regexp_replace(lower({x}), '{_LINK}', '', 'g'), '(?:{_SEPARATOR}).*\\z', '')"
    run = f"regexp_extract({first}, '{_RUN}', 0)"
    digits = f"regexp_replace(replace({run}, '(0)', ''), '[^0-9+]+', '', 'g')"
    return f"regexp_replace({digits}, '^(?:00|0*[+]+0*)', '+')"


def _valid(number: str) -> str:
    return null_if_empty(
        "phone_valid", f"regexp_extract(regexp_replace({number}, '{_PLACEHOLDER}', ''), '{_E164}', 0)"
    )


def _indonesian(x: str) -> str:
    national = f"regexp_replace({_dialled(x)}, '^(?:[+]62|62|0)0*', '')"
    return _valid(f"replace(concat('+62', {national}), '+62+', '+')")


def _other(x: str, country: str) -> str:
    code = " ".join(f"WHEN '{name}' THEN '{code}'" for name, code in _CALLING_CODES.items())
    national = "regexp_replace(phone_dialled, '^0+', '')"
    return let(
        "phone_dialled",
        _dialled(x),
        f"""CASE
        WHEN starts_with(phone_dialled, '+') THEN {_valid("phone_dialled")}
        ELSE {_valid(f"concat('+', CASE upper({country}) {code} END, {national})")} END""",
    )


FUNCTIONS = (
    Function(
        "norm_phone",
        ("x", "country"),
        f"""CASE WHEN contains(x, '*') THEN NULL
            WHEN coalesce(country, 'ID') = 'ID' THEN {_indonesian("x")}
            WHEN upper(country) IN ({_KNOWN_COUNTRIES}) THEN {_other("x", "country")}
            ELSE {_valid(_dialled("x"))} END""",
        "VARCHAR",
        "The first number of a cell in E.164 (+62812...). A number without a calling code belongs to "
        "`country` "
        "(ISO code, NULL is ID). NULL when masked, a placeholder or of an impossible length.",
    ),
    Function(
        "split_phones",
        ("x",),
        f"""list_filter(
            list_transform(
                string_split_regex(regexp_replace(lower(x), '{_LINK}', '', 'g'), '{_SEPARATOR}'),
                lambda phone_part: trim(phone_part)),
            lambda phone_piece: regexp_matches(phone_piece, '{_SIX_DIGITS}'))""",
        "VARCHAR[]",
        "The numbers written in one cell, as written, in their order: separated by / , ; & | or 'atau'.",
    ),
    Function(
        "is_mobile_phone",
        ("phone",),
        "CASE WHEN starts_with(phone, '+62') THEN starts_with(phone, '+628') END",
        "BOOLEAN",
        "Whether an Indonesian E.164 number is a mobile one; NULL for other countries, where it is "
        "not known.",
    ),
)
