"""A PostgreSQL server of a test's own, gone when the test is."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USER = "postgres"


@contextmanager
def throw_away_postgres() -> Iterator[str]:
    """The address of a fresh server's database; skips where there is no PostgreSQL, or no user to run it."""
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)  # where Debian puts the server
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *map(str, newest)])
    tools = [shutil.which(name, path=path) for name in ("initdb", "pg_ctl")]
    if not all(tools):
        pytest.skip(
            "PostgreSQL is not here: initdb and pg_ctl are neither on the path nor below /usr/lib/postgresql"
        )
    initdb, pg_ctl = tools
    as_user: list[str] = []
    folder = Path(tempfile.mkdtemp(prefix="satu-postgres-", dir="/var/tmp"))  # another user gets there
    if os.geteuid() == 0:
        runuser = shutil.which("runuser")
        if runuser is None or USER not in {entry.pw_name for entry in pwd.getpwall()}:
            pytest.skip("PostgreSQL does not run as root, and there is no user `postgres`")
        as_user = [runuser, "-u", USER, "--"]
        shutil.chown(folder, USER)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"

    def run(*words: str | Path | None) -> None:
        done = subprocess.run([*as_user, *map(str, words)], capture_output=True, text=True, cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr

    try:
        run(initdb, "-D", data, "-U", USER, "--auth=trust", "-E", "UTF8")
        run(pg_ctl, "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://{USER}@127.0.0.1:{port}/postgres"
        finally:
            run(pg_ctl, "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
