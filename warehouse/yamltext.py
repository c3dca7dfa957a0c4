"""YAML read as text with line marks, so that every complaint names file, line and column.

All scalars stay text (`no` is not False, `010` is not 8); duplicate keys are refused.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from warehouse.errors import ConfigError

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULLS = {"", "~", "null", "Null", "NULL"}
_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


@dataclass(frozen=True)
class YamlNode:
    """A YAML value with its place in the file."""

    value: dict[str, YamlNode] | list[YamlNode] | str | None
    file: str
    line: int
    column: int
    keys: dict[str, tuple[int, int]] = field(default_factory=dict, compare=False, repr=False)
    """Line and column of each key of a mapping."""

    def error(self, message: str, fix: str) -> ConfigError:
        """A ConfigError that points at this node."""
        return ConfigError(message, file=self.file, line=self.line, column=self.column, fix=fix)

    def mapping(self, allowed: tuple[str, ...] | None = None) -> dict[str, YamlNode]:
        """The keys of a mapping; an unknown key is refused with the nearest known one."""
        if self.value is None:
            return {}
        if not isinstance(self.value, dict):
            raise self.error("expected `key: value` lines here", "write a mapping")
        for key in self.value:
            if allowed is not None and key not in allowed:
                near = difflib.get_close_matches(key, allowed, n=1)
                hint = f"did you mean `{near[0]}`?" if near else f"known keys are {', '.join(allowed)}"
                line, column = self.keys[key]
                raise ConfigError(f"unknown key `{key}`", file=self.file, line=line, column=column, fix=hint)
        return self.value

    def sequence(self) -> list[YamlNode]:
        """The entries of a list; a single value counts as a list of one."""
        if self.value is None:
            return []
        return self.value if isinstance(self.value, list) else [self]

    def text(self) -> str:
        if not isinstance(self.value, str):
            raise self.error("expected one value here", "write a text or number")
        return self.value

    def integer(self, minimum: int | None = None, maximum: int | None = None) -> int:
        try:
            number = int(self.text())
        except ValueError:
            raise self.error(f"`{self.text()}` is not a whole number", "write digits only") from None
        if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
            raise self.error(f"{number} is out of range", f"write a number from {minimum} to {maximum}")
        return number

    def number(self, minimum: float, maximum: float) -> float:
        try:
            number = float(self.text())
        except ValueError:
            raise self.error(f"`{self.text()}` is not a number", "write e.g. 0.25") from None
        if not minimum <= number <= maximum:
            raise self.error(f"{number} is out of range", f"write a number from {minimum} to {maximum}")
        return number

    def boolean(self) -> bool:
        word = self.text().lower()
        if word not in _TRUE | _FALSE:
            raise self.error(f"`{self.text()}` is neither true nor false", "write true or false")
        return word in _TRUE

    def day(self) -> date:
        try:
            return datetime.strptime(self.text(), "%Y-%m-%d").date()
        except ValueError:
            raise self.error(f"`{self.text()}` is not a date", "write it as YYYY-MM-DD") from None

    def time_of_day(self) -> time:
        try:
            return time.fromisoformat(self.text())
        except ValueError:
            raise self.error(f"`{self.text()}` is not a time of day", 'write it as "06:00"') from None

    def choice(self, options: tuple[str, ...]) -> str:
        word = self.text()
        if word not in options:
            raise self.error(f"`{word}` is not known here", f"use one of {', '.join(options)}")
        return word


def read_yaml(path: Path, shown_as: str) -> YamlNode:
    """The file as a tree of marked nodes; ConfigError when it is not YAML or repeats a key."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        reason = "not UTF-8 text" if isinstance(problem, UnicodeDecodeError) else "cannot be opened"
        raise ConfigError(f"the file is {reason}", file=shown_as, fix="save it as UTF-8 text") from None
    return _parsed(text, shown_as)


@lru_cache(maxsize=512)
def _parsed(text: str, shown_as: str) -> YamlNode:
    """The tree of a text; kept, because every step of a night opens the workspace anew."""
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise ConfigError(
            f"not valid YAML ({getattr(problem, 'problem', None) or 'a character that may not stand there'})",
            file=shown_as,
            line=mark.line + 1 if mark else None,
            column=mark.column + 1 if mark else None,
            fix="check indentation, colons and quotes there",
        ) from None
    if root is None:
        return YamlNode(None, shown_as, 1, 1)
    return _convert(root, shown_as)


def _convert(node: Node, file: str) -> YamlNode:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    keys: dict[str, tuple[int, int]] = {}
    value: Any
    if isinstance(node, ScalarNode):
        plain = node.style not in ("'", '"', "|", ">")
        value = None if plain and node.value in _NULLS else str(node.value)
    elif isinstance(node, SequenceNode):
        value = [_convert(child, file) for child in node.value]
    else:
        assert isinstance(node, MappingNode)
        value = {}
        for key_node, child in node.value:
            key = str(key_node.value)
            if key in value:
                raise ConfigError(
                    f"key `{key}` stands twice",
                    file=file,
                    line=key_node.start_mark.line + 1,
                    column=key_node.start_mark.column + 1,
                    fix="keep one of them",
                )
            value[key] = _convert(child, file)
            keys[key] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
    return YamlNode(value, file, line, column, keys)
