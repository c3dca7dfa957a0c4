"""Splink 5 on DuckDB: the settings of its own examples (historical persons, FEBRL), widened to our columns.

Run in Splink's own environment: `python splink_run.py INPUT.parquet FOLDER`.

A data set gets the comparisons whose columns it fills. Columns that say the same (address, postcode, city)
are one comparison, because the model takes comparisons for independent. A blocking rule that would give more
than `PAIRS_PER_RECORD` pairs per record is replaced by its narrower form, as the tutorials advise.
"""

from __future__ import annotations

import logging

import duckdb
import pyarrow as pa
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from measured import Run
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

PAIRS_PER_RECORD = 15
U_PAIRS = 2e6
EM_PAIRS = 2e6
CLUSTERS_AT = 0.95
LOWEST_WEIGHT = -5.0  # pairs below are of no use to any threshold

NAME_3 = ("substr(given, 1, 3)", "substr(family, 1, 4)")
# Each rule from its loose to its narrow form; the last one is taken whatever it gives.
RULES = (
    [("nik",)],
    [("national_id",)],
    [("member_id",)],
    [("email",)],
    [("email_name",)],
    [("social_handle",)],
    [("phones",)],
    [("name_key",), ("name_key", "city"), ("name_key", "postcode")],
    [NAME_3, (*NAME_3, "city"), (*NAME_3, "postcode")],
    [("family", "birth_date")],
    [("given", "birth_date")],
    [("birth_date", "postcode"), ("birth_date", "address_key")],
    [("birth_date", "city"), ("birth_date", "city", "substr(given, 1, 1)")],
    [("birth_date",), ("birth_date", "substr(given, 1, 2)")],
    [("address_key",), ("address_key", "substr(given, 1, 1)")],
    [("postcode", "given"), ("postcode", "given", "family")],
    [("postcode", "family"), ("postcode", "given", "family")],
    [("substr(postcode, 1, 3)", "given"), ("substr(postcode, 1, 3)", "given", "substr(family, 1, 1)")],
    [("substr(postcode, 1, 3)", "family"), ("substr(postcode, 1, 3)", "family", "substr(given, 1, 1)")],
    [("city", "given", "substr(family, 1, 1)"), ("city", "given", "family")],
    [("substr(given, 1, 2)", "substr(family, 1, 2)", "year(birth_date)")],
)
# Every column must be free in one of the passes; a pass over near-certain pairs (e-mail, NIK) teaches little.
TRAINING = (("given",), ("family",), ("birth_date",))
CERTAIN = (
    ("nik",), ("national_id",), ("member_id",), ("email",), ("phone", "given"), ("phone", "name_key"),
    ("given", "family", "birth_date"), ("birth_date", "postcode"),
)  # fmt: skip
CERTAIN_RECALL = 0.5
# Random pairs that agree on an e-mail are mostly one person, so u by random sampling is far too high for such
# columns; set by hand instead, as shares of records that share the value with a stranger.
STRANGERS = {"email": 0.001, "nik": 0.001, "national_id": 0.001, "member_id": 0.001, "phones": 0.5}
# Two people never share these, and EM drives "one person, two numbers" below what Splink accepts.
KNOWN_M = {"nik": (0.93, 0.05, 0.02), "member_id": (0.90, 0.02, 0.08)}


def main() -> None:
    run = Run("splink")
    logging.getLogger("splink").setLevel(logging.ERROR)
    con = duckdb.connect(config={"threads": 2, "memory_limit": "8GB"})
    columns = columns_of(run)
    fetch(con, "SET enable_progress_bar = false")
    fetch(con, f"CREATE TABLE people AS SELECT {', '.join(columns.values())} FROM '{run.path}'")
    api = DuckDBAPI(connection=con)
    chosen = [rule for forms in RULES if (rule := fitting(con, run, columns, forms))]
    rules = list(dict.fromkeys(chosen))
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_key",
        blocking_rules_to_generate_predictions=[blocked(rule) for rule in rules],
        comparisons=comparisons(columns, run.count),
        retain_matching_columns=False,
        em_convergence=0.001,
    )
    linker = Linker(api.register(con.table("people")), settings)
    skipped = train(linker, columns)
    pairs = linker.inference.predict(threshold_match_weight=LOWEST_WEIGHT)
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=CLUSTERS_AT
    )
    clusters = fetch(
        con, f"SELECT record_key, CAST(cluster_id AS VARCHAR) AS cluster FROM {found.physical_name}"
    )
    edges = fetch(
        con,
        "SELECT record_key_l AS record_a, record_key_r AS record_b, match_weight AS weight"
        f" FROM {pairs.physical_name}",
    )
    run.finish(
        clusters,
        edges,
        blocking=[" + ".join(rule) for rule in rules],
        training_passes_skipped=skipped,
        pairs=edges.num_rows,
    )


