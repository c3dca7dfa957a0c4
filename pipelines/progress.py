"""Progress of a run on stderr, for people who wait and for machines that watch."""

from __future__ import annotations

import logging
from typing import Any

import dagster as dg

from pipelines.logs import is_structured, note, say
from pipelines.sentences import failure_sentences

# Dagster's remark on a step whose events were logged one by one: hundreds of check names, nothing to do.
OMITTED_OUTPUTS = "did not yield or return expected outputs"


@dg.logger(None, description="One line per step on stderr, for people who wait.")
def progress_logger(init: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("satu", level=logging.DEBUG)  # Dagster tells of tables and checks at this level
    logger.addHandler(_Lines())
    return logger


class _Lines(logging.Handler):
    """Shows what assets say; of Dagster's own chatter, machines get what was built, checked and failed."""

    def emit(self, record: logging.LogRecord) -> None:
        meta = getattr(record, "dagster_meta", None)
        if meta is None:
            return
        event = meta.get("dagster_event")
        if event is not None:
            _note(event)
            return
        text = meta.get("orig_message", record.getMessage())
        if record.levelno >= logging.INFO and OMITTED_OUTPUTS not in text:
            say(f"  {text}")


def _note(event: dg.DagsterEvent) -> None:
    """One event of Dagster in the words of a log."""
    if not is_structured():
        return
    if event.is_step_materialization:
        made = event.step_materialization_data.materialization
        facts = {name: _plain(value) for name, value in made.metadata.items()}
        note(
            "table_built",
            day=made.partition,
            asset=made.asset_key.to_user_string(),
            rows=facts.get("dagster/row_count"),
            seconds=facts.get("seconds"),
        )
    elif event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION:
        check = event.asset_check_evaluation_data
        if not check.passed:
            facts = {name: _plain(value) for name, value in check.metadata.items()}
            note(
                "check_failed",
                "error" if check.severity is dg.AssetCheckSeverity.ERROR else "warning",
                day=check.partition,
                asset=check.asset_key.to_user_string(),
                check=check.check_name,
                rows=facts.get("rows_failed"),
            )
    elif event.is_step_failure:
        for sentence in failure_sentences([event]):
            note("step_failed", "error", asset=event.step_key, text=sentence)


def _plain(value: dg.MetadataValue[Any]) -> str | int | float | None:
    return value.value if isinstance(value.value, (str, int, float)) else None
