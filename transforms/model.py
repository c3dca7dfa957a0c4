"""A SQL file as a model: what it reads, what it gives, how it is written for another engine.

One SELECT per file in DuckDB's dialect; other models are read by their bare name; parameters are small
input tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import sqlglot
from sqlglot import exp

from transforms.functions import expand

ROOT = Path(__file__).parent
DIALECTS = ("duckdb", "spark")


@dataclass(frozen=True)
class Model:
    """One table as one SELECT. `path` is relative to `transforms`, without the ending: `marts/rfm`."""

    path: str
    sql: str

    @classmethod
    def load(cls, path: str) -> Model:
        """The model of `transforms/<path>.sql`."""
        file = ROOT / f"{path}.sql"
        if not file.is_file():
            raise FileNotFoundError(f"there is no model {path}: transforms/{path}.sql does not exist")
        return cls(path, file.read_text(encoding="utf-8"))

    @property
    def name(self) -> str:
        """The table's name, which is the file's name."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def file(self) -> str:
        """The file as it is named in messages."""
        return f"transforms/{self.path}.sql"

    @cached_property
    def tree(self) -> exp.Query:
        """The one SELECT of the file."""
        statements = [
            statement for statement in sqlglot.parse(self.sql, read="duckdb") if statement is not None
        ]
        if len(statements) != 1 or not isinstance(statements[0], exp.Query):
            raise ValueError(f"{self.file} must hold exactly one SELECT")
        return statements[0]

    @cached_property
    def grain(self) -> str:
        """The comment that opens the file, which states grain and key."""
        lines = []
        for line in self.sql.lstrip().splitlines():
            if not line.startswith("--"):
                break
            lines.append(line.lstrip("- ").rstrip())
        return " ".join(lines)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The tables it reads, sorted: every table named in it that is not one of its own CTEs."""
        return tuple(sorted(_tables(self.tree)))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of its output columns."""
        return tuple(self.tree.named_selects)

    def render(self, dialect: str = "duckdb") -> str:
        """The SQL for an engine: the file itself for DuckDB, named functions written out for Spark."""
        if dialect not in DIALECTS:
            raise ValueError(f"no engine speaks {dialect!r}; choose one of {', '.join(DIALECTS)}")
        if dialect == "duckdb":
            return self.sql
        tree = expand(self.tree, dialect)
        return tree.sql(dialect, unsupported_level=sqlglot.ErrorLevel.RAISE, pretty=True, comments=False)


def _paths() -> tuple[str, ...]:
    return tuple(sorted(file.relative_to(ROOT).with_suffix("").as_posix() for file in ROOT.rglob("*.sql")))


@cache
def table_names(sql: str) -> frozenset[str]:
    """The tables a query reads, without its own CTEs."""
    return frozenset(_tables(sqlglot.parse_one(sql, read="duckdb")))


def _tables(tree: exp.Expr) -> set[str]:
    own = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    return {table.name for table in tree.find_all(exp.Table) if table.name} - own


@cache
def all_models() -> tuple[Model, ...]:
    """Every model, in the order of its path; read and parsed once, whatever the number of days made."""
    return tuple(Model.load(path) for path in _paths())
