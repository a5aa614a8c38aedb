"""Drop-downs, prompts and colours that help while a ledger is filled in. They offer and warn; nothing is forced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..domain import fields
from ..sheets import looks
from ..sheets.book import choices
from ..workbook.grid import column_letters
from . import columns as names
from .checks import ASKED, COMPLETE, DECLARING, EVALUATING, UNPRINTED
from .days import EARLIEST, LATEST
from .dress import Styles
from .offered import LEVELS, forms_by_kind, forms_without, offered

PROJECT_NAMES, PROJECTS_FILLED = "台账项目", "台账项目名单"  # defined names: the column, and its filled part
LEVEL1_LIST = "一级名单"
_LAST, MOST = 1_048_575, 5_000  # rows that drop-downs reach, rows whose colours follow
_LISTED = 20  # 二级指标 of one 一级指标 at most
_DIVIDE, _SAMPLE_PAPER = "#7A8694", "#F4F5F6"
_REAL = 10**15
_YEARS = (1990, 2099)
_PROMPTS = {
    fields.DATE: ("日期", "写成 2026-01-01 的样子。只知道年月也可以写 2026-3。"),
    fields.AMOUNT: ("金额", "只填数字；元还是万元，看“项目”表的金额单位。0 和空着不一样。"),
    fields.WEIGHT: ("分值", "这一项满分多少分；连同执行率，合计 100。"),
    fields.POINTS: ("得分", "空着由表上的公式算。"),
    fields.TARGET: ("指标值", "照表上的写法：≥90%、=91场、2026年11月底前、优。等号不会变成公式。"),
    fields.ACTUAL: ("实际完成值", "照指标值的写法填：95%、91场、已完成。"),
}


def hidden_lists(book: Any, headers: Sequence[str]) -> None:
    """The hidden sheet that drop-downs depending on another cell look into, and the names formulas use.

    headers: of the sheet 项目.
    """
    sheet = book.add_worksheet(names.OFFERED)
    sheet.hide()
    for row, (first, seconds) in enumerate(LEVELS.items()):
        for column, text in enumerate((first, *seconds)):
            sheet.write_string(row, column, text)
    lists = dict(zip((DECLARING, EVALUATING), forms_by_kind(), strict=True))
    lists |= {UNPRINTED.format(name): forms_without(name) for name in ASKED}
    for column, (name, words) in enumerate(lists.items(), _LISTED + 2):
        sheet.write_column(0, column, words)
        letter = column_letters(column + 1)
        book.define_name(name, f"={names.OFFERED}!${letter}$1:${letter}${max(len(words), 1)}")
    book.define_name(LEVEL1_LIST, f"={names.OFFERED}!$A$1:$A${len(LEVELS)}")
    at = column_letters(headers.index(names.PROJECT) + 1)
    whole = f"{names.PROJECTS}!${at}$1:${at}${MOST}"
    book.define_name(PROJECT_NAMES, f"={whole}")
    first = f'1+COUNTIF(OFFSET({names.PROJECTS}!${at}$1,1,0),"*{names.SAMPLE_MARK[1:-1]}*")'
    last = f'SUMPRODUCT(MAX(({whole}<>"")*ROW({whole})))'
    filled = f"=OFFSET({names.PROJECTS}!${at}$1,{first},0,MAX(1,{last}-({first})),1)"
    book.define_name(PROJECTS_FILLED, filled)


def rules_of(sheet: Any, name: str, headers: Sequence[str], styles: Styles) -> None:
    """What helps in one of the three sheets."""
    for index, column in enumerate(headers):
        if column not in names.LIVE:
            rule = _rule(name, column, headers)
            if rule:
                sheet.data_validation(1, index, _LAST, index, rule | _prompt(name, column))
    _colours(sheet, name, headers, styles)


def _rule(name: str, column: str, headers: Sequence[str]) -> dict[str, Any] | None:
    how = names.type_of(name, column)
    if found := offered(column):
        return choices(column, found)
    if name != names.PROJECTS and column == names.PROJECT:
        said = "“项目”表里没有这个名称。确定要这样填吗？"
        return choices(column, []) | {"source": f"={PROJECTS_FILLED}", "error_message": said}
    if column == names.LEVEL2 and names.LEVEL1 in headers:
        return choices(column, []) | {"source": _second_levels(headers)}
    if column == names.YEAR:
        return _warned(column, "integer", *_YEARS, "年度是四位年份，如 2026。确定要这样填吗？")
    if how == fields.DATE:
        said = "看不出是日期。可以写 2026-01-01、2026年1月1日、2026-3。确定要这样填吗？"
        return _warned(column, "date", EARLIEST, LATEST, said)
    if how in fields.FIGURES:
        said = (
            "不是数字。金额只填数字最稳妥，元、万元在“金额单位”里选。" if how == fields.AMOUNT else "这里一般只填数字。"
        )
        return _warned(column, "decimal", -_REAL, _REAL, f"{said}确定要这样填吗？")
    return {"validate": "any"} if how in _PROMPTS else None


def _warned(column: str, what: str, least: Any, most: Any, said: str) -> dict[str, Any]:
    rule = {"validate": what, "criteria": "between", "minimum": least, "maximum": most, "error_type": "warning"}
    return rule | {"error_title": column, "error_message": said}


def _prompt(name: str, column: str) -> dict[str, str]:
    title, said = _PROMPTS.get(names.type_of(name, column), ("", ""))
    return {"input_title": title, "input_message": said} if said else {}


def _second_levels(headers: Sequence[str]) -> str:
    """Those of the 一级指标 of the row, which may stand above it; of the first where it is none of those offered."""
    letter = column_letters(headers.index(names.LEVEL1) + 1)
    above = f"${letter}$1:${letter}2"
    level = f'LOOKUP(2,1/({above}<>""),{above})'
    row = f"IFERROR(MATCH({level},{LEVEL1_LIST},0),1)-1"
    start = f"{names.OFFERED}!$A$1"
    return f"=OFFSET({start},{row},1,1,COUNTA(OFFSET({start},{row},1,1,{_LISTED})))"  # 255 characters at most


def _colours(sheet: Any, name: str, headers: Sequence[str], styles: Styles) -> None:
    """What is shown by colour. LibreOffice shows the first that is true alone: each draws the lines of a filled row."""
    letter = {column: column_letters(at) for at, column in enumerate(headers, start=1)}
    project = f"${letter[names.PROJECT]}2"
    last = len(headers) - 1
    lines = {"border": 1, "border_color": looks.LINES}

    def over_all(criteria: str, rows: int, look: dict[str, Any], **more: bool) -> None:
        rule = {"type": "formula", "criteria": criteria, "format": styles.rule(**lines | look)}
        sheet.conditional_format(1, 0, rows, last, rule | more)

    sample = f'=ISNUMBER(SEARCH("{names.SAMPLE_MARK[1:-1]}",{project}))'
    grey = {"font_color": looks.GONE_INK, "italic": True, "bg_color": _SAMPLE_PAPER}
    over_all(sample, MOST, grey, stop_if_true=True)
    missing = styles.rule(**lines, bg_color=looks.PAPER["warning"])
    for column in names.REQUIRED[name]:
        if column in letter and column != names.PROJECT:
            _in_column(sheet, headers, column, f'=AND({project}<>"",${letter[column]}2="")', missing)
    if name == names.PROJECTS and names.LACKING in letter:
        lacking = f"${letter[names.LACKING]}2"
        warned = styles.rule(**lines, font_color=looks.INK["warning"], bg_color=looks.WRITABLE_PAPER)
        _in_column(sheet, headers, names.LACKING, f'=AND({lacking}<>"",{lacking}<>"{COMPLETE}")', warned)
    if name != names.PROJECTS:
        wrong = styles.rule(**lines, font_color=looks.INK["error"], bg_color=looks.PAPER["error"])
        _in_column(sheet, headers, names.PROJECT, f'=AND({project}<>"",COUNTIF({PROJECT_NAMES},{project})=0)', wrong)
        another = f'=AND({project}<>"",{project}<>{project[:-1]}1)'
        over_all(another, MOST + 1, {"top": 1, "top_color": _DIVIDE})
    over_all(f'={project}<>""', MOST + 1, {})


def _in_column(sheet: Any, headers: Sequence[str], column: str, criteria: str, look: Any) -> None:
    at = headers.index(column)
    sheet.conditional_format(1, at, MOST, at, {"type": "formula", "criteria": criteria, "format": look})
