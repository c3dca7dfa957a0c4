"""Matching from yesterday's state gives what matching everything gives: the same pairs, clusters and state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assets.identity import bare_engine
from assets.matching import Matching
from assets.matching_state import State, label_all, match_all, state_of
from assets.matching_update import Update
from transforms.identity.blocking import RULE_NAMES
from transforms.identity.comparisons import COMPARISONS
from transforms.identity.decided import Decision
from transforms.identity.model import IdentityModel, TermKind
from warehouse.engine import DuckDBEngine

HOT_ABOVE = 3
CAP = 3
TEXT = pa.string()
SCHEMA = {
    "name_key": TEXT, "birth_date": pa.date32(), "phones": pa.list_(TEXT), "email": TEXT, "nik": TEXT,
    "national_id": TEXT, "member_id": TEXT, "address_key": TEXT, "postcode": TEXT, "city": TEXT, "sex": TEXT,
    "occupation": TEXT, "social_handle": TEXT, "household_key": TEXT, "first_on": pa.date32(),
    "last_on": pa.date32(),
}  # fmt: skip
KEYS = [f"{'zamkqb'[n % 6]}:{n}" for n in range(18)]
"""Record keys whose order is another than the one they come in."""

People = dict[str, dict[str, Any]]
Decided = frozenset[tuple[str, str, bool]]


def model() -> IdentityModel:
    """Weights as believed before any data are seen; blocks of more than three are refined."""
    shares = ("name", "given", "family", "birth_date", "postcode", "city", "occupation")
    tables = [{c.name: [getattr(one, side) for one in c.levels] for c in COMPARISONS} for side in "mhu"]
    terms = {kind: TermKind(0.01, 0.01, 0.001, 0.02, {}) for kind in shares}
    return IdentityModel(*tables, 1e3, 1e3, 2e5, {}, 3.2, dict.fromkeys(RULE_NAMES, CAP), terms)


MODEL = model()


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    with bare_engine(threads=1) as opened:
        yield opened


class Nights:
    """Nights one after the other, each from the state of the one before, beside a rebuild of each."""

    def __init__(self, engine: DuckDBEngine) -> None:
        self.engine = engine
        self.numbers: dict[str, int] = {}
        self.people: People = {}
        self.next_number = 0
        self.state: State | None = None

    def run(self, people: People, decided: Decided) -> dict[str, Any]:
        """One night; what it found, by record keys."""
        touched = [key for key in self.numbers | people if self.people.get(key) != people.get(key)]
        numbers = dict(self.numbers)
        for key in people:
            if key not in numbers:
                numbers[key] = self.next_number
                self.next_number += 1
        changed = np.array([numbers[key] for key in touched], dtype=np.int64)
        self.numbers = {key: numbers[key] for key in people}
        self.people = people
        self._put(people, self.numbers)
        decisions = [(self.numbers[a], self.numbers[b], same) for a, b, same in _heeded(decided, people)]
        matching = Matching(self.engine, HOT_ABOVE)
        if self.state is None:
            state = self._matched(matching, decisions)
        else:
            records = self.engine.fetch("SELECT * FROM night_records")
            here = np.array(list(self.numbers.values()), dtype=np.int64)
            update = Update(matching, MODEL, self.state, records, here, changed)
            update.pairs()
            update.label(decisions)
            state = update.state
        self.state = State.of_tables((state if self.next_number % 2 else state.in_order()).tables())
        return self._found(self.state, self.numbers)

    def _matched(self, matching: Matching, decisions: list[Decision]) -> State:
        """The state of matching all `night_records`."""
        self.engine.materialise("match_records", "SELECT * FROM night_records")
        match_all(matching, MODEL)
        return state_of(self.engine, label_all(matching, MODEL, decisions), decisions)

    def rebuilt(self, decided: Decided) -> dict[str, Any]:
        """What a rebuild of the last night finds; numbers are ranks of keys there."""
        numbers = {key: number for number, key in enumerate(sorted(self.people))}
        self._put(self.people, numbers)
        matching = Matching(self.engine, HOT_ABOVE)
        decisions = [(numbers[a], numbers[b], same) for a, b, same in _heeded(decided, self.people)]
        state = self._matched(matching, decisions)
        plain = matching.cluster(MODEL, len(numbers), decisions)
        assert plain.tolist() == state.labels.label.tolist()
        return self._found(state, numbers)

    def _put(self, people: People, numbers: dict[str, int]) -> None:
        rows = [{"record_key": key, "record_no": numbers[key], **person} for key, person in people.items()]
        kinds = {"record_no": pa.int32(), "record_key": TEXT} | SCHEMA
        table = pa.Table.from_pylist(rows, schema=pa.schema(list(kinds.items())))
        self.engine.put("night_rows", table)
        self.engine.materialise("night_records", "SELECT *, FALSE AS is_placeholder FROM night_rows")
        self.engine.put("record_numbers", table.select(["record_key", "record_no"]))

    def _found(self, state: State, numbers: dict[str, int]) -> dict[str, Any]:
        key_of = {number: key for key, number in numbers.items()}
        stale = state.is_stale
        tables = {part: getattr(state, part).all(stale).table for part in ("keys", "refined", "identifiers")}
        tables |= {"features": state.features.all(), "pairs": state.pairs.all(stale), "hot": state.hot}
        found: dict[str, Any] = {
            part: sorted(repr(_by_key(row, key_of)) for row in table.to_pylist())
            for part, table in tables.items()
        }
        found["large"] = sorted(map(repr, state.large.table.to_pylist()))
        found["decisions"] = {(key_of[a], key_of[b], same) for a, b, same in state.decisions}
        for name, label in (("labels", state.labels.label), ("components", state.labels.component)):
            groups: dict[int, set[str]] = {}
            for key, number in numbers.items():
                groups.setdefault(int(label[number]), set()).add(key)
            found[name] = {frozenset(group) for group in groups.values()}
        return found


def _by_key(row: dict[str, Any], key_of: dict[int, str]) -> list[tuple[str, Any]]:
    """A row with keys instead of numbers; the two records of a pair in the order of their keys."""
    row = dict(row)
    if "record_no" in row:
        row["record_no"] = key_of[row["record_no"]]
    if "record_a" in row:
        row["record_a"], row["record_b"] = sorted((key_of[row["record_a"]], key_of[row["record_b"]]))
    return sorted(row.items())


def _heeded(decided: Decided, people: People) -> list[tuple[str, str, bool]]:
    return [d for d in decided if d[0] in people and d[1] in people]


def person(name: str | None = None, **known: Any) -> dict[str, Any]:
    """What a record says; the rest is unknown."""
    days = {"first_on": date(2026, 1, 1), "last_on": date(2026, 1, 5)}
    return dict.fromkeys(SCHEMA) | days | {"name_key": name} | known


def seldom(*values: Any) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), st.sampled_from(values))


people = st.builds(
    person,
    name=seldom("budi santoso", "budi susanto", "budi", "siti aminah", "siti aminah putri", "ani wijaya"),
    phones=seldom(["62811111111"], ["62811111112"], ["62811111111", "62822222222"], ["62833333333"]),
    email=seldom("budi.santoso@x.id", "budi.santoso@y.id", "siti@x.id"),
    nik=seldom("3174010101900001", "3174010101900002"),
    birth_date=seldom(date(1990, 1, 1), date(1990, 1, 2), date(1985, 6, 7)),
    postcode=seldom("10110", "10120"),
    city=seldom("jakarta", "bogor"),
    sex=seldom("m", "f"),
    address_key=seldom("melati 5", "melati 15"),
)
changes = st.dictionaries(st.sampled_from(KEYS), st.one_of(st.none(), people), max_size=5)
decisions = st.frozensets(
    st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS), st.booleans()).filter(lambda d: d[0] < d[1]),
    max_size=2,
)
nights = st.lists(st.tuples(changes, decisions), min_size=2, max_size=4)
starts = st.dictionaries(st.sampled_from(KEYS), people, min_size=6, max_size=14)

TWINS = {key: person("budi santoso", phones=["62811111111"], city="jakarta") for key in KEYS[:3]}
NAMESAKES = {KEYS[n]: person("ani wijaya", city=city) for n, city in enumerate(("jakarta", "bogor"))}
CROWD = {KEYS[n]: person("ani wijaya") for n in (5, 6)}
MORE = {KEYS[3]: person("budi santoso", phones=["62811111111"], city="bogor")}


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(start=starts, steps=nights)
@example(start=TWINS, steps=[(MORE, frozenset()), (dict.fromkeys(MORE), frozenset()), ({}, frozenset())])
@example(start=NAMESAKES, steps=[(CROWD, frozenset()), (dict.fromkeys(CROWD), frozenset())])
@example(
    start=TWINS,
    steps=[
        ({}, frozenset({(KEYS[1], KEYS[0], False)})),
        ({}, frozenset()),
        ({KEYS[9]: person("ani wijaya")}, frozenset({(KEYS[1], KEYS[9], True)})),
        ({KEYS[1]: None}, frozenset({(KEYS[1], KEYS[9], True)})),
    ],
)
def test_any_nights_from_state_equal_rebuilds(
    engine: DuckDBEngine, start: People, steps: list[tuple[dict[str, Any], Decided]]
) -> None:
    run = Nights(engine)
    people: People = {}
    for changed, decided in [(start, frozenset()), *steps]:
        people = {key: said for key, said in (people | changed).items() if said is not None}
        found = run.run(people, decided)
        wanted = run.rebuilt(decided)
        for part in found:
            assert found[part] == wanted[part], part
