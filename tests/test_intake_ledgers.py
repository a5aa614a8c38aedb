"""Importing into a ledger that a clerk has made their own: what is theirs survives, what is new stands below it."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from tests.intake_cases import DECLARED, EVALUATED, form_file, named, sheets
from tests.package_checks import check_package, members
from xladdin.errors import LedgerError, RefusedFile, SaveError
from xladdin.intake import import_files
from xladdin.ledger import read_ledger, write_ledger

OLD = named(DECLARED, "旧项目", unit="某区养老中心")
OLD_EVALUATED = named(EVALUATED, "旧项目")


def turned(sheet) -> None:
    """The columns the other way round."""
    width = sheet.max_column
    rows = [[cell.value for cell in row][::-1] for row in sheet.iter_rows()]
    styles = [[cell._style for cell in row][::-1] for row in sheet.iter_rows()]
    widths = [sheet.column_dimensions[sheet.cell(1, at).column_letter].width for at in range(1, width + 1)]
    for number, (row, looks) in enumerate(zip(rows, styles, strict=True), 1):
        for at, (value, look) in enumerate(zip(row, looks, strict=True), 1):
            sheet.cell(number, at).value = value
            if isinstance(value, str):
                sheet.cell(number, at).data_type = "s"
            sheet.cell(number, at)._style = look
    for at, wide in enumerate(widths[::-1], 1):
        sheet.column_dimensions[sheet.cell(1, at).column_letter].width = wide


def in_another_order(book) -> None:
    for name in ("项目", "资金执行", "指标"):
        turned(book[name])


def moved_down(book) -> None:
    for name in ("项目", "资金执行", "指标"):
        book[name].auto_filter.ref = None
        book[name].insert_rows(1, 2)
        book[name]["A1"] = "某局 2024 年台账"


def as_tables(book) -> None:
    for name in ("项目", "资金执行", "指标"):
        sheet = book[name]
        sheet.auto_filter.ref = None
        area = f"A1:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
        sheet.add_table(Table(displayName=f"表{name}", ref=area))


def filtered(book) -> None:
    for name in ("项目", "资金执行", "指标"):
        sheet = book[name]
        sheet.auto_filter.ref = f"A1:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
        sheet.row_dimensions[2].hidden = True


def ruled(book) -> None:
    sheet = book["指标"]
    rule = DataValidation(type="list", formula1='"产出指标,效益指标,满意度指标"')
    rule.add(f"D2:D{sheet.max_row}")
    sheet.add_data_validation(rule)
    red = PatternFill(bgColor="FFFF0000")
    sheet.conditional_formatting.add(
        f"I2:I{sheet.max_row}", CellIsRule(operator="greaterThan", formula=["50"], fill=red)
    )


def framed(book) -> None:
    thin = Side(style="thin", color="FF00AA00")
    for name in ("项目", "资金执行", "指标"):
        for cell in book[name][book[name].max_row]:
            cell.border, cell.font = Border(bottom=thin), Font(name="楷体", size=9)
            cell.alignment = Alignment(wrap_text=True)


def with_sheets(book) -> None:
    own = book.create_sheet("我的备忘", 0)
    own["A1"], own["B2"] = "不要动", "=SUM(指标!I2:I9)"
    own["A1"].comment = Comment("甲", "王会计")
    book.create_sheet("空的")


def with_columns(book) -> None:
    sheet = book["项目"]
    at = sheet.max_column
    for number, (head, value) in enumerate((("经办人", "王会计"), ("心情", "好"), ("核减", "=J2*0.9")), at + 1):
        sheet.cell(1, number, head)
        sheet.cell(2, number, value)
    sheet = book["指标"]
    sheet.cell(1, sheet.max_column + 1, "还缺什么")
    for row in range(2, 40):
        sheet.cell(row, sheet.max_column, f'=IF(F{row}="","缺","")')


def merged(book) -> None:
    sheet = book["指标"]
    sheet.merge_cells("B2:B4")
    sheet.merge_cells("D2:D3")


def summed(book) -> None:
    sheet = book["指标"]
    last = sheet.max_row
    sheet.cell(last + 1, 2, "合计")
    sheet.cell(last + 1, 9, f"=SUM(I2:I{last})")
    book["项目"].cell(book["项目"].max_row + 2, 1, "注：本表由王会计填")


LEDGERS = {
    "as made": lambda book: None, "another order": in_another_order, "headings in row 3": moved_down,
    "tables of Excel": as_tables, "filters": filtered, "drop-downs and colours": ruled, "looks": framed,
    "sheets of their own": with_sheets, "columns of their own": with_columns, "merged": merged, "sums and notes": summed,
}  # fmt: skip


def ledger(path: Path, change, records=(OLD, OLD_EVALUATED)) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(write_ledger(None, records)))
    change(book)
    book.save(path)
    return path.read_bytes()


def cells(data: bytes) -> dict[tuple[str, str], tuple]:
    """What stands in every cell, and how it looks."""
    return {
        (sheet.title, cell.coordinate): (
            cell.value,
            cell.number_format,
            cell.font.name,
            cell.font.sz,
            cell.border.bottom.style,
            cell.comment and cell.comment.text,
        )
        for sheet in openpyxl.load_workbook(io.BytesIO(data))
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


@pytest.mark.parametrize("change", LEDGERS.values(), ids=LEDGERS)
def test_what_is_the_clerks_survives(tmp_path, change):
    path = tmp_path / "台账.xlsx"
    before = ledger(path, change)
    done = import_files([form_file(tmp_path / "表", one) for one in (DECLARED, EVALUATED)], path)
    assert done.merged.added == ["社区养老服务"] * 2 and not done.open
    check_package(path.read_bytes())
    after = cells(path.read_bytes())
    assert {spot: after.get(spot) for spot in cells(before)} == cells(before)
    assert done.kept.read_bytes() == before
    read = read_ledger(path)
    assert not read.mistakes
    records = {(one.project, one.kind): one for one in read.records}
    assert len(records) == 4
    for record in (DECLARED, EVALUATED, OLD, OLD_EVALUATED):
        got = records[record.project, record.kind]
        assert got.indicators == record.indicators and got.annual_goal == record.annual_goal
        assert [line for line in got.budget if line.budget] == list(record.budget)
    again = path.read_bytes()
    assert not import_files([tmp_path / "表"], path).written and path.read_bytes() == again


def parts(path: Path) -> str:
    return b"\n".join(
        data for name, data in sorted(members(path.read_bytes()).items()) if name.endswith(".xml")
    ).decode()


GROWN = {
    "tables of Excel": (as_tables, ('displayName="表指标"', 'ref="A1:K13"')),
    "filters": (filtered, ('<autoFilter ref="A1:K13"',)),
    "drop-downs and colours": (ruled, ('sqref="D2:D13"', '<conditionalFormatting sqref="I2:I13"')),
    "formulas go on": (with_columns, ("<f>J4*0.9</f>", '<f>IF(F13="","缺","")</f>')),
}


@pytest.mark.parametrize("change, wanted", GROWN.values(), ids=GROWN)
def test_ranges_that_end_with_the_last_row_grow(tmp_path, change, wanted):
    path = tmp_path / "台账.xlsx"
    ledger(path, change)
    import_files([form_file(tmp_path, one) for one in (DECLARED, EVALUATED)], path)
    xml = parts(path)
    assert [text for text in wanted if text not in xml] == []


def test_new_rows_look_like_the_last(tmp_path):
    path = tmp_path / "台账.xlsx"
    ledger(path, framed)
    import_files([form_file(tmp_path, DECLARED)], path)
    new = openpyxl.load_workbook(path)["指标"]["G8"]
    assert (new.value, new.font.name, new.border.bottom.style, new.number_format) == ("=91场", "楷体", "thin", "@")


@pytest.mark.parametrize("format_", ["General", "@"])
def test_text_never_becomes_a_formula(tmp_path, format_):
    path = tmp_path / "台账.xlsx"

    def plain(book):
        for row in book["指标"].iter_rows():
            for cell in row:
                cell.number_format = format_

    ledger(path, plain)
    import_files([form_file(tmp_path, DECLARED)], path)
    cell = openpyxl.load_workbook(path)["指标"]["G8"]
    assert (cell.data_type, cell.value) == ("s", "=91场")
    assert cell.quotePrefix or cell.number_format == "@"


def test_two_units_with_one_project_and_two_forms_of_one(tmp_path):
    """Each row then says whose it is, the clerk's too where they left that blank."""
    path = tmp_path / "台账.xlsx"
    other = named(EVALUATED, EVALUATED.project, unit="另一个中心")
    newer = named(EVALUATED, EVALUATED.project, form="全国自评表")
    import_files(
        [form_file(tmp_path, one, f"{at}.xlsx") for at, one in enumerate((EVALUATED, other, newer, DECLARED))], path
    )
    read = read_ledger(path)
    assert not read.mistakes
    assert [(one.form, one.unit, len(one.indicators)) for one in read.records] == [
        ("2021自评表", "某区养老中心", 3), ("2021自评表", "另一个中心", 3), ("全国自评表", "某区养老中心", 3), ("2024申报表", "某区养老中心", 3),
    ]  # fmt: skip


