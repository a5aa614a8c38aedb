"""A PDF read in a process of its own, for so long and in so much memory only: pdfium lets nobody stop it.

Run as a module it takes a PDF on its standard input, and gives its pages as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path

from ..errors import Place, RefusedFile
from .lattice import Page, Sign
from .pdfium import pages_of

_SECONDS, _MOST_MEMORY = 30, 2 << 30
_ADVICE = "请只留下要读的几页，用 PDF 阅读器打开后另存，或请对方发 Word、Excel 文件"


def pages_apart(source: bytes, name: str | None, seconds: float = _SECONDS) -> list[Page]:
    """Every page. Raises RefusedFile as pages_of does, and where that takes too long or too much memory."""
    paths = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    # -P: nothing is imported from the folder somebody works in
    command = [sys.executable, "-P", "-m", __name__]
    try:
        done = subprocess.run(
            command, input=source, capture_output=True, timeout=seconds, check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise RefusedFile(f"PDF 的内容太多，读了 {seconds:g} 秒没有读完", Place(file=name), _ADVICE) from None
    try:
        told = json.loads(done.stdout)
    except ValueError:
        raise RefusedFile("PDF 的内容太多，内存不够", Place(file=name), _ADVICE) from None
    if isinstance(told, dict):
        raise RefusedFile(told["what"], Place(file=name), told["advice"])
    return [
        Page(number, width, height, [Sign(*sign) for sign in signs], [tuple(stroke) for stroke in strokes], pictures)
        for number, width, height, signs, strokes, pictures in told
    ]


def main() -> None:
    """In the process of its own."""
    with suppress(ImportError, ValueError, OSError):  # there is no such bound on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    try:
        told: object = [astuple(page) for page in pages_of(sys.stdin.buffer.read(), None)]
    except RefusedFile as error:
        told = {"what": error.what, "advice": error.advice}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
