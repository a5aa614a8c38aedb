"""Probes of workbooks: copies, read-only ones, our forms opened as they are, our formulas worked out by Excel."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING, Any

import xlwings as xw

from ..live import grid_of, marks_of
from ..members import member
from ..snapshots import content_of, kept
from .probe import SAME, Bench, Probe, told

if TYPE_CHECKING:
    from ...domain.records import Evaluation, Record

_SHOWN = 3  # differences told of one workbook


@contextlib.contextmanager
def _open(bench: Bench, name: str, data: bytes) -> Iterator[xw.Book]:
    book = bench.opened(name, data)
    try:
        yield book
    finally:
        book.close()


def _copy(bench: Bench) -> str:
    from ...workbook.reading import read_grids

    sheet = bench.sheet()
    sheet["A1"].value = "没有保存的改动"
    grids = {grid.sheet: grid for grid in read_grids(content_of(bench.book), "copy.xlsx")}
    return told(副本里=grids[sheet.name].cells.get((1, 1)), 原件没有存过=not bench.book.api.Path)


def _read_only(bench: Bench) -> str:
    path = bench.folder / "只读 =1.xlsx"
    path.write_bytes(content_of(bench.book))
    book = bench.app.books.open(str(path), read_only=True)
    try:
        return told(看得出=bool(book.api.ReadOnly))
    finally:
        book.close()


def _opens(bench: Bench) -> str:
    """Everything we write; a workbook Excel has repaired has another name, or says so in its title."""
    from ...domain.kinds import kind_named
    from ...form.catalogue import forms
    from ...form.filling import fill
    from ...ledger import write_ledger

    made = {}
    for form in forms():
        blank: Any = kind_named(form.kind).record  # of every kind a class that needs the project alone
        made[f"{form.name}{form.suffix}"] = fill(blank(project="", form=form.name))
    made |= {f"示例 {number}.xlsx": fill(record) for number, record in enumerate(_examples())}
    made |= _reports(bench, [data for name, data in made.items() if "示例" in name])
    made["台账.xlsx"] = write_ledger(None)
    odd = []
    for name, data in made.items():
        try:
            with _open(bench, name, data) as book:
                if book.name != name or _repaired(book):
                    odd.append(f"{name} 被修复过")
        except Exception as error:  # noqa: BLE001  which one it was is what is asked
            odd.append(f"{name} 打不开（{error}）")
    return "；".join(odd) or "都原样打开"


def _reports(bench: Bench, forms: Iterable[bytes]) -> dict[str, bytes]:
    """A report and a summary of some forms."""
    from ...report import write_report
    from ...summary import review_all, summarise, write_summary

    folder = bench.folder / "表"
    folder.mkdir()
    for number, data in enumerate(forms):
        (folder / f"{number}.xlsx").write_bytes(data)
    review = review_all([folder])
    report = write_report(review, bench.folder / "写出的报告.xlsx")
    summary = write_summary(summarise(review), review, bench.folder / "写出的汇总.xlsx")
    return {"报告.xlsx": report.read_bytes(), "汇总.xlsx": summary.path.read_bytes()}


def _repaired(book: xw.Book) -> bool:
    window = member(book.app.api, "ActiveWindow")
    title = str(window and member(window, "Caption"))
    return any(word in title.lower() for word in ("修复", "repair"))


def _properties(bench: Bench) -> str:
    from ...form.filling import fill

    record = _examples()[0]
    with _open(bench, "属性.xlsx", fill(record)) as book:
        return told(表式=marks_of(book).get("表式名称") == record.form)


def _formulas(bench: Bench) -> str:
    """Our own formulas: what stands beside them in the file, and what Excel makes of them."""
    from ...form.filling import fill
    from ...workbook.reading import read_grids

    wrong: list[str] = []
    many = 0
    for number, record in enumerate(_unscored()):
        name, data = f"公式 {number}.xlsx", fill(record)
        with _open(bench, name, data) as book:
            bench.app.calculate()
            for grid in read_grids(data, name):
                live = grid_of(book.sheets[grid.sheet])
                many += len(grid.formulas)
                for spot in grid.formulas:
                    if grid.cells.get(spot) != live.cells.get(spot):
                        wrong.append(f"{record.form}{spot} 应为 {grid.cells.get(spot)} 见到 {live.cells.get(spot)}")
    return "；".join(wrong[:_SHOWN]) or (f"都{SAME}" if many else "没有公式")


def _marked_and_cleared(bench: Bench) -> str:
    """检查本表, then 清除标记: every formula, note and colour of the form as it was."""
    from ...form.filling import fill
    from ..actions.checking import check_this, clear_marks

    with _open(bench, "标记.xlsx", fill(_unscored()[0])) as book:
        try:
            form = book.sheets[0]
            before = _looks(form)
            check_this(book)
            marked = _looks(form)
            clear_marks(book)
            after = _looks(form)
        finally:
            for path in kept(book):
                path.unlink(missing_ok=True)
    lost = [name for name in before if before[name] != after[name]]
    return told(涂过=marked["底色"] != before["底色"], 没有还原="、".join(lost) or None)


def _looks(sheet: xw.Sheet) -> dict[str, Any]:
    used = sheet.used_range
    return {
        "内容": used.formula,
        "批注": [(note.location.get_address(), note.text) for note in sheet.notes],
        "底色": [cell.color for cell in used],
    }


def _examples() -> list[Record]:
    from ...ledger import read_records

    with resources.as_file(resources.files("xladdin") / "data" / "example.json") as path:
        return read_records(path)


def _unscored() -> list[Evaluation]:
    """The evaluations of the example with their rates and scores left to the formulas."""
    from ...domain.kinds import is_scored

    return [
        replace(
            record,
            budget=tuple(replace(line, rate=None, score=None) for line in record.budget),
            indicators=tuple(replace(row, score=None) for row in record.indicators),
            total_weight=None,
            total_score=None,
        )
        for record in _examples()
        if is_scored(record)
    ]


PROBES = (
    Probe("改动前的备份（SaveCopyAs）", "副本里 没有保存的改动，原件没有存过 是", _copy),
    Probe("只读打开的工作簿", "看得出 是", _read_only),
    Probe("表式、示例、台账、报告、汇总打开不用修复", "都原样打开", _opens),
    Probe("表式的标识读得到", "表式 是", _properties),
    Probe("我们的公式，Excel 算出的和文件里写的", f"都{SAME}", _formulas),
    Probe("检查本表再清除标记", "涂过 是，没有还原 无", _marked_and_cleared),
)
