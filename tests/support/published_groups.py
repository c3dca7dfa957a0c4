"""The groups of people that published tables of groups speak of, and what is left when some are subtracted.

Belongs here: which tables are such tables (from the contracts), whom each of their groups holds, the attack.
Does not belong here: expectations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.support.small_tables import Tables
from transforms.cube import SMALLEST
from warehouse.contracts import Table, all_tables

COUNTED = {"customers", "orders", "currency", "order days"}
"""Units of what is counted or added up over people."""
SOLD = """SELECT {}, ROW_NUMBER() OVER (ORDER BY order_id, line_no) AS fact, customer_id FROM product_sale_lines AS l
    INNER JOIN sale_periods AS s ON s.period = 'year' AND l.ordered_on BETWEEN {} WHERE breakdown = '{}'"""
YEARS = {
    "the year's sales": "s.starts_on AND s.ends_on",
    "sales of the year before": "s.previous_starts_on AND s.previous_ends_on",
}


@dataclass(frozen=True)
class Told:
    """One way a table tells people apart: `people` selects (label, ..., who), `said` (label, ..., how many).

    A row of `people` may name a fact before whom it is about. `said` ends with NULL where nothing is counted.
    """

    among: str
    people: str
    said: str


def aggregate_tables() -> dict[str, Table]:
    """The published tables that count or add up over people, by name."""
    return {
        table.name: table
        for table in all_tables().values()
        if table.zone == "bi"
        and table.published
        and "customer_id" not in table.column_names
        and COUNTED & {column.unit for column in table.columns}
        and table.retention == "as_of"
    }


def breakdowns(table: Table) -> set[str]:
    """The ways a table looks at the same people, '' where there is one."""
    for name in ("breakdown", "dimension"):
        if name in table.column_names:
            return set(table.column(name).values)
    return {""}


def told() -> dict[tuple[str, str], list[Told]]:
    """By table and breakdown, all that tell people apart by what others may know of them."""
    found: dict[tuple[str, str], list[Told]] = {}
    for name, columns in (
        ("city", "city_code"), ("age_band", "age_band"), ("sex", "sex"), ("city_age_sex", "city_code, age_band, sex"),
    ):  # fmt: skip
        found["market_potential", name] = [
            _market(name, columns, f"SELECT {columns}, customer_id FROM customers")
        ]
    for name in ("education", "occupation"):
        people = f"""SELECT f.{name}, t.customer_id FROM customer_traits AS t
            INNER JOIN folded_{name} AS f ON t.own_{name} IS NOT DISTINCT FROM f.own_{name}"""
        found["market_potential", name] = [_market(name, name, people)]
    for name in ("source", "event", "product"):
        people = f"""SELECT COALESCE(f.{name}, '(other)'), l.customer_id FROM leads AS l
            INNER JOIN folded_lead_{name}s AS f ON l.own_{name} IS NOT DISTINCT FROM f.own_{name}"""
        found["lead_sources", name] = [_leads(name, people)]
    found["lead_sources", "city"] = [
        _leads("city", "SELECT COALESCE(city_code, '(other)'), customer_id FROM leads")
    ]
    found["lead_sources", "source_city"] = [
        _crossing("city", "place", "city_code", "l.city_code", "own_city_code")
    ]
    found["lead_sources", "source_product"] = [
        _crossing("product", "product", "product", "p.product", "own_product", "interests")
    ]
    for name in ("all", "city", "acquisition_source"):
        people = f"SELECT item, customer_id FROM clv_group_members WHERE dimension = '{name}'"
        said = f"""SELECT item, customers FROM clv_groups
            WHERE dimension = '{name}' AND horizon_days = (SELECT MIN(horizon_days) FROM clv_groups)"""
        found["clv_groups", name] = [Told("buyers", people, said)]
    found["pareto_groups", "region"] = _regions()
    for name in ("city", "category_city"):
        said = f"SELECT item, within, NULL FROM product_sales WHERE period = 'year' AND breakdown = '{name}'"
        found["product_sales", name] = [
            Told(among, SOLD.format("item, within", span, name), said) for among, span in YEARS.items()
        ]
    return found


def _market(name: str, columns: str, people: str) -> Told:
    said = f"SELECT {columns}, customers FROM market_potential WHERE breakdown = '{name}' AND customers > 0"
    return Told("customers", people, said)


def _leads(name: str, people: str) -> Told:
    within = ", within" if name.startswith("source_") else ""
    said = f"SELECT item{within}, leads FROM lead_sources WHERE breakdown = '{name}' AND leads > 0"
    return Told("customers", people, said)


def _crossing(name: str, by: str, shown: str, value: str, own: str, grid: str = "places") -> Told:
    people = f"""SELECT COALESCE(a.source, '(other)'), COALESCE(g.{shown}, '(other)'), l.customer_id FROM leads AS l
        INNER JOIN folded_lead_sources AS s ON l.own_source IS NOT DISTINCT FROM s.own_source
        INNER JOIN folded_lead_products AS p ON l.own_product IS NOT DISTINCT FROM p.own_product
        INNER JOIN folded_lead_{grid} AS g ON {value} IS NOT DISTINCT FROM g.{own}
        LEFT JOIN sources_by_{by} AS a ON s.source = a.source"""
    return _leads(f"source_{name}", people)


def _regions() -> list[Told]:
    """Whose revenue a region holds: of all customers those shown there, of the window's buyers those who bought."""
    said = "SELECT item, NULL FROM pareto_groups WHERE dimension = 'region' AND item <> '(anonymous)'"
    shown = """SELECT COALESCE(f.region, '(none)'), c.customer_id FROM customers AS c
        LEFT JOIN folded_buyer_regions AS f ON left(c.city_code, 2) = f.own_region"""
    bought = (
        "SELECT item, customer_id FROM pareto_series WHERE dimension = 'region' AND customer_id IS NOT NULL"
    )
    return [Told("customers", shown, said), Told("buyers of the window", bought, said)]


