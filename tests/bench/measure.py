"""CPU of jobs that run by turns here, and of whole commands with their workers; the highest memory of one process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple

from .jobs import ROOT

ROUNDS = 7

# a process so small that the highest memory it is told of is its child's, or one of its child's workers'
_AROUND = """
import resource, subprocess, sys, time
begun = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
took, used = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
if done.returncode > 1:
    raise SystemExit(done.stderr.decode()[-300:])
print(used.ru_utime + used.ru_stime, took, used.ru_maxrss)
"""


class Used(NamedTuple):
    """Seconds of CPU and of the clock; the peak of the largest process in MB."""

    cpu: float
    wall: float
    peak: float


def race(jobs: Mapping[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """Median CPU seconds an item of each job (of so many items); the first round warms up and does not count."""
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(ROUNDS + 1):
        for name, (work, count) in jobs.items():
            begun = time.process_time()
            work()
            if turn:
                taken[name].append((time.process_time() - begun) / count)
    return {name: median(times) for name, times in taken.items()}


def python(*arguments: str) -> Used:
    """A Python of its own, whose modules may be kept compiled as a user's are. Raises RuntimeError where it fails."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", _AROUND, sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(done.stderr[-300:])
    cpu, wall, peak = map(float, done.stdout.split())
    return Used(cpu, wall, peak / 1024)


def xladdin(*arguments: object) -> Used:
    """One command."""
    return python("-m", "xladdin", *map(str, arguments))
