"""A ledger is read row by row: what comes of it is what its Grids give, and a large one takes little memory."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.package_checks import members
from tests.test_gate import doctype, zipped
from xladdin.cli.demo import example
from xladdin.errors import RefusedFile
from xladdin.ledger import read_grids_as_ledger, read_ledger, write_ledger
from xladdin.workbook.gate import Package
from xladdin.workbook.reading import NotInOrder, read_grids, read_sheets

GUIDE, PROJECTS, EXECUTION, INDICATORS = (f"xl/worksheets/sheet{number}.xml" for number in range(1, 5))
ROW = re.compile(rb"<row .*?</row>", re.DOTALL)


def turned(data: bytes) -> bytes:
    """The rows from the last to the first."""
    rows = ROW.findall(data)
    start, end = data.index(rows[0]), data.index(b"</sheetData>")
    return data[:start] + b"".join(reversed(rows)) + data[end:]


def twice(data: bytes) -> bytes:
    row = ROW.findall(data)[2]
    return data.replace(row, row * 2)


def anchored(data: bytes) -> bytes:
    """With elements named row that are none of the table."""
    stray = b'<row r="9"><c r="A9"><v>5</v></c></row>'
    data = data.replace(b"<sheetData>", b"<q>" + stray + b"</q><sheetData>")
    return data.replace(b"</worksheet>", b"<controls>" + stray + b"</controls></worksheet>")


def prefixed(data: bytes) -> bytes:
    return re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", data).replace(b"xmlns=", b"xmlns:x=")


ALIKE = {
    "as written": lambda data: data,
    "turned": turned,
    "a row twice": twice,
    "stray rows": anchored,
    "prefixed": prefixed,
    "rows unnumbered": lambda data: re.sub(rb'<row r="\d+"', b"<row", data),
    "cells unnumbered": lambda data: re.sub(rb'<c r="\w+"', b"<c", data),
    "no rows": lambda data: data[: data.index(b"<row")] + data[data.index(b"</sheetData>") :],
    "comments": lambda data: data.replace(b"?>", b"?><!-- a -->", 1).replace(b"</row>", b"</row><!-- b -->\n"),
    "UTF-16": lambda data: data.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
}


def ledger_with(part: str, change) -> bytes:
    parts = members(write_ledger(None, example()))
    return zipped(parts | {part: change(parts[part])})


@pytest.mark.parametrize("part", [PROJECTS, INDICATORS])
@pytest.mark.parametrize("change", ALIKE.values(), ids=ALIKE)
def test_rows_give_what_grids_give(part, change, tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger_with(part, change))
    assert read_ledger(path) == read_grids_as_ledger(read_grids(path), path.name)


@pytest.mark.parametrize("change", ["as written", "comments"])
def test_where_pieces_end_makes_no_difference(change, monkeypatch):
    path = Path(__file__).parents[1] / "templates/2021自评表.xlsx"
    parts = members(path.read_bytes())
    (sheet,) = read_sheets(zipped(parts | {GUIDE: ALIKE[change](parts[GUIDE])}))
    rows, merges, pieces = list(sheet.rows()), sheet.merges(), Package.pieces
    assert merges == sorted(read_grids(path)[0].merges)

    for size in range(2_000, 2_600, 7):

        def cut(package: Package, part: str, size: int = size) -> Iterator[bytes]:
            data = b"".join(pieces(package, part))
            return (data[at : at + size] for at in range(0, len(data), size))

        monkeypatch.setattr(Package, "pieces", cut)
        assert merges == sheet.merges()
        assert rows == list(sheet.rows())


def test_rows_out_of_order_are_said_to_be():
    with pytest.raises(NotInOrder):
        list(read_sheets(ledger_with(INDICATORS, turned))[3].rows())


def test_what_the_gate_refuses(tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger_with(INDICATORS, doctype))
    with pytest.raises(RefusedFile, match="文档类型声明"):
        read_ledger(path)


@pytest.mark.parametrize(
    ("part", "left"),
    [(GUIDE, len(example())), (PROJECTS, 0), (EXECUTION, len(example()) - 1), (INDICATORS, 0)],
)
@pytest.mark.parametrize("change", [lambda data: data[: len(data) // 2], lambda data: b""], ids=["half", "none"])
def test_a_broken_sheet_costs_what_stands_in_it(part, left, change, tmp_path):
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger_with(part, change))
    ledger = read_ledger(path)
    assert len(ledger.records) == left
    assert ["不是完好的 XML" in mistake.what for mistake in ledger.mistakes] == [True] * (part != GUIDE)


def test_damaged_sheet_is_told_as_damaged(tmp_path):
    data = bytearray(write_ledger(None, example()))
    at = data.index(INDICATORS.encode()) + len(INDICATORS) + 400
    data[at : at + 8] = bytes(byte ^ 0x5A for byte in data[at : at + 8])
    path = tmp_path / "台账.xlsx"
    path.write_bytes(data)
    (mistake,) = read_ledger(path).mistakes
    assert "已损坏" in mistake.what and mistake.where.sheet == "指标"


def test_memory_does_not_grow_with_the_sheet(tmp_path):
    """The trees of these sheets alone would take 60 MB."""
    pytest.importorskip("resource")
    path = tmp_path / "台账.xlsx"
    records = example()
    write_ledger(path, [replace(record, project=f"{record.project}{n}") for n in range(100) for record in records])
    script = (
        "import sys, resource; from xladdin.ledger import read_ledger;"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "read_ledger(sys.argv[1]); first = peak(); read_ledger(sys.argv[2]); print(first, peak())"
    )
    small = tmp_path / "小.xlsx"
    write_ledger(small, records)
    ran = subprocess.run(
        [sys.executable, "-c", script, str(small), str(path)], capture_output=True, text=True, check=True
    )
    first, peak = (int(figure) for figure in ran.stdout.split())
    assert peak < 1.6 * first
