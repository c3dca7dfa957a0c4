"""Do two names allow the same person? One symmetric answer for rules that cannot weigh evidence."""

from __future__ import annotations

from transforms.functions.registry import Function, let

# Levels of agreement of two words.
_NONE, _INITIAL, _WORD = 0, 1, 2
_OLD_SPELLING_TRACE = "[dtnsl]j|oe|ch"


def _other_first_letter(t: str, u: str) -> str:
    """The first letters differ, where p, f and v count as one letter: Febri is written Pebri."""
    lips = "(102, 112, 118)"
    return f"ascii({t}) <> ascii({u}) AND NOT (ascii({t}) IN {lips} AND ascii({u}) IN {lips})"


def _word_level(t: str, u: str) -> str:
    """How far two words agree: the same word, a small typing slip, an initial, or nothing.

    A slip never touches the first letter, and a/i at the end is no slip: Putra is not Putri.
    """
    final_vowels = f"right({t}, 1) || right({u}, 1) IN ('ai', 'ia')"
    shorter = f"least(length({t}), length({u}))"
    letters = "list_sort(string_split({}, ''))"
    return f"""CASE
        WHEN {t} = {u} THEN CASE WHEN length({t}) > 1 THEN {_WORD} ELSE {_INITIAL} END
        WHEN {_other_first_letter(t, u)} THEN {_NONE}
        WHEN length({t}) = 1 OR length({u}) = 1
            THEN CASE WHEN ascii({t}) = ascii({u}) THEN {_INITIAL} ELSE {_NONE} END
        WHEN {shorter} < 5 OR abs(length({t}) - length({u})) > 2 OR {final_vowels} THEN {_NONE}
        WHEN levenshtein({t}, {u}) <= CASE WHEN {shorter} >= 9 THEN 2 ELSE 1 END THEN {_WORD}
        WHEN length({t}) = length({u}) AND levenshtein({t}, {u}) = 2
            AND {letters.format(t)} = {letters.format(u)} THEN {_WORD}
        ELSE {_NONE} END"""


def _covered(tag: str, few: str, many: str) -> str:
    """Every word of `few` agrees with a word of `many`, at least one of them in full."""
    t, u, levels = f"{tag}_t", f"{tag}_u", f"{tag}_levels"
    best = f"list_max(list_transform({many}, lambda {u}: {_word_level(t, u)}))"
    return let(
        levels,
        f"list_transform({few}, lambda {t}: {best})",
        f"list_min({levels}) >= {_INITIAL} AND list_max({levels}) = {_WORD}",
    )


def _agree(few: str, many: str) -> str:
    """`few` has no more words than `many`; with equally many, each name covers the other."""
    return f"""CASE WHEN {_covered("fwd", few, many)} IS DISTINCT FROM TRUE THEN FALSE
        WHEN array_length({few}) = array_length({many}) THEN {_covered("bwd", many, few)} ELSE TRUE END"""


def _ordered(words_a: str, words_b: str) -> str:
    """The same with the shorter name put first."""
    few = f"CASE WHEN array_length({words_a}) <= array_length({words_b}) THEN {words_a} ELSE {words_b} END"
    many = f"CASE WHEN array_length({words_a}) <= array_length({words_b}) THEN {words_b} ELSE {words_a} END"
    return let("fewer_words", few, let("more_words", many, _agree("fewer_words", "more_words")))


FUNCTIONS = (
    Function(
        "names_agree_word_by_word",
        ("a", "b"),
        let(
            "words_a",
            "string_split(a, ' ')",
            let("words_b", "string_split(b, ' ')", _ordered("words_a", "words_b")),
        ),
        "BOOLEAN",
        "names_agree without the old spelling and without words run together.",
    ),
    Function(
        "names_agree",
        ("a", "b"),
        f"""CASE
            WHEN a IS NULL OR b IS NULL THEN NULL
            WHEN a = b THEN TRUE
            WHEN replace(a, ' ', '') = replace(b, ' ', '') THEN TRUE
            WHEN names_agree_word_by_word(a, b) THEN TRUE
            WHEN regexp_matches(a, '{_OLD_SPELLING_TRACE}') OR regexp_matches(b, '{_OLD_SPELLING_TRACE}')
                THEN names_agree_word_by_word(name_key_old(a), name_key_old(b))
            ELSE FALSE END""",
        "BOOLEAN",
        "Two norm_name values allow the same person: every word of the shorter name is in the longer "
        "one, as the "
        "same word, a small slip, an initial or its old spelling. Symmetric. NULL when either is NULL.",
    ),
)
