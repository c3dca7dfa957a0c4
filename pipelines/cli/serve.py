"""ui, bench: the Dagster UI with its daemon, and measured nights."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import click

from assets.dagster_processes import end_cut_off_runs
from pipelines.cli.shared import home, opened, tell
from pipelines.instance import open_instance, prepare_dagster_home
from pipelines.logs import is_structured
from warehouse.errors import ConfigError, NightFailed

START_SECONDS, ANSWER_SECONDS, TELL_EVERY_SECONDS = 1800, 20, 30
LOG_FORMAT = {True: ["--log-format", "json"], False: []}
UI, DAEMON = "webserver", "daemon"
DEFINITIONS = ["-m", "pipelines.definitions"]


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=3000, show_default=True, help="First port to try."
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address the UI listens on; it has no login."
)
@click.option("--only", type=click.Choice([UI, DAEMON]), help="One of the two, for containers.")
def ui(port: int, host: str, only: str | None) -> int:
    """Dagster's UI and daemon on this workspace: graph, checks, backfills, the nightly schedule."""
    opened()
    folder = home().resolve()
    chosen = free_port(port)
    environment = os.environ | {
        "SATU_HOME": str(folder),
        "DAGSTER_HOME": str(prepare_dagster_home(folder)),
        "DAGSTER_DISABLE_TELEMETRY": "1",
    }
    commands = {
        UI: ["dagster-webserver", "-h", host, "-p", str(chosen), *DEFINITIONS],
        DAEMON: ["dagster-daemon", "run", *DEFINITIONS],
    }
    with open_instance(folder) as instance:
        end_cut_off_runs(instance)
    processes = {
        name: subprocess.Popen(
            _command([*words, *LOG_FORMAT[is_structured()]]), env=environment, stdout=sys.stderr
        )
        for name, words in commands.items()
        if only in (None, name)
    }
    previous = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if UI in processes:
            _wait_until_up(chosen, list(processes.values()))
            print(f"Satu is at http://127.0.0.1:{chosen} (Ctrl-C stops it)", flush=True)
        while all(process.poll() is None for process in processes.values()):
            time.sleep(0.5)
        raise NightFailed("the UI or its daemon ended by itself", fix="see the messages above")
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGTERM, previous)
        _stop(list(processes.values()))


@click.command()
@click.argument("size", type=click.IntRange(min=100), default=100_000)
@click.option("--keep", is_flag=True, help="Keep the workspace it makes.")
def bench(size: int, keep: bool) -> int:
    """First load and the following night for SIZE invented customers: time and memory per step."""
    from pipelines.bench import measure

    print(measure(size, keep))
    return 0


def free_port(first: int) -> int:
    """The first free port from `first` on."""
    for port in range(first, min(first + 100, 65_536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ConfigError(f"no free port from {first} on", fix="give another --port")


def _command(words: list[str]) -> list[str]:
    """The program beside this Python, so that it works without an activated environment."""
    beside = Path(sys.executable).parent / words[0]
    found = str(beside) if beside.exists() else shutil.which(words[0])
    if found is None:
        raise ConfigError(f"{words[0]} is not installed", fix="run `make setup`")
    return [found, *words[1:]]


def _wait_until_up(port: int, processes: list[subprocess.Popen[bytes]]) -> None:
    """Wait while the processes live: on a machine at work they take minutes, and say so."""
    tell("starting the UI ...")
    began = told = time.monotonic()
    while time.monotonic() - began < START_SECONDS:
        if any(process.poll() is not None for process in processes):
            raise NightFailed("the UI did not start", fix="see the messages above")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info", timeout=ANSWER_SECONDS):
                return
        except OSError:
            time.sleep(0.5)
        if time.monotonic() - told >= TELL_EVERY_SECONDS:
            told = time.monotonic()
            tell(f"  still starting after {told - began:.0f} s: Dagster is loading; this machine is busy")
    raise NightFailed(
        f"the UI did not answer within {START_SECONDS // 60} minutes",
        fix="wait until the machine is less busy and start it again",
    )


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
    for process in processes:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


COMMANDS = (ui, bench)
