"""Every model must mean the same on Spark: the lint, and the list of what Spark has."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from tests.support.sql_lint import lint
from transforms.functions import FUNCTIONS, expand
from transforms.model import Model, all_models

ALLOW_LIST = Path(__file__).with_name("spark_allow_list.txt")
MODELS = all_models()
# Words that stand before a bracket without being functions.
SYNTAX = frozenset(
    [
        "AND",
        "AS",
        "BETWEEN",
        "BY",
        "CASE",
        "ELSE",
        "EXISTS",
        "EXCEPT",
        "FILTER",
        "FROM",
        "IN",
        "INTERSECT",
        "IS",
        "JOIN",
        "LATERAL",
        "NOT",
        "ON",
        "OR",
        "OVER",
        "SELECT",
        "THEN",
        "UNION",
        "USING",
        "VALUES",
        "WHEN",
        "WHERE",
        "WITH",
        "ALL",
        "DISTINCT",
        "HAVING",
        "QUALIFY",
        "LIKE",
        "RLIKE",
        "DIV",
        "LIMIT",
    ]
)


def allowed() -> dict[str, set[str]]:
    """The committed list by section: `[functions]`, `[types]`."""
    sections: dict[str, set[str]] = {}
    for line in ALLOW_LIST.read_text(encoding="utf-8").splitlines():
        text = line.split("#")[0].strip()
        if text.startswith("["):
            current = sections.setdefault(text.strip("[]"), set())
        elif text:
            current.update(text.split())
    return sections


def spark_functions(sql: str) -> set[str]:
    """Names that are called in a Spark query: a word and a bracket, but no type, alias or keyword."""
    tokens = sqlglot.tokenize(sql, read="spark")
    types = {"DECIMAL", "VARCHAR", "CHAR", "ARRAY<", "STRUCT<"}
    tables = {alias.name.upper() for alias in sqlglot.parse_one(sql, read="spark").find_all(exp.TableAlias)}
    called = {
        word.text.upper()
        for word, bracket in pairwise(tokens)
        if bracket.token_type == TokenType.L_PAREN
        and word.text.replace("_", "").isalnum()
        and word.text[0].isalpha()
    }
    return called - SYNTAX - types - tables


def spark_types(sql: str) -> set[str]:
    """Types named in a Spark query, without their sizes."""
    tree = sqlglot.parse_one(sql, read="spark")
    return {kind.sql("spark").split("(")[0].split("<")[0] for kind in tree.find_all(exp.DataType)}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.path)
def test_a_model_opens_with_its_grain_and_key(model: Model) -> None:
    assert model.grain.startswith("One row"), f"{model.file} must open with `-- One row per ...`"
    assert "key:" in model.grain.lower() or model.grain.startswith("One row:"), (
        f"{model.file} must state its `Key: ...`"
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.path)
def test_a_model_uses_only_what_both_engines_mean_the_same_by(model: Model) -> None:
    faults = lint(model.sql)
    assert not faults, f"{model.file}:\n  " + "\n  ".join(faults)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.path)
def test_spark_knows_every_function_and_type_of_a_model(model: Model) -> None:
    spark = model.render("spark")
    unknown = spark_functions(spark) - allowed()["functions"]
    assert not unknown, f"{model.file}: not on spark_allow_list.txt: {', '.join(sorted(unknown))}"
    kinds = spark_types(spark) - allowed()["types"]
    assert not kinds, f"{model.file}: types not on spark_allow_list.txt: {', '.join(sorted(kinds))}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_spark_knows_everything_in_a_named_function(name: str) -> None:
    tree = sqlglot.parse_one(f"SELECT {name}({', '.join(FUNCTIONS[name].args)})", read="duckdb")
    spark = expand(tree, "spark").sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    assert spark_functions(spark) <= allowed()["functions"]
    assert spark_types(spark) <= allowed()["types"]


def test_a_function_that_spark_lacks_is_found() -> None:
    spark = Model("marts/x", "SELECT jaccard(a, b) AS s FROM t").render("spark")
    assert spark_functions(spark) - allowed()["functions"] == {"JACCARD"}


@pytest.mark.parametrize(
    ("sql", "construct"),
    [
        ("SELECT NTILE(5) OVER (PARTITION BY a ORDER BY b) AS q FROM t", "ntile"),
        ("SELECT SUM(a) OVER (ORDER BY b) AS s FROM t", "sorts the whole table"),
        ("SELECT ROW_NUMBER() OVER (ORDER BY b) AS s FROM t", "sorts the whole table"),
        ("SELECT ROW_NUMBER() OVER (PARTITION BY a) AS s FROM t", "needs a total ORDER BY"),
        ("SELECT FIRST_VALUE(b) OVER (PARTITION BY a) AS s FROM t", "needs a total ORDER BY"),
        ("SELECT LAG(b) OVER (PARTITION BY a) AS s FROM t", "needs a total ORDER BY"),
        ("SELECT MEDIAN(a) AS m FROM t", "holistic"),
        ("SELECT quantile_cont(a, 0.5) AS m FROM t", "holistic"),
        ("SELECT quantile_disc(a, 0.5) AS m FROM t", "holistic"),
        ("SELECT approx_quantile(a, 0.5) AS m FROM t", "holistic"),
        ("SELECT MODE(a) AS m FROM t", "holistic"),
        ("SELECT LIST(a) AS m FROM t", "holistic"),
        ("SELECT array_agg(a ORDER BY b) AS m FROM t", "holistic"),
        ("SELECT string_agg(a, ',') AS m FROM t", "holistic"),
        ("SELECT mad(a) AS m FROM t", "holistic"),
        ("SELECT histogram(a) AS m FROM t", "holistic"),
        ("SELECT FIRST(a) AS m FROM t", "takes any row"),
        ("SELECT any_value(a) AS m FROM t", "takes any row"),
        ("SELECT a, COUNT(*) AS n FROM t GROUP BY ALL", "GROUP BY ALL"),
        ("SELECT * FROM t", "SELECT *"),
        ("WITH x AS (SELECT a FROM t) SELECT x.* FROM x", "SELECT *"),
        ("SELECT a FROM t UNION ALL SELECT * FROM u", "SELECT *"),
        ("SELECT a / NULLIF(b, 0) AS r FROM t", "cast one side to DOUBLE"),
        ("SELECT CAST(a AS DOUBLE) / b AS r FROM t", "division"),
        ("SELECT a // b AS r FROM t", "division"),
        ("SELECT a % b AS r FROM t", "division"),
        ("SELECT CAST(a AS DOUBLE) / NULLIF(b, 1) AS r FROM t", "division"),
        ("SELECT LOG(a) AS r FROM t", "log"),
        ("SELECT log10(a) AS r FROM t", "log"),
        ("SELECT dayofweek(d) AS r FROM t", "day of week"),
        ("SELECT isodow(d) AS r FROM t", "day of week"),
        ("SELECT weekday(d) AS r FROM t", "day of week"),
        ("SELECT week(d) AS r FROM t", "day of week"),
        ("SELECT EXTRACT(dow FROM d) AS r FROM t", "day of week"),
        ("SELECT date_part('week', d) AS r FROM t", "day of week"),
        ("SELECT date_diff('month', CAST(a AS DATE), CAST(b AS DATE)) AS r FROM t", "date_diff"),
        ("SELECT date_diff('day', ordered_at, seen_at) AS r FROM t", "date_diff"),
        ("SELECT date_diff('day', CAST(a AS TIMESTAMP), b_on) AS r FROM t", "date_diff"),
        ("SELECT date_trunc('month', d) AS r FROM t", "date_trunc"),
        ("SELECT d + INTERVAL 1 DAY AS r FROM t", "interval"),
        ("SELECT hash(a) AS r FROM t", "hash"),
        ("SELECT current_date AS r FROM t", "clock"),
        ("SELECT now() AS r FROM t", "clock"),
        ("SELECT current_timestamp AS r FROM t", "clock"),
        ("SELECT today() AS r FROM t", "clock"),
        ("SELECT random() AS r FROM t", "random"),
        ("SELECT uuid() AS r FROM t", "random"),
        ("SELECT getvariable('x') AS r FROM t", "outside access"),
        ("SELECT a FROM read_csv('x')", "outside access"),
        ("SELECT a FROM read_parquet('x')", "outside access"),
        (r"SELECT regexp_replace(a, '\s+', ' ', 'g') AS r FROM t", "regular expression"),
        ("SELECT regexp_matches(a, 'x$') AS r FROM t", "regular expression"),
        ("SELECT regexp_matches(a, '[[:alpha:]]') AS r FROM t", "regular expression"),
        ("SELECT regexp_replace(a, 'x', 'y') AS r FROM t", "replaces once"),
        ("SELECT len(a) AS r FROM t", "array_length"),
        ("SELECT substr(a, 0, 2) AS r FROM t", "positions start at 1"),
        ("SELECT a FROM (SELECT MEDIAN(a) AS a FROM t) AS s", "holistic"),
    ],
)
def test_the_lint_catches(sql: str, construct: str) -> None:
    assert any(construct in fault for fault in lint(sql)), f"{sql} gave {lint(sql)}"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT CAST(a AS DOUBLE) / NULLIF(b, 0) AS r FROM t",
        "SELECT CAST(a AS DOUBLE) / CAST(NULLIF(b, 0) AS DOUBLE) AS r FROM t",
        "SELECT CAST(a AS DOUBLE) / CAST(GREATEST(b, 1) + 1 AS DOUBLE) AS r FROM t",
        "SELECT a // 5 AS r, a % 7 AS s FROM t",
        "SELECT date_diff('day', CAST(a AS DATE), first_on) AS r FROM t",
        "SELECT CAST(date_trunc('month', d) AS DATE) AS r FROM t",
        "SELECT CAST(d + INTERVAL 1 DAY AS DATE) AS r FROM t",
        "SELECT ln(a) AS r FROM t",
        "SELECT SUM(a) OVER () AS r FROM t",
        "SELECT a FROM t QUALIFY ROW_NUMBER() OVER (PARTITION BY a ORDER BY b, c) = 1",
        "WITH x AS (SELECT * FROM t) SELECT a FROM x",
        "-- One row per value.\n-- histogram\nSELECT SUM(n) OVER (ORDER BY value) AS below FROM counts",
        "SELECT arg_max(a, b) AS r, COUNT(*) AS n, COUNT(DISTINCT c) AS d FROM t",
        "SELECT regexp_replace(a, '[ ]+', ' ', 'g') AS r, regexp_replace(a, '^x', '') AS s FROM t",
        "SELECT norm_name(a) AS r, days_between(a_on, b_on) AS d FROM t",
    ],
)
def test_the_lint_lets_pass(sql: str) -> None:
    assert lint(sql) == []
