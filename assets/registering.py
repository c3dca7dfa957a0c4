"""landing → the files ledger: which files have come, and on which day."""

from __future__ import annotations

from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from assets.context import Context
from warehouse.channels import Channel
from warehouse.files import TEMPORARY_PREFIX
from warehouse.landing.content import Refusal, path_in_home
from warehouse.ledger import LandingFile, Refused, Registration
from warehouse.workspace import Workspace

NO_DELIVERIES = frozenset({".DS_Store", ".gitkeep", ".gitignore", "Thumbs.db", "desktop.ini"})
"""What systems leave in any folder."""
OTHERS_NAMED = 4
BY_NAME = "compare its name with `source.path` of the channels"
BY_CASE = "`source.path` tells capitals from small letters: write it for both, such as *.[cC][sS][vV]"


def register_landing(context: Context) -> Registration:
    """Register every landing file of every channel in one pass, so that the order of runs cannot matter.

    The one place where the clock is read: the ledger keeps the answer for ever.
    """
    workspace = context.workspace
    files = _delivered(context)
    found = context.ledger.register(files, _today(context), workspace.secret, workspace.home)
    return _with_unread(found, files, workspace)


def unregistered_landing(context: Context) -> Registration:
    """What registering would take and refuse now. Nothing is written."""
    workspace = context.workspace
    files = _delivered(context)
    found = context.ledger.preview(files, _today(context), workspace.secret, workspace.home)
    return _with_unread(found, files, workspace)


def landing_files(context: Context, channel: Channel) -> list[Path]:
    """The files a channel has delivered, in order."""
    return [p for p in _found(context, channel) if p.is_file() and not p.name.startswith(".")]


def taken_files(context: Context, channel: Channel) -> list[Path]:
    """Those of them that a night would take."""
    return [path for path in landing_files(context, channel) if _is_taken(path, context.workspace.home)]


def _is_taken(path: Path, home: Path) -> bool:
    try:
        path_in_home(path, home)
    except Refusal:
        return False
    return True


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


def _with_unread(registration: Registration, files: list[LandingFile], workspace: Workspace) -> Registration:
    """The same, and the files below landing/ that no channel takes, one entry per folder and reason."""
    taken, home = {file.path for file in files}, workspace.home
    folded = [channel.source.path.casefold() for channel in workspace.channels.values()]
    alike: dict[tuple[Path, bool], list[Path]] = {}
    for path in sorted((home / "landing").rglob("*")):
        is_staged = path.parent.parent.name.startswith(TEMPORARY_PREFIX)
        if path not in taken and not path.is_dir() and path.name not in NO_DELIVERIES and not is_staged:
            name = path.relative_to(home).as_posix().casefold()
            differs_in_case = any(_matches(name, pattern) for pattern in folded)
            alike.setdefault((path.parent, differs_in_case), []).append(path)
    registration.refused.extend(
        Refused(
            paths[0].relative_to(home).as_posix().encode("utf-8", "replace").decode("utf-8"),
            f"no channel reads it{_and_others(paths[1:])}; {BY_CASE if differs_in_case else BY_NAME}",
        )
        for (_, differs_in_case), paths in alike.items()
    )
    return registration


def _matches(name: str, pattern: str) -> bool:
    """As `source.path` is matched: a star stays within its folder, two of them do not."""
    if "**" in pattern:
        return fnmatchcase(name, pattern.replace("**/", "*"))
    return PurePosixPath(name).match(pattern)


def _and_others(paths: list[Path]) -> str:
    """The others of a folder that fare alike, the first few by name."""
    named = [path.name.encode("utf-8", "replace").decode("utf-8") for path in paths[:OTHERS_NAMED]]
    more = len(paths) - len(named)
    said = f"{', '.join(named)} and {more} more" if more else ", ".join(named)
    return f", nor {said} beside it" if paths else ""
