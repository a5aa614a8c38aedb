"""Writing a ledger: empty to be filled in, or holding records."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from ..domain import fields
from ..domain.kinds import kind_of
from ..domain.numbers import number_in_excel
from ..domain.records import BUDGET_ITEMS, Record
from ..errors import Place
from ..form.catalogue import forms
from ..sheets.book import choices, new_book
from ..workbook import saving
from ..workbook.grid import address
from ..workbook.markup import text_xml
from . import columns as names

MAX_LIST = 255  # characters of a drop-down typed into a cell rule
LAST_ROW = 1_048_575
WIDTHS = {names.YEAR: 8, names.FORM: 14, names.PROJECT: 30, names.UNIT: 24, names.MONEY_UNIT: 10, "三级指标": 34}
FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
EARLIEST = dt.date(1900, 3, 1)


def write_ledger(path: str | Path | None, records: Iterable[Record] = (), replace: bool = False) -> bytes:
    """The ledger holding `records` (empty: to be filled in) as .xlsx bytes, saved to `path` unless that is None.

    replace: also over a file that lies there, a copy of which is kept in 被替换的旧表. Raises SaveError.
    """
    data = _book(list(records))
    if path is not None:
        (saving.put if replace else saving.save)(path, data)
    return data


def _book(records: Sequence[Record]) -> bytes:
    return new_book(partial(_write, records), title="绩效台账", created=dt.datetime(2020, 1, 1))


def _write(records: Sequence[Record], book: Any) -> None:
    styles = _styles(book)
    extras = list(dict.fromkeys(name for record in records for name in record.extra))
    unit = (names.UNIT,) if _needs_unit(records) else ()
    form = (names.FORM,) if _needs_form(records) else ()
    tables = {
        names.PROJECTS: ((*names.columns(names.PROJECTS), *extras), [_project(record) for record in records]),
        names.EXECUTION: ((*names.columns(names.EXECUTION), *unit, *form), _execution(records)),
        names.INDICATORS: ((*names.columns(names.INDICATORS), *unit), _indicators(records)),
    }
    for sheet_name, (headers, rows) in tables.items():
        _sheet(book.add_worksheet(sheet_name), sheet_name, headers, rows, styles)


def _needs_unit(records: Sequence[Record]) -> bool:
    """Whether two units run projects of one name on one form in one year."""
    keys = Counter((record.year, record.project, record.form) for record in records)
    return any(count > 1 for count in keys.values())


def _needs_form(records: Sequence[Record]) -> bool:
    """Whether a project has two forms with a budget in one year."""
    keys = Counter((record.year, record.project, record.unit) for record in records if kind_of(record).budget)
    return any(count > 1 for count in keys.values())


def _styles(book: Any) -> dict[str, Any]:
    body: dict[str, dict[str, Any]] = {
        "text": {"num_format": "@"},
        "long": {"num_format": "@", "text_wrap": True},
        "money": {"num_format": "#,##0.00"},
        "points": {},
        "rate": {"num_format": "0.00%"},
        "year": {"num_format": "0", "align": "center"},
        "date": {"num_format": "yyyy-mm-dd", "align": "center"},
    }
    styles = {name: book.add_format(FONT | extra) for name, extra in body.items()}
    header = {"bold": True, "align": "center", "text_wrap": True, "border": 1, "font_color": "#FFFFFF"}
    styles["header"] = book.add_format(FONT | header | {"bg_color": "#4472C4"})
    styles["needed"] = book.add_format(FONT | header | {"bg_color": "#C55A11"})
    return styles


_STYLES = {
    fields.AMOUNT: "money", fields.WEIGHT: "points", fields.POINTS: "points", fields.RATE: "rate", fields.DATE: "date",
    fields.LONG: "long",
}  # fmt: skip


def _style_of(sheet: str, column: str) -> str:
    return "year" if column == names.YEAR else _STYLES.get(names.type_of(sheet, column), "text")


def _sheet(sheet: Any, name: str, headers: Sequence[str], rows: list[dict], styles: dict[str, Any]) -> None:
    sheet.set_row(0, 32)
    for index, column in enumerate(headers):
        style = _style_of(name, column)
        width = WIDTHS.get(column) or {"long": 40, "money": 16, "date": 13, "points": 8}.get(style, 16)
        sheet.set_column(index, index, width, styles[style])
        sheet.write_string(0, index, column, styles["needed" if column in names.REQUIRED[name] else "header"])
        sheet.write_comment(0, index, names.hint(name, column), {"x_scale": 1.6, "y_scale": 0.8, "author": "xladdin"})
        _drop_down(sheet, index, column)
    layout = [(index, column, styles[_style_of(name, column)]) for index, column in enumerate(headers)]
    checked: set[str] = set()
    for number, row in enumerate(rows, start=1):
        for index, column, style in layout:
            value = row.get(column)
            if value is not None and value != "":
                _cell(sheet, name, (number, index), value, style, checked)
    sheet.freeze_panes(1, 3 if name == names.PROJECTS else 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(headers) - 1)


def _drop_down(sheet: Any, index: int, column: str) -> None:
    """Offered, not forced: the reader says what is wrong, with the cell."""
    if column == names.MONEY_UNIT:
        offered = ["元", "万元"]
    elif column == names.FORM:
        offered = _fitting([form.name for form in forms()])
    elif column == names.ITEM:
        offered = list(BUDGET_ITEMS)
    else:
        return
    if offered:
        sheet.data_validation(1, index, LAST_ROW, index, choices(column, offered))


def _fitting(choices: list[str]) -> list[str]:
    kept: list[str] = []
    for choice in choices:
        if "," not in choice and len(",".join([*kept, choice])) <= MAX_LIST:
            kept.append(choice)
    return kept


def _cell(sheet: Any, name: str, spot: tuple[int, int], value: Any, style: Any, checked: set[str]) -> None:
    """checked: texts known to fit; most stand in many rows."""
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


def _project(record: Record) -> dict[str, Any]:
    values = {name: fields.get(record, path) for name, path in kind_of(record).words.items()}
    return {**record.extra, **values, names.FORM: record.form}


def _execution(records: Sequence[Record]) -> list[dict[str, Any]]:
    paths = names.paths(names.EXECUTION)
    return [
        _key(record)
        | {names.ITEM: line.item, names.FORM: record.form}
        | {name: getattr(line, path, None) for name, path in paths.items()}
        for record in records
        for line in record.budget
    ]


def _indicators(records: Sequence[Record]) -> list[dict[str, Any]]:
    paths = names.paths(names.INDICATORS)
    return [
        _key(record) | {names.FORM: record.form} | {name: getattr(row, path, None) for name, path in paths.items()}
        for record in records
        for row in record.indicators
    ]


def _key(record: Record) -> dict[str, Any]:
    return {names.YEAR: record.year, names.PROJECT: record.project, names.UNIT: record.unit}
