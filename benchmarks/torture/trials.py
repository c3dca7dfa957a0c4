"""A night is killed, the next one finishes it, and what is left must be as after a night in peace."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.torture import company
from benchmarks.torture.judging import Content, content_of, differences, faults
from benchmarks.torture.nights import Child

KEPT_TRIALS = 3
EVERY_STEP, STEP, MOMENT = "every step", "step", "moment"


@dataclass(frozen=True)
class Kill:
    """Which night is killed and where: at a step's number, or a share of its steps or of its CPU time."""

    size: str
    by: str
    at: float


@dataclass(frozen=True)
class Undisturbed:
    """A night left in peace: what was there before, what it leaves by number of release, its cost."""

    before: Path
    home: Path
    day: date
    after: dict[int, Content]
    cpu_seconds: float
    steps: list[str]

    def step(self, kill: Kill) -> int:
        """The number of the step at which a night is killed, from 1."""
        return int(kill.at) if kill.by == EVERY_STEP else 1 + int(kill.at * len(self.steps))


class Trials:
    """A folder of trials, and the link `arena` that tells readers which one to look at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.arena = folder / "arena"
        self.log = folder / "night.log"
        self._homes: list[Path] = []
        self._number = itertools.count()
        self._peace: dict[str, Undisturbed] = {}

    def undisturbed(self, size: str) -> Undisturbed:
        """One day published, the next one delivered, then that night in peace."""
        if size not in self._peace:
            before, home = company.found(self.folder / f"before-{size}"), self.folder / f"peace-{size}"
            self._in_peace(size, before, company.deliver(before, 0))
            day = company.deliver(before, 1)
            shutil.copytree(before, home, symlinks=True)
            night, cpu_seconds = self._in_peace(size, home, day)
            after = {2: content_of(home)}
            self._peace[size] = Undisturbed(before, home, day, after, cpu_seconds, night.steps())
        return self._peace[size]

    def expected(self, size: str, seq: int) -> Content:
        """What nights in peace leave: one, or two when the one that was killed had published already."""
        peace = self.undisturbed(size)
        if seq == 3 and seq not in peace.after:
            self._in_peace(size, peace.home, peace.day)
            peace.after[seq] = content_of(peace.home)
        return peace.after.get(seq, {})

    def trial(self, before: Path) -> Path:
        """A copy of a workspace, shown to the readers; those of a while ago are removed."""
        home = self.folder / f"trial-{next(self._number)}"
        shutil.copytree(before, home, symlinks=True)
        link = self.folder / "arena.new"
        link.unlink(missing_ok=True)
        link.symlink_to(home.name)
        link.replace(self.arena)
        self._homes.append(home)
        while len(self._homes) > KEPT_TRIALS:
            shutil.rmtree(self._homes.pop(0))
        return home

    def killed(self, kill: Kill) -> dict[str, Any]:
        """Kill a night, finish it, judge it: how it ended, where it was killed, what was found."""
        started = time.monotonic()
        peace = self.undisturbed(kill.size)
        home = self.trial(peace.before)
        step = None if kill.by == MOMENT else peace.step(kill)
        child = Child(kill.size, home, peace.day, self.log, step)
        ended = child.wait() if step else child.kill_at(kill.at * peace.cpu_seconds)
        found = [] if ended in (0, -signal.SIGKILL) else [f"the night ended with {ended}"]
        found += self._judged(kill.size, home, peace)
        if found:
            shutil.copytree(home, self.folder / f"found-{time.time_ns()}", symlinks=True)
        place = peace.steps[step - 1] if step else ""
        seconds = round(time.monotonic() - started, 1)
        return {"killed": ended == -signal.SIGKILL, "place": place, "found": found, "seconds": seconds}

    def _judged(self, size: str, home: Path, peace: Undisturbed) -> list[str]:
        """What is wrong after the next night."""
        if code := Child(size, home, peace.day, self.log).wait():
            return [f"the next night ended with {code}"]
        seq = int((home / "warehouse" / "current").resolve().name)
        found = faults(home)
        found += [f"differs: {place}" for place in differences(content_of(home), self.expected(size, seq))]
        if size != "few" and Child("status", home, peace.day, self.log).wait():
            found.append("`satu status` is not good")
        return found

    def _in_peace(self, size: str, home: Path, day: date) -> tuple[Child, float]:
        """A night that must go well, and the CPU time it took."""
        child, used = Child(size, home, day, self.log), 0.0
        while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            used = child.cpu_seconds()
            time.sleep(0.005)
        if code := child.wait():
            raise SystemExit(f"a night left in peace ended with {code}, see {self.log}")
        if wrong := faults(home):
            raise SystemExit(f"a night left in peace leaves {wrong}")
        return child, used
