"""How a ledger looks: its columns in groups told apart by colour, their widths, and the formats of their cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..domain import fields
from ..domain.kinds import DECLARATION
from ..sheets import looks
from . import columns as names


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that belong together: what they are called, the colour of their headings, when they are filled in."""

    name: str
    paper: str
    when: str


BASIC = Group("基本", looks.BAND_PAPER, "申报时填，自评时照抄")
MONEY = Group("资金", "#4F7180", "申报时填")
GOALS = Group("目标和指标", "#5C7A63", "申报时填，自评时照抄")
RESULTS = Group("自评用", "#8C7151", "次年自评时填，申报时空着")
FOR_ONESELF = Group("自用", "#7F868E", "不进表；经办人自己填，其余自动计算")
GROUPS = (BASIC, MONEY, GOALS, RESULTS, FOR_ONESELF)

MARK = "#E0A030"  # below the headings of columns that must be filled
WIDTHS = {
    names.YEAR: 7, names.FORM: 13, names.PROJECT: 26, names.UNIT: 16, names.MONEY_UNIT: 8, names.INDICATOR: 32,
    "项目类别": 11, "项目性质": 9, "主管部门": 16, names.ITEM: 18, names.LEVEL1: 14, names.LEVEL2: 23,
    names.TARGET: 18, names.ACTUAL: 18, names.HANDLER: 9, names.COUNT: 8, names.POINTS: 9, names.LACKING: 40,
}  # fmt: skip
_WIDTHS = {"long": 40, "money": 15, "date": 11.5, "points": 8}
_STYLES = {
    fields.AMOUNT: "money", fields.WEIGHT: "points", fields.POINTS: "points", fields.RATE: "rate", fields.DATE: "date",
    fields.LONG: "long",
}  # fmt: skip
_BODY: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@", "indent": 1},
    "long": {"num_format": "@", "indent": 1},
    "money": {"num_format": "#,##0.00"},
    "plain": {"indent": 1},
    "points": {"align": "center"},
    "rate": {"num_format": "0.00%"},
    "year": {"num_format": "0", "align": "center"},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
    "count": {"align": "center", "font_color": looks.GREY},
    "lacking": {"font_color": looks.CLEAN_INK, "indent": 1},
}
_FONT = {"font_name": looks.FONT, "font_size": looks.SIZE, "valign": "vcenter", "text_wrap": True}


def style_of(sheet: str, column: str) -> str:
    """The name of the style of a column's cells."""
    if column in names.LIVE:
        return "lacking" if column == names.LACKING else "count"
    return "year" if column == names.YEAR else _STYLES.get(names.type_of(sheet, column), "text")


def width_of(sheet: str, column: str) -> float:
    """The width of a column, in Excel's units."""
    return WIDTHS.get(column) or _WIDTHS.get(style_of(sheet, column), 16)


def group_of(sheet: str, column: str) -> Group:
    """The group a column belongs to; one that no form has is somebody's own."""
    if column in names.SILENT:
        return FOR_ONESELF
    path = names.paths(sheet).get(column)
    if column in (names.YEAR, names.FORM, names.PROJECT, names.UNIT, names.ITEM):
        return BASIC
    if path is None:
        figure = names.type_of(sheet, column) in fields.FIGURES
        return RESULTS if figure else GOALS if column in names.known_extras() else FOR_ONESELF
    if sheet == names.INDICATORS:
        return GOALS if path in fields.INDICATOR.values() else RESULTS
    if sheet == names.EXECUTION or path not in DECLARATION.words.values():
        return RESULTS
    how = names.type_of(sheet, column)
    return MONEY if how == fields.AMOUNT else GOALS if how == fields.LONG else BASIC


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any):
        self._book = book
        self._made: dict[tuple, Any] = {}

    def of(self, **look: Any) -> Any:
        """A format of the house's font."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(_FONT | look)
        return self._made[key]

    def cell(self, style: str, **more: Any) -> Any:
        """The format of cells of that style."""
        return self.of(**_BODY[style], **more)

    def heading(self, sheet: str, column: str) -> Any:
        """The format of a heading: its group's colour, marked where the column must be filled."""
        look = looks.HEAD | {"bg_color": group_of(sheet, column).paper, "border_color": "#FFFFFF"}
        if column in names.REQUIRED[sheet]:
            look |= {"bottom": 5, "bottom_color": MARK}
        return self.of(**look)

    def rule(self, **look: Any) -> Any:
        """The format of a conditional one: nothing but that."""
        return self._book.add_format(look)
