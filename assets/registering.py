"""landing → the files ledger: which files have come, and on which day."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from assets.context import Context
from warehouse.channels import Channel
from warehouse.ledger import LandingFile, Registration


def register_landing(context: Context) -> Registration:
    """Register every landing file of every channel in one pass, so that the order of runs cannot matter.

    The one place where the clock is read: the ledger keeps the answer for ever.
    """
    workspace = context.workspace
    return context.ledger.register(_delivered(context), _today(context), workspace.secret, workspace.home)


def unregistered_landing(context: Context) -> Registration:
    """What registering would take and refuse now. Nothing is written."""
    workspace = context.workspace
    return context.ledger.preview(_delivered(context), _today(context), workspace.secret, workspace.home)


def landing_files(context: Context, channel: Channel) -> list[Path]:
    """The files a channel has delivered, in order."""
    found = sorted(context.workspace.home.glob(channel.source.path))
    return [path for path in found if path.is_file() and not path.name.startswith(".")]


def _delivered(context: Context) -> list[LandingFile]:
    return [
        LandingFile(channel.name, path, channel.source.arrived)
        for channel in context.workspace.channels.values()
        for path in landing_files(context, channel)
    ]


def _today(context: Context) -> date:
    return context.workspace.business_day(datetime.now(context.workspace.settings.zone))
