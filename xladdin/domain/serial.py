"""Records from JSON: decimal strings, ISO dates, null for blank. Strict, so that nothing is lost."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import MISSING, dataclass, fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from ..errors import BadValue
from .kinds import KINDS
from .numbers import sensible
from .records import Record, shortened

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
MAX_POWER = 99  # powers of ten beyond which a figure is a slip
UNITS = ("元", "万元", None)


@dataclass(frozen=True, slots=True)
class Slot:
    """What a field of a record may hold, by its annotation; bare: it has no default of its own."""

    holds: Any
    several: bool
    optional: bool
    bare: bool

    @property
    def needed(self) -> bool:
        """Whether it must not be null."""
        return self.bare and not self.optional


def from_dict(obj: Any) -> Record:
    """A record from its JSON object, without the `source` that read adds. Raises BadValue naming what is wrong."""
    if not isinstance(obj, dict):
        raise BadValue("记录应是一个 JSON 对象", advice='请按 {"kind": …} 的格式提供')
    kind = obj.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadValue(f"kind 是 {_shown(kind)}，应为 {' 或 '.join(KINDS)}", advice="请补上 kind")
    own = {key: value for key, value in obj.items() if key not in ("kind", "source")}
    record: Record = _build(KINDS[kind].record, own, "")
    return record


@cache
def slots(cls: type) -> dict[str, Slot]:
    """The fields of a record, or of a part of one, and what each may hold; `source` is not one of them."""
    hints = get_type_hints(cls)
    return {item.name: _slot(item, hints[item.name]) for item in fields(cls) if item.name != "source"}


def _slot(item: Any, hint: Any) -> Slot:
    inner = [one for one in get_args(hint) if one is not type(None)]
    optional = type(None) in get_args(hint)
    bare = item.default is MISSING and item.default_factory is MISSING
    if get_origin(hint) is tuple:
        return Slot(inner[0], True, optional, bare)
    return Slot(inner[0] if optional else get_origin(hint) or hint, False, optional, bare)


def _rows(kind: type, value: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise _wrong(path, value, "列表")
    return tuple(_build(kind, row, f"{path}[{number}]") for number, row in enumerate(value))


def _build(kind: type, obj: Any, path: str) -> Any:
    if not isinstance(obj, dict):
        raise _wrong(path, obj, "JSON 对象")
    known = slots(kind)
    unknown = sorted(map(str, set(obj) - set(known)))
    if unknown:
        advice = f"可用的字段：{'、'.join(sorted(known))}"
        raise BadValue(f"不认识的字段 {_join(path, shortened(unknown[0]))}", advice=advice)
    for name, slot in known.items():
        if slot.needed and not isinstance(obj.get(name), str):
            raise _wrong(_join(path, name), obj.get(name), "文字（必填）")
    values = {name: obj.get(name) for name in known}
    return kind(
        **{
            name: None if value is None else _value(name, value, _join(path, name), known[name])
            for name, value in values.items()
            if value is not None or known[name].bare
        }
    )


def _value(key: str, value: Any, path: str, slot: Slot) -> Any:
    if slot.several:
        return _rows(slot.holds, value, path)
    if isinstance(slot.holds, type) and is_dataclass(slot.holds):
        return _build(slot.holds, value, path)
    if slot.holds is Decimal:
        return _decimal(value, path)
    if slot.holds is int:
        if isinstance(value, bool) or not isinstance(value, int) or not 1900 <= value <= 9999:
            raise _wrong(path, value, "四位年份（整数）")
        return value
    if slot.holds is dt.date:
        return _date(value, path)
    if slot.holds is not str:
        return _extra(value, path)
    if not isinstance(value, str):
        raise _wrong(path, value, "文字")
    if key == "money_unit" and value not in UNITS:
        raise _wrong(path, value, "元、万元或 null")
    return value


def _decimal(value: Any, path: str) -> Decimal:
    written = isinstance(value, str) and len(value) < 200 and _NUMBER.fullmatch(value)
    if written or isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        number = sensible(Decimal(value), MAX_POWER)
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
    if isinstance(value, (dict, list, tuple)) and len(value) > 9:
        return f"{len(value)} 个值"
    return shortened(f"{value:g}" if isinstance(value, Decimal) else repr(value))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
