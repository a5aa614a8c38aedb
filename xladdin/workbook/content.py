"""What one cell holds, as a file writes it, as a value: a text, a figure, a day, or what is none of these."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lxml import etree

from ..domain.numbers import sensible
from .formats import DATE, PERCENT, TIME, UNDATED, Look
from .grid import PICTURE, Grid, Row, Shown, Undated, Unread, Value

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SPACES = (MAIN, "{http://purl.oclc.org/ooxml/spreadsheetml/main}", "")  # that rows and cells are in; the second: strict
_TEXT = MAIN + "t"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9:.]*(?:Z|[+-][0-9:]+)?)?")
_PICTURE = re.compile(r"=?\s*(?:_xlfn\.)?(?:DISPIMG|IMAGE)\(", re.IGNORECASE)
_TYPED = "#NAME?"  # what Excel makes of =91场 or =已请示 typed: a formula that was none


def as_text(text: str) -> Value:
    """A text, or a picture that a program wrote as the text of its formula."""
    return Unread(PICTURE) if text[:1] == "=" and _PICTURE.match(text) and '"ID_' in text else text


def text_of(item: etree._Element) -> str:
    """The text of an <si> or <is>, runs joined, phonetic hints left out, _x000D_ escapes resolved."""
    if len(item) == 1 and (first := item[0]).tag == _TEXT and not len(first):
        return unescape(first.text or "")
    parts = []
    for node in item:
        name = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
        if name == "t":
            parts.append(whole(node))
        elif name == "r":
            parts.extend(map(whole, node.iterfind("{*}t")))
    return unescape("".join(parts))


def has_expression(text: str) -> bool:
    """Whether a cell's text is for Jinja."""
    return "{{" in text or "{%" in text or "{#" in text


def whole(node: etree._Element) -> str:
    """The text of an element, remarks inside it left out."""
    return (node.text or "") + "".join(child.tail or "" for child in node)


def unescape(text: str) -> str:
    """_x000D_ → the character it stands for; half of a character stays as it is written."""
    return _ESCAPE.sub(_unescaped, text) if "_x" in text else text


def _unescaped(match: re.Match) -> str:
    number = int(match[1], 16)
    return match[0] if 0xD800 <= number <= 0xDFFF else chr(number)


def put_cell(
    into: Grid | Row, at: Any, kind: str, raw: Value, formula: str | None, look: Look | None, epoch: dt.datetime
) -> None:
    """A cell as a file has it: its type `t`, the text of its value (a shared string's own), its formula without "=".

    at: its spot in a Grid, its column in a Row; look: as look_of tells; epoch: the day dates count from.
    """
    if formula is not None:
        if _PICTURE.match(formula):
            into.cells[at] = Unread(PICTURE)
            return
        into.formulas[at] = formula
        if raw is None or raw == "" and kind != "str" or kind == "e" and raw == _TYPED:
            into.uncomputed.add(at)
            return
    if raw is None:
        return
    value: Value
    if kind == "s" or not isinstance(raw, str):  # a shared string's own value, or what nobody takes for one
        value = raw
    elif kind == "n" or kind == "":
        value = figure(raw)
        if look is not None and type(value) is Decimal:
            value = _seen(value, look, at, into, epoch)
    else:
        value = _value(kind, raw)
    keep(into, at, value)


def keep(into: Grid | Row, at: Any, value: Value) -> None:
    """What a cell holds; nothing where that is nothing."""
    if value is None or type(value) is str and not value:  # comparing a Decimal with a text takes its time
        return
    there = into.cells.setdefault(at, value)
    if there is not value and there != value:
        into.cells[at] = Unread(f"{there}／{value}")  # two cells of one address


def _seen(number: Decimal, look: Look, at: Any, into: Grid | Row, epoch: dt.datetime) -> Value:
    """A number as its format shows it."""
    if look in (DATE, UNDATED):
        day = _day(number, epoch)
        return Undated(day.year, day.month, day.day) if look == UNDATED and isinstance(day, dt.date) else day
    if look == TIME:
        return Unread(_time(number))
    if look == PERCENT:
        into.percents.add(at)
    elif isinstance(look, Shown):
        into.shown[at] = look
    return number


def _day(number: Decimal, epoch: dt.datetime) -> Value:
    """The day a number stands for; a number that is no day stays one."""
    if 0 < number < 1:
        return Unread(_time(number))
    if 0 < number < 2_958_466:
        return (epoch + dt.timedelta(days=int(number))).date()
    return number


def _time(number: Decimal) -> str:
    """A part of a day as a clock shows it; more than a day as the number."""
    if not 0 <= number < 1:
        return str(number)
    minutes, seconds = divmod(round(number * 86_400), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


def _value(kind: str, raw: str) -> Value:
    """What a cell that is no number holds."""
    if kind == "inlineStr":
        return as_text(raw)
    if kind == "str":
        return as_text(unescape(raw))
    if kind == "b" and raw in ("0", "1", "true", "false"):
        return raw in ("1", "true")
    if kind == "d" and (match := _DAY.fullmatch(raw)):
        try:
            return dt.date.fromisoformat(match[1])
        except ValueError:
            pass
    return Unread(raw or "#错误")


@lru_cache(maxsize=2048)
def figure(raw: str) -> Decimal | Unread:
    """A stored double as the decimal a person typed: 17 digits of noise fall back to 15."""
    raw = raw.strip(" \n\r\t")
    if len(raw) > 400 or not _NUMBER.fullmatch(raw):
        return Unread(raw[:80])
    number = Decimal(raw) if len(raw) <= 15 else Decimal(format(float(raw), ".15g"))
    return sensible(number) or Unread(raw[:80]) if number else Decimal(0)
