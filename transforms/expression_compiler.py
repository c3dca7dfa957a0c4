"""The walk over one mapping expression: every argument is brought to the kind that its function needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from transforms.expression_nodes import (
    CASTS,
    FUNCTIONS,
    PARTS,
    Kind,
    Want,
    header_key,
    suggest,
)
from warehouse.errors import ConfigError

# What sources write into a numeric or date cell to say that there is nothing.
BLANK_WORDS = ("", "-", "--", "n/a", "#n/a", "na", "null", "none")
_ISO_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Neg)
_MAY_BE_NULL = (exp.Case, exp.If, exp.Nullif, exp.Div, exp.IntDiv, exp.Mod)


@dataclass(frozen=True)
class ExpressionOptions:
    """How a channel writes numbers, dates and times."""

    decimal: str = ","
    dates: str = "dmy"
    timezone: str = "Asia/Jakarta"


@dataclass
class Compiler:
    """Walks one expression from its leaves up, bringing every argument to the kind its function needs."""

    columns: Sequence[str]
    options: ExpressionOptions
    types: dict[str, str]
    used: list[str] = field(default_factory=list)
    leaves: list[tuple[str, str]] = field(default_factory=list)

    def column_named(self, name: str) -> str | None:
        """The header that a name means: exactly, or trimmed and case-insensitively."""
        if name in self.columns:
            return name
        key = header_key(name)
        return next((column for column in self.columns if header_key(column) == key), None)

    def read_column(self, column: str, wanted: str) -> tuple[str, Kind]:
        """A column as SQL; one with a declared type is parsed to it."""
        if column not in self.used:
            self.used.append(column)
        quoted = exp.to_identifier(column, quoted=True).sql("duckdb")
        declared = next(
            (kind for name, kind in self.types.items() if header_key(name) == header_key(column)), "text"
        )
        if declared == "text" or (declared == wanted == "timestamp"):
            return quoted, "text"
        if declared == "integer":
            return self._parsed(quoted, "parse_integer({}, {decimal})"), "number"
        return self.coerce(quoted, "text", _kind(declared)), _kind(declared)

    def compile(self, node: exp.Expr) -> tuple[str, Kind]:
        """SQL of a node and what it gives."""
        if isinstance(node, exp.Column):
            return self._column(node)
        if isinstance(node, exp.Literal):
            return node.sql("duckdb"), "text" if node.is_string else "number"
        if isinstance(node, exp.Null):
            return "NULL", "any"
        if isinstance(node, exp.Boolean):
            return node.sql("duckdb"), "boolean"
        if isinstance(node, exp.Cast):
            return self._cast(node)
        if isinstance(node, exp.Case | exp.If):
            return self._case(node)
        return self._function(node)

    def _column(self, node: exp.Column) -> tuple[str, Kind]:
        if node.table or not isinstance(node.this, exp.Identifier):
            name = ".".join(part.name for part in node.parts)
            raise ConfigError(f"there is no column `{name}`", fix=suggest(name, self.columns))
        column = self.column_named(node.name)
        if column is None:
            raise ConfigError(f"there is no column `{node.name}`", fix=suggest(node.name, self.columns))
        return self.read_column(column, "any")

    def _function(self, node: exp.Expr) -> tuple[str, Kind]:
        want, exceptions, gives = FUNCTIONS[type(node)]
        compiled = {child: self.compile(child) for child in _arguments(node)}
        common = _common([kind for _, kind in compiled.values()])
        if common == "text" and isinstance(node, _COMPARISONS) and any(map(_is_iso_date, compiled)):
            common = "date"
        for child, (sql, kind) in compiled.items():
            wanted: Want = exceptions.get(child.arg_key or "", want)
            if wanted == "same":
                wanted = common
            child.replace(_raw(self.coerce(sql, kind, wanted)))
        if isinstance(node, exp.Paren):
            return f"({node.this.sql('duckdb')})", common
        if isinstance(node, exp.DateFromParts) and node.args.get("month") is None:
            return f"add_days(CAST('1970-01-01' AS DATE), {node.args['year'].sql('duckdb')})", "date"
        if isinstance(node, exp.StrToTime):
            source = next(iter(compiled.values()))[0]
            self._leaf(source, f"TRY({node.sql('duckdb')})")
        return f"({node.sql('duckdb')})" if isinstance(node, exp.Binary) else node.sql(
            "duckdb"
        ), gives or common

    def _case(self, node: exp.Expr) -> tuple[str, Kind]:
        branches = [node] if isinstance(node, exp.If) else node.args["ifs"]
        default = node.args.get("false") or node.args.get("default")
        results = [self.compile(branch.args["true"]) for branch in branches]
        results.append(self.compile(default) if default is not None else ("NULL", "any"))
        common = _common([kind for _, kind in results])
        tests = [
            self._condition(branch.this, node.args.get("this"), isinstance(node, exp.Case))
            for branch in branches
        ]
        whens = " ".join(
            f"WHEN {test} THEN {self.coerce(sql, kind, common)}"
            for test, (sql, kind) in zip(tests, results, strict=False)
        )
        return f"CASE {whens} ELSE {self.coerce(*results[-1], common)} END", common

    def _condition(self, test: exp.Expr, operand: exp.Expr | None, is_case: bool) -> str:
        if is_case and operand is not None:
            test = exp.EQ(this=operand.copy(), expression=test.copy())
        return self.coerce(*self.compile(test), "boolean")

    def _cast(self, node: exp.Cast) -> tuple[str, Kind]:
        target = node.args["to"]
        gives = CASTS.get(target.this.value if isinstance(target.this, exp.DataType.Type) else "")
        if gives is None:
            raise ConfigError(
                f"a cast to {target.sql('duckdb')} is not allowed", fix="cast to text, number or date"
            )
        sql = self.coerce(*self.compile(node.this), gives)
        return (f"TRY_CAST({sql} AS {target.sql('duckdb')})" if gives == "number" else sql), gives

    def coerce(self, sql: str, kind: Kind, want: Want) -> str:
        """SQL brought from one kind to another."""
        if want == "number!":
            return sql if sql.isdigit() else f"whole_number({self.coerce(sql, kind, 'number')})"
        if kind == want or want in ("any", "same") or kind == "any":
            return sql
        if kind == "text":
            return self._from_text(sql, want)
        match kind, want:
            case "number", "text":
                return _quote(sql) if _is_plain_number(sql) else f"number_text({sql})"
            case "number", "boolean":
                return f"({sql} <> 0)"
            case "number", "date" | "timestamp":
                return self._from_text(f"number_text({sql})", want)
            case "boolean", "number":
                return f"CAST({sql} AS INTEGER)"
            case "date" | "timestamp" | "boolean", "text":
                return f"CAST({sql} AS VARCHAR)"
            case "date", "timestamp":
                return f"CAST({sql} AS TIMESTAMP)"
            case "timestamp", "date":
                return f"CAST({sql} AS DATE)"
        raise ConfigError(f"a {kind} cannot be used as a {want}", fix="change the expression")

    def _from_text(self, sql: str, want: Want) -> str:
        patterns: dict[str, str] = {
            "number": "parse_number({}, {decimal})",
            "date": "parse_date({}, {dates})",
            "timestamp": "to_local(parse_timestamp({}, {dates}, {zone}), {zone})",
            "boolean": "parse_boolean({})",
        }
        return self._parsed(sql, patterns[want])

    def _parsed(self, source: str, pattern: str) -> str:
        parsed = pattern.format(
            source,
            decimal=_quote(self.options.decimal),
            dates=_quote(self.options.dates),
            zone=_quote(self.options.timezone),
        )
        self._leaf(source, parsed)
        return parsed

    def _leaf(self, source: str, parsed: str) -> None:
        """Remember that a text may fail to become something else. Literals are the contract's own matter."""
        if source.startswith("'"):
            return
        self.leaves.append((_is_filled(source), f"{parsed} IS NULL"))

    def convert(self, sql: str, kind: Kind, target_type: str) -> str:
        """A whole expression as a contract field of `target_type`."""
        base = base_type(target_type)
        if kind == "any":
            return f"CAST({sql} AS {_storage(target_type)})"
        if base == "text":
            return self.coerce(sql, kind, "text")
        if base == "integer":
            storage = _storage(target_type)
            if kind == "text":
                return f"TRY_CAST({self._parsed(sql, 'parse_integer({}, {decimal})')} AS {storage})"
            whole = f"whole_number({self.coerce(sql, kind, 'number')})"
            self.leaves.append((f"{sql} IS NOT NULL", f"{whole} IS NULL"))
            return f"TRY_CAST({whole} AS {storage})"
        if base == "decimal":
            return f"TRY_CAST({self.coerce(sql, kind, 'number')} AS {_storage(target_type)})"
        if base == "timestamp":
            if kind == "text":
                return self._parsed(sql, "parse_timestamp({}, {dates}, {zone})")
            return f"to_utc({self.coerce(sql, kind, 'timestamp')}, {_quote(self.options.timezone)})"
        return self.coerce(sql, kind, "date" if base == "date" else "boolean")

    def failed(self, result: str, tree: exp.Expr | None) -> str | None:
        """The predicate of a row that held something where nothing could be made of it."""
        if not self.leaves:
            return None
        if tree is None and len(self.leaves) == 1:
            reason = self.leaves[0][0]
        else:
            reasons = [f"({filled} AND {lost})" for filled, lost in dict.fromkeys(self.leaves)]
            if _is_arithmetic(tree):
                quoted = [exp.to_identifier(column, quoted=True).sql("duckdb") for column in self.used]
                reasons.append("(" + " AND ".join(map(_is_filled, quoted)) + ")")
            reason = f"TRY({' OR '.join(reasons)})"
        return f"CASE WHEN ({result}) IS NULL THEN coalesce({reason}, FALSE) ELSE FALSE END"


