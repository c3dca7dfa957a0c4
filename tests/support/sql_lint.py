"""Which SQL means the same on DuckDB and on Spark, and scales on both; the rest is refused by syntax tree.

`lint(sql)` gives one sentence per fault: the construct, and what to write instead. A model whose windows run
over a histogram (few rows however many customers) says so in a comment line: `-- histogram`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlglot
from sqlglot import exp

HISTOGRAM_MARKER = re.compile(r"^\s*--\s*histogram\b", re.MULTILINE)

_HOLISTIC = (
    exp.Median,
    exp.Quantile,
    exp.PercentileCont,
    exp.PercentileDisc,
    exp.ApproxQuantile,
    exp.Mode,
    exp.ArrayAgg,
    exp.ArrayUniqueAgg,
    exp.GroupConcat,
    exp.ArrayConcatAgg,
)
_UNORDERED = (exp.First, exp.Last, exp.AnyValue)
_CLOCK = (exp.CurrentDate, exp.CurrentTimestamp, exp.CurrentTime, exp.Localtimestamp, exp.Localtime)
_CHANCE = (exp.Rand, exp.Randn, exp.Uuid)
_WEEKS = (exp.DayOfWeek, exp.DayOfWeekIso, exp.WeekOfYear, exp.Week, exp.Dayname)
_WEEK_PARTS = {"DOW", "ISODOW", "DAYOFWEEK", "WEEK", "WEEKOFYEAR", "YEARWEEK", "ISOYEAR", "WEEKDAY"}
_ORDERED_WINDOWS = (
    exp.RowNumber,
    exp.Rank,
    exp.DenseRank,
    exp.PercentRank,
    exp.CumeDist,
    exp.FirstValue,
    exp.LastValue,
    exp.NthValue,
    exp.Lag,
    exp.Lead,
)
_BY_NAME = {
    "holistic aggregate": {
        "mad",
        "reservoir_quantile",
        "histogram",
        "list",
        "listagg",
        "quantile",
        "entropy",
    },
    "clock": {
        "now",
        "today",
        "get_current_timestamp",
        "transaction_timestamp",
        "current_localtimestamp",
        "age",
    },
    "random": {"setseed", "gen_random_uuid"},
    "engine's own hash": {"hash", "md5_number", "md5_number_lower", "md5_number_upper"},
    "day of week": {"dow", "weekday", "isodow", "yearweek", "isoyear"},
    "date_diff": {"date_sub", "datesub"},
    "outside access": {
        "getvariable",
        "getenv",
        "glob",
        "read_text",
        "read_blob",
        "read_json",
        "parquet_scan",
    },
}
_ADVICE = {
    "holistic aggregate": "use a histogram: group by value, window over the groups, join back",
    "clock": "join the as_of or params table",
    "random": "a table is a function of its inputs",
    "engine's own hash": "use keyed_hash or keyed_int53",
    "day of week": "join dim_date; engines number days and weeks differently",
    "date_diff": "use days_between(a, b) over DATEs; engines count other units differently",
    "outside access": "read input tables by name",
}
_FOREIGN_CLASSES = re.compile(r"\\[sSdDwWbB]|\[:|\$(?!\})")

_LEN = re.compile(r"\blen\s*\(", re.IGNORECASE)


def lint(sql: str) -> list[str]:
    """Every fault of a SELECT, in no particular order, without repetition."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    over_histogram = bool(HISTOGRAM_MARKER.search(sql))
    faults = [*_query_faults(tree)]
    if _LEN.search(sql):
        faults.append("len: of a list or of a text? write array_length or length")
    for node in tree.walk():
        faults += _function_faults(node)
        faults += _arithmetic_faults(node)
        faults += _regexp_faults(node)
        if isinstance(node, exp.Window):
            faults += _window_faults(node, over_histogram)
    return list(dict.fromkeys(faults))


def lint_expression(sql: str) -> list[str]:
    """Every fault of the body of a named function."""
    return lint(f"SELECT {sql} AS value")


def _query_faults(tree: exp.Expr) -> Iterator[str]:
    for select in _top_selects(tree):
        if any(
            isinstance(column, exp.Star) or isinstance(column.this, exp.Star) for column in select.selects
        ):
            yield "SELECT * at the top: name the columns"
    for group in tree.find_all(exp.Group):
        if group.args.get("all"):
            yield "GROUP BY ALL: name the columns"


def _top_selects(tree: exp.Expr) -> list[exp.Select]:
    if isinstance(tree, exp.SetOperation):
        return _top_selects(tree.left) + _top_selects(tree.right)
    if isinstance(tree, exp.Subquery):
        return _top_selects(tree.this)
    return [tree] if isinstance(tree, exp.Select) else []


