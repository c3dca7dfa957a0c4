"""Progress of a run on stderr, for people who wait."""

from __future__ import annotations

import logging
import sys

import dagster as dg

# Dagster's remark on a step whose events were logged one by one: hundreds of check names, nothing to do.
OMITTED_OUTPUTS = "did not yield or return expected outputs"


@dg.logger(None, description="One line per step on stderr, for people who wait.")
def progress_logger(init: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("satu", level=logging.INFO)
    logger.addHandler(_Lines())
    return logger


class _Lines(logging.Handler):
    """Shows what assets say; leaves Dagster's own chatter to its event log."""

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", None)
        if meta is None or meta.get("dagster_event") is not None:
            return
        text = meta.get("orig_message", record.getMessage())
        if OMITTED_OUTPUTS not in text:
            print(f"  {text}", file=sys.stderr, flush=True)
