"""The cube: how finely people may be told apart in tables for analysis, and the folding that keeps it so.

Nobody is shown in a group of fewer than SMALLEST people. Groups that would be smaller are pooled one level up
(city → province → country, age band → wide band → any age, sex → either), once, for all tables: each group by
these dimensions in any of them is a sum of the same cells, so tables add up and none can be subtracted from
another to leave a few people. That groups of people are pooled rather than blanked keeps totals whole.

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


def cube_models() -> dict[str, str]:
    """The SELECT of every folded frame, by name: its `*_cells` with what may be shown of each."""
    groups = ("own_city_code", "own_age_band", "own_sex")
    return {
        "folded_groups": folded_sql("group_cells", groups, PEOPLE),
        "folded_sale_places": folded_sql("sale_place_cells", ("city_code", "own_city_code"), PLACE, "shown_"),
        "folded_lead_sources": folded_sql(
            "lead_source_cells", ("own_source",), (Step("source", "own_source"),)
        ),
        "folded_lead_events": folded_sql("lead_event_cells", ("own_event",), (Step("event", "own_event"),)),
        "folded_education": folded_sql(
            "education_cells", ("own_education",), (Step("education", "own_education"),)
        ),
        "folded_occupation": folded_sql(
            "occupation_cells", ("own_occupation",), (Step("occupation", "own_occupation"),)
        ),
    }


def folded_sql(source: str, own: tuple[str, ...], steps: tuple[Step, ...], prefix: str = "") -> str:
    """A SELECT that adds to the cells of `source` (`own` columns and `people`) what may be shown of each.

    A step parts each group by the finer value. Parts of SMALLEST people or more are shown; so are parts of
    nobody, such as a city without customers. The other parts and those of whom the finer value is not known
    stay together as they were; should they be fewer than SMALLEST, the smallest part shown stays with them.
    Every group therefore has SMALLEST people or nobody, whichever step it stopped at.
    """
    shown = list(dict.fromkeys(prefix + step.column for step in steps))
    kept = ", ".join((*own, "people"))
    nothing = ", ".join(f"CAST(NULL AS VARCHAR) AS {column}" for column in shown)
    frames = [f"step_0 AS (SELECT {kept}, {nothing} FROM {source})"]
    for number, step in enumerate(steps, start=1):
        frames += _step_frames(number, step, prefix + step.column, kept, shown)
    return f"WITH {', '.join(frames)} SELECT {kept}, {', '.join(shown)} FROM step_{len(steps)}"


def _step_frames(number: int, step: Step, column: str, kept: str, shown: list[str]) -> list[str]:
    """The frames of one step: parts counted, what stays together counted, and who stays with it."""
    group = ", ".join(shown)
    few = f"(finer IS NULL OR part BETWEEN 1 AND {SMALLEST - 1})"
    others = "".join(f", {name}" for name in shown if name != column)
    return [
        f"""finer_{number} AS (
            SELECT {kept}, {group}, {step.finer} AS finer,
                SUM(people) OVER (PARTITION BY {group}, {step.finer}) AS part
            FROM step_{number - 1})""",
        f"""together_{number} AS (
            SELECT {kept}, {group}, finer, part,
                SUM(CASE WHEN {few} THEN people ELSE 0 END) OVER (PARTITION BY {group}) AS left_over,
                MIN(CASE WHEN NOT {few} AND part > 0 THEN part END) OVER (PARTITION BY {group}) AS smallest
            FROM finer_{number})""",
        f"""joining_{number} AS (
            SELECT {kept}, {group}, finer, part, left_over,
                MIN(CASE WHEN part = smallest THEN finer END) OVER (PARTITION BY {group}) AS joins
            FROM together_{number})""",
        f"""step_{number} AS (
            SELECT {kept}{others}, CASE
                WHEN {few} OR (left_over BETWEEN 1 AND {SMALLEST - 1} AND finer = joins) THEN {column}
                ELSE finer END AS {column}
            FROM joining_{number})""",
    ]
