"""What `read` takes: a path, bytes, a binary file, an openpyxl.Workbook; told apart by what it holds."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.packaging.custom import IntProperty, StringProperty
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

import xladdin
from xladdin.errors import BadValue, NotAForm, OwnWork, RefusedFile, UnreadableForm
from xladdin.sources import open_grids

EXAMPLE = json.loads((Path(xladdin.__file__).parent / "data" / "example.json").read_text(encoding="utf-8"))
FORMS = [form.name for form in xladdin.forms()]


def filled(form: str) -> bytes:
    """A form with the record of the example that it is for."""
    kind = next(one.kind for one in xladdin.forms() if one.name == form)
    records = [xladdin.from_dict(obj) for obj in EXAMPLE if obj["kind"] == kind]
    record = next((record for record in records if record.form == form), records[0])
    return xladdin.fill(replace(record, money_unit=record.money_unit or "元"), form)


def saved(book: openpyxl.Workbook) -> bytes:
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def seen(records: list) -> list:
    """Records with where everything stood and what was not understood."""
    return [(record, dict(record.source.cells), record.source.doubts) for record in records]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("values", [False, True], ids=["formulas", "values"])
def test_a_workbook_in_memory_reads_as_the_same_one_saved(form, values):
    book = openpyxl.load_workbook(io.BytesIO(filled(form)), data_only=values)
    in_memory = xladdin.read(book)
    assert seen(in_memory) == seen(xladdin.read(saved(book)))
    assert len(in_memory) == 1 and in_memory[0].form == form


@pytest.mark.parametrize("form", [form for form in FORMS if "自评" in form])
def test_scores_of_a_workbook_in_memory_are_worked_out(form):
    data = filled(form)
    (read,), (file,) = xladdin.read(openpyxl.load_workbook(io.BytesIO(data))), xladdin.read(data)
    assert read == file and read.total_score is not None


def put(value, number_format: str | None = None, data_type: str | None = None):
    def change(cell) -> None:
        cell.value = value
        if number_format:
            cell.number_format = number_format
        if data_type:
            cell.data_type = data_type

    return change


CELLS = [
    put(1), put(0), put(-2.5), put(0.1 + 0.2), put(2 / 3), put(1e21), put(123456789012345678), put(Decimal("1100000.10")),
    put(0.9734, "0.00%"), put(0.9734, "0%"), put(1, '0.0"%"'), put(0.5, "# ?/?"), put(True), put(False),
    put(dt.date(2021, 3, 1)), put(dt.datetime(2021, 3, 1, 12, 30)), put(dt.time(12, 30)), put(dt.timedelta(hours=30)),
    put(dt.date(2021, 3, 1), "General"), put(44256, "yyyy-mm-dd"), put(44256, '[$-804]yyyy"年"m"月"d"日"'), put(44256.75, "m/d/yy h:mm"),
    put(0.5, "h:mm"), put(-1, "yyyy-mm-dd"), put(3_000_000, "yyyy-mm-dd"), put(44256, '"d"0'),
    put("文字"), put(" 两边有空格 "), put("一\n二"), put("一_x000D_二"), put("_x4E00_"), put(""), put("=91场", None, "s"), put("=100%", None, "s"),
    put("=100%"), put("=A1+1"), put("=SUM(A1:A3)", "0.00%"), put("=91场"), put('="甲"&"乙"'), put("="),
    put(ArrayFormula("AZ1", "=SUM(A1:A2*A1:A2)")), put(DataTableFormula("AZ1", t="dataTable", r1="A1")),
    put("#N/A"), put("#DIV/0!"), put("#甲"), put(CellRichText("达到", TextBlock(InlineFont(b=True), "90"), "场")),
]  # fmt: skip


@pytest.mark.parametrize("epoch", [openpyxl.utils.datetime.WINDOWS_EPOCH, openpyxl.utils.datetime.MAC_EPOCH])
def test_every_kind_of_cell_is_what_the_file_reader_gives(epoch):
    book = openpyxl.Workbook()
    book.epoch = epoch
    sheet = book.active
    for row, change in enumerate(CELLS, start=1):
        change(sheet.cell(row, 2))
    sheet.merge_cells("D3:E9")
    sheet.merge_cells("A1:A2")
    sheet.append([None, "下一行"])
    hidden = book.create_sheet("隐藏")
    hidden.sheet_state = "hidden"
    hidden["C3"] = "看不见"
    book.create_sheet("空")
    book.create_chartsheet("图")
    book.custom_doc_props.append(StringProperty(name="表式名称", value=" 2021申报表 "))
    book.custom_doc_props.append(IntProperty(name="数", value=7))
    in_memory, in_file = open_grids(book, "a.xlsx"), open_grids(saved(book), "a.xlsx")
    for grid in in_file:
        grid.merges.sort()
    assert in_memory == in_file
    assert len(in_memory[0].cells) > 30 and len(in_memory[0].uncomputed) == 7


def test_a_built_in_date_format_openpyxl_has_no_code_for():
    """31 is yyyy年m月d日 in a Chinese Excel."""
    book = openpyxl.load_workbook(io.BytesIO(saved(openpyxl.Workbook())))
    book.active["A1"] = 44256
    book.active["A1"].number_format = "0%"
    book.active["A1"]._style.numFmtId = 31
    assert open_grids(book)[0].cells == open_grids(saved(book))[0].cells == {(1, 1): dt.date(2021, 3, 1)}


def test_reading_changes_nothing_of_the_workbook():
    book = openpyxl.load_workbook(io.BytesIO(filled("2021自评表")))
    before = saved(book)
    xladdin.read(book)
    grids = [open_grids(data) for data in (before, saved(book))]
    assert grids[0] == grids[1]


@pytest.mark.parametrize("mode", ["read_only", "write_only"])
def test_a_workbook_without_merges_is_refused(mode):
    data = io.BytesIO(filled("2021申报表"))
    book = openpyxl.load_workbook(data, read_only=True) if mode == "read_only" else openpyxl.Workbook(write_only=True)
    with pytest.raises(RefusedFile, match="合并单元格"):
        xladdin.read(book)


# ---- paths, bytes, files


def test_every_way_to_hand_over_a_file_gives_the_same(tmp_path):
    data = filled("2021申报表")
    path = tmp_path / "申报.pdf"  # the suffix says nothing
    path.write_bytes(data)
    expected = xladdin.read(data)
    memory = io.BytesIO()
    memory.write(data)  # left at its end
    for source in (path, str(path), bytearray(data), memoryview(data), memory):
        assert xladdin.read(source) == expected
    with path.open("rb") as file:
        (record,) = xladdin.read(file)
    assert {place.file for place in record.source.cells.values()} == {"申报.pdf"}
    (named,) = xladdin.read(data, "收到的.xlsx")
    assert {place.file for place in named.source.cells.values()} == {"收到的.xlsx"}


def test_what_is_no_source_is_told(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("文字", encoding="utf-8")
    for source, says in ((7, "int"), (None, "NoneType"), ({}, "dict"), (io.StringIO("文字"), "文本方式")):
        with pytest.raises(BadValue, match=says):
            xladdin.read(source)
    with path.open(encoding="utf-8") as file, pytest.raises(BadValue, match="rb"):
        xladdin.read(file)


# ---- reading: what was passed over


def book_of(*sheets: str) -> openpyxl.Workbook:
    """A filled form with further sheets: their texts in A1, or nothing."""
    book = openpyxl.load_workbook(io.BytesIO(filled("2021申报表")))
    for number, text in enumerate(sheets):
        book.create_sheet(f"附{number}")["A1"] = text or None
    return book


def notes(found: xladdin.Reading) -> list[tuple]:
    return [(type(note), note.where.sheet) for note in found.notes]


def test_sheets_without_a_form_are_noted():
    found = xladdin.reading(book_of("会议通知", ""))
    assert len(found.records) == 1
    assert notes(found) == [(NotAForm, "附0"), (NotAForm, "附1")]
    assert "没有申报表或自评表" in str(found.notes[0]) and "空的" in str(found.notes[1])
    assert xladdin.reading(book_of()) == xladdin.Reading(found.records)


def broken(beside: bool = False) -> openpyxl.Workbook:
    """A workbook whose form, or a second one beside a sound one, has no 三级指标."""
    book = book_of()
    spoilt = book.copy_worksheet(book.active) if beside else book.active
    for row in spoilt.iter_rows():
        for cell in row:
            if cell.value == "三级指标":
                cell.value = "某列"
    return book


NOTHING = [
    # source, the error that read raises and reading notes
    (b"", RefusedFile),
    (b"%PDF-1.7", RefusedFile),
    (Path("没有.xlsx"), RefusedFile),
    (openpyxl.Workbook(), NotAForm),
    (broken(), UnreadableForm),
]


@pytest.mark.parametrize("source, error", NOTHING, ids=["empty", "pdf", "missing", "no form", "broken form"])
def test_where_nothing_is_read_the_note_says_why(source, error):
    found = xladdin.reading(source)
    assert found.records == () and [type(note) for note in found.notes] == [error]
    with pytest.raises(error) as caught:
        xladdin.read(source)
    assert str(caught.value) == str(found.notes[0])


def test_a_broken_form_costs_no_other():
    found = xladdin.reading(broken(beside=True))
    assert len(found.records) == 1 and found.failed
    assert [type(note) for note in found.notes] == [UnreadableForm]


def test_our_own_work_is_noted():
    book = book_of()
    book.custom_doc_props.append(StringProperty(name="xladdin", value="汇总"))
    assert [type(note) for note in xladdin.reading(book).notes] == [OwnWork]
