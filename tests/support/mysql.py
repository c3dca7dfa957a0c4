"""A MySQL or MariaDB server of a test's own, gone when the test is."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USER = "mysql"
_MOST_SECONDS = 120


@contextmanager
def throw_away_mysql() -> Iterator[str]:
    """The address of a fresh server, its database `toko`; skips where there is no server to start."""
    server, install = shutil.which("mariadbd"), shutil.which("mariadb-install-db")
    if server is None or install is None:
        pytest.skip("MariaDB is not here: mariadbd and mariadb-install-db are not on the path")
    folder = Path(tempfile.mkdtemp(prefix="satu-mysql-", dir="/var/tmp"))  # another user gets there
    as_user = []
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
        as_user = [f"--user={USER}"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = f"--datadir={folder / 'data'}"
    try:
        made = subprocess.run(
            [
                install,
                "--no-defaults",
                data,
                *as_user,
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ],
            capture_output=True,
            text=True,
        )
        assert made.returncode == 0, made.stdout + made.stderr
        words = [
            f"--port={port}",
            "--bind-address=127.0.0.1",
            f"--socket={folder / 's'}",
            f"--pid-file={folder / 'p'}",
        ]
        process = subprocess.Popen(
            [
                server,
                "--no-defaults",
                data,
                *as_user,
                *words,
                "--innodb-flush-log-at-trx-commit=0",
                "--sql-mode=",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_until_it_answers(process, folder / "s")
            yield f"mysql://root@127.0.0.1:{port}/toko"
        finally:
            process.kill()
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_answers(process: subprocess.Popen[bytes], path: Path) -> None:
    import pymysql

    deadline = time.monotonic() + _MOST_SECONDS
    while True:
        assert process.poll() is None and time.monotonic() < deadline, "the server does not start"
        try:
            with (
                pymysql.connect(unix_socket=str(path), user="root") as connection,
                connection.cursor() as cursor,
            ):
                cursor.execute("CREATE DATABASE IF NOT EXISTS toko CHARACTER SET utf8mb4")
                return
        except pymysql.err.OperationalError:
            time.sleep(0.1)
