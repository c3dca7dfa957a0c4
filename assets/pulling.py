"""source → landing: channels that are no files are asked once a night, before files are registered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from assets.bronze import stored_raw
from assets.context import Context
from warehouse.channels import Channel
from warehouse.engine import identifier, read_parquet
from warehouse.errors import SatuError
from warehouse.files import private_dir
from warehouse.pulls import PullEnd, last_pulls, note_pull
from warehouse.recovery import LOCK_SECONDS, writing
from warehouse.sources.delivery import SUFFIX, deliver_rows, write_rows
from warehouse.sources.objects import Fetched, ObjectSource, fetch_new, newest_into
from warehouse.sources.staged import pulling
from warehouse.withheld import withheld, withholding_values

PULLED, NO_PROBLEM = "source", "no problem"
"""What Dagster is told of a pull: under which name, and of one that ended well."""
SAMPLE_ROWS, SAMPLE_OBJECTS = 1_000, 3


def pulled_channels(context: Context) -> list[Channel]:
    """The channels whose files a pull lays into landing."""
    return [channel for channel in context.workspace.channels.values() if channel.source.pull is not None]


def pull_all(context: Context, progress: Callable[[str], None]) -> list[PullEnd]:
    """Ask every source once. One that fails stops no other."""
    return [pull(context, channel, progress) for channel in pulled_channels(context)]


def pull(
    context: Context,
    channel: Channel,
    progress: Callable[[str], None],
    lock_seconds: float = LOCK_SECONDS,
) -> PullEnd:
    """Lay what a source has for us into landing, wholly or not at all; how it ended is written down."""
    warehouse = context.workspace.warehouse
    progress(f"{channel.name}: asking its source")
    at_least = _at_least(context, channel, lock_seconds)
    try:
        with pulling(warehouse, lock_seconds), _about(channel):
            found = _pulled(context, channel, at_least)
    except SatuError as problem:
        found = Fetched(0, 0, problem)
    if found.problem is None:
        return note_pull(warehouse, channel.name, found.seen, found.new)
    found.problem.file = found.problem.file or channel.file
    progress(f"not pulled: {found.problem}")
    return note_pull(warehouse, channel.name, found.seen, found.new, str(found.problem))


def pull_problems(context: Context) -> dict[str, str]:
    """Of every channel whose last pull failed, why."""
    last = last_pulls(context.workspace.warehouse)
    return {
        channel.name: end.problem
        for channel in pulled_channels(context)
        if (end := last.get(channel.name)) is not None and end.problem is not None
    }


def sample(context: Context, channel: Channel, folder: Path) -> list[Path]:
    """A few rows of a source as a file in `folder`, or its newest objects; none where it has none."""
    source = channel.source.pull
    assert source is not None
    if isinstance(source, ObjectSource):
        with _about(channel):
            return newest_into(source, private_dir(folder / channel.name), SAMPLE_OBJECTS)
    path = folder / f"{channel.name}{SUFFIX}"
    with _about(channel):
        write_rows(source.records(context.workspace.home, None, SAMPLE_ROWS), path)
    return [path] if path.stat().st_size else []


def highest_delivered(context: Context, channel: Channel, column: str) -> str | None:
    """The highest value of a column in everything delivered; numbers are compared as numbers."""
    paths: dict[str, list[Path]] = {}
    for raw in stored_raw(context, channel):
        for name in raw.columns:
            if raw.error is None and name.casefold() == column.casefold():
                paths.setdefault(name, []).append(raw.path)
    if not paths:
        return None
    values = " UNION ALL ".join(
        f"SELECT {identifier(name)} AS value FROM {read_parquet(found, by_name=True)}"
        for name, found in paths.items()
    )
    sql = (
        "SELECT CASE WHEN COUNT(value) = COUNT(TRY_CAST(value AS DECIMAL(38, 9)))"
        " THEN arg_max(value, TRY_CAST(value AS DECIMAL(38, 9))) ELSE max(value) END AS highest"
        f" FROM ({values})"
    )
    with context.engine() as engine:
        highest: str | None = engine.fetch(sql).to_pylist()[0]["highest"]
    return highest


def _pulled(context: Context, channel: Channel, at_least: str | None) -> Fetched:
    """How many rows or objects there are, and how many files are new."""
    workspace, source = context.workspace, channel.source.pull
    assert source is not None
    day = workspace.business_day(datetime.now(workspace.settings.zone))
    folder = workspace.home / "landing" / channel.name
    if isinstance(source, ObjectSource):
        return fetch_new(source, folder, day, workspace.secret)
    found = deliver_rows(source.records(workspace.home, at_least), folder, day, workspace.secret)
    return Fetched(found.rows, int(found.path is not None), None)


def _at_least(context: Context, channel: Channel, lock_seconds: float) -> str | None:
    """From where on a source is asked. Nobody rewrites what is stored while it is read."""
    source = channel.source.pull
    with writing(context.workspace.warehouse, lock_seconds):
        if source is None or isinstance(source, ObjectSource) or source.since is None:
            return None
        return highest_delivered(context, channel, source.since)


@contextmanager
def _about(channel: Channel) -> Iterator[None]:
    """What goes wrong inside, told with the contract it is about and without what it quotes."""
    try:
        with withholding_values():
            yield
    except Exception as error:
        told = error if isinstance(error, SatuError) else withheld(error)
        told.file = told.file or channel.file
        raise told from None
