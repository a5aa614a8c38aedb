"""Records from JSON: decimal strings, ISO dates, null for blank. Strict, so that nothing is lost."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import fields
from decimal import Decimal
from typing import Any

from ..errors import BadValue
from .numbers import sensible
from .records import BudgetLine, Declaration, Evaluation, Funds, Indicator, Record, Result, shortened

DECIMALS = {
    Funds: frozenset(f.name for f in fields(Funds)),
    BudgetLine: frozenset({"initial", "budget", "executed", "weight", "rate", "score"}),
    Result: frozenset({"weight", "score"}),
    Evaluation: frozenset({"total_weight", "total_score"}),
}
REQUIRED = {BudgetLine: "item", Indicator: "name", Result: "name", Declaration: "project", Evaluation: "project"}
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
UNITS = ("元", "万元", None)


def from_dict(obj: Any) -> Record:
    """A record from its JSON object. Raises BadValue naming the path of what is wrong."""
    if not isinstance(obj, dict):
        raise BadValue("记录应是一个 JSON 对象", advice='请按 {"kind": …} 的格式提供')
    kind = obj.get("kind")
    types = {"declaration": (Declaration, Indicator), "evaluation": (Evaluation, Result)}
    if not isinstance(kind, str) or kind not in types:
        raise BadValue(f"kind 是 {_shown(kind)}，应为 declaration 或 evaluation", advice="请补上 kind")
    record_type, row_type = types[kind]
    body = {key: value for key, value in obj.items() if key != "kind"}
    if "funds" in body and record_type is Declaration:
        body["funds"] = Funds() if body["funds"] is None else _build(Funds, body["funds"], "funds")
    if "budget" in body and record_type is Evaluation:
        body["budget"] = _rows(BudgetLine, body["budget"], "budget")
    if "indicators" in body:
        body["indicators"] = _rows(row_type, body["indicators"], "indicators")
    return _build(record_type, body, "")


def _rows(kind: type, value: Any, path: str) -> tuple:
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)):
        raise _wrong(path, value, "列表")
    return tuple(_build(kind, row, f"{path}[{number}]") for number, row in enumerate(value))


def _build(kind: type, obj: Any, path: str) -> Any:
    if not isinstance(obj, dict):
        raise _wrong(path, obj, "JSON 对象")
    known = {f.name for f in fields(kind)} - {"source"}
    unknown = sorted(map(str, set(obj) - known))
    if unknown:
        raise BadValue(
            f"不认识的字段 {_join(path, shortened(unknown[0]))}", advice=f"可用的字段：{'、'.join(sorted(known))}"
        )
    required = REQUIRED.get(kind)
    if required and not isinstance(obj.get(required), str):
        raise _wrong(_join(path, required), obj.get(required), "文字（必填）")
    decimals = DECIMALS.get(kind, frozenset())
    values = {key: _value(key, obj.get(key), _join(path, key), decimals) for key in known if key in obj}
    if issubclass(kind, Indicator):
        values = {"level1": None, "level2": None, "target": None} | values
    return kind(**values)


def _value(key: str, value: Any, path: str, decimals: frozenset[str]) -> Any:
    if isinstance(value, (Funds, tuple)):  # already built
        return value
    if key == "extra":
        return _extra(value, path)
    if value is None:
        return None
    if key in decimals:
        return _decimal(value, path)
    if key == "year":
        if isinstance(value, bool) or not isinstance(value, int) or not 1900 <= value <= 9999:
            raise _wrong(path, value, "四位年份（整数）")
        return value
    if key in ("start", "end"):
        return _date(value, path)
    if not isinstance(value, str):
        raise _wrong(path, value, "文字")
    if key == "money_unit" and value not in UNITS:
        raise _wrong(path, value, "元、万元或 null")
    return value


def _decimal(value: Any, path: str) -> Decimal:
    written = isinstance(value, str) and len(value) < 200 and _NUMBER.fullmatch(value)
    if written or isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        number = sensible(Decimal(value))
        if number is not None:
            return number
    raise _wrong(path, value, '十进制数的文字，如 "1100000.00"')


def _date(value: Any, path: str) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _wrong(path, value, "YYYY-MM-DD 日期") from None


def _extra(value: Any, path: str) -> dict[str, str | None]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(path, value, "JSON 对象")
    for name, text in value.items():
        if not (isinstance(name, str) and (text is None or isinstance(text, str))):
            raise _wrong(_join(path, shortened(str(name))), text, "文字或 null")
    return dict(value)


def _wrong(path: str, value: Any, wanted: str) -> BadValue:
    return BadValue(f"{path or '记录'} 是 {_shown(value)}，应为{wanted}", advice="请改正后重试")


def _shown(value: Any) -> str:
    """What was given, as a message quotes it."""
    if isinstance(value, (dict, list, tuple)):
        return "一组值" if value else repr(value)
    return shortened(f"{value:g}" if isinstance(value, Decimal) else repr(value))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
