"""Writing what a cell holds as XML, from behind its style to its end. Formulas only through `live`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ..domain.days import EXCEL_EPOCH
from ..domain.numbers import number_in_excel
from ..errors import Place, Unwritable
from .markup import formula_xml, text_xml

MAX_FORMULA = 8_192


def constant(value: Any, place: Place) -> str:
    """Of a cell with a text, number, date or nothing. Raises Unwritable."""
    if value is None or value == "":
        return "/>"
    if isinstance(value, str):
        return f' t="inlineStr"><is><t xml:space="preserve">{text_xml(value, place)}</t></is></c>'
    if isinstance(value, dt.date):
        return f"><v>{serial(value, place)}</v></c>"
    return f"><v>{_number(value, place)}</v></c>"


def live(formula: str, value: Any, place: Place) -> str:
    """Of a cell with a live formula and its value cached beside it. Raises Unwritable."""
    if len(formula) > MAX_FORMULA:
        raise Unwritable(f"公式长 {len(formula)} 字，超过 Excel 的上限 {MAX_FORMULA}", place, "请缩短指标值的文字")
    body = f"<f>{formula_xml(formula, place)}</f>"
    if value is None or isinstance(value, str):
        return f' t="str">{body}<v>{text_xml(value or "", place)}</v></c>'
    return f">{body}<v>{_number(value, place)}</v></c>"


def serial(value: dt.date, place: Place) -> int:
    """A date as Excel counts days."""
    if value.year < 1900 or value < dt.date(1900, 3, 1):
        raise Unwritable(f"日期 {value} 早于 Excel 能表示的 1900-03-01", place, "请检查年份")
    return (value - EXCEL_EPOCH).days


def _number(value: Any, place: Place) -> str:
    text = number_in_excel(Decimal(value))
    if text is None:
        raise Unwritable(f"数 {value} 超过 15 位有效数字，Excel 存不准", place, "请减少小数位或改用万元")
    return text
