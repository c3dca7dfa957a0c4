"""tables, query: what is in the tables."""

from __future__ import annotations

import click

from assets.tables import workspace_tables
from pipelines.cli.shared import as_json, opened, print_json, print_rows, print_table, to_day
from warehouse.publish import current_release, manifest_of
from warehouse.query import query as run_query
from warehouse.runs import record_vault_use


@click.command()
@as_json
def tables(as_json: bool) -> int:
    """Every table of the last release with its rows."""
    context = opened()
    release = current_release(context.workspace.warehouse)
    contracts = workspace_tables(context.workspace)
    counted = {t["name"]: t for t in manifest_of(release)["tables"]} if release else {}
    rows = [
        {
            "table": name,
            "zone": table.zone,
            "rows": counted.get(name, {}).get("rows"),
            "as_of": counted.get(name, {}).get("as_of"),
            "grain": table.grain,
        }
        for name, table in sorted(contracts.items())
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(list(rows[0]), [list(row.values()) for row in rows])
    return 0


@click.command()
@click.argument("sql")
@click.option("--vault", is_flag=True, help="Personal data too (vault.<table>); its use is recorded.")
@click.option("--as-of", metavar="DATE", help="The tables of an older day.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
def query(sql: str, vault: bool, as_of: str | None, form: str) -> int:
    """Read the release with SQL. Nothing can be changed by it."""
    context = opened()
    day = None if as_of is None else to_day(as_of)
    if vault:
        record_vault_use(context.workspace, sql)
    rows = run_query(
        context.workspace.warehouse,
        sql,
        vault=vault,
        as_of=day,
        tables=list(workspace_tables(context.workspace).values()),
    )
    print_rows(rows, form)
    return 0


COMMANDS = (tables, query)
