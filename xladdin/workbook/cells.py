"""Writing one cell's XML. Text goes in as text, formulas only through `formula_cell`."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from ..domain.days import EXCEL_EPOCH
from ..domain.numbers import number_in_excel
from ..errors import Place, Unwritable

MAX_TEXT = 32_767
MAX_FORMULA = 8_192
_LITERAL_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile("[\x01-\x08\x0b-\x1f\x7f]")
_IMPOSSIBLE = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")


def cell(ref: str, style: str, value: Any, place: Place) -> str:
    """A cell holding a text, number, date or nothing. Raises Unwritable with the address."""
    if value is None or value == "":
        return f'<c r="{ref}"{style}/>'
    if isinstance(value, str):
        return f'<c r="{ref}"{style} t="inlineStr"><is><t xml:space="preserve">{text_xml(value, place)}</t></is></c>'
    if isinstance(value, dt.date):
        return f'<c r="{ref}"{style}><v>{serial(value, place)}</v></c>'
    return f'<c r="{ref}"{style}><v>{_number(value, place)}</v></c>'


def formula_cell(ref: str, style: str, formula: str, value: Any, place: Place) -> str:
    """A cell holding a live formula with its value cached beside it."""
    if len(formula) > MAX_FORMULA:
        raise Unwritable(f"公式长 {len(formula)} 字，超过 Excel 的上限 {MAX_FORMULA}", place, "请缩短指标值的文字")
    body = f"<f>{escape(formula)}</f>"
    if value is None or isinstance(value, str):
        return f'<c r="{ref}"{style} t="str">{body}<v>{text_xml(value or "", place)}</v></c>'
    return f'<c r="{ref}"{style}>{body}<v>{_number(value, place)}</v></c>'


def text_xml(text: str, place: Place) -> str:
    """Text as XML content: control characters in Excel's own _xHHHH_ notation, nothing cut."""
    if len(text) > MAX_TEXT // 2 and len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
        raise Unwritable(f"文字有 {len(text)} 字，超过 Excel 单元格的上限 {MAX_TEXT}", place, "请删减或分到其他栏")
    if _IMPOSSIBLE.search(text):
        raise Unwritable("文字里有 Excel 存不下的控制字符", place, "请删去该处的乱码后重试")
    if "_x" in text:
        text = _LITERAL_ESCAPE.sub("_x005F_", text)
    if _CONTROL.search(text):
        text = _CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return escape(text)


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
