"""What every workbook we write must satisfy: our own assertions over its bytes, and two validators."""

from __future__ import annotations

import io
import json
import os
import posixpath
import re
import shlex
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from xladdin.workbook.grid import range_of, spot_of

VALIDATOR = "OOXML_VALIDATOR"
MAX_TEXT, MAX_FORMULA, MAX_NESTING = 32_767, 8_192, 64


def members(data: bytes) -> dict[str, bytes]:
    """Every part of a package, by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        assert len(names) == len(set(names)), "a part stands twice"
        assert package.testzip() is None
        return {name: package.read(name) for name in names}


def sheet_parts(parts: dict[str, bytes]) -> dict[str, etree._Element]:
    """The worksheets, parsed."""
    return {name: etree.fromstring(data) for name, data in parts.items() if re.match(r"xl/worksheets/[^/]+\.xml", name)}


def check_package(data: bytes, verbatim: tuple[str, ...] = ()) -> None:
    """Fails on the first thing Excel would repair. verbatim: values that may hold `{{`."""
    parts = members(data)
    assert not [name for name in parts if "calcChain" in name]
    _check_relations(parts)
    _check_types(parts)
    styles = etree.fromstring(parts["xl/styles.xml"])
    count = len(styles.findall("{*}cellXfs/{*}xf"))
    sheets = sheet_parts(parts)
    assert sheets
    for name, root in sheets.items():
        _check_order(name, root)
        _check_merges(name, root)
        _check_cells(name, root, count, verbatim)


def _check_relations(parts: dict[str, bytes]) -> None:
    for name, data in parts.items():
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        seen = set()
        for node in etree.fromstring(data):
            assert node.get("Id") not in seen, f"{name} {node.get('Id')} twice"
            seen.add(node.get("Id"))
            if node.get("TargetMode") != "External":
                target = node.get("Target")
                path = target.lstrip("/") if target[0] == "/" else posixpath.normpath(posixpath.join(folder, target))
                assert path in parts, f"{name} points at {path}, which is not there"


def _check_types(parts: dict[str, bytes]) -> None:
    root = etree.fromstring(parts["[Content_Types].xml"])
    overrides = [node.get("PartName").lstrip("/") for node in root.iterfind("{*}Override")]
    assert len(overrides) == len(set(overrides))
    assert not set(overrides) - set(parts), "content types of parts that are not there"
    extensions = {node.get("Extension").lower() for node in root.iterfind("{*}Default")}
    bare = [n for n in parts if n not in overrides and n.rpartition(".")[2].lower() not in extensions]
    assert bare == [name for name in bare if name == "[Content_Types].xml"], f"parts without a content type: {bare}"


def _check_order(name: str, root: etree._Element) -> None:
    last_row = 0
    for row in root.iterfind("{*}sheetData/{*}row"):
        number = int(row.get("r"))
        assert last_row < number <= 1_048_576, f"{name}: row {number} after {last_row}"
        last_row, last_column = number, 0
        for cell in row:
            at, column = spot_of(cell.get("r"))
            assert at == number, f"{name}: {cell.get('r')} in row {number}"
            assert last_column < column <= 16_384, f"{name}: {cell.get('r')} out of order"
            last_column = column


def _check_merges(name: str, root: etree._Element) -> None:
    holder = root.find("{*}mergeCells")
    if holder is None:
        return
    taken: dict[tuple[int, int], str] = {}
    assert holder.get("count") in (None, str(len(holder)))
    for node in holder:
        ref = node.get("ref")
        r1, c1, r2, c2 = range_of(ref)
        assert (r1, c1) < (r2, c2) or r1 <= r2 and c1 < c2, f"{name}: {ref} merges nothing"
        for spot in ((row, column) for row in range(r1, r2 + 1) for column in range(c1, c2 + 1)):
            assert spot not in taken, f"{name}: merges {ref} and {taken[spot]} overlap"
            taken[spot] = ref


def _check_cells(name: str, root: etree._Element, styles: int, verbatim: tuple[str, ...]) -> None:
    for node in root.iter("{*}c", "{*}row", "{*}col"):
        style = node.get("style") if node.tag.endswith("}col") else node.get("s")
        assert style is None or int(style) < styles, f"{name}: style {style} is not there"
    for cell in root.iter("{*}c"):
        where = f"{name}!{cell.get('r')}"
        formula = cell.findtext("{*}f")
        if formula is not None:
            check_formula(formula, where)
        text = "".join(cell.find("{*}is").itertext()) if cell.find("{*}is") is not None else ""
        plain = re.sub(r"_x[0-9A-Fa-f]{4}_", "x", text)
        assert len(plain.encode("utf-16-le")) // 2 <= MAX_TEXT, f"{where} is too long"
        assert "{{" not in text or text in verbatim, f"{where} was left unfilled: {text}"


def check_formula(formula: str, where: str = "") -> None:
    """Balanced, short enough, not nested too deep, and no reference lost."""
    assert formula and len(formula) <= MAX_FORMULA, f"{where}: {len(formula)} characters"
    assert not formula.startswith("="), where
    assert formula.count('"') % 2 == 0, f"{where}: unbalanced quotes: {formula}"
    bare = re.sub(r'"(?:[^"]|"")*"', '""', formula)
    assert "#REF!" not in bare, f"{where}: {formula}"
    depth = 0
    for char in bare:
        depth += (char == "(") - (char == ")")
        assert 0 <= depth <= MAX_NESTING, f"{where}: parentheses: {formula}"
    assert depth == 0, f"{where}: unbalanced parentheses: {formula}"


@cache
def _audit():
    audit = pytest.importorskip("openxml_audit") if not os.environ.get("CI") else __import__("openxml_audit")
    return audit.OpenXmlValidator()


def check_audit(path: Path) -> None:
    """The openxml-audit validator finds nothing."""
    result = _audit().validate(path)
    assert result.is_valid, f"{path.name}: {[str(error) for error in result.errors[:5]]}"


def sdk_errors(path: Path) -> list:
    """What the Open XML SDK validator finds. Skips where no command is named, fails in CI."""
    command = os.environ.get(VALIDATOR)
    if not command:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{VALIDATOR} names no Open XML SDK validator")
    done = subprocess.run([*shlex.split(command), str(path)], capture_output=True, timeout=120, check=False)
    answer = json.loads(done.stdout)
    return [] if answer["ok"] else answer["errors"] or ["not ok"]


def check_workbook(path: Path, verbatim: tuple[str, ...] = (), template: Path | None = None) -> None:
    """Our own assertions and openxml-audit on a saved workbook. template: what stood in it already is not ours."""
    check_package(path.read_bytes(), verbatim)
    if template is None:
        check_audit(path)
    else:
        kinds = [{_kind(error) for error in _audit().validate(book).errors} for book in (path, template)]
        assert not kinds[0] - kinds[1], path.name


def _kind(error) -> str:
    return re.sub(r"\d+", "n", str(error))
