"""What `satu status` says: whether last night was good, and what to do when it was not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from assets.context import Context
from assets.pulling import pull_problems
from assets.quarantine import rejected_files
from pipelines.backing_up import last_backup, last_erasure
from pipelines.dagster_runs import unnoted_failures
from pipelines.last_night import FAILED, GOOD, LATE, LastNight, last_night
from pipelines.summary import health
from warehouse.disk_use import DiskUse, disk_use
from warehouse.files import lock_holder
from warehouse.interruption import INTERRUPTED
from warehouse.nights import NightEnd, nights
from warehouse.publish import current_release
from warehouse.recovery import LOCK
from warehouse.vault_encryption import is_under_way
from warehouse.vault_key import state_of
from warehouse.withheld import sentence_of

LOW_SHARE = 0.05
DAYS_NAMED = 5
BACKUP_AGE = timedelta(days=7)
NEXT = {
    FAILED: "do what the sentence says (docs/operations.md, `A check is red`), then `satu run`",
    LATE: "see that the scheduler or `satu ui` is running, then `satu run`",
}


def status_of(context: Context, now: datetime) -> dict[str, Any]:
    """What `satu status --json` prints: the health of the release, and the state of last night at `now`."""
    workspace = context.workspace
    attention: list[str] = [f"left out: {problem}" for problem in workspace.problems]
    attention += [f"not pulled: {problem}" for problem in pull_problems(context).values()]
    release = current_release(workspace.warehouse)
    found = last_night(
        _ends(context, attention),
        release,
        workspace.settings.operations,
        workspace.settings.zone,
        workspace.settings.retention_days,
        now,
    )
    said = health(context)
    attention += rejected_files(context, date.min if release is None else release.as_of)
    disk = disk_use(workspace.home)
    holder = lock_holder(workspace.warehouse / LOCK)
    backed_up = last_backup(context)
    attention += _attention(said, disk) + _attention_to_backup(context, backed_up, now)
    if is_under_way(workspace.warehouse):
        attention.append("`satu vault` was cut off; the next night, or the same command again, finishes it")
    return {
        "state": found.state,
        **said,
        "made_at": _local(found.made_at, context),
        "due_at": _local(found.due_at, context),
        "expected": found.expected.isoformat(),
        "failed": [
            {
                "as_of": None if end.day is None else end.day.isoformat(),
                "at": _local(end.ended_at, context),
                "problem": end.problem,
            }
            for end in found.failed
        ],
        "next": _next(found, holder, bool(context.ledger.entries())),
        "attention": attention,
        "at_work": holder,
        "is_vault_encrypted": state_of(workspace.warehouse) == "encrypted",
        "disk": asdict(disk),
        "backup": None
        if backed_up is None
        else {"at": _local(backed_up, context), "age_days": (now - backed_up).days},
    }


def status_text(said: dict[str, Any]) -> str:
    """The same in a few lines; the first one says whether last night was good."""
    lines = [_first_line(said)]
    if said["next"]:
        lines.append(f"  next        {said['next']}")
    for end in said["failed"]:
        lines.append(
            f"  failed      {end['as_of'] or 'before a day was begun'}, at {end['at']}: {end['problem']}"
        )
    if said["at_work"] is not None:
        lines.append(f"  at work     process {said['at_work']} holds the warehouse")
    if said["release"] is not None:
        checks = said["checks"]
        lines += [
            f"  checks      {checks['passed']} passed, {checks['warned']} warned, {checks['failed']} failed",
            f"  quarantine  {said['quarantined']:,} rows",
            f"  stale       {_stale(said['stale'])}",
        ]
    lines.append(f"  vault       {'encrypted' if said['is_vault_encrypted'] else 'not encrypted'}")
    lines.append(f"  disk        {_disk(said['disk'])}")
    backup = said["backup"]
    lines.append(f"  backup      {backup['at'] if backup else 'none by `satu backup`'}")
    lines += [f"  look at     {sentence}" for sentence in said["attention"]]
    return "\n".join(lines)


def _ends(context: Context, attention: list[str]) -> list[NightEnd]:
    """The nights written down, and what only Dagster knows of; a storage that is away hides no release."""
    noted = nights(context.workspace.warehouse)
    good = max((end.ended_at for end in noted if end.problem is None), default=None)
    try:
        return [*noted, *unnoted_failures(context.workspace.home, noted, good)]
    except Exception as error:
        attention.append(f"Dagster's storage cannot be read: {sentence_of(error)}")
        return noted


def _attention(said: dict[str, Any], disk: DiskUse) -> list[str]:
    found = []
    if said["checks"]["failed"]:
        found.append("the release holds failed checks: read `quality_results`")
    if said["stale"]:
        found.append(
            "stale days were made from other inputs, settings or code: `satu backfill FROM TO` renews them"
        )
    if disk.free < LOW_SHARE * disk.size:
        found.append("the disk is nearly full: make room before the next night")
    return found


def _attention_to_backup(context: Context, backed_up: datetime | None, now: datetime) -> list[str]:
    """Said only where backups are made by `satu backup`: of others nothing is known."""
    if backed_up is None:
        return []
    erased = last_erasure(context)
    if erased is not None and erased > backed_up:
        return ["somebody was erased after the last backup, which would bring them back: `satu backup` now"]
    return [f"the last backup is {(now - backed_up).days} days old"] if now - backed_up > BACKUP_AGE else []


def _next(found: LastNight, holder: str | None, has_files: bool) -> str | None:
    """What to do now; nothing while somebody is at work on it. What was restored has files and no night."""
    if found.state == GOOD:
        return None
    if holder is not None:
        return f"wait for process {holder} to end and ask again"
    if found.state == FAILED and _is_interrupted([end.problem for end in found.failed]):
        return "`satu run` makes the night that was interrupted"
    first = "`satu run`" if has_files else "put files into landing/, then `satu run`"
    return NEXT.get(found.state, first)


def _is_interrupted(problems: Sequence[str | None]) -> bool:
    """Whether nothing else went wrong."""
    return all(problem == INTERRUPTED for problem in problems)


def _first_line(said: dict[str, Any]) -> str:
    if said["release"] is None:
        shown = "no release yet"
    else:
        made = f"made {said['made_at']}"
        shown = f"release {said['release']} shows {said['as_of']}, {made}"
    if said["state"] == FAILED:
        ended = "was interrupted" if _is_interrupted([end["problem"] for end in said["failed"]]) else "failed"
        return f"Failed: a night {ended}; {shown}"
    if said["state"] == LATE:
        return f"Late: the night of {said['expected']} was due at {said['due_at']}; {shown}"
    if said["state"] == GOOD:
        return f"{'Good, but look below' if said['attention'] else 'Good'}: {shown}"
    return "Nothing yet: no night has been run"


def _stale(stale: list[dict[str, str]]) -> str:
    days = sorted({entry["as_of"] for entry in stale})
    if not days:
        return "nothing"
    more = f" and {len(days) - DAYS_NAMED} earlier days" if len(days) > DAYS_NAMED else ""
    return f"{len(stale)} tables of {', '.join(days[-DAYS_NAMED:])}{more}"


def _disk(disk: dict[str, Any]) -> str:
    parts = ", ".join(f"{name} {_size(taken)}" for name, taken in disk["parts"].items())
    return f"{_size(disk['free'])} free; {parts}"


def _size(count: int) -> str:
    for unit, bytes_of_unit in (("GB", 1_000_000_000), ("MB", 1_000_000)):
        if count >= bytes_of_unit:
            return f"{count / bytes_of_unit:.1f} {unit}"
    return f"{count / 1000:.0f} kB"


def _local(moment: datetime | None, context: Context) -> str | None:
    """Minutes in the company's zone."""
    if moment is None:
        return None
    return moment.astimezone(context.workspace.settings.zone).isoformat(sep=" ", timespec="minutes")
