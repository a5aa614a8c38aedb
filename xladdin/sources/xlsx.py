"""Workbooks: .xlsx and .xlsm."""

from __future__ import annotations

from typing import Any

from ..workbook.grid import Grid


def takes(source: Any) -> bool:
    """Any bytes: the gate says of what is no workbook what it is, and what to do about it."""
    return isinstance(source, bytes)


def grids(source: bytes, name: str | None) -> list[Grid]:
    """Every worksheet. Raises RefusedFile."""
    from ..workbook.reading import read_grids

    return read_grids(source, name)
