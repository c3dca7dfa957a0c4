"""landing → the files ledger: which files have come, and on which day."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from assets.context import Context
from warehouse.channels import Channel
from warehouse.files import TEMPORARY_PREFIX
from warehouse.ledger import LandingFile, Refused, Registration

NO_DELIVERIES = frozenset({".DS_Store", ".gitkeep", ".gitignore", "Thumbs.db", "desktop.ini"})
"""What systems leave in any folder."""


def register_landing(context: Context) -> Registration:
    """Register every landing file of every channel in one pass, so that the order of runs cannot matter.

    The one place where the clock is read: the ledger keeps the answer for ever.
    """
    workspace = context.workspace
    files = _delivered(context)
    found = context.ledger.register(files, _today(context), workspace.secret, workspace.home)
    return _with_unread(found, files, workspace.home)


def unregistered_landing(context: Context) -> Registration:
    """What registering would take and refuse now. Nothing is written."""
    workspace = context.workspace
    files = _delivered(context)
    found = context.ledger.preview(files, _today(context), workspace.secret, workspace.home)
    return _with_unread(found, files, workspace.home)


def landing_files(context: Context, channel: Channel) -> list[Path]:
    """The files a channel has delivered, in order."""
    return [p for p in _found(context, channel) if p.is_file() and not p.name.startswith(".")]


def _delivered(context: Context) -> list[LandingFile]:
    return [
        LandingFile(channel.name, path, channel.source.arrived)
        for channel in context.workspace.channels.values()
        for path in _found(context, channel)
    ]


def _today(context: Context) -> date:
    return context.workspace.business_day(datetime.now(context.workspace.settings.zone))


def _found(context: Context, channel: Channel) -> list[Path]:
    """All under a channel's pattern but folders: what is no file is told, not passed over."""
    found = sorted(context.workspace.home.glob(channel.source.path))
    return [path for path in found if not path.is_dir() and path.name not in NO_DELIVERIES]


def _with_unread(registration: Registration, files: list[LandingFile], home: Path) -> Registration:
    """The same, and the files below landing/ that no channel takes, one entry per folder."""
    taken = {file.path for file in files}
    by_folder: dict[Path, list[Path]] = {}
    for path in sorted((home / "landing").rglob("*")):
        is_staged = path.parent.parent.name.startswith(TEMPORARY_PREFIX)
        if path not in taken and not path.is_dir() and path.name not in NO_DELIVERIES and not is_staged:
            by_folder.setdefault(path.parent, []).append(path)
    registration.refused.extend(
        Refused(
            paths[0].relative_to(home).as_posix().encode("utf-8", "replace").decode("utf-8"),
            f"no channel reads it{f' and {len(paths) - 1} more beside it' if len(paths) > 1 else ''}; "
            "compare its name with `source.path` of the channels",
        )
        for paths in by_folder.values()
    )
    return registration
