"""Libraries that only some kinds of file need, loaded when such a file comes."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..errors import Place, RefusedFile


def library(module: str, package: str, file: str | None, kind: str) -> Any:
    """A module. Raises RefusedFile with the line that installs it where it is missing."""
    try:
        return import_module(module)
    except ImportError:
        what = f"读 {kind} 要用 {package}，这台机器上没有装"
        raise RefusedFile(what, Place(file=file), f"请运行 python -m pip install {package}") from None
