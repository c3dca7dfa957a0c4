"""How well a column's header says a meaning, for flat headers and for paths of nested records."""

from __future__ import annotations

import re
import unicodedata

from pipelines.suggest.meanings import IN_A_LIST, MEANINGS, OF_A_RECORD, WRAPPERS

STEP_SHORTER = 0.03  # what a path loses for each name left out before it: `customer.email` is `email`, nearly
BARE_NAME = 0.9  # `items.name` is a product's name only where nothing says so better


def header_score(header: str, meaning: str, lines: str | None = None) -> float:
    """1 when the header is a name of the meaning, less when it only contains one, 0 otherwise.

    Of a path, names before the last may be left out where they only say whose value it is.
    """
    names = MEANINGS[meaning].split("|")
    is_inside = lines is not None and header.startswith(f"{lines}.")
    path = header.split(".")
    if lines is not None and is_inside:
        path = [_singular(lines.rpartition(".")[2]), *header.removeprefix(f"{lines}.").split(".")]
    if lines is not None and len(path) == 1 + is_inside:
        bare = IN_A_LIST if is_inside else OF_A_RECORD
        if words_of(path[-1]) in bare.get(meaning, ()):
            return BARE_NAME
    best = max(_score(" ".join(path), name) for name in names)
    for left_out in range(1, len(path)):
        is_wrapper = set(words_of(path[left_out - 1]).split()) <= WRAPPERS
        if not is_wrapper and not (is_inside and left_out == 1):
            break
        rest = " ".join(path[left_out:])
        best = max(best, *(_score(rest, name) - STEP_SHORTER * left_out for name in names))
    return best


def words_of(text: str) -> str:
    """A header as small letters and single spaces: `No_HP` and `NoHp` both become `no hp`."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    plain = unicodedata.normalize("NFKD", split).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z]+|\d+", plain.replace("nomor", "no").replace("nomer", "no")))


def _score(header: str, name: str) -> float:
    words, wanted = words_of(header), words_of(name)
    if words == wanted or words.replace(" ", "") == wanted.replace(" ", ""):
        return 1.0
    if f" {wanted} " in f" {words} " and len(wanted) > 2:
        return 0.99 * len(wanted) / len(words)
    return 0.0


def _singular(word: str) -> str:
    return word.removesuffix("s")
