"""The cube: how finely people may be told apart in tables for analysis, and the folding that keeps it so.

Nobody is shown in a group of fewer than SMALLEST people. Groups that would be smaller are pooled one level up
(city → province → country, age band → wide band → any age, sex → either), once, for all tables: each group by
these dimensions in any of them is a sum of the same cells, so tables add up and none can be subtracted from
another to leave a few people. That groups of people are pooled rather than blanked keeps totals whole.

Two things by which people are told apart separately (source and city) are crossed in a grid: rows and columns
are what is shown of each, pooled until every cell of the grid has SMALLEST people or nobody. Nobody is pooled
by cell, so totals less cells are whole rows and columns, never what was hidden of one.

Belongs here: the declared levels and the SQL that folds. What is counted stands in `*_cells.sql`.
"""

from __future__ import annotations

from dataclasses import dataclass

SMALLEST = 5
"""The fewest people a group shown in a table for analysis may have."""


@dataclass(frozen=True)
class Step:
    """What `column` says may become `finer`, for those of whom enough people say the same."""

    column: str
    finer: str


PLACE = (Step("city_code", "left(own_city_code, 2)"), Step("city_code", "own_city_code"))
PEOPLE = (
    *PLACE,
    Step("age_band", "wide_age_band(own_age_band)"),
    Step("sex", "own_sex"),
    Step("age_band", "own_age_band"),
)
"""The steps from everybody to the finest groups, those analysis would miss most first."""
FOLDED = {
    "folded_groups": ("group_cells", ("own_city_code", "own_age_band", "own_sex"), PEOPLE),
    "folded_lead_sources": ("lead_source_cells", ("own_source",), (Step("source", "own_source"),)),
    "folded_lead_events": ("lead_event_cells", ("own_event",), (Step("event", "own_event"),)),
    "folded_lead_products": ("lead_product_cells", ("own_product",), (Step("product", "own_product"),)),
    "folded_buyer_places": ("buyer_place_cells", ("own_city_code",), PLACE),
    "folded_buyer_regions": ("buyer_region_cells", ("own_region",), (Step("region", "own_region"),)),
    "folded_education": ("education_cells", ("own_education",), (Step("education", "own_education"),)),
    "folded_occupation": ("occupation_cells", ("own_occupation",), (Step("occupation", "own_occupation"),)),
}
"""What is folded by itself: the cells, what they are by, the steps."""


def cube_models() -> dict[str, str]:
    """The SELECT of every folded frame, by name: its `*_cells` with what may be shown of each."""
    return {name: folded_sql(source, own, steps) for name, (source, own, steps) in FOLDED.items()} | {
        "sale_place_cells": placed_sql("visited_places"),
        "folded_sale_places": folded_sql("sale_place_cells", ("city_code", "own_city_code"), PLACE, "shown_"),
        "sold_place_cells": placed_sql("sold_places", ("span",)),
        "folded_sold_places": folded_sql(
            "sold_place_cells", ("city_code", "own_city_code"), PLACE, "shown_", apart=("span",)
        ),
        "categories_by_place": apart_sql("sold_category_cells", "category", "city_code"),
        "sold_category_grid": placed_sql("sold_categories", ("category", "span")),
        "folded_sold_categories": folded_sql(
            "sold_category_grid", ("city_code", "own_city_code"), PLACE, "shown_", apart=("category", "span")
        ),
        "sources_by_place": apart_sql("lead_place_cells", "source", "own_city_code"),
        "folded_lead_places": folded_sql("lead_place_grid", ("own_city_code",), PLACE, apart=("source",)),
        "sources_by_product": apart_sql("lead_interest_cells", "source", "own_product"),
        "folded_lead_interests": folded_sql(
            "lead_interest_grid", ("own_product",), (Step("product", "own_product"),), apart=("source",)
        ),
    }


def placed_sql(source: str, apart: tuple[str, ...] = ()) -> str:
    """A SELECT of the cells of places: how many customers of `source` (city_code, customer_id) each has.

    Who bought in several counts in one of them only, so that cells may be added up; a place whose customers
    all count elsewhere is not shown by itself. `apart` names what is counted separately.
    """
    kind = "".join(f"{name}, " for name in apart)
    return f"""
        WITH visits AS (SELECT DISTINCT {kind}city_code, customer_id FROM {source}),
        numbered AS (
            SELECT {kind}city_code, customer_id, ROW_NUMBER() OVER (
                PARTITION BY {kind}customer_id
                ORDER BY CASE WHEN city_code IS NULL THEN 1 ELSE 0 END, city_code
            ) AS place
            FROM visits),
        counted AS (
            SELECT {kind}city_code, COUNT(CASE WHEN place = 1 THEN customer_id END) AS people,
                COUNT(customer_id) AS customers
            FROM numbered
            GROUP BY {kind}city_code)
        SELECT {kind}city_code, people, CASE WHEN MIN(
            CASE WHEN people > 0 OR customers = 0 THEN 1 ELSE 0 END
        ) OVER (PARTITION BY city_code) = 1 THEN city_code END AS own_city_code
        FROM counted"""


