"""Names of people: how they are shown, how they are compared.

The stored name keeps its spelling; the forms here are keys. Old spelling is a second key and never a name.
"""

from __future__ import annotations

from transforms.functions import name_patterns as patterns
from transforms.functions.registry import Function, let, null_if_empty

_ANY_CASE = "(?i)"
_OLD_SPELLING = (
    ("dj", "j"),
    ("tj", "c"),
    ("nj", "ny"),
    ("sj", "sy"),
    ("lj", "ly"),
    ("oe", "u"),
    ("ch", "kh"),
)


def _cut(value: str, pattern: str, replacement: str = "") -> str:
    return f"regexp_replace({value}, '{pattern}', '{replacement}')"


def _respelt(value: str) -> str:
    """The variants of a few very frequent names written one way, Mc joined to its name.

    Blanks come in doubled and leave single.
    """
    out = f"concat(' ', {_cut(value, '^st  ', 'siti  ')}, ' ')"
    for name, variants in patterns.RESPELT.items():
        out = f"regexp_replace({out}, ' (?:{variants}) ', ' {name} ', 'g')"
    return f"trim(replace(replace({out}, ' mc  ', ' mc'), '  ', ' '))"


def _given_first(value: str) -> str:
    """ "santoso, budi" the other way round; patterns that capture would cost five times as much."""
    swapped = "concat(split_part(name_comma, ',', 2), ' ', split_part(name_comma, ',', 1))"
    reversed_ = f"contains(name_comma, ',') AND regexp_matches(name_comma, '{patterns.SURNAME_FIRST}')"
    return let("name_comma", value, f"CASE WHEN {reversed_} THEN {swapped} ELSE name_comma END")


def _norm_name(x: str) -> str:
    folded = f"regexp_replace(lower(fold_accents({x})), '[''’‘`ʼʻ´]+', '', 'g')"
    text = _cut(_cut(folded, patterns.TRAILING_PAREN), patterns.TRAILING)
    text = _cut(_given_first(text), patterns.LEADING_MUHAMMAD, "muhammad ")
    letters = rf"trim(regexp_replace({text}, '[^\p{{L}}\p{{M}}]+', '  ', 'g'))"
    bare = _cut(_cut(letters, patterns.LEADING_WORDS), patterns.TRAILING_WORDS)
    return null_if_empty("name_key", _respelt(bare))


def _name_key_old(name: str) -> str:
    for old, new in _OLD_SPELLING:
        name = f"replace({name}, '{old}', '{new}')"
    return name


def _name_core(name: str) -> str:
    linked = f"regexp_replace(concat(' ', {name}, ' '), ' (?:(?:{patterns.LINKS}) )+', ' ', 'g')"
    return f"trim(replace({linked}, ' mac', ' mc'))"


def _name_titles() -> str:
    """All that stands before and after the shown name, so that nothing of a cell is lost."""
    text, shown = "titled[1]", "titled[2]"
    before = f"trim(left({text}, strpos({text}, {shown}) - 1), ' ,;')"
    after = f"trim(substr({text}, strpos({text}, {shown}) + length({shown})), ' ,;')"
    return f"""CASE WHEN {shown} = {text} THEN NULL WHEN {shown} IS NULL THEN {text}
        ELSE nullif(trim(concat({before}, ', ', {after}), ', '), '') END"""


def _name_display(x: str) -> str:
    bare = _cut(x, _ANY_CASE + patterns.TRAILING_PAREN)
    for pattern in (patterns.TRAILING, patterns.TRAILING_WORDS, patterns.LEADING):
        bare = _cut(bare, _ANY_CASE + pattern)
    return null_if_empty("name_shown", f"trim({bare}, ' ,;')")


_WORDS = r"trim(regexp_replace(lower(x), '[^\p{L}\p{M}]+', ' ', 'g'))"
_ONE_LETTER = "|".join(f"{letter}+" for letter in "abcdefghijklmnopqrstuvwxyz")

FUNCTIONS = (
    Function(
        "norm_name",
        ("x",),
        f"CASE WHEN is_masked(x) THEN NULL ELSE {_norm_name('x')} END",
        "VARCHAR",
        "A name for comparison: lower case, accents folded, honorifics and degrees off, Muhammad's family "
        "written one way. NULL when masked or empty.",
    ),
    Function(
        "name_display",
        ("x",),
        _name_display("clean_text(x)"),
        "VARCHAR",
        "A name to show: cleaned, honorifics and degrees split off; its letters are left alone.",
    ),
    Function(
        "name_titles",
        ("x",),
        let("titled", "[clean_text(x), name_display(x)]", _name_titles()),
        "VARCHAR",
        "The honorifics and degrees that name_display splits off.",
    ),
    Function(
        "name_key_old",
        ("name",),
        _name_key_old("name"),
        "VARCHAR",
        "A second key of a norm_name with old spelling mapped: tj→c, dj→j, oe→u, sj→sy, nj→ny, ch→kh. "
        "Never j→y on its own (Joko is not Yoko).",
    ),
    Function(
        "name_core",
        ("name",),
        f"coalesce(nullif({_name_core('name')}, ''), name)",
        "VARCHAR",
        "A second key of a norm_name without the words that link its parts (bin, binti, van der, de la, "
        "al ...), Mac written Mc.",
    ),
    Function(
        "name_tokens",
        ("name",),
        "list_sort(list_distinct(string_split(name, ' ')))",
        "VARCHAR[]",
        "The distinct words of a norm_name, sorted.",
    ),
    Function(
        "is_placeholder_name",
        ("x",),
        rf"regexp_matches({_WORDS}, '^(?:{patterns.PLACEHOLDERS}|{_ONE_LETTER})?\z')",
        "BOOLEAN",
        "No name at all: test, asdf, Mickey Mouse, tidak ada, n/a, one letter or one letter "
        "repeated, no letter.",
    ),
)
