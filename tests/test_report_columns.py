"""A column of the report is one line: nothing else is edited, and no other column becomes wider or narrower."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from lxml import html

import xladdin

ROOT = Path(xladdin.__file__).parent
TABLE = Path("report", "columns.py")
NEW = "检查的名称"
LINE = f'    Column("title", "{NEW}", 23),\n'  # of a finding's own, as most are
BEFORE = '    Column("advice", '
MAKE = """
from pathlib import Path
from tests.report_cases import finding, review
from xladdin.report import write_report

told = [finding(code, actual="1") for code in ("E-05", "E-06")]
both = review(*told)
write_report(both, Path("报告.html"))
write_report(both, Path("报告.xlsx"))
write_report(review(told[0]), Path("报告.xlsx"))  # E-06 is mended: what is told of it was read from the last one
"""


def sheet_of(path):
    """The cells of 核对结果 under each heading, and each column's width and whether it is hidden."""
    sheet = openpyxl.load_workbook(path)["核对结果"]
    header = next(row for row in sheet.iter_rows() if row[0].value == "序号")
    cells = {c.value: [sheet.cell(c.row + n, c.column).value for n in (1, 2)] for c in header}
    sizes = {c.value: sheet.column_dimensions[c.column_letter] for c in header}
    return cells, {name: (size.width, size.hidden) for name, size in sizes.items()}


def page_of(path):
    """The cells of the page's table of findings under each heading."""
    (table,) = html.parse(path).xpath("//table[contains(., '表上／自评表') and contains(., 'E-05')]")
    heads = [cell.text_content() for cell in table.iterfind(".//th")]
    rows = [[cell.text_content() for cell in row.iterfind("td")] for row in table.iterfind("tbody/tr")]
    return dict(zip(heads, zip(*rows, strict=True), strict=True))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Reports made by the program as it is, and with one line more."""

    def make(package):
        env = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (package.parent, Path(__file__).parents[1])))}
        out = tmp_path_factory.mktemp("out")
        subprocess.run([sys.executable, "-c", MAKE], cwd=out, env=env, check=True)
        return (*sheet_of(out / "报告.xlsx"), page_of(out / "报告.html"))

    changed = Path(shutil.copytree(ROOT, tmp_path_factory.mktemp("more") / ROOT.name))
    text = (changed / TABLE).read_text("utf-8")
    (changed / TABLE).write_text(text.replace(BEFORE, LINE + BEFORE), "utf-8")
    return make(ROOT), make(changed)


def test_a_line_makes_a_column_of_the_workbook_that_the_next_run_reads(made):
    (cells, sizes, _), (more, wider, _) = made
    assert more.pop(NEW) == ["检查E-05", "检查E-06"] and more == cells
    assert more["状态"] == ["仍在", "已消除"]
    assert wider.pop(NEW) == (pytest.approx(23, abs=1), False) and wider == sizes
    assert list(more)[-1] == "标识（请勿改动）"


def test_a_line_makes_a_column_of_the_page(made):
    (_, _, cells), (_, _, more) = made
    assert more.pop(NEW) == ("检查E-05", "检查E-06") and more == cells
