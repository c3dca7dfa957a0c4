"""What a run of an engine cost so far, told by the run itself, in any environment. Standard library only."""

from __future__ import annotations

import resource
from pathlib import Path


def cpu_seconds() -> float:
    """User and system seconds of this process and of the children it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def peak_mb() -> int:
    """The most memory this process ever held, without what it inherited from the one that started it."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
