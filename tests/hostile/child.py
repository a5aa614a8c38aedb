"""Run one group of hostile inputs with little memory and time; a line of JSON for each, as it is done."""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
import time
import warnings
from pathlib import Path

from .making import Kind, sound

MEMORY, SECONDS = 500 << 20, 20


def groups() -> dict[str, list[Kind]]:
    """Every kind there is, by the process it runs in."""
    from . import cells, others, packages

    return {
        "packages": packages.PACKAGES, "xml": packages.XML, "sheets": cells.SHEETS, "cells": cells.CELLS,
        "sizes": cells.SIZES, "templates": others.TEMPLATES, "json and ledgers": [*others.JSON, *others.LEDGERS],
    }  # fmt: skip


def limit() -> None:
    """No more memory than what is there and 500 MB, where the system can say so."""
    try:
        import resource
    except ImportError:
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    if pages:
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY,) * 2)


def tried(kind: Kind, folder: Path) -> dict:
    """What came of one kind: exit code, all that was said, seconds of CPU."""
    from xladdin.cli.main import main

    for name, data in kind.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data() if callable(data) else data)
    (folder / "好.xlsx").write_bytes(sound())
    argv = kind.argv or ("read", *(f"{{{name}}}" for name in kind.files), "{好.xlsx}")
    words = [str(folder / word.strip("{}=/")) if word.startswith("{") else word for word in argv]
    said, before = io.StringIO(), time.process_time()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = main(words)
        except BaseException as error:  # noqa: BLE001  main lets nothing out
            code = f"{type(error).__name__}: {error}"
    said.seek(0)
    return {"name": kind.name, "code": code, "said": said.read(), "cpu": time.process_time() - before}


def run(group: str) -> None:
    """The kinds of a group, each in a folder of its own."""
    import xladdin.cli.read  # noqa: F401  what is loaded is not the input's cost

    warnings.simplefilter("ignore")
    (lambda: __import__("lxml.etree"))()
    limit()
    out = sys.stdout
    for kind in groups()[group]:
        out.write(json.dumps({"begins": kind.name}) + "\n")
        with tempfile.TemporaryDirectory() as folder:
            result = tried(kind, Path(folder))
        result["said"] = result["said"] if len(result["said"]) < 300_000 else f"{len(result['said'])} characters"
        out.write(json.dumps(result) + "\n")
        out.flush()


if __name__ == "__main__":
    run(sys.argv[1])
