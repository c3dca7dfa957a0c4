"""What a night tells Dagster: check outcomes, materialisations with row counts, column schemas."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import dagster as dg

from data_quality.results import CheckResult
from data_quality.rules import checks_for
from data_quality.wording import PRIVACY_CHECKS
from warehouse.contracts import Table
from warehouse.publish import Release, manifest_of
from warehouse.store import Partition

EXTRA_CHECKS = {
    "conservation": {
        "mostly_accepted": "No file of the day with 20 rows or more has most of them in quarantine."
    },
    "pareto_summary": {
        "reconciliation": "Sum of orders = ledger = pareto revenue + anonymous + customers at or below zero."
    },
}


def table_metadata(table: Table) -> dict[str, Any]:
    """Column schema and keys of a table, as its contract declares them."""
    columns = [
        dg.TableColumn(
            column.name,
            column.type,
            description=column.description.en,
            constraints=dg.TableColumnConstraints(
                nullable=not column.required and column.name not in table.key
            ),
            tags={"privacy": column.privacy},
        )
        for column in table.columns
    ]
    return {
        "dagster/column_schema": dg.TableSchema(columns=columns),
        "key": ", ".join(table.key),
        "zone": table.zone,
        "description_id": table.description.id,
    }


def check_specs(tables: Iterable[Table]) -> list[dg.AssetCheckSpec]:
    """One Dagster check per rule."""
    specs = []
    for table in tables:
        for check in checks_for(table):
            specs.append(_spec(table, check.name, check.description.en, check.severity))
        if table.zone == "bi":
            specs += [
                _spec(table, name, wording.problem.en, "error") for name, wording in PRIVACY_CHECKS.items()
            ]
        specs += [
            _spec(table, name, text, "error") for name, text in EXTRA_CHECKS.get(table.name, {}).items()
        ]
    return specs


class DagsterListener:
    """Logs a night's events under the day they belong to, so that ranges keep their days apart."""

    def __init__(self, context: dg.AssetExecutionContext, day: date) -> None:
        self.context = context
        self.day = day

    def checked(self, table: Table, day: date, result: CheckResult) -> None:
        self.context.log_event(
            dg.AssetCheckEvaluation(
                asset_key=dg.AssetKey(table.name),
                check_name=result.check,
                passed=result.passed,
                severity=dg.AssetCheckSeverity.ERROR
                if result.severity == "error"
                else dg.AssetCheckSeverity.WARN,
                description=result.note or None,
                metadata={"rows_checked": result.count_checked, "rows_failed": result.count_failed},
                partition=day.isoformat(),
            )
        )

    def built(self, table: Table, partition: Partition, facts: dict[str, float]) -> None:
        self.context.log.info(f"{self.day} {table.name}: {partition.rows:,} rows, {facts['seconds']:.1f} s")
        self.context.log_event(
            dg.AssetMaterialization(
                asset_key=table.name,
                partition=self.day.isoformat(),
                metadata={
                    "dagster/row_count": partition.rows,
                    "checksum": partition.sha256,
                    "fingerprint": partition.fingerprint,
                    **{name: value for name, value in facts.items() if name != "rows"},
                },
            )
        )

    def published(self, release: Release) -> None:
        manifest = manifest_of(release)
        self.context.log.info(f"{self.day} release {release.seq} shows {release.as_of}")
        self.context.log_event(
            dg.AssetMaterialization(
                asset_key="release",
                partition=self.day.isoformat(),
                metadata={
                    "release": release.seq,
                    "as_of": release.as_of.isoformat(),
                    "tables": len(manifest["tables"]),
                    "rows": sum(entry["rows"] for entry in manifest["tables"]),
                },
            )
        )


def _spec(table: Table, name: str, description: str, severity: str) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        name, asset=table.name, description=description, metadata={"severity": severity}, blocking=False
    )
