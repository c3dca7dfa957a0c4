from __future__ import annotations

import pytest
import sqlglot

from transforms.model import Model, all_models, table_names

SPENDERS = Model(
    "marts/spenders",
    """-- One row per customer with a purchase.
-- Key: customer_id.
WITH spent AS (
    SELECT o.customer_id, SUM(o.revenue) AS revenue
    FROM orders AS o
    JOIN customers AS c ON c.customer_id = o.customer_id
    GROUP BY o.customer_id
)
SELECT s.customer_id, CAST(s.revenue AS DECIMAL(18, 2)) AS revenue, month_start(p.as_of) AS month
FROM spent AS s, params AS p
""",
)


def test_a_model_is_named_like_its_file() -> None:
    assert (SPENDERS.name, SPENDERS.file) == ("spenders", "transforms/marts/spenders.sql")


def test_inputs_are_the_tables_without_its_own_ctes() -> None:
    assert SPENDERS.inputs == ("customers", "orders", "params")


def test_columns_and_grain_are_read_from_the_sql() -> None:
    assert SPENDERS.columns == ("customer_id", "revenue", "month")
    assert SPENDERS.grain == "One row per customer with a purchase. Key: customer_id."


def test_duckdb_gets_the_file_as_it_is() -> None:
    assert SPENDERS.render("duckdb") == SPENDERS.sql


def test_spark_gets_named_functions_written_out() -> None:
    spark = SPENDERS.render("spark")
    assert "month_start" not in spark.lower()
    assert "TRUNC(CAST((p.as_of)ASDATE),'MM')" in "".join(spark.split())
    sqlglot.parse_one(spark, read="spark")


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="no engine speaks 'oracle'"):
        SPENDERS.render("oracle")


@pytest.mark.parametrize(
    "sql", ["", "SELECT 1 AS a; SELECT 2 AS a", "DROP TABLE x", "CREATE TABLE a AS SELECT 1"]
)
def test_a_file_holds_exactly_one_select(sql: str) -> None:
    with pytest.raises(ValueError, match=r"transforms/marts/broken\.sql must hold exactly one SELECT"):
        _ = Model("marts/broken", sql).tree


def test_a_missing_model_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"transforms/marts/nothing\.sql does not exist"):
        Model.load("marts/nothing")


def test_table_names_of_any_query() -> None:
    assert table_names("WITH a AS (SELECT 1 AS x FROM b) SELECT x FROM a UNION ALL SELECT x FROM c") == {
        "b",
        "c",
    }


def test_every_file_is_a_model_of_its_own_name() -> None:
    models = all_models()
    assert [model.path for model in models] == sorted(model.path for model in models)
    names = [model.name for model in models]
    assert len(names) == len(set(names)), "two models share a name"
    for model in models:
        assert Model.load(model.path).sql == model.sql