def _function_faults(node: exp.Expr) -> Iterator[str]:  # noqa: C901 - a flat list of rules
    name = node.sql("duckdb").split("(")[0].lower()
    if isinstance(node, exp.Ntile):
        yield "ntile: cut points from a histogram, so that ties share a score"
    if isinstance(node, _HOLISTIC):
        yield f"{name}: holistic aggregate; {_ADVICE['holistic aggregate']}"
    if isinstance(node, _UNORDERED):
        yield f"{name}: takes any row; use arg_max or row_number with a total order"
    if isinstance(node, _CLOCK):
        yield f"{name}: clock; {_ADVICE['clock']}"
    if isinstance(node, _CHANCE):
        yield f"{name}: random; {_ADVICE['random']}"
    if isinstance(node, _WEEKS) or (isinstance(node, exp.Extract) and node.name.upper() in _WEEK_PARTS):
        yield f"{name}: day of week; {_ADVICE['day of week']}"
    if isinstance(node, exp.Log):
        yield "log: means another base elsewhere; use ln"
    if isinstance(node, exp.DateDiff) and not _is_days_between_dates(node):
        yield f"date_diff: {_ADVICE['date_diff']}"
    if isinstance(node, exp.DateTrunc | exp.TimestampTrunc) and not isinstance(_outside(node), exp.Cast):
        yield "date_trunc: a timestamp here, a date there; use month_start or cast it to DATE"
    if isinstance(node, exp.Interval) and not _is_cast_sum(node):
        yield "interval: DATE + INTERVAL is a timestamp here, a date there; use add_days or cast it"
    if isinstance(node, exp.Substring) and node.args.get("start") == exp.Literal.number(0):
        yield "substr from 0: positions start at 1"
    if isinstance(node, exp.ReadCSV | exp.ReadParquet):
        yield f"{name}: outside access; {_ADVICE['outside access']}"
    if isinstance(node, exp.Anonymous):
        if node.name.lower() == "date_part" and node.expressions[0].name.upper() in _WEEK_PARTS:
            yield f"date_part: day of week; {_ADVICE['day of week']}"
        for kind, names in _BY_NAME.items():
            if node.name.lower() in names:
                yield f"{node.name.lower()}: {kind}; {_ADVICE[kind]}"


def _arithmetic_faults(node: exp.Expr) -> Iterator[str]:
    if isinstance(node, exp.Div) and not any(_holds_double(side) for side in (node.left, node.right)):
        yield f"/ in `{node.sql('duckdb')}`: decimal or double by engine; cast one side to DOUBLE"
    if isinstance(node, exp.Div | exp.IntDiv | exp.Mod) and not _cannot_be_zero(node.right):
        yield f"division in `{node.sql('duckdb')}`: infinite here, an error there; divide by NULLIF(.., 0)"


def _regexp_faults(node: exp.Expr) -> Iterator[str]:
    if not isinstance(node, exp.RegexpReplace | exp.RegexpExtract | exp.RegexpLike | exp.RegexpSplit):
        return
    pattern = node.expression.name if isinstance(node.expression, exp.Literal) else ""
    if _FOREIGN_CLASSES.search(pattern):
        yield f"regular expression `{pattern[:40]}`: write classes out ([0-9], [a-z]) and the end as \\z"
    if isinstance(node, exp.RegexpReplace):
        once = "g" not in (node.args["modifiers"].name if node.args.get("modifiers") else "")
        anchored = pattern.startswith(("^", "(?i)^")) or pattern.endswith("\\z")
        if once and not anchored:
            yield f"regexp_replace `{pattern[:40]}`: replaces once here, all there; add 'g' or anchor it"


def _window_faults(window: exp.Window, over_histogram: bool) -> Iterator[str]:
    text = window.sql("duckdb")[:60]
    ordered = window.args.get("order") is not None
    function = (
        window.this.this if isinstance(window.this, exp.IgnoreNulls | exp.RespectNulls) else window.this
    )
    if window.args.get("alias") is not None or window.args.get("over") is None:
        return  # a named window's definition; its use is checked as any other
    if ordered and not window.args.get("partition_by") and not over_histogram:
        yield f"window `{text}`: sorts the whole table; partition it, or mark the model `-- histogram`"
    if isinstance(function, _ORDERED_WINDOWS) and not ordered:
        yield f"window `{text}`: needs a total ORDER BY"


def _outside(node: exp.Expr) -> exp.Expr | None:
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    return parent


def _is_cast_sum(node: exp.Expr) -> bool:
    parent = _outside(node)
    while isinstance(parent, exp.Add | exp.Sub | exp.Mul):
        parent = _outside(parent)
    return isinstance(parent, exp.Cast)


def _is_days_between_dates(node: exp.DateDiff) -> bool:
    sides = (node.this, node.expression)
    return node.text("unit").upper() == "DAY" and all(
        side.is_type("date") if isinstance(side, exp.Cast) else _is_date_column(side) for side in sides
    )


def _is_date_column(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and (node.name == "as_of" or node.name.endswith(("_on", "date")))


def _holds_double(node: exp.Expr) -> bool:
    return any(cast.is_type("double") for cast in node.find_all(exp.Cast))


def _cannot_be_zero(node: exp.Expr) -> bool:
    """A constant, NULLIF(.., 0), GREATEST(.., 1), or a sum or product of such things."""
    if isinstance(node, exp.Paren | exp.Cast):
        return _cannot_be_zero(node.this)
    if isinstance(node, exp.Literal):
        return not node.is_string and float(node.name) != 0
    if isinstance(node, exp.Nullif):
        return node.expression.name == "0"
    if isinstance(node, exp.Greatest):
        return any(_is_positive(side) for side in (node.this, *node.expressions))
    if isinstance(node, exp.Mul):
        return _cannot_be_zero(node.left) and _cannot_be_zero(node.right)
    if isinstance(node, exp.Add):  # a count plus a constant
        return _is_positive(node.left) or _is_positive(node.right)
    return False


def _is_positive(node: exp.Expr) -> bool:
    inner = node.this if isinstance(node, exp.Cast | exp.Paren) else node
    return isinstance(inner, exp.Literal) and not inner.is_string and float(inner.name) > 0
