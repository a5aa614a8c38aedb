"""Worksheet functions, extras for Excel on Windows: =执行率(…), =得分(…), =目标值(…). No generated workbook uses them.

Our add-in does not bring them: it leaves xlwings' function server out. Who wants them takes xlwings' own add-in
(`xlwings addin install`), ticks 信任对 VBA 工程对象模型的访问, opens an .xlsm, sets in the tab xlwings the Interpreter
to this Python and UDF Modules to xladdin.excel.functions, and clicks Import Functions; they then work in that workbook,
as long as xlwings' add-in is there. The names need a Chinese Windows: xlwings writes them in the system's code page.
Anywhere else they show #NAME?. Written from xlwings' source (udfs.py, Main.bas), not tried in a real Excel.
"""

from __future__ import annotations

from decimal import Decimal

import xlwings as xw

from ..api import score
from ..domain.numbers import decimal_of
from ..domain.scoring import UNDECIDED, execution_rate
from ..domain.target import parse_target


def _number(value: object) -> Decimal | None:
    """What a cell hands over, as Decimal; None for blank or text that is no figure."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Decimal(format(value, ".15g"))
    return decimal_of(str(value))


@xw.func
@xw.arg("executed", doc="全年执行数")
@xw.arg("budget", doc="全年预算数，与执行数同一单位")
def 执行率(executed, budget):  # noqa: N802
    """全年执行数 ÷ 全年预算数，小数，四舍五入到 0.01%；有一个空白时为空白。"""
    rate = execution_rate(_number(executed), _number(budget))
    return "" if rate is None else float(rate)


@xw.func
@xw.arg("target", doc="指标值，如 ≥90%")
@xw.arg("actual", doc="实际完成值")
@xw.arg("weight", doc="分值")
def 得分(target, actual, weight):  # noqa: N802
    """按上海（一体化平台通用版）的规则算得分，四舍五入到 0.01；看不出的为“待核”，完成值空白时为空白。"""
    if actual is None or not str(actual).strip():
        return ""
    number = _number(actual)
    points = score(_text(target), _text(actual) if number is None else str(number), _number(weight))
    return UNDECIDED if points is None else float(points)


@xw.func
@xw.arg("target", doc="指标值，如 ≥90.00(百分比)")
def 目标值(target):  # noqa: N802
    """指标值里可以比较的数：百分比为小数，25万人次为 250000；没有数的为空白。"""
    value = parse_target(_text(target)).value
    return "" if value is None else float(value)


def _text(value: object) -> str:
    number = _number(value) if not isinstance(value, str) else None
    return str(value or "") if number is None else format(number, "f")