CUSTOMERS = [
    Told("customers", f"SELECT {columns}, customer_id FROM customers", "")
    for columns in ("city_code", "age_band", "sex", "left(city_code, 2)", "city_code, age_band", "city_code, sex",
                    "age_band, sex", "city_code, age_band, sex")
]  # fmt: skip
"""The groups that anyone can make of `customers`."""


@dataclass(frozen=True)
class Group:
    """Whom or what a group holds: facts as the bits of a number."""

    label: tuple[object, ...]
    facts: int


class People:
    """Everybody of one population: groups as sets of facts, and whom each fact is about."""

    def __init__(self) -> None:
        self._bits: dict[int, int] = {}
        self._about: list[int | None] = []

    def groups(self, tables: Tables, people: str) -> list[Group]:
        """The groups that a query makes of them."""
        found: dict[tuple[object, ...], int] = {}
        facts = " AS fact," in people
        for row in tables.con.execute(people).fetchall():
            *label, fact, customer = row if facts else (*row, row[-1])
            if fact not in self._bits:
                self._bits[fact] = len(self._about)
                self._about.append(customer)
            found[tuple(label)] = found.get(tuple(label), 0) | 1 << self._bits[fact]
        return [Group(label, facts) for label, facts in found.items()]

    def count(self, facts: int, most: int = 1 << 60) -> int:
        """How many people some facts are about; counting stops at `most`."""
        about: set[int] = set()
        while facts and len(about) < most:
            bit = facts & -facts
            customer = self._about[bit.bit_length() - 1]
            if customer is not None:
                about.add(customer)
            facts ^= bit
        return len(about)


def few_left(people: People, ways: Mapping[str, Sequence[Group]]) -> Iterator[tuple[str, str, int]]:
    """Where totals less parts leave one to four people: by name of whole and of parts, with how many.

    A whole is any group; its parts are all groups of one way that lie inside it, together and one by one. What is
    left is subtracted from, once more, in the same way.
    """
    wholes = [(name, group.facts) for name, groups in ways.items() for group in groups]
    known = dict.fromkeys(facts for _, facts in wholes)
    rests = []
    for name, whole in wholes:
        for way, rest in _rests(whole, ways):
            rests.append((f"{name} less {way}", rest))
    for name, facts in (*wholes, *rests):
        if 0 < people.count(facts, SMALLEST) < SMALLEST:
            yield name, "", people.count(facts)
    for name, whole in rests:
        if whole in known:
            continue
        known[whole] = None
        for way, rest in _rests(whole, ways):
            if 0 < people.count(rest, SMALLEST) < SMALLEST:
                yield name, way, people.count(rest)


def _rests(whole: int, ways: Mapping[str, Iterable[Group]]) -> Iterator[tuple[str, int]]:
    for way, groups in ways.items():
        inside = [group.facts for group in groups if group.facts & ~whole == 0 and group.facts != whole]
        together = 0
        for facts in inside:
            together |= facts
            yield way, whole & ~facts
        if len(inside) > 1:
            yield way, whole & ~together
