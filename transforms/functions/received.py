"""The order in which rows were received: which of two versions is the later one."""

from __future__ import annotations

from transforms.functions.registry import Function

_LINE = "(CAST(file_seq AS BIGINT) * 1000000000 + line) * 100 + mapping"
_VERSION = (
    "(CAST(days_between(DATE '2000-01-01', arrived) AS BIGINT) * 100000 + file_seq) * 1000000000 + line"
)

FUNCTIONS = (
    Function(
        "version_ord",
        ("arrived", "file_seq", "line"),
        _VERSION,
        "BIGINT",
        "Greater for the later of two versions: by the day a row arrived, then its file, then its line.",
    ),
    Function(
        "row_seq",
        ("file_seq", "line", "mapping"),
        _LINE,
        "BIGINT",
        "Greater for the later of two rows of the files received: by file, line, then mapping.",
    ),
)
