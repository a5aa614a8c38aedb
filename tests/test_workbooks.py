"""Everything we write opens: our assertions, two validators, and the same cells in LibreOffice."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from tests import office, seeds
from tests.package_checks import check_workbook, sdk_errors
from xladdin import fill, from_dict, self_evaluation
from xladdin.form import catalogue
from xladdin.form.filling import fill_book
from xladdin.workbook.reading import read_grids


@cache
def records() -> dict[str, object]:
    """Every record at hand, by a name for its test."""
    found = {}
    for source in ("example", "seed"):
        if source == "seed" and not seeds.available():
            continue
        listed = seeds.seed_records() if source == "seed" else json.loads(seeds.EXAMPLE.read_text(encoding="utf-8"))
        for number, item in enumerate(listed):
            found[f"{source}{number}"] = from_dict(item)
    return found


@cache
def workbooks() -> dict[str, bytes]:
    """Every kind of workbook we make."""
    made = {name: fill(record) for name, record in records().items()}
    for name, record in records().items():
        if record.kind == "declaration":
            rolled = self_evaluation(record)
            made[f"{name}-rolled"] = fill(rolled)
            made[f"{name}-national"] = fill(rolled, "全国自评表")
    examples = [record for name, record in records().items() if name.startswith("example")]
    made["book"] = fill_book(examples)
    made["book-twice"] = fill_book([*examples, *examples])
    made |= {f"blank-{form.name}": fill(_blank(form)) for form in catalogue.forms()}
    return made


def _blank(form):
    return from_dict({"kind": form.kind, "form": form.name, "year": form.years[1], "project": "空白"})


def _saved(folder: Path) -> dict[str, Path]:
    folder.mkdir(exist_ok=True)
    paths = {name: folder / f"{name}.xlsx" for name in workbooks()}
    for name, path in paths.items():
        path.write_bytes(workbooks()[name])
    return paths


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> dict[str, Path]:
    return _saved(tmp_path_factory.mktemp("books"))


def test_full_texts_are_at_hand():
    if not seeds.available():
        pytest.skip("the seed files are not here; only the bundled example is tested")
    assert len(records()) == 2 * len([name for name in records() if name.startswith("seed")])


@pytest.mark.parametrize("path", sorted(catalogue.shipped_folder().glob("*.xlsx")), ids=lambda path: path.stem)
def test_templates(path):
    texts = tuple(
        text for sheet in read_grids(path) for text in sheet.cells.values() if isinstance(text, str) and "{{" in text
    )
    assert texts
    check_workbook(path, verbatim=texts)


def test_workbooks_pass_our_checks_and_openxml_audit(saved):
    assert len(saved) > 20
    for path in saved.values():
        check_workbook(path)


def test_workbooks_and_templates_pass_the_open_xml_sdk(saved):
    for path in (*saved.values(), *catalogue.shipped_folder().glob("*.xlsx")):
        assert sdk_errors(path) == [], path.name


def test_libreoffice_shows_the_same_cells(saved, tmp_path):
    files = list(saved.values())
    for path, other in zip(files, office.convert(files, tmp_path / "out", "xlsx"), strict=True):
        ours, theirs = read_grids(path), read_grids(other)
        assert [grid.sheet for grid in ours] == [grid.sheet for grid in theirs], path.name
        for left, right in zip(ours, theirs, strict=True):
            spots = left.cells.keys() | right.cells.keys()
            pairs = {spot: (left.cells.get(spot), right.cells.get(spot)) for spot in spots}
            wrong = {spot: pair for spot, pair in pairs.items() if pair[0] != pair[1]}
            assert not wrong, f"{path.name} {left.sheet}: {wrong}"
            assert sorted(left.merges) == sorted(right.merges), f"{path.name} {left.sheet}"


def test_equal_records_give_equal_bytes():
    for record in records().values():
        assert fill(record) == fill(record)


def test_index_links_and_totals():
    examples = [record for name, record in records().items() if name.startswith("example")]
    index = read_grids(workbooks()["book"])[0]
    rows = range(3, 3 + len(examples))
    assert [index.cells[row, 3] for row in rows] == [record.project for record in examples]
    totals = {index.cells[row, 1]: index.cells.get((row, 8)) for row in range(rows.stop, rows.stop + 3)}
    expected = {"元": Decimal(0), "万元": Decimal(0), "未注明单位": Decimal(0)}
    for record in examples:
        if record.kind == "declaration":
            amount = record.funds.annual_total or record.extra.get("项目当年预算")  # the 2020 form has only the latter
        else:
            amount = record.budget[0].budget
        expected[record.money_unit or "未注明单位"] += Decimal(amount or 0)
    assert totals == {f"合计（{unit}）": amount or None for unit, amount in expected.items()}
