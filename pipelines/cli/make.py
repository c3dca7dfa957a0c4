"""init, demo, channel suggest, check: from nothing to a workspace whose contracts are right."""

from __future__ import annotations

import secrets
import shutil
import time
from dataclasses import asdict
from pathlib import Path

import click

from pipelines.checking import check_workspace
from pipelines.cli.night import run
from pipelines.cli.shared import as_json, home, opened, print_json, print_table, tell
from pipelines.starting import DEMO_SECRET, starting_files
from pipelines.suggest import suggest_file
from sample_retailer import generate
from warehouse.errors import ConfigError


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> int:
    """A commented starting workspace in DIR."""
    if (folder / "satu.yaml").exists():
        raise ConfigError(
            "there is a workspace already", file=folder / "satu.yaml", fix="choose another folder"
        )
    for name, text in starting_files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in ("landing", "fields", "segments", "models"):
        (folder / name).mkdir(exist_ok=True)
    write_secret(folder, secrets.token_hex(32))
    print(f"{folder} is ready. Next:")
    print(f"  1. put your files into {folder}/landing/<channel>/")
    print(f"  2. satu channel suggest FILE > {folder}/channels/<channel>.yaml, and read it through")
    print(f"  3. satu check --home {folder}")
    print(f"  4. satu run --home {folder}")
    return 0


@click.command()
@click.option(
    "--customers", type=click.IntRange(min=1), default=20_000, show_default=True, help="People to invent."
)
@click.option("--days", type=click.IntRange(min=0), help="Daily deliveries after the history [default: 14].")
@click.pass_context
def demo(context: click.Context, customers: int, days: int | None) -> int:
    """A sample retailer's files, its first night, and where to look."""
    folder = home()
    started = time.monotonic()
    if any((folder / "landing").glob("*/*")):
        tell(f"{folder} holds landing files already; running their night again")
    else:
        tell(f"inventing a retailer with {customers:,} people in {folder} ...")
        try:
            generate(folder, customers=customers, days=days, progress=lambda text: tell(f"  {text}"))
        except BaseException:
            for channel_folder in (folder / "landing").glob("*/"):
                shutil.rmtree(channel_folder)  # a part of the files would pass for all of them
            raise
    if not (folder / "secret.key").exists():
        write_secret(folder, DEMO_SECRET)
    code = int(context.invoke(run, as_of=None, only_tell=False, as_json=False) or 0)
    if code == 0:
        print(_where_to_look(folder, time.monotonic() - started))
    return code


@click.group()
def channel() -> None:
    """Channel contracts."""


@channel.command("suggest")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def channel_suggest(file: Path) -> int:
    """A commented contract guessed from FILE, with ten parsed rows (masked)."""
    print(suggest_file(file))
    return 0


@click.command()
@as_json
def check(as_json: bool) -> int:
    """Validate configuration and contracts and count what a dry read gives, without a night."""
    context = opened()
    report = check_workspace(context)
    if as_json:
        print_json(asdict(report))
    else:
        if report.fields:
            names = ["channel", "contract", "field", "files", "rows", "filled", "unusable"]
            rows = [row | {"unusable": row["unusable"] or None} for row in report.fields]
            print_table(names, [[row[name] for name in names] for row in rows])
        for problem in report.problems:
            tell(f"satu: {problem}")
        for sentence in report.unused:
            tell(f"satu: {sentence}")
        print(report.verdict)
    return 2 if report.problems else 0


def write_secret(folder: Path, secret: str) -> None:
    """`secret.key`, readable by its owner only."""
    path = folder / "secret.key"
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(secret + "\n", encoding="utf-8")


def _where_to_look(folder: Path, seconds: float) -> str:
    option = "" if str(folder) == "workspace" else f" --home {folder}"
    return "\n".join(
        [
            "",
            f"Done in {seconds:.0f} s. Where to look (write .venv/bin/satu when satu is not on your path):",
            f"  satu ui{option}                      the asset graph, checks and backfills in Dagster",
            f"  satu tables{option}                  every table and its rows",
            f'  satu query{option} "SELECT segment, COUNT(*) AS n FROM rfm GROUP BY 1 ORDER BY 2 DESC"',
            f"  satu quarantine list{option}         rows that were not accepted, and why",
            f"  satu docs{option}                    report, identity page and dictionary, in {folder}/docs",
            f"  satu review list{option}             customers who may be one person, for you to decide",
            f"  satu explain ID{option}              why the records of a customer are one person",
            f"  {folder}/warehouse/current/satu.duckdb   what BI tools open (DuckDB 1.4 or newer)",
        ]
    )


COMMANDS = (init, demo, channel, check)
