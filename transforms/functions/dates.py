"""Dates and times as people and programmes write them.

`ord` is the source's order of day, month and year: 'dmy', 'mdy' or 'ymd'. It is never guessed from a value:
a date that is impossible in the stated order is NULL. Two-digit years 00-49 are 2000-2049. No function
reads a clock.
"""

from __future__ import annotations

from transforms.functions.registry import Function, let

_MONTHS = (
    "jan01 feb02 peb02 mar03 apr04 mei05 may05 jun06 jul07 agu08 ags08 agt08 aug08 sep09 okt10 oct10 "
    "nov11 nop11 des12 dec12"
)
_MONTH_NAMES = (
    "jan(?:uari|uary)?|[fp]eb(?:ruari|ruary)?|mar(?:et|ch|t)?|apr(?:il)?|mei|may|jun[ei]?|jul[iy]?|"
    "agu(?:s|stus|st)?|ags|agt|aug(?:ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|no[vp](?:ember)?|de[sc](?:ember)?"
)
_WEEKDAYS = (
    "(?:senin|selasa|rabu|kamis|jum[''’]?at|sabtu|minggu|ahad|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|"
    "(?:mon|tues|wednes|thurs|fri|satur|sun)day|sen|sel|rab|kam|jum|sab|min)"
)
_CLOCK = "[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
_DOTTED_CLOCK = "[0-9]{1,2}[.][0-9]{2}(?:[.][0-9]{2})?"
_OFFSET = "(?:(?:gmt|utc)?[+-][0-9]{2}:?(?:[0-9]{2})?|z|utc|gmt|wib|wita|wit)"
_SAID = "(?:pukul |jam |pkl[.]? ?)?"
_TIME_TAIL = (
    rf"(?:[ ,t]+{_SAID}{_CLOCK}(?: *[ap][.]?m[.]?)?(?: *{_OFFSET})?(?: *[(][^()]*[)])?"
    rf"|[ ,]+{_SAID}{_DOTTED_CLOCK}(?: *(?:wib|wita|wit))?)\z"
)
_YEAR = "(?:1[89]|2[01])[0-9]{2}"
_MONTH = f"(?:[0-9]{{1,2}}|{_MONTH_NAMES})"
_PARTS = (
    rf"^(?:[0-9]{{1,2}}-{_MONTH}-(?:{_YEAR}|[0-9]{{2}})|(?:{_YEAR}|[0-9]{{2}})-{_MONTH}-[0-9]{{1,2}}"
    rf"|(?:{_MONTH_NAMES})-[0-9]{{1,2}}-(?:{_YEAR}|[0-9]{{2}}))\z"
)


def _two_digits(part: str) -> str:
    return f"lpad({part}, 2, '0')"


def _year(part: str) -> str:
    return (
        f"CASE WHEN length({part}) = 4 THEN {part} WHEN {part} < '50' THEN concat('20', {part}) "
        f"ELSE concat('19', {part}) END"
    )


def _month(part: str) -> str:
    """A month's number from its number or its name."""
    found = f"substr('{_MONTHS}', strpos('{_MONTHS}', left({part}, 3)) + 3, 2)"
    return f"CASE WHEN {part} >= 'a' THEN {found} ELSE {_two_digits(part)} END"


def _iso(year: str, month: str, day: str) -> str:
    return f"concat({_year(year)}, '-', {_month(month)}, '-', {_two_digits(day)})"


def _from_parts(parts: str) -> str:
    a, b, c = (f"split_part({parts}, '-', {position})" for position in (1, 2, 3))
    return rf"""CASE
        WHEN NOT regexp_matches({parts}, '{_PARTS}') THEN NULL
        WHEN length({a}) = 4 THEN {_iso(a, b, c)}
        WHEN {a} >= 'a' THEN {_iso(c, a, b)}
        WHEN {b} >= 'a' AND length({c}) = 4 THEN {_iso(c, b, a)}
        WHEN ord = 'ymd' THEN CASE WHEN length({a}) = 2 AND length({c}) <= 2 THEN {_iso(a, b, c)} END
        WHEN ord = 'mdy' AND {b} < 'a' THEN {_iso(c, a, b)}
        ELSE {_iso(c, b, a)} END"""


