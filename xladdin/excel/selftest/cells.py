"""Probes of cells: fills, notes, links, texts, values, formulas."""

from __future__ import annotations

from ..live import grid_of, value_of, values_in
from ..mark_values import fill_of
from ..marks import append, is_discussed, refill
from ..marks import fill_of as fill_in_words
from ..members import member
from .probe import NOT_HERE, Bench, Probe, told

_PINK = (255, 199, 206)


def _theme_fill(bench: Bench) -> str:
    cell = bench.sheet()["A1"]
    interior = cell.api.Interior
    interior.ThemeColor, interior.TintAndShade = 5, 0.4
    before = fill_of(fill_in_words(cell))
    cell.color = _PINK
    if before is not None:
        refill(cell, before)
    return told(主题=int(interior.ThemeColor), 深浅=round(float(interior.TintAndShade), 2))


def _no_fill(bench: Bench) -> str:
    cell = bench.sheet()["A1"]
    before = fill_of(fill_in_words(cell))
    cell.color = _PINK
    if before is not None:
        refill(cell, before)
    return told(原来=before and before.colour, 现在=cell.color)


def _mixed_fill(bench: Bench) -> str:
    block = bench.sheet()["A1:B1"]
    block[0, 0].color = _PINK
    try:
        return "不报某一种颜色" if block.color != _PINK else "报了第一格的颜色"
    except Exception:  # noqa: BLE001  it may refuse as well: that is expected
        return "不报某一种颜色"


def _note_kept(bench: Bench) -> str:
    cell = bench.sheet()["A1"]
    note = cell.add_note("经办人的话😀")
    append(cell, "核对的话")
    both = note.text
    note.api.Shape.TextFrame.Characters(8, 5).Delete()  # in UTF-16, as Excel counts: the break and our words
    return told(添后=both.replace("\n", "/"), 去后=note.text)


def _discussed(bench: Bench) -> str:
    cell = bench.sheet()["A1"]
    add = member(cell.api, "AddCommentThreaded")
    if add is None:
        return NOT_HERE
    add("讨论")
    return told(看得出=is_discussed(cell), 不讨论的格=is_discussed(cell.offset(1, 0)))


def _link_keeps_text(bench: Bench) -> str:
    sheet = bench.sheet()
    cell = sheet["A1"]
    cell.number_format, cell.value = "@", "≥90%"
    sheet.api.Hyperlinks.Add(cell.api, "", f"'{sheet.name}'!B2", "到 B2")
    return told(文字=cell.value, 有链接=cell.hyperlink is not None)  # it raises where there is none


def _prefix(bench: Bench) -> str:
    cell = bench.sheet()["A1"]
    cell.value = "'007"
    cell.color = _PINK
    cell.color = None
    return told(值=cell.value, 前缀=cell.api.PrefixCharacter)


def _text_stays_text(bench: Bench) -> str:
    cells = bench.sheet()["A1:A3"]
    cells.number_format = "@"
    cells.value = [["=91场"], ["007"], ["1-2"]]
    return "、".join(str(value) for value in cells.value)


def _long_text(bench: Bench) -> str:
    cell = bench.sheet()["A1"]
    cell.number_format, cell.value = "@", "长" * 8000
    return told(字数=len(cell.value))


def _currency(bench: Bench) -> str:
    cell = bench.sheet()["A1"]
    cell.value, cell.number_format = 0.123456, "¥#,##0.00"
    return told(读到=values_in(cell)[0][0])


def _date(bench: Bench) -> str:
    cell = bench.sheet()["A1"]
    cell.value, cell.number_format = 45292, "yyyy-mm-dd"
    return told(读到=value_of(values_in(cell)[0][0]))


def _errors(bench: Bench) -> str:
    cells = bench.sheet()["A1:A3"]
    cells.formula = [["=1/0"], ["=NA()"], ['=VALUE("a")']]
    return "、".join(str(row[0]) for row in values_in(cells))


def _array(bench: Bench) -> str:
    sheet = bench.sheet()
    sheet["A1:A2"].value = [[1], [2]]
    sheet["B1:B2"].formula_array = "=A1:A2*2"
    grid = grid_of(sheet)
    return told(数组=sheet["B1"].has_array, 公式=grid.formulas.get((2, 2)), 值=grid.cells.get((2, 2)))


def _formats(bench: Bench) -> str:
    block = bench.sheet()["A1:A2"]
    block[0, 0].number_format = "0.00%"
    return told(一格=block[0, 0].number_format, 两格不同=block.number_format)


def _merges(bench: Bench) -> str:
    sheet = bench.sheet()
    sheet["A1:B2"].merge()
    area = sheet["B1"].merge_area.get_address(False, False)
    return told(合并区=area, 混合=sheet["A1:C1"].merge_cells, 全部=sheet["A1:B2"].merge_cells)


def _choices(bench: Bench) -> str:
    choices = bench.sheet()["A1"].api.Validation
    choices.Add(3, 2, 1, "是,否")
    return told(下拉=choices.Formula1)


def _manual(bench: Bench) -> str:
    sheet, app = bench.sheet(), bench.app
    sheet["A1"].value, sheet["B1"].formula = 1, "=A1*2"
    before = app.calculation
    try:
        app.calculation = "manual"
        sheet["A1"].value = 5
        app.calculate()
        return told(算出=float(sheet["B1"].value))
    finally:
        app.calculation = before


PROBES = (
    Probe("主题颜色的格子涂色再还原", "主题 5，深浅 0.4", _theme_fill),
    Probe("没有底色的格子涂色再还原", "原来 无，现在 无", _no_fill),
    Probe("两格颜色不同时问颜色", "不报某一种颜色", _mixed_fill),
    Probe("在别人的批注后添话再去掉", "添后 经办人的话😀/核对的话，去后 经办人的话😀", _note_kept),
    Probe("线程批注看得出来", "看得出 是，不讨论的格 否", _discussed),
    Probe("加链接不改格里的字", "文字 ≥90%，有链接 是", _link_keeps_text),
    Probe("'007 涂色再还原", "值 007，前缀 '", _prefix),
    Probe("像公式、像数的文字仍是文字", "=91场、007、1-2", _text_stays_text),
    Probe("八千字的文字", "字数 8000", _long_text),
    Probe("货币格式的数读得全", "读到 0.123456", _currency),
    Probe("日期读成日期", "读到 2024-01-01", _date),
    Probe("错误值读成错误", "#DIV/0!、#N/A、#VALUE!", _errors),
    Probe("数组公式看得出来", "数组 是，公式 A1:A2*2，值 4", _array),
    Probe("数字格式，一格和不同的两格", "一格 0.00%，两格不同 无", _formats),
    Probe("合并的格子", "合并区 A1:B2，混合 无，全部 是", _merges),
    Probe("下拉选项", "下拉 是,否", _choices),
    Probe("手动计算时先算再读", "算出 10", _manual),
)
