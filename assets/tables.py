"""The tables of one company: the shipped contracts with its registered fields added where they show."""

from __future__ import annotations

from dataclasses import replace

from transforms.customers.golden import profile_fields
from warehouse.contracts import BI_PRIVACY, Column, Field, Table, all_tables
from warehouse.workspace import Workspace

BUILD_ORDER = (
    "conservation",
    "dim_channel",
    "row_faults",
    "source_drift",
    "data_completeness",
    "reference_gaps",
    "quarantine",
    "refused_secrets",
    "match_edges",
    "customer_links",
    "customer_id_history",
    "match_review",
    "match_quality",
    "customer_attributes",
    "customer_profile",
    "households",
    "relationships",
    "consents",
    "blacklist",
    "order_lines",
    "orders",
    "customers",
    "contactability",
    "dim_date",
    "dim_product",
    "dim_segment",
    "product_sales",
    "journey",
    "rfm_cutpoints",
    "rfm",
    "rfm_migration",
    "pareto",
    "pareto_curve",
    "pareto_summary",
    "pareto_groups",
    "pareto_trend",
    "pareto_negative",
    "cohorts",
    "market_potential",
    "lead_sources",
    "clv",
    "clv_groups",
    "value_matrix",
    "churn",
    "runout",
    "revenue_outlook",
    "customer_owners",
    "contact_pressure",
    "enrichment_queue",
    "enrichment_yield",
    "model_quality",
    "model_calibration",
    "model_tracking",
    "segment_members",
    "quality_results",
)
"""Every table of a night, each after those it is made from and those its columns refer to.

`segment_members` opens a second day: it comes when the first holds little.
"""


def workspace_tables(workspace: Workspace) -> dict[str, Table]:
    """Every table by name, in build order."""
    tables = {name: all_tables()[name] for name in BUILD_ORDER}
    contacts = workspace.inputs["contacts"]
    tables["customer_profile"] = _extended(tables["customer_profile"], profile_fields(contacts))
    tables["customers"] = _extended(tables["customers"], registered_bi_fields(workspace, "contacts"))
    tables["order_lines"] = _extended(tables["order_lines"], registered_bi_fields(workspace, "order_lines"))
    return tables


def registered_bi_fields(workspace: Workspace, contract: str) -> list[Field]:
    """A company's own fields of a contract that may be shown in BI."""
    return [f for f in workspace.inputs[contract].fields if f.added and f.privacy in BI_PRIVACY]


def _extended(table: Table, fields: list[Field]) -> Table:
    known = set(table.column_names)
    added = tuple(
        Column(f.name, f.type, f.description, f.privacy, family=f.family, values=f.values)
        for f in fields
        if f.name not in known
    )
    return replace(table, columns=(*table.columns, *added))
