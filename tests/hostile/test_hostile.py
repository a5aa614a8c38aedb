"""Nothing that comes in costs more than 20 s and 500 MB, ends in a traceback, or takes others down with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .child import SECONDS, groups
from .making import OTHER, PROJECT

ROOT = Path(__file__).resolve().parents[2]
GROUPS = groups()
MOST_SAID = 200_000  # characters


@pytest.mark.parametrize("group", GROUPS)
def test_hostile_inputs(group):
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.child", group],
        capture_output=True, cwd=ROOT, env=os.environ | {"PYTHONUTF8": "1", "XLADDIN_NO_BAR": "1"}, timeout=300,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert done.returncode == 0, (lines[-1:], done.stderr.decode()[-2_000:])
    results = {line["name"]: line for line in lines if "name" in line}
    assert {name: fault for name, result in results.items() if (fault := _fault(_kind(group, name), result))} == {}
    assert len(results) == len(GROUPS[group])


def test_there_are_many_kinds():
    names = [kind.name for kinds in GROUPS.values() for kind in kinds]
    assert len(names) == len(set(names)) >= 150


def _kind(group: str, name: str):
    return next(kind for kind in GROUPS[group] if kind.name == name)


def _fault(kind, result: dict) -> str:
    """What is wrong with what came of a kind; "" when it is as it should be."""
    said = result["said"]
    if "Traceback" in said or "程序出了意外" in said or "程序出错" in said or "规则自身出错" in said:
        return said[-2_000:]
    if result["code"] not in kind.codes:
        return f"exit {result['code']}: {said[-1_000:]}"
    if result["cpu"] > SECONDS:
        return f"{result['cpu']:.0f} s"
    if len(said) > MOST_SAID or said.endswith("characters"):
        return f"too much is said: {len(said)} {said[-30:]}"
    if kind.argv is None and OTHER not in said:
        return f"the other was not read: {said[-1_000:]}"
    if kind.argv is None and (PROJECT in said.replace(OTHER, "")) != kind.reads and kind.says:
        return f"read or not: {said[-1_000:]}"
    missing = [words for words in kind.says if not any(word in said for word in words.split("|"))]
    told = [word for word in kind.never if word in said]
    return f"not said: {missing}, said: {told} in: {said[-1_500:]}" if missing or told else ""
