"""The cover and the contents of the whole, as a workbook that is printed with the forms."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from ..sheets.book import new_book
from .items import Item

A4 = 9
PER_PAGE = 26  # lines of the contents a page takes, about: how many pages it has is counted once it is printed
_SONG, _HEI = "宋体", "黑体"
_BOX = {"font_name": _SONG, "font_size": 10.5, "border": 1, "valign": "vcenter", "text_wrap": True}
_COLUMNS: tuple[tuple[str, int, dict[str, Any], Callable[[int, Item], Any]], ...] = (  # heading, width, look, value
    ("序号", 6, {"align": "center"}, lambda number, item: number),
    ("年度", 7, {"align": "center"}, lambda number, item: item.record.year or ""),
    ("项目名称", 34, {"indent": 1}, lambda number, item: item.record.project or item.path.name),
    ("实施单位", 22, {"indent": 1}, lambda number, item: item.record.unit or ""),
    ("表", 9, {"align": "center"}, lambda number, item: item.label),
    ("页码", 8, {"align": "center"}, lambda number, item: item.first or ""),
)  # fmt: skip


def title_of(items: Sequence[Item]) -> str:
    """The years, and below them the forms there are."""
    years = sorted({item.record.year for item in items if item.record.year})
    span = f"{years[0]}－{years[-1]} 年度\n" if len(years) > 1 else f"{years[0]} 年度\n" if years else ""
    labels = dict.fromkeys(item.label for item in items)
    return span + "、".join(f"绩效{'目标' if label == '申报表' else ''}{label}" for label in labels)


def unit_of(items: Sequence[Item]) -> str:
    """Whose forms they are: the one unit, the one department above several, or the first of several."""
    for held in ([item.record.unit for item in items], [item.record.department for item in items]):
        names = [name for name in dict.fromkeys(held) if name]
        if len(names) == 1:
            return names[0]
    units = [name for name in dict.fromkeys(item.record.unit for item in items) if name]
    return f"{units[0]} 等 {len(units)} 个单位" if units else ""


def cover_of(items: Sequence[Item], lost: Sequence[tuple[str, str]], made: dt.date) -> bytes:
    """Cover and contents as .xlsx bytes. lost: files that were not printed, and why; made: the day on the cover."""
    return new_book(_filling(items, lost, made), title=title_of(items).replace("\n", ""))


def _filling(items: Sequence[Item], lost: Sequence[tuple[str, str]], made: dt.date) -> Callable[[Any], None]:
    counts = Counter(item.label for item in items if item.first)
    parts = "，".join(f"{label} {count} 份" for label, count in counts.items())
    said = [f"共 {sum(counts.values())} 份" + (f"：{parts}" if len(counts) > 1 else "")]
    said += [f"未能打印 {len(lost)} 份，见目录"] if lost else []

    def fill(book: Any) -> None:
        _cover(book, title_of(items), unit_of(items), [*said, f"{made.year} 年 {made.month} 月 {made.day} 日"])
        _contents(book, [item for item in items if item.first], lost)

    return fill


def _page(sheet: Any) -> None:
    sheet.set_paper(A4)
    sheet.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.8)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)


def _cover(book: Any, title: str, unit: str, lines: Sequence[str]) -> None:
    sheet = book.add_worksheet("封面")
    _page(sheet)
    sheet.set_column(0, 0, 86)
    centred = {"align": "center", "valign": "vcenter", "text_wrap": True}
    sheet.set_row(0, 150)
    sheet.set_row(1, 120)
    sheet.write_string(1, 0, title, book.add_format({**centred, "font_name": _HEI, "font_size": 24, "bold": True}))
    sheet.set_row(2, 60)
    sheet.write_string(2, 0, unit, book.add_format({**centred, "font_name": _SONG, "font_size": 18}))
    sheet.set_row(3, 170)
    small = book.add_format({**centred, "font_name": _SONG, "font_size": 14})
    for row, text in enumerate(lines, start=4):
        sheet.set_row(row, 30)
        sheet.write_string(row, 0, text, small)


def _contents(book: Any, items: Sequence[Item], lost: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("目录")
    _page(sheet)
    last = len(_COLUMNS) - 1
    title = book.add_format({"font_name": _HEI, "font_size": 18, "bold": True, "align": "center", "valign": "vcenter"})
    head = book.add_format({**_BOX, "bold": True, "align": "center"})
    sheet.set_row(0, 40)
    sheet.merge_range(0, 0, 0, last, "目　录", title)
    looks = []
    for column, (heading, width, look, _) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, heading, head)
        looks.append(book.add_format({**_BOX, **look}))
    sheet.set_row(1, 24)
    sheet.repeat_rows(0, 1)
    row = 2
    for number, item in enumerate(items, start=1):
        for column, (_, _, _, value) in enumerate(_COLUMNS):
            sheet.write(row, column, value(number, item), looks[column])
        sheet.set_row(row, _height(item.record.project or "", item.record.unit or ""))
        row += 1
    if lost:
        sheet.set_row(row, 30)
        sheet.merge_range(row, 0, row, last, f"未能打印（{len(lost)} 份）", head)
        text = book.add_format({**_BOX, "indent": 1})
        for name, why in lost:
            row += 1
            sheet.set_row(row, _height(name, why))
            sheet.merge_range(row, 0, row, 2, name, text)
            sheet.merge_range(row, 3, row, last, why, text)


def _height(first: str, second: str) -> float:
    """Of a row, for the longer of a text in the wide column and one in the narrower."""
    lines = max(-(-len(first) // 16), -(-len(second) // 10), 1)
    return max(24.0, 16.0 * lines + 6)
