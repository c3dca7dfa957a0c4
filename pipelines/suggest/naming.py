"""What a channel is called and on which day its rows arrive, from a file's name and place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from pipelines.suggest.guesses import Guess, values_of
from pipelines.suggest.values import Columns, Reading, parse_date, strptime
from pipelines.suggest.yaml_text import comment
from warehouse.channels import NAME

_NAME_DATES = (
    ("%Y-%m-%d", r"\d{4}-\d{2}-\d{2}"),
    ("%Y_%m_%d", r"\d{4}_\d{2}_\d{2}"),
    ("%Y%m%d", r"\d{8}"),
    ("%d-%m-%Y", r"\d{2}-\d{2}-\d{4}"),
    ("%d%m%Y", r"\d{8}"),
)


def channel_name(file_name: str) -> str:
    """A channel's name from a file's: dates and numbers left out, small letters and underscores."""
    stem = unicodedata.normalize("NFKD", file_name.split(".")[0]).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.split(r"[^a-z0-9]+", re.sub(r"\d{2,}", " ", stem)) if word]
    name = "_".join(words).lstrip("0123456789_")[:40].rstrip("_")
    return name if NAME.fullmatch(name) else "new_channel"


def landing_channel(path: Path) -> str | None:
    """The channel a file was put down for: `kasir` of `landing/kasir/2024/sales.csv`; None elsewhere."""
    folders = path.resolve().parent.parts
    below = folders[len(folders) - folders[::-1].index("landing") :] if "landing" in folders else ()
    return channel_name(below[0]) if below else None


def arrival_rule(
    file_name: str, guesses: Mapping[str, Guess], columns: Columns, reading: Reading
) -> tuple[str, str]:
    """How a row's day of arrival is decided, and why."""
    event = guesses.get("ordered_at") or guesses.get("seen_at")
    events = [day for day in (parse_date(v, reading) for v in values_of(columns, event)) if day is not None]
    for pattern, look in _NAME_DATES:
        written = re.findall(rf"(?<!\d){look}(?!\d)", file_name)
        if len(written) == 1:
            day = strptime(written[0], pattern)
            if day and 1990 <= day.year <= 2100 and all(event_day <= day for event_day in events):
                return f"name:{pattern}", "the day in the file's name"
    if event:
        return (
            "event",
            f"each row's own day ({comment(event.column)}); or file: the day a file is first seen",
        )
    return "file", "the day a file is first seen; or name:%Y-%m-%d for a day in the file's name"
