"""What the matcher needs of words, lists and dates: codes of names, hashes to group by, lists in common."""

from __future__ import annotations

from transforms.functions.registry import Function

# Letters that sound alike share one; vowels and breaths drop out after the first letter.
_ALIKE, _AS = "vfqzaeiouyhw", "ppks"
_DOUBLED = ("bb", "cc", "dd", "gg", "kk", "ll", "mm", "nn", "pp", "rr", "ss", "tt")
_CODE_LETTERS = 5


def _word_code(word: str) -> str:
    rest = f"substr({word}, 2)"
    for pair in _DOUBLED:
        rest = f"replace({rest}, '{pair}', '{pair[0]}')"
    return (
        f"left(concat(translate(left({word}, 1), '{_ALIKE[:4]}', '{_AS}'), "
        f"translate({rest}, '{_ALIKE}', '{_AS}')), {_CODE_LETTERS})"
    )


# Words that open very many names and are often left out, then which child of a Balinese family somebody is.
_OPENING = "muhammad|ahmad|siti|nur|abdul|i|ni|m|h|st"
_ORDER_OF_BIRTH = "wayan|putu|gede|luh|made|kadek|nengah|nyoman|komang|ketut"


FUNCTIONS = (
    Function(
        "telling_word",
        ("words",),
        f"split_part(regexp_replace(words, '^(({_OPENING}) )?(({_ORDER_OF_BIRTH}) )?', ''), ' ', 1)",
        "VARCHAR",
        "The first word of a name that tells people apart: Muhammad, Siti, Nur and the like are passed over, "
        "and the Balinese order of birth (Wayan, Made, Nyoman, Ketut). The last word always stays.",
    ),
    Function(
        "word_code",
        ("word",),
        _word_code("word"),
        "VARCHAR",
        "A short key of how a word sounds: its first letter and the consonants after it. Equal for Fadhil "
        "and Padil, Sukarno and Soekarno (old spelling mapped before). For blocking only.",
    ),
    Function(
        "grouping_hash",
        ("x",),
        "CAST(hash(x) >> 3 AS BIGINT)",
        "BIGINT",
        "A number of 61 bits to group equal texts by; a sum of two groups equal pairs of texts. Engines give "
        "different numbers, so it is never stored or shown.",
        spark="shiftrightunsigned(xxhash64(x), 3)",
    ),
    Function(
        "shares_any",
        ("list_a", "list_b"),
        "list_has_any(list_a, list_b)",
        "BOOLEAN",
        "Whether two lists have a value in common.",
        spark="arrays_overlap(list_a, list_b)",
    ),
    Function(
        "holds_all",
        ("list_long", "list_short"),
        "list_has_all(list_long, list_short)",
        "BOOLEAN",
        "Whether every value of `list_short` is in `list_long`.",
        spark="size(array_except(list_short, list_long)) = 0",
    ),
    Function(
        "word_hash",
        ("word",),
        "grouping_hash(word) >> 8",
        "BIGINT",
        "A grouping_hash of a word small enough for the words of a name to be summed, in any order.",
        spark="shiftright(grouping_hash(word), 8)",
    ),
    Function(
        "word_bit",
        ("word",),
        "CAST(1 AS BIGINT) << (grouping_hash(word) % 61)",
        "BIGINT",
        "One bit per word, by its hash: names without a common bit share no word. Never stored or shown.",
        spark="shiftleft(1L, cast(grouping_hash(word) % 61 as int))",
    ),
)
