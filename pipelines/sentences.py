"""What a failed run says to people: our own sentences as they are, of other errors only the kind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import dagster as dg
from dagster._core.storage.tags import PARTITION_NAME_TAG
from dagster_shared.error import SerializableErrorInfo

from warehouse import errors

OURS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.SatuError)
}


def failure_sentences(events: Iterable[dg.DagsterEvent | None]) -> list[str]:
    """One sentence per failed step."""
    found = []
    for event in events:
        if event is not None and event.is_step_failure:
            data = event.step_failure_data
            failure = data.user_failure_data
            if failure is not None and failure.description:
                found.append(failure.description)
            elif data.error is not None:
                found.append(_sentence(data.error.cause or data.error))
    return found


def day_of_run(run: dg.DagsterRun) -> date | None:
    """The one day a run was for."""
    day = run.tags.get(PARTITION_NAME_TAG)
    return None if day is None else date.fromisoformat(day)


def _sentence(error: SerializableErrorInfo) -> str:
    if error.cls_name in OURS:
        return error.message.strip().splitlines()[0].partition(": ")[2]
    return f"unforeseen {error.cls_name}; its log in `satu ui`, Runs, says where"
