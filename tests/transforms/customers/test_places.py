"""Cells about one place, and the official codes they lead to."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.customers.cities import CODES, PLACE, city_codes, nik_regions, place_codes
from transforms.customers.region_names import RENUMBERED, regions

Cells = tuple[str | None, str | None, str | None, str | None]


def resolved(*rows: Cells) -> list[dict[str, str | None]]:
    """What `place_codes` says of rows of (city, region, postcode, address_tail), in its own order."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(PLACE)
    cells = {name: pa.array(column, pa.string()) for name, column in zip(PLACE, columns, strict=True)}
    return place_codes(pa.table(cells)).to_pylist()


@pytest.mark.parametrize(
    ("city", "code"),
    [
        ("Kota Bandung", "32.73"),
        ("bandung", "32.73"),  # a bare name means the city first
        ("Kab. Bandung", "32.04"),
        ("Bandung City", "32.73"),
        ("Bogor Regency", "32.01"),
        ("JAKSEL", "31.74"),
        ("Kota Adm. Jakarta Selatan", "31.74"),
        ("South Jakarta", "31.74"),
        ("Pangkal Pinang", "19.71"),
        ("Kotabaru", "63.02"),
        ("Kota Baru", "63.02"),
        ("Solo", "33.72"),
        ("Jogja", "34.71"),
        ("Ujung Pandang", "73.71"),
        ("Jakarta", None),  # a province
        ("Sidomulyo", None),  # a village, one of about a hundred
        ("Atlantis", None),
    ],
)
def test_a_city_cell_alone(city: str, code: str | None) -> None:
    assert city_codes([city, city]).to_pylist() == ([{"city": city, "city_code": code}] if code else [])


@pytest.mark.parametrize(
    ("cells", "codes", "evidence", "disagrees"),
    [
        # one cell
        (("Bandung", None, None, None), ("32", "32.73", None), "city", None),
        (("Jakarta", None, None, None), ("31", None, None), "city", None),
        ((None, "Jawa Barat", None, None), ("32", None, None), "region", None),
        ((None, "West Java", None, None), ("32", None, None), "region", None),
        ((None, None, "16424", None), ("32", "32.76", "32.76.06"), "postcode", None),
        ((None, None, "99999", None), (None, None, None), None, None),
        # cells that narrow each other
        (("Bandung", "Jawa Barat", "40375", None), ("32", "32.04", None), "city+postcode+region", None),
        (("Jakarta", "DKI", "12190", None), ("31", "31.74", "31.74.07"), "city+postcode+region", None),
        (("Bogor", None, None, "kec. cibinong, bogor"), ("32", "32.01", "32.01.01"), "city+address", None),
        (("Kec. Coblong", "Jawa Barat", None, None), ("32", "32.73", "32.73.02"), "city+region", None),
        # the end of an address
        ((None, None, None, "beji, depok 16424"), ("32", "32.76", "32.76.06"), "address+postcode", None),
        ((None, None, None, "kec. gambir, kota jakarta pusat"), ("31", "31.71", "31.71.01"), "address", None),
        (
            (None, None, None, "kec cibinong kab bogor jawa barat"),
            ("32", "32.01", "32.01.01"),
            "address",
            None,
        ),
        ((None, None, None, "5 bandung"), ("32", "32.73", None), "address", None),
        ((None, None, None, "jl. surabaya, sukamaju"), (None, None, None), None, None),
        # cells that disagree: the city is believed before the postcode, the regency before the province
        (("Surabaya", None, "40111", None), ("35", "35.78", None), "city", "postcode"),
        (("Surabaya", "Jawa Barat", None, None), ("35", "35.78", None), "city", "region"),
        # provinces that were divided since
        (("Tangerang", "Jawa Barat", None, None), ("36", "36.71", None), "city+region", None),
        (("Merauke", "Papua", None, None), ("93", "93.01", None), "city+region", None),
        # the name of a village, or of a district that may be a village, is no evidence
        (("Sidomulyo", None, None, None), (None, None, None), None, None),
        (("Kebayoran Baru", "DKI Jakarta", None, None), ("31", None, None), "region", None),
        ((None, None, None, None), (None, None, None), None, None),
    ],
)
def test_cells_of_one_place_are_weighed(
    cells: Cells, codes: tuple[str | None, ...], evidence: str | None, disagrees: str | None
) -> None:
    (row,) = resolved(cells)
    assert tuple(row[name] for name in CODES) == codes
    assert (row["evidence"], row["disagrees"]) == (evidence, disagrees)


def test_each_distinct_place_is_read_once() -> None:
    assert len(resolved(("Bandung", None, None, None), ("Bandung", None, None, None))) == 1
    assert resolved() == []


NAMES = st.sampled_from(
    [
        "Bandung",
        "Kab. Bogor",
        "Jakarta",
        "DKI",
        "Jawa Barat",
        "40111",
        "16424",
        "kec. gambir",
        "kota",
        "x",
        "",
        "-",
    ]
)
CELLS = st.one_of(st.none(), NAMES, st.lists(NAMES, max_size=4).map(", ".join), st.text(max_size=12))


@settings(deadline=None, max_examples=150)
@given(st.tuples(CELLS, CELLS, CELLS, CELLS))
def test_codes_of_anything_are_official_and_lie_within_each_other(cells: Cells) -> None:
    (row,) = resolved(cells)
    province, regency, district = (row[name] for name in CODES)
    for code in (province, regency, district):
        assert code is None or code in regions().codes
    assert regency is None or regency[:2] == province
    assert district is None or district[:5] == regency
    assert (province is None) == (row["evidence"] is None)


def test_the_region_inside_a_nik_as_it_is_today() -> None:
    codes = ["31.71.01", "32.04.99", "64.73.01", "91.01.02", "73.20.01", "99.01.01"]
    rows = {row.pop("nik_region"): tuple(row.values()) for row in nik_regions(codes).to_pylist()}
    assert rows["31.71.01"] == ("31", "31.71", "31.71.01")
    assert rows["32.04.99"] == ("32", "32.04", None)  # a district that was divided
    assert rows["64.73.01"] == ("65", "65.71", None)  # Tarakan, once in Kalimantan Timur
    assert rows["91.01.02"] == ("93", "93.01", None)  # Merauke, once in Papua
    assert rows["73.20.01"] == ("73", None, None)  # retired, its successor is not known
    assert rows["99.01.01"] == (None, None, None)


def test_renumbered_regencies_exist_under_their_new_code_only() -> None:
    assert set(RENUMBERED.values()) <= regions().codes
    assert not RENUMBERED.keys() & regions().codes