def fetch(con: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    """The rows of a statement, on a cursor of its own: Splink keeps a result open on the connection."""
    with con.cursor() as cursor:
        return cursor.execute(sql).to_arrow_table()


def columns_of(run: Run) -> dict[str, str]:
    """The input's columns, with those that only Splink's comparisons need."""
    columns = {name: name for name in run.records.column_names}
    if run.has("email"):
        columns["email_name"] = "split_part(email, '@', 1) AS email_name"
    if run.has("given", "family"):
        columns["given_family"] = "given || ' ' || family AS given_family"
    return columns


def fitting(
    con: duckdb.DuckDBPyConnection, run: Run, columns: dict[str, str], forms: list[tuple[str, ...]]
) -> tuple[str, ...] | None:
    """The first form of a rule that this data set can have and afford."""
    possible = [form for form in forms if all(_column(part) in columns for part in form)]
    for form in possible:
        if form == ("phones",) or form == possible[-1]:
            return form
        known = " AND ".join(f"{part} IS NOT NULL" for part in form)
        pairs = fetch(
            con,
            "SELECT SUM(n * (n - 1) / 2) AS pairs FROM"
            f" (SELECT COUNT(*) AS n FROM people WHERE {known} GROUP BY {', '.join(form)})",
        )["pairs"][0].as_py()
        if (pairs or 0) <= PAIRS_PER_RECORD * run.count:
            return form
    return None


def _column(part: str) -> str:
    return part.partition("(")[2].partition(",")[0].rstrip(")") if "(" in part else part


def blocked(rule: tuple[str, ...]) -> object:
    return block_on("phones", arrays_to_explode=["phones"]) if rule == ("phones",) else block_on(*rule)


def comparisons(columns: dict[str, str], count: int) -> list[object]:
    """The comparisons of the columns that are there, term frequencies included."""
    out: list[object] = []
    if {"given", "family"} <= set(columns):
        out.append(name_comparison())
    if "birth_date" in columns:
        out.append(cl.DateOfBirthComparison("birth_date", input_is_string=False))
    for name, share in STRANGERS.items():
        if name in columns:
            out.append(identifier_comparison(name, share / count))
    place = place_comparison(columns)
    if place is not None:
        out.append(place)
    for name in ("sex", "occupation", "social_handle", "household_key"):
        if name in columns:
            out.append(cl.ExactMatch(name).configure(term_frequency_adjustments=True))
    return out


def name_comparison() -> object:
    """Splink's own comparison of forename and surname, with levels for names that are written in part."""
    return cl.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            cll.NullLevel("name_key"),
            cll.ExactMatchLevel("name_key").configure(tf_adjustment_column="name_key"),
            cll.ColumnsReversedLevel("given", "family", symmetrical=True),
            cll.JaroWinklerLevel("name_key", 0.95),
            cll.And(cll.JaroWinklerLevel("given", 0.92), cll.JaroWinklerLevel("family", 0.92)),
            cll.And(cll.JaroWinklerLevel("given", 0.88), cll.JaroWinklerLevel("family", 0.88)),
            cll.CustomLevel(
                "starts_with(name_key_l, name_key_r) OR starts_with(name_key_r, name_key_l)"
            ).configure(label_for_charts="one name begins the other"),
            cll.JaroWinklerLevel("name_key", 0.88),
            cll.ExactMatchLevel("family").configure(tf_adjustment_column="family"),
            cll.ExactMatchLevel("given").configure(tf_adjustment_column="given"),
            cll.ElseLevel(),
        ],
    )


def identifier_comparison(name: str, u: float) -> object:
    """A number or address that belongs to one person: the same, nearly the same, another."""
    if name == "email":
        levels = [
            cll.NullLevel("email"),
            cll.ExactMatchLevel("email"),
            cll.ExactMatchLevel("email_name"),
            cll.JaroWinklerLevel("email", 0.92),
            cll.ElseLevel(),
        ]
    elif name == "phones":
        levels = [
            cll.NullLevel("phones"),
            cll.ArrayIntersectLevel("phones", 1),
            cll.DamerauLevenshteinLevel("phone", 1),
            cll.ElseLevel(),
        ]
    else:
        levels = [
            cll.NullLevel(name),
            cll.ExactMatchLevel(name),
            cll.DamerauLevenshteinLevel(name, 2),
            cll.ElseLevel(),
        ]
    levels[1] = levels[1].configure(u_probability=u, fix_u_probability=True)
    for level, m in zip(levels[1:], KNOWN_M.get(name, ()), strict=False):
        level.configure(m_probability=m, fix_m_probability=True)
    return cl.CustomComparison(output_column_name=name, comparison_levels=levels)


def place_comparison(columns: dict[str, str]) -> object | None:
    """Address, postcode and city as one comparison, from the narrowest to the widest agreement."""
    found = [name for name in ("address_key", "postcode", "city") if name in columns]
    if not found:
        return None
    nothing = cll.And(*(cll.NullLevel(name) for name in found)) if len(found) > 1 else cll.NullLevel(found[0])
    levels: list[object] = [nothing]
    if "address_key" in found:
        levels += [cll.ExactMatchLevel("address_key"), cll.JaroWinklerLevel("address_key", 0.92)]
    if "postcode" in found:
        levels.append(cll.ExactMatchLevel("postcode").configure(tf_adjustment_column="postcode"))
    if "city" in found:
        levels.append(cll.ExactMatchLevel("city").configure(tf_adjustment_column="city"))
    if "postcode" in found:
        levels.append(cll.LevenshteinLevel("postcode", 1))
    return cl.CustomComparison(output_column_name="place", comparison_levels=[*levels, cll.ElseLevel()])


def train(linker: Linker, columns: dict[str, str]) -> list[str]:
    """The share of matches from near-certain rules, u from random pairs, m by EM in several passes.

    Splink stops when a probability falls below 1e-300; such a pass is left out, and named in the answer.
    """
    certain = [block_on(*rule) for rule in CERTAIN if set(rule) <= set(columns)]
    linker.training.estimate_probability_two_random_records_match(certain, recall=CERTAIN_RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=1)
    skipped = []
    for rule in TRAINING:
        if set(rule) <= set(columns):
            try:
                linker.training.estimate_parameters_using_expectation_maximisation(
                    block_on(*rule), estimate_without_term_frequencies=True, max_pairs=EM_PAIRS
                )
            except ValueError as problem:
                skipped.append(f"{' + '.join(rule)}: {problem}")
    return skipped


if __name__ == "__main__":
    main()
