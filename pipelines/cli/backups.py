"""backup, restore: a workspace in a folder of backups, and out of it."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.alerts import BACKUP_FAILED
from pipelines.backing_up import back_up, restore
from pipelines.cli.shared import alarming, as_json, home, opened, print_json, print_table, tell
from warehouse.backup import backups


@click.command()
@as_json
@click.argument("store", metavar="TO", type=click.Path(path_type=Path, file_okay=False))
@click.option("--whole", is_flag=True, help="Tables, releases and Dagster's storage too: ready at once.")
@click.option("--without-key", is_flag=True, help="Leave secret.key out; you keep it elsewhere.")
@click.option("--keep", "keep_days", type=click.IntRange(1), metavar="DAYS", help="Forget older backups.")
def backup(as_json: bool, store: Path, whole: bool, without_key: bool, keep_days: int | None) -> int:
    """Back the workspace up into the folder TO, between two nights; only what is new is copied."""
    context = opened()
    with alarming(context, BACKUP_FAILED):
        written = back_up(context, store, whole=whole, with_key=not without_key, keep_days=keep_days)
    made = written.backup
    if as_json:
        print_json(
            {"name": made.name, **made.facts, "files": len(made.files), "new_bytes": written.new_bytes}
        )
        return 0
    print(f"{made.name}: {len(made.files):,} files, {written.new_bytes / 1_000_000:,.1f} MB of them new")
    if without_key:
        tell("secret.key is not in it: without the key no customer number can be made again")
    return 0


@click.command("restore")
@as_json
@click.argument("store", metavar="FROM", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--name", metavar="BACKUP", help="Another backup than the newest.")
@click.option("--list", "only_list", is_flag=True, help="Which backups there are; nothing is restored.")
def restore_workspace(as_json: bool, store: Path, name: str | None, only_list: bool) -> int:
    """A workspace in an empty folder (--home) out of the folder FROM."""
    if only_list:
        rows = [{"backup": one.name, **one.facts, "files": len(one.files)} for one in backups(store)]
        if as_json:
            print_json(rows)
        elif rows:
            print_table(list(rows[0]), [list(row.values()) for row in rows])
        else:
            tell(f"there is no backup in {store}")
        return 0
    done = restore(store, home(), name)
    if as_json:
        print_json({"backup": done.backup.name, **done.backup.facts})
        return 0
    print(f"{home()} is as it was at {done.backup.facts['at']}. Next:")
    print("  1. whoever was erased since then: `satu erase` again (your certificates name the requests)")
    if done.is_whole:
        print("  2. satu status, then satu run")
    else:
        print("  2. satu run makes the tables again; satu backfill FROM TO makes earlier days")
    return 0


COMMANDS = (backup, restore_workspace)
