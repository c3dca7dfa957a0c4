"""What a night tells Dagster: check outcomes, materialisations with row counts, column schemas."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import dagster as dg

from assets.pictures import picture
from data_quality.results import CheckResult
from data_quality.runbook import runbook
from warehouse.contracts import Table
from warehouse.publish import Release, manifest_of
from warehouse.store import Partition


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
    """One Dagster check per rule, described by what must hold: Dagster shows that beside green ones too."""
    return [
        dg.AssetCheckSpec(
            row.check,
            asset=table.name,
            description=row.wording.holds.en,
            metadata={"severity": row.severity},
            blocking=False,
        )
        for table in tables
        for row in runbook(table)
    ]


class DagsterListener:
    """Logs a night's events under the day they belong to, so that ranges keep their days apart."""

    def __init__(self, context: dg.AssetExecutionContext, day: date) -> None:
        self.context = context
        self.day = day

    def checked(self, table: Table, day: date, result: CheckResult) -> None:
        metadata: dict[str, Any] = {
            "rows_checked": result.count_checked,
            "rows_failed": result.count_failed,
        }
        fault = None
        if not result.passed:
            wording = next(row.wording for row in runbook(table) if row.check == result.check)
            fault = f"{wording.problem.en} {result.note}".strip()
            metadata["what_to_do"] = wording.fix.en
        self.context.log_event(
            dg.AssetCheckEvaluation(
                asset_key=dg.AssetKey(table.name),
                check_name=result.check,
                passed=result.passed,
                severity=dg.AssetCheckSeverity.ERROR
                if result.severity == "error"
                else dg.AssetCheckSeverity.WARN,
                description=fault,
                metadata=metadata,
                partition=day.isoformat(),
            )
        )

    def built(self, table: Table, partition: Partition, facts: dict[str, float]) -> None:
        self.context.log.info(f"{self.day} {table.name}: {partition.rows:,} rows, {facts['seconds']:.1f} s")
        shown = picture(table.name, partition.path)
        self.context.log_event(
            dg.AssetMaterialization(
                asset_key=table.name,
                partition=self.day.isoformat(),
                metadata={
                    "dagster/row_count": partition.rows,
                    "checksum": partition.sha256,
                    "fingerprint": partition.fingerprint,
                    **{name: value for name, value in facts.items() if name != "rows"},
                    **({} if shown is None else {"picture": dg.MetadataValue.md(shown)}),
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
