"""What every benchmark needs: a place, an environment per peer, a process watched, stopped at limits."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ENGINE_SIDE = Path(__file__).resolve().parent / "engine_side"
PROJECT = ENGINE_SIDE.parents[1]
LOOK_SECONDS = 0.2
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Limits:
    wall_seconds: float = 1800.0
    memory_mb: float = 10_240.0


@dataclass(frozen=True)
class Ended:
    """How a process ended: `problem` says why it did so early, if it did; costs are seen from outside."""

    problem: str | None
    was_stopped: bool
    peak_mb: int
    cpu_seconds: float
    wall_seconds: float


def default_home() -> Path:
    """Where environments, data and runs are kept, unless told otherwise."""
    return Path(os.environ.get("SATU_BENCH_HOME") or Path.home() / ".cache" / "satu-bench")


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}, one run each."


def emptied(folder: Path) -> Path:
    """The folder of a run, without what an earlier run left."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    return folder


def run_watched(
    words: Sequence[str], folder: Path, limits: Limits, *, is_peer: bool, **settings: str
) -> Ended:
    """Run an engine's script to its end or to a limit; what it says goes to `log.txt` in the folder."""
    around = os.environ | {"PYTHONWARNINGS": "ignore", "PYTHONPATH": str(ENGINE_SIDE)} | settings
    if not is_peer:
        around["PYTHONPATH"] += f"{os.pathsep}{PROJECT}"
    started = time.monotonic()
    log = folder / "log.txt"
    with log.open("wb") as said:
        process = subprocess.Popen(
            words, stdout=said, stderr=said, cwd=folder, start_new_session=True, env=around
        )
        stopped, peak, cpu = watch(process, started, limits)
    problem = stopped
    if problem is None and process.returncode:
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        problem = f"failed: {last[-1][:200] if last else process.returncode}"
    wall = round(time.monotonic() - started, 1)
    return Ended(problem, stopped is not None, round(peak), round(cpu, 1), wall)


def environment(requirements: Path, folder: Path, base: str = sys.executable) -> Path:
    """The Python of an environment that holds these requirements, made when absent or outdated."""
    python = folder / "bin" / "python"
    mark = folder / ".installed"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text(encoding="ascii") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv:
        _run(uv, "venv", "--quiet", "--python", base, str(folder))
        _run(uv, "pip", "install", "--quiet", "--python", str(python), "-r", str(requirements))
    else:
        _run(base, "-m", "venv", str(folder))
        _run(
            str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "-r", str(requirements)
        )
    mark.write_text(wanted, encoding="ascii")
    return python


def _run(*words: str) -> None:
    subprocess.run(words, check=True)


def watch(
    process: subprocess.Popen[bytes], started: float, limits: Limits
) -> tuple[str | None, float, float]:
    """(why it was stopped, the most memory its processes held together, CPU seconds when last seen)."""
    peak = cpu = 0.0
    while process.poll() is None:
        memory, used = held(process.pid)
        peak, cpu = max(peak, memory), max(cpu, used)
        stopped = None
        if time.monotonic() - started > limits.wall_seconds:
            stopped = f"stopped after {limits.wall_seconds / 60:.0f} minutes"
        elif memory > limits.memory_mb:
            stopped = f"stopped at {limits.memory_mb / 1024:.0f} GB"
        if stopped:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return stopped, peak, cpu
        time.sleep(LOOK_SECONDS)
    return None, peak, cpu


def held(session: int) -> tuple[float, float]:
    """Memory (MB) and CPU seconds of the processes of a session."""
    memory = cpu = 0.0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            memory += int(fields[21]) * _PAGE_MB
            cpu += sum(int(ticks) for ticks in fields[11:15]) / _TICKS
    return memory, cpu
