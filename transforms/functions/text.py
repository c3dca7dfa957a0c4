"""Plain text: invisible characters, blanks, accents."""

from __future__ import annotations

import unicodedata

from transforms.functions.registry import Function, null_if_empty

INVISIBLE = (
    r"[\x{0000}-\x{0008}\x{000E}-\x{001F}\x{007F}-\x{0084}\x{0086}-\x{009F}\x{00AD}\x{061C}\x{180E}"
    r"\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{FE00}-\x{FE0F}\x{FEFF}]+"
)
BLANKS = (
    r"[\x{0009}-\x{000D}\x{0020}\x{0085}\x{00A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}"
    r"\x{202F}\x{205F}\x{3000}]+"
)
# Words of visible ASCII with one blank between them: nearly every value, and nothing to do.
_CLEAN_ALREADY = r"^[!-~]+(?: [!-~]+)*\z"

# Latin, Greek and Cyrillic letters stay the same letters without their accents. In other scripts a mark is
# a vowel or makes another letter (Indic, Thai, kana), so it stays; Arabic is usually written without vowels.
_ALPHABETS = (range(0x00C0, 0x0250), range(0x0370, 0x0530), range(0x1E00, 0x2000))
_MARKS = r"[\x{0300}-\x{036F}\x{0640}\x{064B}-\x{065F}\x{0670}]+"
_OTHER_SCRIPTS = (
    r"[\x{0530}-\x{1DFF}\x{2D00}-\x{2DFF}\x{2E80}-\x{FDFF}\x{10000}-\x{1EFFF}\x{20000}-\x{3FFFF}]"
)
# Letters that Unicode does not take apart, and the full-width forms of East Asian keyboards.
_WIDE = {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F) if chr(code).isalnum()}
_ONE_LETTER = dict(zip("øØłŁđĐðÐıħĦŧŦẞÆŒÞ", "oOlLdDdDihHtTßæœþ", strict=True)) | _WIDE
_TWO_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_WHOLE_LETTERS = f"[{''.join((*_ONE_LETTER, *_TWO_LETTERS))}]"


def _base_letters() -> dict[str, str]:
    """Accented letters of the alphabets and their base letters."""
    bases = {}
    for code in (code for block in _ALPHABETS for code in block):
        base = "".join(c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c))
        if len(base) == 1 and base != chr(code):
            bases[chr(code)] = base
    return bases


BASES = _base_letters()


def _translated(value: str) -> str:
    """Without accents by a table: slow, but it leaves other scripts alone and every engine has it."""
    return f"translate({value}, '{''.join(BASES)}', '{''.join(BASES.values())}')"


def _without_marks(value: str) -> str:
    mixed = f"CASE WHEN regexp_matches(x, '[{''.join(BASES)}]') THEN {_translated(value)} ELSE {value} END"
    return f"""CASE WHEN regexp_matches(x, '{_OTHER_SCRIPTS}')
        THEN regexp_replace({mixed}, '{_MARKS}', '', 'g') ELSE strip_accents(x) END"""


def _spelt_out(value: str) -> str:
    """Letters that no engine takes apart, in plain ones."""
    plain = f"translate({value}, '{''.join(_ONE_LETTER)}', '{''.join(_ONE_LETTER.values())}')"
    for letter, letters in _TWO_LETTERS.items():
        plain = f"replace({plain}, '{letter}', '{letters}')"
    return f"CASE WHEN regexp_matches({value}, '{_WHOLE_LETTERS}') THEN {plain} ELSE {value} END"


def _clean(value: str) -> str:
    visible = f"regexp_replace({value}, '{INVISIBLE}', '', 'g')"
    return f"trim(regexp_replace({visible}, '{BLANKS}', ' ', 'g'))"


FUNCTIONS = (
    Function(
        "composed",
        ("x",),
        "nfc_normalize(x)",
        "VARCHAR",
        "Letters and their accents as one character each (NFC); Spark leaves them as they come.",
        spark="x",
    ),
    Function(
        "is_plain_ascii",
        ("x",),
        "strlen(x) = length(x)",
        "BOOLEAN",
        "Plain ASCII, which is nearly everything: worth knowing before costly work on letters.",
        spark=r"NOT regexp_like(x, '[^\\x{0000}-\\x{007F}]')",
    ),
    Function(
        "strip_marks",
        ("x",),
        _without_marks("composed(x)"),
        "VARCHAR",
        "Latin, Greek and Cyrillic letters without their accents, Arabic without its vowel signs.",
        spark="regexp_replace({}, '{}', '')".format(_translated("x"), _MARKS.replace("\\", "\\\\")),
    ),
    Function(
        "fold_accents",
        ("x",),
        f"CASE WHEN is_plain_ascii(x) THEN x ELSE strip_marks({_spelt_out('x')}) END",
        "VARCHAR",
        "Accented letters become their base letters (é → e, ø → o, ß → ss, full-width to plain); marks that "
        "make another letter stay.",
    ),
    Function(
        "clean_text",
        ("x",),
        f"""CASE WHEN regexp_matches(x, '{_CLEAN_ALREADY}') THEN x
            ELSE {null_if_empty("text_clean", f"composed({_clean('x')})")} END""",
        "VARCHAR",
        "Invisible characters removed, blanks collapsed and trimmed, composed form; empty becomes NULL.",
    ),
    Function(
        "is_masked",
        ("x",),
        "contains(x, '**') OR contains(x, '••')",
        "BOOLEAN",
        "The source shows the value with asterisks or dots in place of letters.",
    ),
)
