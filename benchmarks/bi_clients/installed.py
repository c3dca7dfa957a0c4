"""The clients that can be had on this machine, each with the command that reads a release with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import PROJECT, environment

HERE = Path(__file__).resolve().parent
CLIENTS = HERE / "clients"
NODE_PACKAGE = "@duckdb/node-api@1.5.6-r.1"


@dataclass(frozen=True)
class Client:
    """How a client is started; the release, the questions and the time are added."""

    words: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)


class Absent(Exception):
    """A client that cannot be had here; says why."""


def own_python(script: str) -> Callable[[Path], Client]:
    """A script run by the Python of this project, with the packages its lock names."""

    def made(_home: Path) -> Client:
        return Client(
            (sys.executable, str(CLIENTS / script)), {"PYTHONPATH": f"{CLIENTS}{os.pathsep}{PROJECT}"}
        )

    return made


def other_python(script: str, requirements: str) -> Callable[[Path], Client]:
    """A script run by a Python with packages of its own."""

    def made(home: Path) -> Client:
        return Client(
            (str(_environment(home, requirements)), str(CLIENTS / script)), {"PYTHONPATH": str(CLIENTS)}
        )

    return made


def command_line(home: Path) -> Client:
    """DuckDB's command line, from the package that carries it."""
    program = _environment(home, "duckdb-cli").with_name("duckdb")
    return Client((sys.executable, str(CLIENTS / "command_line.py")), {"DUCKDB": str(program)})


def node(home: Path) -> Client:
    """Node with DuckDB's own package beside the script."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        raise Absent("node and npm are not installed")
    folder = home / "environments" / "node"
    if not (folder / "node_modules" / "@duckdb").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n', encoding="ascii")
        _installed([npm, "install", "--silent", "--no-audit", "--no-fund", NODE_PACKAGE], folder)
    shutil.copy(CLIENTS / "node.mjs", folder)
    return Client((program, str(folder / "node.mjs")))


CLIENTS_BY_NAME: dict[str, Callable[[Path], Client]] = {
    "python": own_python("python_duckdb.py"),
    "python, DuckDB 1.4": other_python("python_duckdb.py", "duckdb-1.4"),
    "python, DuckDB 2.0": other_python("python_duckdb.py", "duckdb-2.0"),
    "SQLAlchemy + pandas": own_python("sqlalchemy_pandas.py"),
    "DuckDB command line": command_line,
    "node": node,
    "satu query": own_python("satu_query.py"),
    "Superset's database layer": other_python("superset_layer.py", "superset"),
}


def _environment(home: Path, requirements: str) -> Path:
    try:
        return environment(
            HERE / "requirements" / f"{requirements}.txt", home / "environments" / requirements
        )
    except subprocess.CalledProcessError as error:
        raise Absent(f"{requirements} could not be installed") from error


def _installed(words: list[str], folder: Path) -> None:
    try:
        subprocess.run(words, check=True, cwd=folder)
    except subprocess.CalledProcessError as error:
        raise Absent(f"{words[-1]} could not be installed") from error
