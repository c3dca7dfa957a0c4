"""Ctrl-C and SIGTERM in the middle of work: DuckDB turns them into an error of its own, chained to them."""

from __future__ import annotations

INTERRUPTED = "the night was interrupted; run it again"


def interruption_in(error: BaseException) -> BaseException | None:
    """What interrupted the work an error ended, whatever it became on its way; None when nothing did."""
    link: BaseException | None = error
    while link is not None:
        if not isinstance(link, (Exception, GeneratorExit, SystemExit)):
            return link
        link = link.__cause__ or link.__context__
    return None
