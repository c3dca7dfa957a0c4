"""How far two records agree, field by field, and which pairs blocks propose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.identity import bare_engine
from assets.matching import Matching
from tests.assets.test_matching_update import SCHEMA, person
from transforms.identity import pairing
from transforms.identity.comparisons import NAMES, unpack
from warehouse.engine import DuckDBEngine

Stated = dict[str, Any]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with bare_engine(threads=1) as opened:
        yield opened


def levels(engine: DuckDBEngine, pairs: list[tuple[Stated, Stated]]) -> list[dict[str, int]]:
    """The levels of each pair of people, by comparison; silent ones are left out."""
    people = [one for pair in pairs for one in pair]
    rows = [{"record_no": number, "is_placeholder": False} | one for number, one in enumerate(people)]
    kinds = {"record_no": pa.int32(), "is_placeholder": pa.bool_()} | SCHEMA
    engine.put("match_records", pa.Table.from_pylist(rows, schema=pa.schema(list(kinds.items()))))
    matching = Matching(engine)
    matching.features()
    first = np.arange(0, len(people), 2, dtype=np.int32)
    found = matching.compare(pa.table({"record_a": first, "record_b": first + 1}))
    return [
        {name: int(level) for name, level in zip(NAMES, row, strict=True) if level >= 0}
        for row in unpack(found.pattern)
    ]


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("budi santoso", "budi santoso", 9),
        ("budi santoso", "santoso budi", 8),
        ("nur aini", "nuraini", 8),
        ("sukarno putra", "soekarno putra", 8),
        ("budi santoso", "budi santosa", 8),
        ("budi", "budi", 7),
        ("budi agung santoso", "budi santoso", 6),
        ("budi santoso", "budi", 5),
        ("budi agung santoso", "budi wahyu santoso", 4),
        ("b santoso", "budi santoso", 4),
        ("budi santoso", "budi hartono", 3),
        ("budi santoso", "rina santoso", 2),
        ("budi agung santoso", "rina agung wijaya", 1),
        ("budi santoso", "rina wijaya", 0),
        ("muhammad rizki hidayat", "rizki pratama", 3),
        ("ni ketut murniati cahyani", "ni ketut pradnya cahyani", 2),
        ("i wayan sudarma", "wayan sudarma putra", 3),
        ("i made sudarma", "i made wijaya", 1),
        ("putu", "i putu sudarma", 5),
    ],
)
def test_names(engine: DuckDBEngine, a: str, b: str, level: int) -> None:
    assert levels(engine, [(person(a), person(b)), (person(b), person(a))]) == [{"name": level}] * 2


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        (date(1990, 5, 4), date(1990, 5, 4), 5),
        (date(1990, 5, 4), date(1990, 4, 5), 4),
        (date(1990, 5, 4), date(1990, 5, 14), 4),
        (date(1990, 5, 14), date(1990, 5, 27), 3),
        (date(1990, 5, 14), date(1961, 5, 14), 3),
        (date(1990, 5, 14), date(1990, 12, 27), 2),
        (date(1990, 5, 14), date(1999, 12, 27), 1),
        (date(1990, 5, 14), date(1964, 12, 27), 0),
    ],
)
def test_birth_dates(engine: DuckDBEngine, a: date, b: date, level: int) -> None:
    found = levels(engine, [(person(birth_date=a), person(birth_date=b))])
    assert found == [{"birth": level}]


LATER = {"first_on": date(2028, 1, 1), "last_on": date(2028, 1, 2)}
UNDATED = {"first_on": None, "last_on": None}


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        ({"phones": ["62811111111"]}, {"phones": ["62811111111"]}, {"phone": 3}),
        ({"phones": ["62811111111"]}, {"phones": ["62822222222", "62811111111"]}, {"phone": 3}),
        ({"phones": ["62811111111"]}, {"phones": ["62811111111"], **LATER}, {"phone": 2}),
        ({"phones": ["62811111111"]}, {"phones": ["62811111111"], **UNDATED}, {"phone": 2}),
        ({"phones": ["62811111111"]}, {"phones": ["62811111101"]}, {"phone": 1}),
        ({"phones": ["62811111111"]}, {"phones": ["62833333333"]}, {"phone": 0}),
        ({"phones": ["62811111111"]}, {}, {}),
        ({"email": "budi.s@x.id"}, {"email": "budi.s@x.id"}, {"email": 3}),
        ({"email": "budi.s@x.id"}, {"email": "budi.s@yahoo.com"}, {"email": 2}),
        ({"email": "budi@x.id"}, {"email": "budi@yahoo.com"}, {"email": 0}),
        ({"email": "budi.s@x.id"}, {"email": "budo.s@x.id"}, {"email": 1}),
        ({"email": "budi1@x.id"}, {"email": "budi2@x.id"}, {"email": 0}),
        ({"nik": "3174010101900001"}, {"nik": "3174010101900001"}, {"identity": 3}),
        ({"nik": "3174010101900001"}, {"nik": "3174010101900091"}, {"identity": 2}),
        ({"nik": "3174010101900001"}, {"nik": "3201234567890009"}, {"identity": 0}),
        ({"national_id": "A1234567"}, {"national_id": "A1234587"}, {"identity": 2}),
        ({"national_id": "A1234567"}, {"national_id": "A1234789"}, {"identity": 0}),
        ({"member_id": "M1"}, {"member_id": "M2"}, {"identity": 1}),
        ({"nik": "3174010101900001", "member_id": "M1"}, {"member_id": "M1"}, {"identity": 3}),
        ({"nik": "3174010101900001"}, {"member_id": "M1"}, {}),
        ({"address_key": "melati 5"}, {"address_key": "melati 5"}, {"place": 6}),
        ({"address_key": "melati 5"}, {"address_key": "melati 15"}, {"place": 5}),
        (
            {"address_key": "melati 5", "city": "jakarta"},
            {"address_key": "melati 15", "city": "bogor"},
            {"place": 5},
        ),
        (
            {"address_key": "melati 5", "city": "jakarta", "postcode": "10110"},
            {"address_key": "melati 15", "city": "bogor", "postcode": "16110"},
            {"place": 2},
        ),
        ({"postcode": "10110", "city": "jakarta"}, {"postcode": "10110", "city": "bogor"}, {"place": 4}),
        ({"city": "jakarta"}, {"city": "jakarta"}, {"place": 3}),
        ({"city": "jakarta"}, {"city": "jakata"}, {"place": 1}),
        ({"city": "3171"}, {"city": "3172"}, {"place": 0}),
        ({"address_key": "melati 5"}, {"city": "jakarta"}, {}),
        ({"sex": "m"}, {"sex": "f"}, {"sex": 0}),
        ({"occupation": "guru"}, {"occupation": "guru"}, {"occupation": 1}),
        ({"social_handle": "@a"}, {"social_handle": "@b"}, {"handle": 0}),
        ({"household_key": "k1"}, {"household_key": "k1"}, {"household": 1}),
    ],
)
def test_other_fields(engine: DuckDBEngine, a: Stated, b: Stated, found: dict[str, int]) -> None:
    one, other = (person() | side for side in (a, b))
    assert levels(engine, [(one, other), (other, one)]) == [found] * 2


words = st.sampled_from(
    ["budi", "budy", "santoso", "santosa", "susanto", "nur", "aini", "nuraini", "b", "siti"]
)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=5, deadline=None, derandomize=True)
@given(pairs=st.lists(st.tuples(names, names), min_size=40, max_size=60))
def test_two_names_agree_the_same_both_ways(engine: DuckDBEngine, pairs: list[tuple[str, str]]) -> None:
    there = levels(engine, [(person(a), person(b)) for a, b in pairs])
    back = levels(engine, [(person(b), person(a)) for a, b in pairs])
    assert there == back


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    keys=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 1), st.integers(0, 4)), max_size=40),
    cap=st.integers(2, 5),
)
def test_pairs_of_small_blocks_and_no_others(keys: list[tuple[int, int, int]], cap: int) -> None:
    packed, large = [], set()
    for rule in (0, 1):
        record, block = (np.array([k[n] for k in keys if k[1] == rule], dtype=np.int64) for n in (0, 2))
        found = pairing.propose(record.astype(np.int32), block, rule, cap)
        packed.append(found.pairs)
        large |= {(rule, int(b), int(n)) for b, n in zip(found.large, found.sizes, strict=True)}
    table = pairing.candidate_pairs(packed).to_pylist()

    blocks: dict[tuple[int, int], list[int]] = {}
    for record_no, rule, block_no in keys:
        blocks.setdefault((rule, block_no), []).append(record_no)
    expected: dict[tuple[int, int], int] = {}
    for (rule, _), members in blocks.items():
        if len(members) <= cap:
            for pair in combinations(sorted(set(members)), 2):
                expected[pair] = expected.get(pair, 0) | 1 << rule
    assert {(row["record_a"], row["record_b"]): row["rules"] for row in table} == expected
    assert large == {(rule, b, len(m)) for (rule, b), m in blocks.items() if len(m) > cap}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    numbers=st.lists(st.integers(0, 2**62 - 1) | st.integers(2**61, 2**61 + 9), max_size=60, unique=True),
    others=st.lists(st.integers(2**61, 2**61 + 9) | st.integers(0, 9), max_size=20),
)
def test_numbers_not_among_others(numbers: list[int], others: list[int]) -> None:
    found = pairing.not_among(np.array(numbers, dtype=np.int64), np.array(others, dtype=np.int64))
    assert found.tolist() == [number not in others for number in numbers]
