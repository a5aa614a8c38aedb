"""What is written for WPS and other offices, asserted; and two of them asked, where they are installed.

pip install document-builder ironcalc     # 100 MB; ONLYOFFICE's is AGPL: for tests alone
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from decimal import Decimal
from functools import cache

import pytest
from lxml import etree

import xladdin
from tests.package_checks import members, sheet_parts
from tests.test_workbooks import workbooks
from xladdin.cli.demo import example
from xladdin.excel.addin.ribbon import NAMESPACE, ribbon_xml
from xladdin.ledger import write_ledger
from xladdin.report import write_report
from xladdin.summary import review_all, summarise, write_summary
from xladdin.workbook.grid import address
from xladdin.workbook.reading import read_grids

# In Excel since 2007, in WPS 表格 and in LibreOffice, each with the same meaning. What came later (XLOOKUP, LET, FILTER,
# TEXTJOIN, IFS, CONCAT, …) shows #NAME? in the WPS of many offices.
EVERYWHERE = set(
    "AND ASC CELL CHAR CHOOSE COUNT COUNTA COUNTIF COUNTIFS DATE DATEVALUE EXACT FIND IF IFERROR INDEX ISBLANK ISERROR"
    " ISLOGICAL ISNUMBER LEFT LEN LOOKUP MATCH MAX MID MIN NA NOT OFFSET OR REPLACE REPT ROUND ROW SEARCH SUBSTITUTE SUBTOTAL SUM"
    " SUMIF SUMIFS SUMPRODUCT TEXT TRIM TRUNC VALUE YEAR".split()
)
LATER_PARTS = ("richData", "threadedComments", "persons", "metadata.xml", "slicer", "timeline", "model/", "queryTable")


@pytest.fixture(scope="module")
def products(tmp_path_factory) -> dict[str, bytes]:
    """Every kind of workbook we write: the forms, the ledger, a report, a summary."""
    forms, out = (tmp_path_factory.mktemp(name) for name in ("forms", "out"))
    for number, record in enumerate(example()):
        (forms / f"{number}.xlsx").write_bytes(xladdin.fill(record))
    review = review_all([forms])
    more = {
        "ledger": write_ledger(None),
        "ledger-filled": write_ledger(None, example()),
        "report": write_report(review, out / "报告.xlsx").read_bytes(),
        "summary": write_summary(summarise(review), review, out / "汇总.xlsx").path.read_bytes(),
    }
    return workbooks() | more


# ---- WPS


def formulas_in(data: bytes) -> set[str]:
    """Every formula of a workbook: of cells, names, validation and conditional formats, charts aside."""
    parts = members(data)
    trees = [*sheet_parts(parts).values(), etree.fromstring(parts["xl/workbook.xml"])]
    tags = ("f", "formula", "formula1", "formula2", "definedName")
    return {node.text or "" for tree in trees for tag in tags for node in tree.iter(f"{{*}}{tag}")}


def test_every_function_is_one_that_wps_has(products):
    used = {}
    for name, data in products.items():
        for formula in formulas_in(data):
            plain = re.sub(r'"[^"]*"', '""', formula)
            assert "_xl" not in plain and "#" not in plain.replace("#N/A", "").replace("#REF!", ""), (
                f"{name}: {formula}"
            )
            for function in re.findall(r"([A-Z][A-Z0-9_.]*)\(", plain):
                used.setdefault(function, name)
    assert len(used) > 10
    assert {function: name for function, name in used.items() if function not in EVERYWHERE} == {}


def test_nothing_only_microsoft_365_has_is_in_them(products):
    for name, data in products.items():
        parts = members(data)
        assert not [part for part in parts if any(later in part for later in LATER_PARTS)], name
        for part, root in sheet_parts(parts).items():
            assert not root.xpath("//*[local-name()='c'][@cm or @vm]"), f"{name} {part}: spills or holds a picture"
            assert not root.xpath("//*[local-name()='AlternateContent' or local-name()='ext']"), f"{name} {part}"


def test_the_ribbon_keeps_to_what_office_2010_and_wps_read():
    root = etree.fromstring(ribbon_xml().encode())
    assert root.nsmap == {None: NAMESPACE} and NAMESPACE == "http://schemas.microsoft.com/office/2009/07/customui"
    kinds = {etree.QName(node).localname for node in root.iter()}
    assert kinds <= {"customUI", "ribbon", "tabs", "tab", "group", "menu", "button", "separator", "menuSeparator"}
    assert not root.xpath("//@*[contains(name(), 'Mso') and not(name() = 'imageMso')]"), "nothing of Office's own moved"


# ---- others asked


def needs(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed")


ONLYOFFICE = """
import json, sys
import docbuilder
told = {}
for path, sheets in json.load(open(sys.argv[1], encoding="utf-8")).items():
    builder = docbuilder.CDocBuilder()
    if builder.OpenFile(path, "") != 0:
        told[path] = "cannot be opened"
        continue
    api = builder.GetContext().GetGlobal()["Api"]
    api.RecalculateAllFormulas()
    there = api.GetSheets()
    told[path] = [[there[n].GetRange(cell).GetValue2().ToString() for cell in cells] for n, cells in enumerate(sheets)]
    told[path].append(there.GetLength())
    builder.CloseFile()
