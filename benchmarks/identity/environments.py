"""An environment of its own for every peer, made from its pinned requirements and kept in the cache."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = ("splink", "goldenmatch", "recordlinkage")


def interpreter(engine: str, home: Path) -> Path:
    """The Python that runs an engine: ours for Satu, else the peer's own, made when absent or outdated."""
    if engine not in PEERS:
        return Path(sys.executable)
    requirements = HERE / "requirements" / f"{engine}.txt"
    folder = home / "environments" / engine
    python = folder / "bin" / "python"
    mark = folder / ".installed"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text(encoding="ascii") == wanted:
        return python
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv:
        _run(uv, "venv", "--quiet", "--python", sys.executable, str(folder))
        _run(uv, "pip", "install", "--quiet", "--python", str(python), "-r", str(requirements))
    else:
        _run(sys.executable, "-m", "venv", str(folder))
        _run(
            str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "-r", str(requirements)
        )
    mark.write_text(wanted, encoding="ascii")
    return python


def _run(*words: str) -> None:
    subprocess.run(words, check=True)