@dataclass
class TypedCompiler(Compiler):
    """The same over columns that have types already: only what the expression itself writes is parsed."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)

    def read_column(self, column: str, wanted: str) -> tuple[str, Kind]:
        if column not in self.used:
            self.used.append(column)
        return exp.to_identifier(column, quoted=True).sql("duckdb"), self.kinds[column]


def _arguments(node: exp.Expr) -> list[exp.Expr]:
    """The values a function is given, without flags, types and names."""
    return [child for child in node.iter_expressions() if not isinstance(child, PARTS)]


def _common(kinds: list[Kind]) -> Kind:
    """The kind that values of several kinds are brought to: the one that is not text, if there is one."""
    typed = [kind for kind in kinds if kind not in ("text", "any")]
    if "number" in typed:
        return "number"
    if "timestamp" in typed:
        return "timestamp"
    return typed[0] if typed else ("text" if "text" in kinds else "any")


def _is_arithmetic(tree: exp.Expr | None) -> bool:
    """It computes, and a row with all its inputs gives a result."""
    return tree is not None and tree.find(*_ARITHMETIC) is not None and tree.find(*_MAY_BE_NULL) is None


def _raw(sql: str) -> exp.Expr:
    """Finished SQL as a leaf of a tree; it is written out as it is."""
    return exp.Var(this=sql)


def base_type(target_type: str) -> str:
    base = target_type.lower().split("(")[0]
    return "integer" if base == "bigint" else base


def _storage(target_type: str) -> str:
    """A contract's type as DuckDB writes it; an amount without a stated size is DECIMAL(18, 4)."""
    name = target_type.upper()
    return {"TEXT": "VARCHAR", "DECIMAL": "DECIMAL(18, 4)"}.get(name, name)


def _is_iso_date(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and node.is_string and bool(_ISO_DATE.fullmatch(node.name))


def _kind(declared: str) -> Kind:
    kinds: dict[str, Kind] = {
        "decimal": "number",
        "date": "date",
        "timestamp": "timestamp",
        "boolean": "boolean",
    }
    return kinds.get(declared, "text")


def _is_plain_number(sql: str) -> bool:
    return sql.replace(".", "", 1).isdigit()


def _is_filled(source: str) -> str:
    """A cell that holds something, by what sources write for nothing."""
    return f"lower(trim({source})) NOT IN ({', '.join(map(_quote, BLANK_WORDS))})"


def _quote(text: str) -> str:
    return exp.Literal.string(text).sql("duckdb")