_DAY_TEXT = (
    rf"regexp_replace(regexp_replace(trim(lower(x)), '^{_WEEKDAYS}[.]?[ ,]+', ''), '{_TIME_TAIL}', '')"
)
_DASHED = r"regexp_replace(date_text, '(?:[ ,./-]|\x{00A0})+', '-', 'g')"
_ISO_DAY = f"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}"
_FULL_DAY = f"[0-9]{{2}}[/.-][0-9]{{2}}[/.-]{_YEAR}"
_PLAIN_CLOCK = "[0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
# The forms that most rows have are read without taking them apart.
_FULL_LAST = """concat(right(x, 4), '-', substr(x, CASE WHEN ord = 'mdy' THEN 1 ELSE 4 END, 2), '-',
    substr(x, CASE WHEN ord = 'mdy' THEN 4 ELSE 1 END, 2))"""
_FULL_FIRST = """concat(substr(x, 7, 4), '-', substr(x, CASE WHEN ord = 'mdy' THEN 1 ELSE 4 END, 2), '-',
    substr(x, CASE WHEN ord = 'mdy' THEN 4 ELSE 1 END, 2))"""
_COMPACT_FIRST = "concat(left(date_text, 4), '-', substr(date_text, 5, 2), '-', right(date_text, 2))"
_COMPACT_LAST = """CASE WHEN ord = 'mdy'
        THEN concat(right(date_text, 4), '-', left(date_text, 2), '-', substr(date_text, 3, 2))
        ELSE concat(right(date_text, 4), '-', substr(date_text, 3, 2), '-', left(date_text, 2)) END"""
_PARSE_DATE = rf"""CASE
    WHEN regexp_matches(date_text, '^(?:19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])[0-9]{{2}}\z')
        THEN TRY_CAST({_COMPACT_FIRST} AS DATE)
    WHEN regexp_matches(date_text, '^[0-9]{{8}}\z') THEN TRY_CAST({_COMPACT_LAST} AS DATE)
    WHEN regexp_matches(date_text, '^[2-5][0-9]{{4}}(?:[.,][0-9]+)?\z')
        THEN add_days(CAST('1899-12-30' AS DATE), TRY_CAST(left(date_text, 5) AS INTEGER))
    ELSE TRY_CAST({let("date_parts", _DASHED, _from_parts("date_parts"))} AS DATE) END"""


# A time of day as HH:MM:SS; an Excel serial carries it as a fraction of a day; none is midnight.
_SAID_CLOCK = f"regexp_extract(stamp_text, '{_TIME_TAIL}', 0)"
_CLOCK_DIGITS = "replace(regexp_extract(stamp_tail, '[0-9][0-9:.,]*', 0), ',', '.')"
_COLONS = "CASE WHEN contains(stamp_digits, ':') THEN stamp_digits ELSE replace(stamp_digits, '.', ':') END"
_HOUR = "TRY_CAST(split_part(stamp_clock, ':', 1) AS INTEGER)"
_HOUR_24 = rf"""CASE
    WHEN regexp_matches(stamp_tail, '[0-9] *p[.]?m') THEN {_HOUR} % 12 + 12
    WHEN regexp_matches(stamp_tail, '[0-9] *a[.]?m') THEN {_HOUR} % 12
    ELSE {_HOUR} END"""
_HOUR_TEXT = f"CAST({_HOUR_24} AS VARCHAR)"
_TIME_OF_DAY = f"""concat({_two_digits(_HOUR_TEXT)}, ':', split_part(stamp_clock, ':', 2), ':',
    coalesce(nullif(split_part(stamp_clock, ':', 3), ''), '00'))"""
_SERIAL_SECONDS = (
    "least(CAST(round(TRY_CAST(concat('0.', regexp_extract(stamp_text, '[0-9]+\\z', 0)) AS DOUBLE) * "
    "86400) AS INTEGER),"
    " 86399)"
)
_SERIAL_CLOCK = let(
    "serial_seconds",
    _SERIAL_SECONDS,
    "concat({}, ':', {}, ':', {})".format(
        *(
            _two_digits(f"CAST({part} AS VARCHAR)")
            for part in ("serial_seconds // 3600", "serial_seconds // 60 % 60", "serial_seconds % 60")
        )
    ),
)
_TIME = rf"""CASE
    WHEN stamp_tail <> '' THEN {let("stamp_digits", _CLOCK_DIGITS, let("stamp_clock", _COLONS, _TIME_OF_DAY))}
    WHEN regexp_matches(stamp_text, '^[2-5][0-9]{{4}}[.,][0-9]+\z') THEN {_SERIAL_CLOCK}
    ELSE '00:00:00' END"""
