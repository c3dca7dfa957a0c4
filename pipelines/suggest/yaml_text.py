"""Text as YAML values and comments."""

from __future__ import annotations

import re

_PLAIN_YAML = re.compile(r"[A-Za-z][A-Za-z0-9_/ ]*[A-Za-z0-9_]|[A-Za-z]")
_YAML_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def comment(text: str) -> str:
    """Text that stays on one line of comment."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def scalar(text: str) -> str:
    """Text as one YAML value."""
    if _PLAIN_YAML.fullmatch(text) and text.lower() not in _YAML_WORDS:
        return text
    return quoted(text)


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n")
    return f'"{escaped}"'
