"""Two expectations of our own, for what Great Expectations has none that keeps rows to itself.

`ExpectRowsToSatisfy(predicate)` joins the one aggregate query that Great Expectations makes of all column
expectations; `ExpectCountToBeZero(query)` asks a counting query. Both see counts, never rows (the built-in
`UnexpectedRowsExpectation` fetches the rows). Great Expectations is imported when the function is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class OwnExpectations:
    """The expectation classes, made once per process."""

    rows_to_satisfy: Any
    count_to_be_zero: Any


@cache
def own_expectations() -> OwnExpectations:
    """Define and register the metrics and expectations."""
    _register_metrics()
    from great_expectations.expectations.expectation import BatchExpectation

    class ExpectRowsToSatisfy(BatchExpectation):
        """No row makes the predicate FALSE; NULL passes."""

        predicate: str
        metric_dependencies = ("table.satu_rows_breaking",)
        success_keys = ("predicate",)

        def _validate(
            self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None
        ) -> dict[str, Any]:
            return _zero(metrics["table.satu_rows_breaking"])

    class ExpectCountToBeZero(BatchExpectation):
        """The counting query answers zero."""

        query: str
        metric_dependencies = ("table.satu_count",)
        success_keys = ("query",)

        def _validate(
            self, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None
        ) -> dict[str, Any]:
            return _zero(metrics["table.satu_count"])

    return OwnExpectations(ExpectRowsToSatisfy, ExpectCountToBeZero)


def _zero(count: int) -> dict[str, Any]:
    return {"success": count == 0, "result": {"unexpected_count": int(count)}}


def _register_metrics() -> None:
    """Metrics register themselves when their class is made."""
    import sqlalchemy as sa
    from great_expectations.core.metric_domain_types import MetricDomainTypes
    from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
    from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
    from great_expectations.expectations.metrics.metric_provider import metric_partial, metric_value
    from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

    class RowsBreaking(TableMetricProvider):
        """Rows on which a predicate is FALSE, as one more column of the bundled aggregate query."""

        metric_name = "table.satu_rows_breaking"
        value_keys = ("predicate",)

        @metric_partial(
            engine=SqlAlchemyExecutionEngine,
            partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
            domain_type=MetricDomainTypes.TABLE,
        )
        def _sqlalchemy(
            cls, execution_engine: Any, metric_domain_kwargs: Any, metric_value_kwargs: Any, **_: Any
        ) -> Any:
            predicate = metric_value_kwargs["predicate"]
            broken = sa.literal_column(f"COUNT(*) FILTER (WHERE NOT ({predicate}))", sa.BigInteger)
            return broken, metric_domain_kwargs, {}

    class Count(TableMetricProvider):
        """The one number a query returns."""

        metric_name = "table.satu_count"
        value_keys = ("query",)

        @metric_value(engine=SqlAlchemyExecutionEngine)
        def _sqlalchemy(cls, execution_engine: Any, metric_value_kwargs: Any, **_: Any) -> int:
            with execution_engine.engine.connect() as connection:
                row = connection.exec_driver_sql(metric_value_kwargs["query"]).fetchone()
            return int(row[0])
