"""Telephone numbers: every Indonesian way of writing one becomes E.164."""

from __future__ import annotations

from transforms.functions.calling_codes import PLANS
from transforms.functions.registry import Function, let, null_if_empty

# A run of digits as people write a number; the signs include the dashes and blanks of word processors.
_RUN = r"[+]?[0-9(][0-9 ().+\x{002D}\x{00A0}\x{2010}-\x{2015}]{5,}"
_LINK = r"(?:https?://)?(?:api[.]|www[.])?(?:wa[.]me|whatsapp[.]com/send)/?(?:[?]phone=)?"
_SEPARATOR = r"[/,;&|\x{000A}]| atau | dan | or "
_SAME_DIGIT = "|".join(f"{digit}{{7,}}" for digit in range(10))
_SIX_DIGITS = "(?:[0-9][^0-9]*){6}"
# Signs in place of digits: 0812****7890, 0812xxxx7890, 0812 3456 78xx, 0812...7890.
_MASKED = r"[*]|[.]{3}|…|[0-9][ -]*[xX#_•]{2,}|[xX#_•]{2,}[ -]*[0-9]"
# Two numbers with nothing but a blank between them: too many digits for one, and the second begins like one.
_TOO_MANY_DIGITS = r"(?:[0-9][ ().+-]*){18}"
_TWO_NUMBERS = r"([0-9][0-9 ().-]{7,15}[0-9])[ -]+((?:[+]?62|0)[ -]?[0-9])"
_PLACEHOLDER = rf"^[+]1234567.*\z|^.*(?:{_SAME_DIGIT}).*\z"

# What follows +62: mobile 8xx (9-12 digits), area code and number (9-11 digits).
_INDONESIAN = "8[1-9][0-9]{7,10}|[2-79][0-9]{8,10}"
_FOREIGN = "[13457-9][0-9]{7,14}|2[0-9]{7,14}|6[013-9][0-9]{6,13}"
_E164 = rf"^[+](?:62(?:{_INDONESIAN})|{_FOREIGN})\z"

# Every plan as text of one width: country, calling code, trunk prefix, least and most digits after the code.
_WIDTH = 11
_PLANS = "".join(
    f"{country}{code:<3}{trunk.replace('-', ''):<2}{least:>2}{most:>2}"
    for country, code, trunk, least, most in PLANS
)


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


_PLAN = f"""CASE WHEN regexp_matches(country, '^[A-Za-z]{{2}}\\z') AND contains('{_PLANS}', upper(country))
    THEN substr('{_PLANS}', strpos('{_PLANS}', upper(country)), {_WIDTH}) ELSE '' END"""
_DIALLED, _CODE, _TRUNK = (
    "phone_read[1]",
    "rtrim(substr(phone_read[2], 3, 3))",
    "rtrim(substr(phone_read[2], 6, 2))",
)
_LEAST, _MOST = (f"CAST(substr(phone_read[2], {place}, 2) AS INTEGER)" for place in (8, 10))


def _fits(digits: str) -> str:
    return f"length({digits}) BETWEEN {_LEAST} AND {_MOST}"


_AFTER_CODE = f"substr({_DIALLED}, length({_CODE}) + 1)"
_AFTER_TRUNK = f"substr({_DIALLED}, length({_TRUNK}) + 1)"
# Where numbers at home begin with 0, one that begins with the calling code instead is international.
_INTERNATIONAL = f"""CASE
    WHEN starts_with({_DIALLED}, '+') THEN {_DIALLED}
    WHEN phone_read[2] = '' THEN ''
    WHEN {_CODE} = '1' AND starts_with({_DIALLED}, '011') THEN concat('+', substr({_DIALLED}, 4))
    WHEN starts_with({_DIALLED}, {_CODE}) AND {_fits(_AFTER_CODE)}
        AND ({_TRUNK} = '0' OR NOT {_fits(_DIALLED)})
        THEN concat('+', {_DIALLED})
    WHEN {_TRUNK} <> '' AND starts_with({_DIALLED}, {_TRUNK}) AND {_fits(_AFTER_TRUNK)}
        THEN concat('+', {_CODE}, {_AFTER_TRUNK})
    WHEN {_fits(_DIALLED)} THEN concat('+', {_CODE}, {_DIALLED})
    ELSE '' END"""


def _other(x: str) -> str:
    """A number of another country: its plan says what to put before it and how long it may be."""
    return _valid(let("phone_read", f"[{_dialled(x)}, {_PLAN}]", _INTERNATIONAL))


def _apart(x: str) -> str:
    """The text of a cell with a separator between all numbers."""
    text = f"regexp_replace(lower({x}), '{_LINK}', '', 'g')"
    return f"""CASE WHEN regexp_matches({x}, '{_TOO_MANY_DIGITS}')
        THEN regexp_replace({text}, '{_TWO_NUMBERS}', '\\1/\\2', 'g') ELSE {text} END"""


FUNCTIONS = (
    Function(
        "norm_phone",
        ("x", "country"),
        f"""CASE WHEN regexp_matches(x, '{_MASKED}') THEN NULL
            WHEN coalesce(country, 'ID') = 'ID' THEN {_indonesian("x")}
            ELSE {_other("x")} END""",
        "VARCHAR",
        "The first number of a cell in E.164 (+62812...). A number without a calling code belongs to "
        "`country` (ISO code, NULL is ID). NULL when masked, a placeholder or of an impossible length.",
    ),
    Function(
        "split_phones",
        ("x",),
        f"""list_filter(
            list_transform(
                string_split_regex({_apart("x")}, '{_SEPARATOR}'),
                lambda phone_part: trim(phone_part)),
            lambda phone_piece: regexp_matches(phone_piece, '{_SIX_DIGITS}'))""",
        "VARCHAR[]",
        "The numbers written in one cell, as written, in their order: separated by / , ; & | or 'atau', "
        "or by a blank where they are too long for one.",
    ),
    Function(
        "is_mobile_phone",
        ("phone",),
        "CASE WHEN starts_with(phone, '+62') THEN starts_with(phone, '+628') END",
        "BOOLEAN",
        "Whether an Indonesian E.164 number is a mobile one; NULL for other countries (not known).",
    ),
)