_LOCAL = f"TRY_CAST(concat(CAST(parse_date(stamp_text, ord) AS VARCHAR), ' ', {_TIME}) AS TIMESTAMP)"
_OFFSET_TEXT = rf"regexp_extract(regexp_replace(stamp_tail, ' *[(][^()]*[)]\z', ''), '{_OFFSET}\z', 0)"
_OFFSET_DIGITS = "regexp_replace(stamp_offset, '[^0-9]', '', 'g')"
_OFFSET_MINUTES = f"""CASE
    WHEN stamp_offset IN ('z', 'utc', 'gmt') THEN 0
    WHEN stamp_offset = 'wib' THEN 420
    WHEN stamp_offset = 'wita' THEN 480
    WHEN stamp_offset = 'wit' THEN 540
    ELSE (CAST(left({_OFFSET_DIGITS}, 2) AS INTEGER) * 60
            + CAST(concat('0', substr({_OFFSET_DIGITS}, 3, 2)) AS INTEGER))
        * CASE WHEN contains(stamp_offset, '-') THEN -1 ELSE 1 END END"""
_IN_UTC = f"""CASE WHEN stamp_offset = '' THEN to_utc(stamp_local, zone)
    ELSE add_minutes(stamp_local, -({_OFFSET_MINUTES})) END"""
_PARSE_TIMESTAMP = let(
    "stamp_text",
    "trim(lower(x))",
    let("stamp_tail", _SAID_CLOCK, let("stamp_local", _LOCAL, let("stamp_offset", _OFFSET_TEXT, _IN_UTC))),
)


def _as_number(day: str) -> str:
    """A date as the number 20240812."""
    day = f"CAST({day} AS DATE)"
    return f"(year({day}) * 10000 + month({day}) * 100 + day({day}))"


# Two digits below 50 are read as 20xx, which no birth can be that lies ahead.
_PIVOT = 2050
_CENTURY_EARLIER = "concat(CAST(year(d) - 100 AS VARCHAR), right(CAST(d AS VARCHAR), 6))"
_AGE = f"({_as_number('as_of')} - {_as_number('birth_date')}) // 10000"

