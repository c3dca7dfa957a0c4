"""NIK, the Indonesian identity number: PP KK CC DDMMYY SSSS, day + 40 for women.

There is no check digit: a well-formed number says nothing about a person being registered. A number is for
life, so its region may have been divided since, and may differ from where the person lives.
"""

from __future__ import annotations

from transforms.functions.registry import Function, let

# The highest regency (01-69) and city (71-99) number ever given in each province. Numbers below it that no
# region has today are retired: Papua's before 2022, Kalimantan Utara's in 64, Sulawesi Barat's in 73.
HIGHEST_REGENCIES = {
    "11": (18, 75),
    "12": (25, 78),
    "13": (12, 77),
    "14": (10, 72),
    "15": (9, 72),
    "16": (13, 74),
    "17": (9, 71),
    "18": (13, 72),
    "19": (6, 71),
    "21": (5, 72),
    "31": (1, 75),
    "32": (18, 79),
    "33": (29, 76),
    "34": (4, 71),
    "35": (29, 79),
    "36": (4, 74),
    "51": (8, 71),
    "52": (8, 72),
    "53": (21, 71),
    "61": (12, 72),
    "62": (13, 71),
    "63": (11, 72),
    "64": (11, 74),
    "65": (4, 71),
    "71": (11, 74),
    "72": (12, 71),
    "73": (26, 73),
    "74": (15, 72),
    "75": (5, 71),
    "76": (6, 70),
    "81": (9, 72),
    "82": (8, 72),
    "91": (28, 71),
    "92": (12, 71),
    "93": (4, 70),
    "94": (8, 70),
    "95": (8, 70),
    "96": (5, 71),
}


def _up_to(first: int, last: int) -> list[str]:
    """Patterns of two digits from `first` to `last`, one per ten."""
    tens: dict[int, list[int]] = {}
    for number in range(first, last + 1):
        tens.setdefault(number // 10, []).append(number % 10)
    return [f"{ten}[{units[0]}-{units[-1]}]" for ten, units in tens.items()]


def _regency_pattern() -> str:
    return "|".join(
        f"{province}(?:{'|'.join(_up_to(1, regencies) + _up_to(71, cities))})"
        for province, (regencies, cities) in HIGHEST_REGENCIES.items()
    )


_DISTRICT = "(?:0[1-9]|[1-9][0-9])"
_DAY_MONTH = (
    "(?:(?:0[1-9]|[12][0-9]|4[1-9]|[56][0-9])(?:0[1-9]|1[0-2])"
    "|[37]0(?:0[13-9]|1[0-2])|[37]1(?:0[13578]|1[02]))"
)
_SERIAL = "(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9])"
_NIK = rf"^(?:{_regency_pattern()}){_DISTRICT}{_DAY_MONTH}[0-9][0-9]{_SERIAL}\z"
# What a spreadsheet adds to a number (.0) and what people put between digits.
_DIGITS = r"regexp_replace(regexp_replace(x, '[.,]0+\z', ''), '[ .''’-]+', '', 'g')"

_MONTH_DAY = (
    "concat(substr(nik, 11, 2), '-', substr(nik, 9, 2), '-', translate(substr(nik, 7, 1), '4567', '0123'), "
    "substr(nik, 8, 1))"
)
_IN_2000S = f"TRY_CAST(concat('20', {_MONTH_DAY}) AS DATE)"
_IN_1900S = f"TRY_CAST(concat('19', {_MONTH_DAY}) AS DATE)"

# Family cards bear such numbers since the registers went on line; their six digits are the day of issue.
_FIRST_FAMILY_CARD = "CAST('2004-01-01' AS DATE)"

# Visa, Mastercard (both ranges), JCB, and the domestic and other networks that begin with 6, of 16 digits.
_CARD = r"^(?:4[0-9]{15}|5[1-5][0-9]{14}|2[2-7][0-9]{14}|35[0-9]{14}|6[0-9]{15})\z"


def _luhn(digits: str) -> str:
    """Whether the check digit of 16 digits is right: every other digit counts double, 10 as 1, 12 as 3 ..."""
    doubled = f"translate(substr({digits}, {{}}, 1), '0123456789', '0246813579')"
    terms = [doubled.format(place) for place in range(1, 17, 2)]
    terms += [f"substr({digits}, {place}, 1)" for place in range(2, 17, 2)]
    return f"({' + '.join(f'TRY_CAST({term} AS INTEGER)' for term in terms)}) % 10 = 0"


def _swapped_neighbours(a: str, b: str) -> str:
    """Some two neighbouring digits of `a` are the other way round in `b`, all others equal."""
    swapped = f"concat(left({a}, {{}}), substr({a}, {{}}, 1), substr({a}, {{}}, 1), substr({a}, {{}})) = {b}"
    return " OR ".join(swapped.format(at - 1, at + 1, at, at + 2) for at in range(1, 16))


FUNCTIONS = (
    Function(
        "norm_nik",
        ("x",),
        let(
            "nik_digits",
            f"regexp_extract({_DIGITS}, '{_NIK}', 0)",
            "CASE WHEN nik_digits NOT IN ('', '1111111111111111') THEN nik_digits END",
        ),
        "VARCHAR",
        "Sixteen digits that can be a NIK: a regency or city that exists or existed, a possible birth day, a "
        "serial; otherwise NULL.",
    ),
    Function(
        "nik_region",
        ("nik",),
        "left(nik, 2) || '.' || substr(nik, 3, 2) || '.' || substr(nik, 5, 2)",
        "VARCHAR",
        "The district where a norm_nik was first registered, as an official code PP.KK.CC of that time; join "
        "region_codes for what it is today.",
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
        ("nik", "known_on"),
        f"CASE WHEN {_IN_2000S} <= known_on THEN {_IN_2000S} ELSE {_IN_1900S} END",
        "DATE",
        "The birth date that a norm_nik states. The century is the latest one not after known_on, the day "
        "the number was given (never today, or the answer would change with time).",
    ),
    Function(
        "may_be_family_card",
        ("nik", "known_on"),
        f"substr(nik, 7, 1) < '4' AND {_IN_2000S} BETWEEN {_FIRST_FAMILY_CARD} AND known_on",
        "BOOLEAN",
        "Whether a norm_nik may be the number of a family card (KK) written in its place: no woman's day, "
        "and a date since family cards bear such numbers. Structure cannot tell it from a child's NIK.",
    ),
    Function(
        "is_card_number",
        ("x",),
        let(
            "card_digits",
            f"regexp_extract(regexp_replace(x, '[ .-]+', '', 'g'), '{_CARD}', 0)",
            f"CASE WHEN card_digits = '' OR norm_nik(card_digits) IS NOT NULL THEN FALSE "
            f"ELSE {_luhn('card_digits')} END",
        ),
        "BOOLEAN",
        "Sixteen digits of a payment card, by network and check digit, that cannot be a NIK.",
    ),
    Function(
        "nik_slip",
        ("nik_a", "nik_b"),
        f"""CASE
            WHEN nik_a = nik_b OR length(nik_a) <> length(nik_b) THEN FALSE
            WHEN levenshtein(nik_a, nik_b) = 1 THEN TRUE
            WHEN levenshtein(nik_a, nik_b) = 2 THEN {_swapped_neighbours("nik_a", "nik_b")}
            WHEN nik_a <> nik_b THEN FALSE END""",
        "BOOLEAN",
        "Two norm_nik values differ by one digit, or by two neighbours the other way round. Twins, and "
        "others born on one day in one district, differ in the last digits too: it excuses a conflict and "
        "proves nothing.",
    ),
)
