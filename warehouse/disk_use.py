"""How much room a workspace takes, and how much is left."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

PARTS = {
    "landing": ("landing",),
    "raw": ("warehouse/raw",),
    "vault": ("warehouse/vault", "warehouse/vault_releases"),
    "tables": ("warehouse/lake", "warehouse/releases"),
    "dagster": ("dagster",),
}


@dataclass(frozen=True)
class DiskUse:
    """Bytes by part of the workspace, bytes free and in all on the disk of its warehouse."""

    parts: dict[str, int]
    free: int
    size: int


def disk_use(home: Path) -> DiskUse:
    """The room taken now."""
    disk = shutil.disk_usage(home)
    parts = {name: sum(_bytes_in(home / folder) for folder in folders) for name, folders in PARTS.items()}
    return DiskUse(parts, disk.free, disk.total)


def _bytes_in(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size
            except FileNotFoundError:
                continue  # a night at work removed it
    return total
