"""JSON and JSON Lines: nested records in, dotted text columns out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.errors import InputError
from warehouse.landing import LandingTable, ReaderOptions, read_file
from warehouse.landing.json_records import array_elements


def read(tmp_path: Path, text: str, name: str = "file.json", **options: object) -> LandingTable:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_file(path, ReaderOptions(**options))  # type: ignore[arg-type]


def rows(table: LandingTable) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for batch in table.batches() for row in batch.to_pylist()]


def test_lines_nested_objects_and_numbers(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        '{"id":13085.0,"c":{"n":"A"},"t":[1,2]}\n\n{"id":5,"new":true,"c":null}\n{"id":"13085.0","new":1.5}\n',
        "f.jsonl",
    )
    assert table.columns == ["id", "c.n", "t", "new"]
    assert rows(table) == [
        ("13085", "A", "[1,2]", None, 1),
        ("5", None, None, "true", 3),
        ("13085.0", None, None, "1.5", 4),
    ]
    assert table.count_blank == 1


def test_a_bad_line_is_rejected_with_its_number_and_the_rest_read(tmp_path: Path) -> None:
    table = read(tmp_path, 'x{"a":1}\n{"a":2}\n[3]\n{"a":4', "f.jsonl")
    assert rows(table) == [("2", 2)]
    assert [(r.line, r.rule) for r in table.rejects] == [
        (1, "json_syntax"),
        (3, "json_object"),
        (4, "json_syntax"),
    ]


def test_nesting_below_four_names_stays_json(tmp_path: Path) -> None:
    table = read(tmp_path, '[{"a":{"b":{"c":{"d":{"e":1}}}}}]')
    assert (table.columns, rows(table)) == (["a.b.c.d"], [('{"e":1}', 1)])


def test_arrays_of_records_and_wrapped_records(tmp_path: Path) -> None:
    expected = [("1", 1), ('x,]"}', 2)]
    for text in (
        '[{"a":1},{"a":"x,]\\"}"}]',
        '[\n {"a": 1},\n {"a": "x,]\\"}"}\n]\n',
        '{"orders":[{"a":1},{"a":"x,]\\"}"}]}',
        '{\n"orders": [\n{"a":1},\n{"a":"x,]\\"}"}]}',
        '{\n"a":1}\n{\n"a":"x,]\\"}"}',
    ):
        assert rows(read(tmp_path, text)) == expected
    table = read(tmp_path, '{"page":1,"orders":[{"a":1},{"a":2}]}')
    assert rows(table) == [("1", 1), ("2", 2)]
    assert "taken from `orders`" in table.notes[0]


def test_explode_gives_a_row_per_element_and_one_for_none(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        '{"id":1,"items":[{"sku":"a","p":{"q":1.0}},{"sku":"b"}],"z":9}\n{"id":2,"items":[]}\n{"id":3}\n'
        '{"id":4,"items":{"sku":"c"}}\n',
        "f.jsonl",
        explode="items",
    )
    assert table.columns == ["id", "z", "items.sku", "items.p.q"]
    assert rows(table) == [
        ("1", "9", "a", "1", 1),
        ("1", "9", "b", None, 1),
        ("2", None, None, None, 2),
        ("3", None, None, None, 3),
        ("4", None, "c", None, 4),
    ]


def test_one_record_with_its_list_exploded_is_not_a_wrapper(tmp_path: Path) -> None:
    table = read(tmp_path, '{"id":1,"items":[{"sku":"a"},{"sku":"b"}]}', explode="items")
    assert rows(table) == [("1", "a", 1), ("1", "b", 1)]


def test_odd_names(tmp_path: Path) -> None:
    table = read(tmp_path, """[{"a/b":{"c~d":"q'"},"x y":3,"$":1,"*":2}]""")
    assert (table.columns, rows(table)) == (["a/b.c~d", "x y", "$", "*"], [("q'", "3", "1", "2", 1)])


def test_damaged_documents_are_refused_whole(tmp_path: Path) -> None:
    for text in ('[{"a":1},{"a":', '{\n"a":1,\n"b":'):
        with pytest.raises(InputError, match="cut off or damaged after record 1"):
            read(tmp_path, text)
    with pytest.raises(InputError, match="names columns alike: 1 and 2"):
        read(tmp_path, '{"Id":1,"id":2}')


def test_nothing_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the file is empty"):
        read(tmp_path, "")
    assert read(tmp_path, "[]").notes == ["the file holds no record"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(
        st.dictionaries(st.text('ab"\\{[,]}', max_size=4), st.text('a"\\{[,]}\n', max_size=6)), max_size=6
    ),
    block=st.integers(1, 40),
)
def test_an_array_is_cut_alike_whatever_the_blocks(
    tmp_path: Path, records: list[dict[str, str]], block: int
) -> None:
    content = json.dumps(records).encode()
    blocks = [content[start : start + block] for start in range(0, len(content), block)]
    cut = [text.as_py() for lines in array_elements(blocks, tmp_path) for text in lines.texts]
    assert [json.loads(text) for text in cut] == records


def test_the_only_line_of_json_lines_is_a_record_whatever_lists_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text('{"id": 1, "items": [{"sku": "a"}]}\n')
    assert read_file(path, ReaderOptions(), "jsonl").columns == ["id", "items"]