def locked_by_excel(path: Path) -> None:
    path.with_name("~$" + path.name).write_bytes(b"\x05Alice" + b" " * 49 + b"\x05\x00" + "Alice".encode("utf-16-le"))


def read_only(path: Path) -> None:
    path.chmod(0o444)


def without_indicators(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    del book["指标"]
    book.save(path)


def no_workbook(path: Path) -> None:
    path.write_text("不是台账")


def two_alike(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["指标"].title = "表一"
    book.copy_worksheet(book["表一"]).title = "表二"
    book.save(path)


def without_styles(path: Path) -> None:
    parts = members(path.read_bytes())
    parts.pop("xl/styles.xml")
    for listing in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        parts[listing] = re.sub(rb"<(Relationship|Override) [^>]*styles[^>]*/>", b"", parts[listing])
    for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        parts[name] = re.sub(rb' s="\d+"', b"", parts[name])
    with zipfile.ZipFile(path, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)


REFUSED = {
    "no styles": (without_styles, RefusedFile),
    "open in Excel": (locked_by_excel, SaveError), "read only": (read_only, SaveError),
    "two sheets alike": (two_alike, LedgerError), "a sheet is missing": (without_indicators, LedgerError), "no workbook": (no_workbook, Exception),
}  # fmt: skip


@pytest.mark.parametrize("spoil, error", REFUSED.values(), ids=REFUSED)
def test_a_ledger_that_cannot_be_written_is_refused_and_untouched(tmp_path, spoil, error):
    path = tmp_path / "台账.xlsx"
    ledger(path, lambda book: None)
    spoil(path)
    before, there = path.read_bytes(), sorted(tmp_path.rglob("*"))
    source = form_file(tmp_path / "表", DECLARED)
    with pytest.raises(error) as refusal:
        import_files([source], path)
    assert refusal.value.advice
    assert path.read_bytes() == before
    assert sorted(each for each in tmp_path.rglob("*") if "表" not in str(each.relative_to(tmp_path))) == there


def test_a_flat_ledger_gets_flat_rows(tmp_path):
    path = tmp_path / "台账.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "台账"
    book.active.append(
        ["项目名称", "年度", "实施单位", "年度资金申请总额", "三级指标", "指标值", "一级指标", "二级指标"]
    )
    book.active.append(["甲", 2023, "某中心", 5, "完成数", "≥3个", "产出指标", "数量指标"])
    book.create_sheet("资金执行").append(
        ["年度", "项目名称", "资金项目", "年初预算数", "全年预算数", "全年执行数", "分值"]
    )
    book.save(path)
    import_files([form_file(tmp_path, DECLARED)], path)
    rows = sheets(path)["台账"]
    assert [row["项目名称"] for row in rows] == ["甲"] + ["社区养老服务"] * 3
    read = read_ledger(path)
    assert not read.mistakes and read.records[1].indicators == DECLARED.indicators
    assert read.records[1].start == dt.date(2024, 1, 1) and read.records[1].funds.annual_total == Decimal(500000)


def test_a_file_whose_name_no_workbook_can_hold(tmp_path):
    """Its name is told as far as it can be."""
    source = form_file(tmp_path / "表", DECLARED)
    try:
        odd = source.rename(source.with_name("坏\udcff\x07名.xlsx"))
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such name")
    done = import_files([odd], tmp_path / "台账.xlsx")
    check_package((tmp_path / "台账.xlsx").read_bytes())
    assert done.written and sheets(tmp_path / "台账.xlsx")["导入记录"][0]["文件"].startswith("坏")


def test_dates_count_from_the_day_the_ledger_counts_from(tmp_path):
    """Workbooks of old Macs count from 1904."""
    path = tmp_path / "台账.xlsx"

    def of_a_mac(book) -> None:
        book.epoch = CALENDAR_MAC_1904

    ledger(path, of_a_mac)
    import_files([form_file(tmp_path, DECLARED)], path)
    record = read_ledger(path).records[-1]
    assert (record.project, record.start, record.end) == (DECLARED.project, DECLARED.start, DECLARED.end)


@pytest.mark.parametrize("at, said", [((1_048_576, 1), "1048576"), ((1, 16_384), "右边")])
def test_a_sheet_that_is_full_to_its_end(tmp_path, at, said):
    path = tmp_path / "台账.xlsx"

    def filled_to_the_end(book) -> None:
        book["指标"].cell(*at).value = "某"

    ledger(path, filled_to_the_end)
    before = path.read_bytes()
    with pytest.raises(RefusedFile, match=said):
        import_files(
            [form_file(tmp_path / "表", DECLARED), form_file(tmp_path / "表", EVALUATED)], path, next_year=True
        )
    assert path.read_bytes() == before
