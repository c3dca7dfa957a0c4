"""Which table is made from which, read from the SQL itself."""

from __future__ import annotations

from collections.abc import Collection

from assets.configuration import CONFIGURATION_TABLES
from assets.day import SEEDS, generated_models
from assets.extra_checks import read_by_checks
from assets.tables import workspace_tables
from transforms.model import all_models, table_names
from transforms.segments import FACT_TABLES
from warehouse.contracts import Table
from warehouse.workspace import Workspace

RECORDS = "records"
_MADE_BY_PYTHON: dict[str, tuple[str, ...]] = {
    "row_counts": ("contact_rows",),
    "record_numbers": ("record_registry",),
    "scored_pairs": ("match_records",),
    "decided_pairs": ("record_numbers",),
    "cluster_numbers": ("scored_pairs", "decided_pairs"),
    "pattern_rules": (),
    "match_params": (),
    "identity_figures": (),
    "identity_levels": (),
    "household_components": ("household_ties",),
    "city_codes": (),
    "previous_links": (),
    "rfm_cutpoint_fits": ("rfm_values",),
    "value_scores": ("purchase_history", "seasons"),
    "value_model": ("purchase_history",),
    "value_terms": ("purchase_history", "seasons"),
    "clv_group_intervals": ("clv_group_sums",),
    "churn_scores": ("purchase_cells", "seasons"),
    "members_now": FACT_TABLES,
    "members_before": ("customer_links", "contact_rows"),
    "holdout": (),
    "foretold_groups": ("purchase_history",),
    "foretold_weeks": ("purchase_history",),
    "family_holdout": (),
    "outlook_cut": (),
    "outlook_months": ("outlook_cells", "outlook_acquisition", "purchase_history", "seasons"),
    "family_models": ("family_history",),
    "holidays": (),
}
_WITHOUT_MODEL: dict[str, tuple[str, ...]] = {
    "conservation": (RECORDS,),
    "quarantine": (RECORDS,),
    "refused_secrets": (RECORDS,),
    "model_quality": ("dim_product", "order_lines", "orders"),
}
_OBSERVES_ALL = "quality_results"


def table_dependencies(workspace: Workspace) -> dict[str, set[str]]:
    """For every table, the tables (or `records`) it is made from directly."""
    tables = set(workspace_tables(workspace))
    direct = _direct_inputs(workspace)
    found: dict[str, set[str]] = {}
    for name in tables:
        if name == _OBSERVES_ALL:
            continue
        elif name in _WITHOUT_MODEL:
            found[name] = set(_WITHOUT_MODEL[name])
        else:
            found[name] = _upstream(name, direct, tables)
    used = set().union(*found.values())
    found[_OBSERVES_ALL] = set(found) - used
    return found


def tables_read(workspace: Workspace, made: Collection[str]) -> list[str]:
    """The other tables that must be there to make these, in build order: what a table is made from, and what
    its columns refer to, because its gate looks there."""
    tables = workspace_tables(workspace)
    others = [name for name in tables if name not in made]
    if not others:  # a whole night: parsing the models for nothing would cost every day of a backfill
        return []
    dependencies = table_dependencies(workspace)
    read = {name for table in made for name in dependencies[table] | referred(tables[table])}
    return [name for name in others if name in read]


def read_later(workspace: Workspace, tables: Collection[str], at_hand: Collection[str]) -> set[str]:
    """These tables and everything read to make and check them; what is `at_hand` is not made again."""
    known = workspace_tables(workspace)
    direct = _direct_inputs(workspace) | {name: set(inputs) for name, inputs in _WITHOUT_MODEL.items()}
    found: set[str] = set(tables)
    pending = [name for table in tables for name in read_by_checks(known[table])]
    pending += [name for table in tables if table not in at_hand for name in direct.get(table, ())]
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            if name not in at_hand:
                pending.extend(direct.get(name, ()))
    return found


def referred(table: Table) -> set[str]:
    """The tables that columns of a table refer to."""
    return {column.references.split(".")[0] for column in table.columns if column.references}


def _direct_inputs(workspace: Workspace) -> dict[str, set[str]]:
    generated = generated_models(workspace.ruled_contacts)
    direct = {model.name: set(model.inputs) for model in all_models()}
    direct |= {name: set(table_names(sql)) for name, sql in generated.items()}
    return direct | {name: set(inputs) for name, inputs in _MADE_BY_PYTHON.items()}


def _upstream(name: str, direct: dict[str, set[str]], tables: set[str]) -> set[str]:
    """Walk through the tables that are not stored, down to those that are."""
    found: set[str] = set()
    pending, seen = list(direct[name]), set()
    while pending:
        current = pending.pop()
        if current in seen:
            continue
        seen.add(current)
        if current in tables:
            found.add(current)
        elif current.endswith("_rows"):
            found.add(RECORDS)
        elif current not in CONFIGURATION_TABLES and current not in SEEDS:
            pending.extend(direct[current])
    return found
