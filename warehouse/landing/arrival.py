"""The day a file's name speaks of, for channels that declare `arrived: name:%Y-%m-%d`."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

from warehouse.errors import ConfigError

NAME_RULE = "name:"
_DIRECTIVES = {
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "m": r"\d{2}",
    "d": r"\d{2}",
    "j": r"\d{3}",
    "H": r"\d{2}",
    "M": r"\d{2}",
    "S": r"\d{2}",
    "b": r"[A-Za-z]{3}",
    "B": r"[A-Za-z]{3,9}",
    "%": "%",
}


@lru_cache(maxsize=256)
def name_pattern(pattern: str) -> re.Pattern[str]:
    """A regular expression that finds text of a `%Y-%m-%d` pattern; ConfigError where it cannot be one."""
    parts: list[str] = []
    directives: set[str] = set()
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character != "%":
            parts.append(re.escape(character))
            position += 1
            continue
        directive = pattern[position + 1 : position + 2]
        if directive not in _DIRECTIVES or not directive:
            raise ConfigError(
                f"`%{directive}` in `arrived: name:{pattern}` is not understood",
                fix=f"use {' '.join('%' + known for known in _DIRECTIVES if known != '%')}",
            )
        directives.add(directive)
        parts.append(_DIRECTIVES[directive])
        position += 2
    if not directives & {"Y", "y"} or not directives & {"m", "b", "B", "j"}:
        raise ConfigError(
            f"`arrived: name:{pattern}` holds no year and month", fix="give a pattern such as name:%Y-%m-%d"
        )
    return re.compile(f"(?=({''.join(parts)}))")


def date_in_name(name: str, pattern: str) -> date | None:
    """The date in a file's base name; None where there is none. Dates cut out of longer numbers come last."""
    whole: list[date] = []
    cut: list[date] = []
    for match in name_pattern(pattern).finditer(name):
        try:
            found = datetime.strptime(match.group(1), pattern).date()
        except ValueError:
            continue
        before, after = name[: match.start(1)][-1:], name[match.end(1) :][:1]
        (cut if before.isdigit() or after.isdigit() else whole).append(found)
    return next(iter([*whole, *cut]), None)
