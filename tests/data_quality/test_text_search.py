"""What the quick pass over bytes and columns finds is what comparing every cell with every needle finds."""

from __future__ import annotations

import re

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from data_quality.anchors import BYTES_TOGETHER, Anchor, Anchors
from data_quality.needles import Needle, TextSearch, spellings

SIGNS = 'aAbB1 2.:/-@İıſKé́ÉΣς王\\"\n'
TEXTS = st.text(SIGNS, min_size=1, max_size=12)
VALUES = TEXTS.filter(lambda text: text.strip() != "")
NEEDLES = st.lists(
    st.builds(Needle, st.lists(VALUES, min_size=1, max_size=2).map(tuple), is_key=st.booleans()),
    min_size=1,
    max_size=4,
)


def holds(text: str, value: str, is_key: bool) -> bool:
    """Whether a value stands in a text as a whole word, read off its spellings one by one."""
    before, after = (r"[^\W_]", r"[\w/-]") if is_key else (beside(value[0]), beside(value[-1]))
    return any(
        re.search(f"(?<!{before}){re.escape(spelled)}(?!{after})", text if is_key else text.lower())
        for spelled in spellings(value, is_key)
    )


def beside(sign: str) -> str:
    return "[0-9]" if sign.isdigit() else r"[^\W\d_]" if sign.isalpha() else r"[^\w\W]"


def held(needles: list[Needle], text: str, several: bool) -> frozenset[int]:
    """The needles of one value, or of several, in a text."""
    return frozenset(
        number
        for number, needle in enumerate(needles)
        if (len(needle.values) > 1) is several and all(holds(text, v, needle.is_key) for v in needle.values)
    )


@given(NEEDLES, st.data())
def test_cells_and_rows_are_those_that_comparing_everything_finds(
    needles: list[Needle], data: st.DataObject
) -> None:
    planted = st.tuples(TEXTS, st.sampled_from(needles)).map(lambda pair: pair[0] + pair[1].values[-1])
    cell = st.one_of(st.none(), st.just("K\u212a"), TEXTS, planted)
    rows = data.draw(st.lists(st.tuples(cell, cell), min_size=1, max_size=6))
    expected = {
        (number, position, found)
        for number, cells in enumerate(rows)
        for position, text in [(None, "\x1f".join(c for c in cells if c)), *enumerate(cells)]
        if (found := held(needles, text or "", position is None))
    }
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    assert {*TextSearch(needles).in_rows(columns)} == expected


@given(NEEDLES, st.lists(TEXTS.map(lambda text: text.replace("\n", "")), min_size=1, max_size=6))
def test_lines_are_those_that_comparing_everything_finds(needles: list[Needle], lines: list[str]) -> None:
    content = "\n".join([*lines, *(needle.values[0].replace("\n", "") for needle in needles)])
    expected = {
        number: found
        for number, line in enumerate(content.split("\n"))
        if (found := held(needles, line, several=False) | held(needles, line, several=True))
    }
    assert dict(TextSearch(needles).lines_in(content.encode())) == expected


@given(st.binary(max_size=40), st.sets(st.binary(min_size=1, max_size=12), min_size=1, max_size=5), st.data())
def test_an_anchor_stands_wherever_its_bytes_do(
    around: bytes, texts: set[bytes], data: st.DataObject
) -> None:
    ordered = sorted(texts)
    content = around + data.draw(st.sampled_from(ordered)) + around
    anchors = Anchors(Anchor(text, number) for number, text in enumerate(ordered))
    expected = {
        (number, at)
        for number, text in enumerate(ordered)
        for at in range(len(content))
        if content.startswith(text, at)
    }
    found = {
        (number, at) for _, number, at in anchors.found_in(content, pa.array([0, len(content)]).to_numpy())
    }
    assert found == expected


def test_an_anchor_across_two_steps_or_two_parts() -> None:
    content = b"x" * (BYTES_TOGETHER - 5) + b"0812-3456-7890"
    anchors = Anchors([Anchor(b"0812-3456-7890", 7)])
    at = BYTES_TOGETHER - 5
    assert list(anchors.found_in(content, pa.array([0, len(content)]).to_numpy())) == [(0, 7, at)]
    assert list(anchors.found_in(content, pa.array([0, at, len(content)]).to_numpy())) == [(1, 7, at)]
    assert list(anchors.found_in(content, pa.array([0, at + 3, len(content)]).to_numpy())) == []
