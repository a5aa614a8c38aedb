"""Writing what a cell holds as XML, from behind its style to its end. Formulas only through `live`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ..domain.days import EXCEL_EPOCH
from ..domain.numbers import number_in_excel
from ..errors import Place, Unwritable
from .grid import OWN_ROW
from .markup import formula_xml, text_xml

MAX_FORMULA = 8_192
_SHORT = 40  # characters of a text that is likely to come again
_NOWHERE = Place()


def constant(value: Any) -> str:
    """Of a cell with a text, number, date or nothing. Raises Unwritable, without the cell."""
    if value is None or isinstance(value, str) and not value:  # comparing a Decimal with a text takes its time
        return "/>"
    if isinstance(value, str):
        return _known_text(value) if len(value) <= _SHORT else _text(value)
    if isinstance(value, dt.date):
        return f"><v>{serial(value)}</v></c>"
    return f"><v>{_number(value)}</v></c>"


def _text(text: str) -> str:
    return f' t="inlineStr"><is><t xml:space="preserve">{text_xml(text, _NOWHERE)}</t></is></c>'


_known_text = lru_cache(maxsize=1024)(_text)  # the same names and units stand in every form


def live(formula: str, value: Any, row: int | None = None) -> str:
    """Of a cell with a live formula and its value cached beside it. Raises Unwritable, without the cell.

    row: what OWN_ROW in the formula stands for, where it stands for a row.
    """
    body, number = _known_formula(formula), "" if row is None else str(row)
    long = len(formula) + formula.count(OWN_ROW) * (len(number) - 1) if number else len(formula)
    if long > MAX_FORMULA:
        raise Unwritable(f"公式长 {long} 字，超过 Excel 的上限 {MAX_FORMULA}", None, "请缩短指标值的文字")
    if number:
        body = body.replace(OWN_ROW, number)
    if value is None or isinstance(value, str):
        return f' t="str"><f>{body}</f><v>{text_xml(value or "", _NOWHERE)}</v></c>'
    return f"><f>{body}</f><v>{_number(value)}</v></c>"


@lru_cache(maxsize=256)
def _known_formula(formula: str) -> str:
    return formula_xml(formula, _NOWHERE)


_known_number = lru_cache(maxsize=1024)(number_in_excel)  # equal figures are written alike


def serial(value: dt.date) -> int:
    """A date as Excel counts days."""
    if value.year < 1900 or value < dt.date(1900, 3, 1):
        raise Unwritable(f"日期 {value} 早于 Excel 能表示的 1900-03-01", None, "请检查年份")
    return (value - EXCEL_EPOCH).days


def _number(value: Any) -> str:
    number = Decimal(value)
    text = _known_number(number) if number.is_finite() else None
    if text is None:
        raise Unwritable(f"数 {value} 超过 15 位有效数字，Excel 存不准", None, "请减少小数位或改用万元")
    return text