def folded_sql(
    source: str, own: tuple[str, ...], steps: tuple[Step, ...], prefix: str = "", apart: tuple[str, ...] = ()
) -> str:
    """A SELECT of what may be shown of each of the cells of `source` (`own` columns and `people`).

    A step parts each group by the finer value. Parts of SMALLEST people or more are shown; so are parts of
    nobody, such as a city without customers. The other parts and those of whom the finer value is not known
    stay together as they were; should they be fewer than SMALLEST, the smallest part shown stays with them.
    Every group therefore has SMALLEST people or nobody, whichever step it stopped at.

    With cells of several kinds (`apart`, such as the sources crossed with cities) that is true of each kind
    in every group, and the answer has one row for each of `own`.
    """
    shown = list(dict.fromkeys(prefix + step.column for step in steps))
    kept = ", ".join((*own, *apart, "people"))
    nothing = ", ".join(f"CAST(NULL AS VARCHAR) AS {column}" for column in shown)
    frames = [f"step_0 AS (SELECT {kept}, {nothing} FROM {source})"]
    for number, step in enumerate(steps, start=1):
        frames += _step_frames(number, step, prefix + step.column, kept, shown, apart)
    columns = f"DISTINCT {', '.join(own)}" if apart else kept
    return f"WITH {', '.join(frames)} SELECT {columns}, {', '.join(shown)} FROM step_{len(steps)}"


def _step_frames(
    number: int, step: Step, column: str, kept: str, shown: list[str], apart: tuple[str, ...]
) -> list[str]:
    """The frames of one step: parts counted, what stays together, what joins it, what is shown of each."""
    group = ", ".join(shown)
    kind = "".join(f", {name}" for name in apart)
    others = "".join(f", {name}" for name in shown if name != column)
    stays, few = "(finer IS NULL OR is_few = 1)", f"BETWEEN 1 AND {SMALLEST - 1}"
    # Without kinds a part is one row's worth: a window less, as DuckDB plans twice as long for each one more.
    any_kind = f"MAX({{}}) OVER (PARTITION BY {group}, finer)" if apart else "{}"
    return [
        f"""finer_{number} AS (
            SELECT {kept}, {group}, {step.finer} AS finer,
                SUM(people) OVER (PARTITION BY {group}, {step.finer}{kind}) AS part
            FROM step_{number - 1})""",
        f"""judged_{number} AS (
            SELECT {kept}, {group}, finer, part,
                {any_kind.format(f"CASE WHEN part {few} THEN 1 ELSE 0 END")} AS is_few
            FROM finer_{number})""",
        f"""together_{number} AS (
            SELECT {kept}, {group}, finer, part, is_few,
                SUM(CASE WHEN {stays} THEN people ELSE 0 END) OVER (PARTITION BY {group}{kind}) AS left_over,
                MIN(
                    CASE WHEN NOT {stays} AND part > 0 THEN part END
                ) OVER (PARTITION BY {group}{kind}) AS smallest
            FROM judged_{number})""",
        f"""lacking_{number} AS (
            SELECT {kept}, {group}, finer, is_few, MIN(
                CASE WHEN NOT {stays} AND left_over {few} AND part = smallest THEN finer END
            ) OVER (PARTITION BY {group}{kind}) AS joins
            FROM together_{number})""",
        f"""joining_{number} AS (
            SELECT {kept}, {group}, finer, is_few,
                {any_kind.format("CASE WHEN finer = joins THEN 1 ELSE 0 END")} AS is_joining
            FROM lacking_{number})""",
        f"""step_{number} AS (
            SELECT {kept}{others},
                CASE WHEN {stays} OR is_joining = 1 THEN {column} ELSE finer END AS {column}
            FROM joining_{number})""",
    ]


def apart_sql(source: str, item: str, by: str) -> str:
    """A SELECT of the items that a grid of `item` and `by` tells apart; the others are one row together.

    A place is shown by itself where each row of the grid has SMALLEST people or nobody there, so a small item
    with a few people everywhere would hide every place. Told apart are the largest items, as many as leave
    each of them, and the others together, not few where half of their people of known place or more are.
    """
    enough = f"2 * SUM(CASE WHEN {{0}} >= {SMALLEST} THEN {{0}} ELSE 0 END) >= SUM({{0}})"
    return f"""
        WITH ranked AS (
            SELECT {item} AS item, ROW_NUMBER() OVER (
                PARTITION BY CAST(1 AS INTEGER)
                ORDER BY CASE WHEN {item} IS NULL THEN 0 ELSE 1 END, SUM(people), {item}
            ) AS place
            FROM {source}
            GROUP BY {item}),
        columns_known AS (SELECT DISTINCT {by} AS known FROM {source} WHERE {by} IS NOT NULL),
        grid AS (
            SELECT r.place, r.item, c.known, COALESCE(s.people, 0) AS people,
                SUM(COALESCE(s.people, 0)) OVER (
                    PARTITION BY c.known ORDER BY r.place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                ) AS together
            FROM ranked AS r
            CROSS JOIN columns_known AS c
            LEFT JOIN {source} AS s
                ON r.item IS NOT DISTINCT FROM s.{item} AND c.known = s.{by}),
        judged AS (
            SELECT place, item, item IS NOT NULL AND {enough.format("people")} AS is_large,
                {enough.format("together")} AS is_enough
            FROM grid
            GROUP BY place, item),
        small AS (SELECT COALESCE(MAX(place), 0) AS place FROM judged WHERE NOT is_large),
        pooled AS (
            SELECT s.place AS last_small, MIN(CASE WHEN j.is_enough THEN j.place END) AS place
            FROM small AS s
            INNER JOIN judged AS j ON s.place <= j.place
            GROUP BY s.place)
        SELECT j.item AS {item}
        FROM judged AS j
        CROSS JOIN pooled AS p
        WHERE p.last_small = 0 OR j.place > p.place"""