FUNCTIONS = (
    Function(
        "add_days",
        ("d", "n"),
        "CAST(d AS DATE) + CAST(n AS INTEGER)",
        "DATE",
        "The date n days after d.",
        spark="date_add(CAST(d AS DATE), CAST(n AS INT))",
    ),
    Function(
        "days_between",
        ("a", "b"),
        "CAST(date_diff('day', CAST(a AS DATE), CAST(b AS DATE)) AS INTEGER)",
        "INTEGER",
        "The days from date a to date b, negative when b is earlier.",
        spark="datediff(CAST(b AS DATE), CAST(a AS DATE))",
    ),
    Function(
        "month_start",
        ("d",),
        "CAST(date_trunc('month', d) AS DATE)",
        "DATE",
        "The first day of a date's month.",
        spark="trunc(CAST(d AS DATE), 'MM')",
    ),
    Function(
        "add_minutes",
        ("ts", "n"),
        "ts + to_minutes(n)",
        "TIMESTAMP",
        "The timestamp n minutes after ts.",
        spark="ts + make_dt_interval(0, 0, n)",
    ),
    Function(
        "to_utc",
        ("ts", "zone"),
        "(ts AT TIME ZONE zone) AT TIME ZONE 'UTC'",
        "TIMESTAMP",
        "A local timestamp of an IANA zone in UTC.",
        spark="CAST(to_utc_timestamp(ts, zone) AS TIMESTAMP_NTZ)",
    ),
    Function(
        "to_local",
        ("ts_utc", "zone"),
        "(ts_utc AT TIME ZONE 'UTC') AT TIME ZONE zone",
        "TIMESTAMP",
        "A UTC timestamp as local time of an IANA zone.",
        spark="CAST(from_utc_timestamp(ts_utc, zone) AS TIMESTAMP_NTZ)",
    ),
    Function(
        "business_date",
        ("ts_utc", "zone"),
        "CAST(to_local(ts_utc, zone) AS DATE)",
        "DATE",
        "The calendar day of a UTC timestamp in an IANA zone.",
    ),
    Function(
        "parse_date",
        ("x", "ord"),
        rf"""CASE
            WHEN regexp_matches(x, '^{_YEAR}-[0-9]{{2}}-[0-9]{{2}}\z') THEN TRY_CAST(x AS DATE)
            WHEN ord <> 'ymd' AND regexp_matches(x, '^[0-9]{{2}}[/.-][0-9]{{2}}[/.-]{_YEAR}\z')
                THEN TRY_CAST({_FULL_LAST} AS DATE)
            ELSE {let("date_text", _DAY_TEXT, _PARSE_DATE)} END""",
        "DATE",
        "A date as written: ISO, 31/12/2024, 31-12-24, 20240812, 12 Agustus 2024, an Excel serial; a "
        "time after it "
        "is ignored. NULL when impossible in the order ord.",
    ),
    Function(
        "parse_timestamp",
        ("x", "ord", "zone"),
        rf"""CASE
            WHEN regexp_matches(x, '^{_ISO_DAY}[ T]{_PLAIN_CLOCK}\z')
                THEN to_utc(TRY_CAST(replace(x, 'T', ' ') AS TIMESTAMP), zone)
            WHEN ord <> 'ymd'
                AND regexp_matches(x, '^{_FULL_DAY} {_PLAIN_CLOCK}\z')
                THEN to_utc(TRY_CAST(concat({_FULL_FIRST}, substr(x, 11)) AS TIMESTAMP), zone)
            WHEN regexp_matches(x, '^(?:{_ISO_DAY}|{_FULL_DAY})\z')
                THEN to_utc(CAST(parse_date(x, ord) AS TIMESTAMP), zone)
            ELSE {_PARSE_TIMESTAMP} END""",
        "TIMESTAMP",
        "A date and time as written, in UTC. An offset, Z or WIB/WITA/WIT in the text counts; "
        "without one it is local "
        "time of zone; without a time it is local midnight.",
    ),
    Function(
        "norm_birth_date",
        ("d", "known_on"),
        f"""CASE
            WHEN year(d) - year(known_on) BETWEEN 1 AND 99 AND year(d) < {_PIVOT}
                THEN TRY_CAST({_CENTURY_EARLIER} AS DATE)
            WHEN d <= known_on AND {_as_number("known_on")} - {_as_number("d")} < 1200000 THEN d END""",
        "DATE",
        "A birth date as it can be on the day it was said: not later, not 120 years earlier. A year to come "
        "up to 2049 was two digits read as this century, so it is the century before.",
    ),
    Function(
        "age_band",
        ("birth_date", "as_of"),
        let(
            "age_years",
            _AGE,
            """CASE
            WHEN birth_date > as_of OR age_years >= 120 THEN NULL
            WHEN age_years < 18 THEN 'under 18'
            WHEN age_years < 25 THEN '18-24'
            WHEN age_years < 35 THEN '25-34'
            WHEN age_years < 45 THEN '35-44'
            WHEN age_years < 55 THEN '45-54'
            WHEN age_years < 65 THEN '55-64'
            WHEN age_years >= 65 THEN '65+' END""",
        ),
        "VARCHAR",
        "The age band on a day: under 18, 18-24, 25-34 ... 65+; NULL when the date is in the future "
        "or 120 years ago.",
    ),
    Function(
        "wide_age_band",
        ("band",),
        """CASE
        WHEN band IN ('under 18', '18-24', 'under 25') THEN 'under 25'
        WHEN band IN ('25-34', '35-44', '25-44') THEN '25-44'
        WHEN band IN ('45-54', '55-64', '45-64') THEN '45-64'
        WHEN band = '65+' THEN '65+' END""",
        "VARCHAR",
        "The wider age band that holds an age band: under 25, 25-44, 45-64, 65+; NULL for any other text.",
    ),
)
