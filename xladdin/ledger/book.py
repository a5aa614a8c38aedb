"""The workbook of a ledger: the three sheets as tables, and what helps while they are filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from ..domain.numbers import number_in_excel
from ..errors import Place
from ..sheets import looks
from ..sheets.book import choices, new_book
from ..workbook.grid import address
from ..workbook.heights import MAX_ROW, Look, height_of, lines_of
from ..workbook.markup import text_xml
from . import columns as names
from . import contradicted
from .checks import Formulas, worked_out
from .dress import Styles, style_of, width_of
from .guide import write_guide
from .helping import hidden_lists, rules_of
from .page import Row, Table

PREFILLED = 300  # rows of 项目 with formulas at most: more would cost time whenever the ledger is opened
_SPARE = 20  # of them below the records
LAST_ROW = 1_048_575
_EM = 2.2  # column units a Chinese character takes, on the wide side
_INDENT = 1.2  # column units that the indent of texts takes
_TEXT = Look(looks.SIZE)
EARLIEST = dt.date(1900, 3, 1)


def ledger_book(tables: Mapping[str, Table], sample: Mapping[str, Row] | None = None) -> bytes:
    """The ledger as .xlsx bytes. tables: the three sheets, and any other, by name, in order.

    sample: rows that show how, in the place of the first. Raises Unwritable with the cell.
    """
    return new_book(partial(_write, tables, sample or {}), title="绩效台账", created=dt.datetime(2020, 1, 1))


def _write(tables: Mapping[str, Table], sample: Mapping[str, Row], book: Any) -> None:
    styles = Styles(book)
    guide = write_guide(book)
    ours = {name: tables[name] for name in names.COLUMNS}
    headers = {name: table.headers for name, table in ours.items()}
    live = Formulas(headers)
    values = worked_out(headers, {name: table.rows for name, table in ours.items()}, PREFILLED)
    for name, table in ours.items():
        sheet = book.add_worksheet(name)
        rows = [sample[name], *table.rows] if name in sample else table.rows
        _sheet(sheet, name, table, rows, styles)
        if name == names.PROJECTS:
            known = [{}, *values] if name in sample else values
            for row in range(min(PREFILLED, len(rows) + _SPARE) if values else PREFILLED):
                _formulas(
                    sheet, row + 1, table.headers, live.of(row + 2), known[row] if row < len(known) else {}, styles
                )
        if names.CONTRADICTIONS in tables:  # first: LibreOffice shows one colour alone
            contradicted.colour(sheet, name, table.headers, tables[names.CONTRADICTIONS], styles)
        rules_of(sheet, name, table.headers, styles)
    for name, table in tables.items():
        if name not in ours:
            _plain(book.add_worksheet(name), name, table, styles)
    if names.CONTRADICTIONS in tables:
        contradicted.define_names(book, len(tables[names.CONTRADICTIONS].rows))
    hidden_lists(book, headers[names.PROJECTS])
    (book.get_worksheet_by_name(names.PROJECTS) if not sample else guide).activate()


def _sheet(sheet: Any, name: str, table: Table, rows: Sequence[Row], styles: Styles) -> None:
    headers = table.headers
    sheet.set_row(0, 36)
    for index, column in enumerate(headers):
        form = styles.cell(style_of(name, column))
        sheet.set_column(index, index, width_of(name, column), form, {"hidden": column == names.WHICH})
        sheet.write_string(0, index, column, styles.heading(name, column))
        options = {"x_scale": 1.6, "y_scale": 0.8, "author": "xladdin", "color": looks.WRITABLE_PAPER}
        sheet.write_comment(0, index, names.hint(name, column), options)
    layout = [
        (index, column, style_of(name, column)) for index, column in enumerate(headers) if column not in names.LIVE
    ]
    looks_of = {style: styles.cell(style) for style in {*(style for _, _, style in layout), "date", "plain"}}
    widths = [width_of(name, column) for column in headers]
    checked: set[str] = set()
    for number, row in enumerate(rows):
        most = 1
        for index, column, style in layout:
            value = row.get(column)
            if value is not None and value != "":
                look = looks_of[_fitting(style, value)]
                write_cell(sheet, name, (number + 1, index), value, look, checked)
                if isinstance(value, str) and (len(value) * _EM > widths[index] or "\n" in value):
                    most = max(most, lines_of(value, widths[index] - _INDENT, _TEXT))
        if most > 1:  # Excel would find it by itself, other programs do not
            sheet.set_row(number + 1, min(height_of(most, _TEXT), MAX_ROW))
    for (number, column), remark in table.marks.items():
        remarked = {"x_scale": 2.2, "y_scale": 1.2, "author": "xladdin"}
        sheet.write_comment(number + 1, headers.index(column), remark, remarked)
    sheet.freeze_panes(1, 3 if name == names.PROJECTS else 2)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # 90 as a target is meant as text
    sheet.autofilter(0, 0, max(len(rows), PREFILLED), len(headers) - 1)
    _print_set_up(sheet, name, headers)


def _fitting(style: str, value: Any) -> str:
    """The style of a cell: a day or figure among texts is to stay one."""
    if style not in ("text", "long"):
        return style
    return "date" if isinstance(value, dt.date) else "plain" if isinstance(value, (int, Decimal)) else style


def _print_set_up(sheet: Any, name: str, headers: Sequence[str]) -> None:
    """Whole columns are printed as far down as they are filled; those of formulas are not."""
    sheet.set_landscape()
    sheet.set_paper(8 if name == names.PROJECTS else 9)  # A3, A4
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    printed = [index for index, column in enumerate(headers) if column not in names.LIVE]
    if len(printed) < len(headers):
        sheet.print_area(0, 0, LAST_ROW, max(printed))
    sheet.set_header("&L&9绩效台账　&A", {"scale_with_doc": False})
    sheet.set_footer("&C&9第 &P 页，共 &N 页", {"scale_with_doc": False})


def _formulas(sheet: Any, row: int, headers: Sequence[str], formulas: Row, values: Row, styles: Styles) -> None:
    for column, formula in formulas.items():
        if column in headers:
            value = values.get(column)
            form = styles.cell(style_of(names.PROJECTS, column))
            sheet.write_formula(row, headers.index(column), formula, form, "" if value is None else value)


def _plain(sheet: Any, name: str, table: Table, styles: Styles) -> None:
    """A sheet of ours that is none of the three."""
    widths = [table.widths.get(column, 18) for column in table.headers]
    if table.unseen:
        sheet.hide()
    sheet.set_row(0, 24)
    for index, column in enumerate(table.headers):
        sheet.set_column(index, index, widths[index], None, {"hidden": column in table.hidden})
        sheet.write_string(0, index, column, styles.of(**looks.HEAD))
    checked: set[str] = set()
    for number, row in enumerate(table.rows, start=1):
        most = 1
        for index, column in enumerate(table.headers):
            value = row.get(column)
            body = styles.cell(
                _fitting("text", value), **looks.BODY | (looks.WRITABLE if column in table.offered else {})
            )
            if value is None or value == "":
                sheet.write_blank(number, index, None, body)
            else:
                write_cell(sheet, name, (number, index), value, body, checked)
                if isinstance(value, str) and column not in table.hidden:
                    most = max(most, lines_of(value, widths[index] - _INDENT, _TEXT))
        sheet.set_row(number, min(height_of(most, _TEXT), MAX_ROW))
    for column, offered in table.offered.items():
        at = table.headers.index(column)
        sheet.data_validation(1, at, max(len(table.rows), 1), at, choices(column, list(offered)))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.headers) - 1)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header(f"&L&9绩效台账　{name}", {"scale_with_doc": False})
    sheet.set_footer("&C&9第 &P 页，共 &N 页", {"scale_with_doc": False})


def write_cell(sheet: Any, name: str, spot: tuple[int, int], value: Any, style: Any, checked: set[str]) -> None:
    """A figure or day as such, anything else as text that no program takes for a formula. Raises Unwritable.

    checked: texts known to fit; most stand in many rows.
    """
    if isinstance(value, (int, Decimal)) and number_in_excel(Decimal(value)) is not None:
        sheet.write_number(*spot, float(value), style)
    elif isinstance(value, dt.date) and value >= EARLIEST:
        sheet.write_datetime(*spot, dt.datetime(value.year, value.month, value.day), style)
    else:
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
        if text not in checked:
            text_xml(text, Place(None, name, address(spot[0] + 1, spot[1] + 1)))  # raises Unwritable
            checked.add(text)
        if text.startswith("<r>") and text.endswith("</r>"):
            text += " "  # XlsxWriter writes what looks like a rich string as XML
        sheet.write_string(*spot, text, style)
