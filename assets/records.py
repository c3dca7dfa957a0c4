"""The record units of a workspace: what every day is made from."""

from __future__ import annotations

import pyarrow as pa

from assets.bronze import RawFile, stored_raw
from assets.configuration import suppressions
from assets.context import Context
from assets.purging import purged_raw
from assets.silver import Progress, record_units
from assets.units import Unit


def all_units(context: Context, progress: Progress = lambda text: None) -> list[Unit]:
    """The record units of every channel, made where they are not stored yet."""
    suppressed = suppressions(context)
    return [
        unit
        for name, raws in _purged(context, suppressed).items()
        for unit in record_units(context, context.workspace.channels[name], raws, suppressed, progress)
    ]


def all_raw(context: Context) -> dict[str, list[RawFile]]:
    """The stored raw files of every channel, without those who are suppressed."""
    return _purged(context, suppressions(context))


def _purged(context: Context, suppressed: pa.Table) -> dict[str, list[RawFile]]:
    return {
        name: purged_raw(context, channel, stored_raw(context, channel), suppressed)
        for name, channel in context.workspace.channels.items()
    }
