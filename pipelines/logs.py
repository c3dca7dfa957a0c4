"""Messages on stderr: lines for people, or with SATU_LOG=json one JSON object a line for machines.

No value of any record is among them: texts are our own sentences, the rest is names of tables and counts.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime

from warehouse.errors import ConfigError

LOG, JSON, TEXT = "SATU_LOG", "json", "text"
ERROR_PREFIX = "satu: "


def is_structured() -> bool:
    """Whether machines read the messages."""
    return os.environ.get(LOG) == JSON


def check_form() -> None:
    """ConfigError when SATU_LOG names no form there is."""
    if os.environ.get(LOG) not in (None, "", JSON, TEXT):
        raise ConfigError(f"{LOG} is neither `json` nor `text`", fix=f"set {LOG}=json, or leave it out")


def say(text: str) -> None:
    """A message for people. What begins with `satu: ` is an error."""
    if is_structured():
        is_error = text.startswith(ERROR_PREFIX)
        _write("error" if is_error else "info", "message", {"text": text.removeprefix(ERROR_PREFIX).strip()})
    else:
        print(text, file=sys.stderr, flush=True)


def note(event: str, level: str = "info", **fields: str | int | float | None) -> None:
    """Something that happened, for machines alone: people read the same in other words."""
    if is_structured():
        _write(level, event, fields)


def _write(level: str, event: str, fields: dict[str, str | int | float | None]) -> None:
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level, "event": event}
    said = {name: value for name, value in fields.items() if value is not None}
    print(json.dumps(line | said, ensure_ascii=False), file=sys.stderr, flush=True)
