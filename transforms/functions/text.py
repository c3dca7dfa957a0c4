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
_LATIN = (range(0x00C0, 0x0250), range(0x1E00, 0x1F00))


def _folding() -> tuple[str, str]:
    """Accented Latin letters and their base letters, for an engine without `strip_accents`."""
    pairs = []
    for code in (code for block in _LATIN for code in block):
        base = "".join(c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c))
        if len(base) == 1 and base != chr(code):
            pairs.append((chr(code), base))
    return "".join(accented for accented, _ in pairs), "".join(base for _, base in pairs)


def _spark_fold_accents() -> str:
    accented, base = _folding()
    return rf"regexp_replace(translate(x, '{accented}', '{base}'), '[\\x{{0300}}-\\x{{036F}}]+', '')"


def _clean(value: str) -> str:
    visible = f"regexp_replace({value}, '{INVISIBLE}', '', 'g')"
    return f"trim(regexp_replace({visible}, '{BLANKS}', ' ', 'g'))"


FUNCTIONS = (
    Function(
        "fold_accents",
        ("x",),
        "strip_accents(x)",
        "VARCHAR",
        "Accented Latin letters become their base letters: é → e.",
        spark=_spark_fold_accents(),
    ),
    Function(
        "composed",
        ("x",),
        "nfc_normalize(x)",
        "VARCHAR",
        "Letters and their accents as one character each (NFC); Spark leaves them as they come.",
        spark="x",
    ),
    Function(
        "clean_text",
        ("x",),
        null_if_empty("text_clean", f"composed({_clean('x')})"),
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
