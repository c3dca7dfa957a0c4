"""The cube: who is pooled with whom, and that nobody stands in a group of fewer than five."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from itertools import combinations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.sql_lint import lint
from tests.transforms.test_portability import allowed, spark_functions, spark_types
from transforms.cube import PEOPLE, PLACE, SMALLEST, cube_models
from transforms.functions import create_macros
from transforms.model import Model

Cell = tuple[str | None, str | None, str | None]
Groups = dict[Cell, Cell]
WIDE = {"under 18": "under 25", "18-24": "under 25", "25-34": "25-44", "35-44": "25-44", "65+": "65+"}
CELLS = st.dictionaries(
    st.tuples(
        st.sampled_from([None, "31.71", "31.72", "31.73", "32.01", "51.08"]),
        st.sampled_from([None, "under 18", "18-24", "25-34", "35-44", "65+"]),
        st.sampled_from([None, "female", "male"]),
    ),
    st.integers(0, 9),
    min_size=1,
    max_size=30,
)


@cache
def engine() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    create_macros(con)
    return con


def groups(cells: dict[Cell, int], threads: int = 1) -> Groups:
    """What may be shown of each (city, age band, sex)."""
    con = engine()
    con.execute(f"SET threads = {threads}")
    con.execute(
        "CREATE OR REPLACE TABLE group_cells"
        " (own_city_code VARCHAR, own_age_band VARCHAR, own_sex VARCHAR, people BIGINT)"
    )
    con.executemany("INSERT INTO group_cells VALUES (?, ?, ?, ?)", [(*cell, n) for cell, n in cells.items()])
    rows = con.execute(cube_models()["folded_groups"]).fetchall()
    assert sorted(row[3] for row in rows) == sorted(cells.values())
    return {tuple(row[:3]): tuple(row[4:]) for row in rows}


def sizes(cells: dict[Cell, int], shown: Groups) -> Counter[Cell]:
    """People per group shown."""
    found: Counter[Cell] = Counter()
    for cell, people in cells.items():
        found[shown[cell]] += people
    return found


def test_a_group_of_five_is_shown_as_it_is() -> None:
    cells: dict[Cell, int] = {("31.71", "25-34", "female"): 5, ("31.71", "25-34", "male"): 5}
    assert groups(cells) == {cell: cell for cell in cells}


def test_a_city_of_four_is_pooled_with_the_rest_of_its_province() -> None:
    cells: dict[Cell, int] = {
        ("31.71", None, None): 9,
        ("31.72", None, None): 4,
        ("31.73", None, None): 3,
        ("51.08", None, None): 6,
    }
    assert {cell[0]: shown[0] for cell, shown in groups(cells).items()} == {
        "31.71": "31.71",
        "31.72": "31",
        "31.73": "31",
        "51.08": "51.08",
    }


def test_the_smallest_city_joins_a_rest_that_would_be_four() -> None:
    cells: dict[Cell, int] = {
        ("31.71", None, None): 9,
        ("31.73", None, None): 7,
        ("31.72", None, None): 4,
    }
    assert {cell[0]: shown[0] for cell, shown in groups(cells).items()} == {
        "31.71": "31.71",
        "31.73": "31",
        "31.72": "31",
    }


def test_ages_are_told_by_wide_bands_before_they_are_given_up() -> None:
    cells: dict[Cell, int] = {
        ("31.71", "25-34", None): 3,
        ("31.71", "35-44", None): 4,
        ("31.71", "under 18", None): 2,
        ("31.71", None, None): 8,
    }
    assert {cell[1]: shown[1] for cell, shown in groups(cells).items()} == {
        "25-34": "25-44",
        "35-44": "25-44",
        "under 18": None,
        None: None,
    }


def test_a_city_without_customers_is_shown_and_changes_nobody_elses_group() -> None:
    cells: dict[Cell, int] = {("31.71", None, None): 9, ("31.72", None, None): 4, ("51.08", "65+", "male"): 6}
    nobody: dict[Cell, int] = {("31.73", "18-24", "female"): 0, ("32.01", None, None): 0}
    found = groups(cells | nobody)
    assert {cell: shown for cell, shown in found.items() if cell in cells} == groups(cells)
    assert {cell: shown for cell, shown in found.items() if cell in nobody} == {cell: cell for cell in nobody}


def test_fewer_than_five_in_all_are_told_apart_by_nothing() -> None:
    assert groups({("31.71", "65+", "male"): 2, ("51.08", None, None): 2}) == {
        ("31.71", "65+", "male"): (None, None, None),
        ("51.08", None, None): (None, None, None),
    }


@settings(max_examples=25, deadline=None)
@given(CELLS)
def test_every_group_has_five_people_or_nobody(cells: dict[Cell, int]) -> None:
    shown = groups(cells)
    if sum(cells.values()) >= SMALLEST:
        few = {group: n for group, n in sizes(cells, shown).items() if 0 < n < SMALLEST}
        assert not few


@settings(max_examples=15, deadline=None)
@given(CELLS)
def test_what_is_shown_is_true_of_everybody_in_the_group(cells: dict[Cell, int]) -> None:
    for (city, age, sex), (shown_city, shown_age, shown_sex) in groups(cells).items():
        assert shown_city in (None, city, city and city[:2])
        assert shown_age in (None, age, WIDE.get(age or ""))
        assert shown_sex in (None, sex)


@settings(max_examples=10, deadline=None)
@given(CELLS, st.randoms(use_true_random=False))
def test_groups_depend_on_neither_the_order_of_rows_nor_threads(
    cells: dict[Cell, int], shuffle: random.Random
) -> None:
    order = list(cells.items())
    shuffle.shuffle(order)
    assert groups(dict(order), threads=4) == groups(cells)


@settings(max_examples=15, deadline=None)
@given(CELLS)
def test_no_group_less_all_groups_inside_it_leaves_a_few_people(cells: dict[Cell, int]) -> None:
    """Tables by any choice of the dimensions, subtracted from one another."""
    shown = groups(cells)
    if sum(cells.values()) < SMALLEST:
        return
    published: list[frozenset[Cell]] = []
    for chosen in (c for size in range(4) for c in combinations(range(3), size)):
        by: dict[tuple[str | None, ...], set[Cell]] = {}
        for cell in cells:
            by.setdefault(tuple(shown[cell][i] for i in chosen), set()).add(cell)
        published += [frozenset(members) for members in by.values()]
    for whole in published:
        inside = [part for part in published if part < whole]
        for part in inside:
            left = sum(cells[cell] for cell in whole - part)
            assert left == 0 or left >= SMALLEST


GRIDS = st.dictionaries(
    st.tuples(
        st.sampled_from([None, "31", "31.71", "31.72", "31.73", "32.01", "32.73", "51.08"]),
        st.sampled_from([None, "app", "fair", "leaflet", "radio"]),
    ),
    st.integers(0, 12),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(GRIDS)
def test_every_cell_of_a_crossing_has_five_people_or_nobody(
    cells: dict[tuple[str | None, str | None], int],
) -> None:
    con = engine()
    con.execute(
        "CREATE OR REPLACE TABLE lead_place_cells (own_city_code VARCHAR, source VARCHAR, people BIGINT)"
    )
    con.executemany(
        "INSERT INTO lead_place_cells VALUES (?, ?, ?)", [(*cell, n) for cell, n in cells.items()]
    )
    for name in ("sources_by_place", "lead_place_grid", "folded_lead_places"):
        sql = cube_models().get(name) or Model.load(f"marts/{name}").sql
        con.execute(f"CREATE OR REPLACE TABLE {name} AS {sql}")
    shown = dict(con.execute("SELECT own_city_code, city_code FROM folded_lead_places").fetchall())
    told = {source for (source,) in con.execute("FROM sources_by_place").fetchall()}
    assert set(shown) == {place for place, _ in cells}
    crossed: Counter[tuple[str | None, str | None]] = Counter()
    rows: Counter[str | None] = Counter()
    for (place, source), people in cells.items():
        assert shown[place] in (None, place, place and place[:2])
        row = source if source in told else None
        crossed[row, shown[place]] += people
        rows[row] += people
    assert not {cell: n for cell, n in crossed.items() if 0 < n < min(SMALLEST, rows[cell[0]])}


@pytest.mark.parametrize("name", cube_models())
def test_folding_means_the_same_on_spark(name: str) -> None:
    sql = cube_models()[name]
    assert lint(sql) == []
    spark = Model(f"customers/{name}", sql).render("spark")
    assert spark_functions(spark) <= allowed()["functions"]
    assert spark_types(spark) <= allowed()["types"]


def test_places_are_the_first_steps_of_people_so_that_a_city_means_one_group_everywhere() -> None:
    assert PEOPLE[: len(PLACE)] == PLACE
