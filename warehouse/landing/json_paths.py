"""Columns of JSON records: nested objects as dotted names, found from the records' structures."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

DEEPEST_NAMES = 4
_OBJECT, _LIST, _DEEP = "OBJECT", "LIST", "DEEP OBJECT"
_EMPTY_OBJECT = "JSON"  # DuckDB's word for the structure of {}
Path = tuple[str, ...]


@dataclass
class Paths:
    """Paths in first-seen order, each with the kinds of value found there."""

    kinds: dict[Path, set[str]] = field(default_factory=dict)

    def add(self, structure: str, exploded: Path | None = None, prefix: Path = ()) -> None:
        """Take in the structure of a record as DuckDB describes it; what is below `exploded` is left out."""
        self._walk(json.loads(structure), prefix, exploded)

    def columns(self) -> list[Path]:
        """The paths that are columns: a value that is not an object somewhere, or never any value."""
        return [path for path, kinds in self.kinds.items() if _is_column(kinds)]

    def expression(self, path: Path, value: str, json_text: str, pointer_prefix: Path = ()) -> str:
        """SQL for a column's text, given the extracted text; whole numbers lose `.0`, objects are no text."""
        kinds = self.kinds[path]
        kind_of = f"json_type({json_text}, {quoted(pointer(path[len(pointer_prefix) :]))})"
        if "DOUBLE" in kinds:
            plain = f"regexp_replace({value}, '\\.0$', '')"
            is_certain = not kinds & {"VARCHAR", _LIST, _OBJECT, _DEEP, _EMPTY_OBJECT}
            value = plain if is_certain else f"CASE WHEN {kind_of} = 'DOUBLE' THEN {plain} ELSE {value} END"
        if kinds & {_OBJECT, _EMPTY_OBJECT}:
            value = f"CASE WHEN {kind_of} = 'OBJECT' THEN NULL ELSE {value} END"
        return value

    def _walk(self, node: object, path: Path, exploded: Path | None) -> None:
        if path and path == exploded:
            return
        kinds = self.kinds.setdefault(path, set()) if path else set()
        if isinstance(node, dict) and len(path) < DEEPEST_NAMES:
            kinds.add(_OBJECT)
            for name, below in node.items():
                self._walk(below, (*path, name), exploded)
        else:
            kinds.add(_DEEP if isinstance(node, dict) else _LIST if isinstance(node, list) else str(node))


def pointer(path: Iterable[str]) -> str:
    """The JSON pointer of a path (RFC 6901); `$` for the value itself."""
    steps = [step.replace("~", "~0").replace("/", "~1") for step in path]
    return "".join(f"/{step}" for step in steps) or "$"


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def _is_column(kinds: set[str]) -> bool:
    has_text = bool(kinds - {_OBJECT, _EMPTY_OBJECT, "NULL"})
    return has_text or _OBJECT not in kinds