json.dump(told, open(sys.argv[2], "w", encoding="utf-8"))
"""


@cache
def computed(data: bytes) -> list[dict[str, object]]:
    """The formulas of each sheet and what stands beside them in the file: cell → value."""
    return [{address(*spot): grid.cells.get(spot) for spot in sorted(grid.formulas)} for grid in read_grids(data)]


def is_same(ours: object, theirs: object) -> bool:
    if isinstance(ours, Decimal):
        try:
            return abs(Decimal(str(theirs)) - ours) < Decimal("1e-9")
        except ArithmeticError:
            return False
    return ("" if ours is None else str(ours)) == ("" if theirs is None else str(theirs))


def test_onlyoffice_opens_everything_and_computes_the_same(products, tmp_path):
    needs("docbuilder")
    asked = {name: data for name, data in products.items() if not name.startswith("seed")}
    paths = {str(tmp_path / f"{name}.xlsx"): name for name in asked}
    for path, name in paths.items():
        with open(path, "wb") as file:
            file.write(asked[name])
    question, answer = tmp_path / "asked.json", tmp_path / "told.json"
    listed = {path: [list(cells) for cells in computed(asked[name])] for path, name in paths.items()}
    question.write_text(json.dumps(listed), encoding="utf-8")
    subprocess.run([sys.executable, "-c", ONLYOFFICE, question, answer], check=True, timeout=300, capture_output=True)
    compared = 0
    for path, told in json.loads(answer.read_text(encoding="utf-8")).items():
        *sheets, many = told
        ours = computed(asked[paths[path]])
        assert many == len(ours), path
        for cells, seen in zip(ours, sheets, strict=True):
            wrong = [
                (cell, ours, seen)
                for (cell, ours), seen in zip(cells.items(), seen, strict=True)
                if not is_same(ours, seen)
            ]
            assert not wrong, f"{path}: {wrong}"
            compared += len(seen)
    assert compared > 100


def test_ironcalc_loads_everything_and_computes_the_same(products, tmp_path):
    """All but SUMPRODUCT of anything but ranges, of which it takes the first cell."""
    needs("ironcalc")
    import ironcalc

    compared = 0
    for name, data in products.items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(data)
        model = ironcalc.load_from_xlsx(str(path), "en", "UTC")
        model.evaluate()
        for number, grid in enumerate(read_grids(data)):
            for spot, formula in grid.formulas.items():
                if "SUMPRODUCT(" in formula:
                    continue
                seen = model.get_cell_value(number, *spot)
                assert is_same(grid.cells.get(spot), seen), (
                    name,
                    grid.sheet,
                    spot,
                    grid.cells.get(spot),
                    seen,
                    formula,
                )
                compared += 1
    assert compared > 20
