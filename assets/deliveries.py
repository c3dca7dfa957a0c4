"""Where the content of a registered file lies now: a name may have been written over, or the file moved."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from assets.context import Context
from warehouse.landing.content import ContentHasher, Refusal
from warehouse.ledger import FileEntry


class Deliveries:
    """The landing files of a channel by what they hold, not by their names."""

    def __init__(self, context: Context, channel: str) -> None:
        self._context = context
        self._channel = channel

    def path_of(self, entry: FileEntry) -> Path | None:
        """A landing file with the content as registered, or as an erasure left it; None without one."""
        for relative in self._places.get(entry.seq, ()):
            try:
                content, _ = self._hasher.hash(relative)
            except Refusal:
                continue
            if self._contents.get(content) == entry.seq:
                return self._context.workspace.home / relative
        return None

    @cached_property
    def _hasher(self) -> ContentHasher:
        workspace = self._context.workspace
        return ContentHasher(workspace.home, workspace.secret, self._context.ledger.stat_cache)

    @cached_property
    def _contents(self) -> dict[str, int]:
        return self._context.ledger.contents(self._channel)

    @cached_property
    def _places(self) -> dict[int, list[str]]:
        return self._context.ledger.places(self._channel)
