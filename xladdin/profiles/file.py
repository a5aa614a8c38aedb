"""Reading a profile file (.toml): received from anyone, so nothing in it is believed before it is checked."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from ..domain.kinds import KINDS
from ..domain.numbers import sensible
from ..domain.profile import Band, Profile
from ..domain.records import shortened
from ..errors import BadValue, Place
from ..files import read_bytes
from .patterns import ways
from .places import lines_told, syntax_told

SHIPPED = Path(__file__).parent
_BASE = "全国"  # holds every key; the others build on it

_TABLES = ("groups", "limits", "words", "weights", "basis", "forms")
_PATTERNS = ("years_long", "misspelt")  # words that are regular expressions
_LONGEST_PATTERN = 200
_MOST_WAYS = 1000
_LONGEST_TEXT, _MOST = 2000, 500  # characters of a text; entries of a list or table
_GREATEST = 10**12  # of a whole number: no limit, weight or share comes near
_LARGEST = 1 << 20
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CODE = re.compile(r"[A-Z]-[A-Z]?\d{1,2}")  # of a rule
_FIGURE = re.compile(r"\{(\w+)(?::\.0%)?\}")  # in the text of a rule


class _Bad(ValueError):
    """Something in the file that cannot be used; says what, in Chinese, and under which name it stands."""

    def __init__(self, what: str, name: str = ""):
        super().__init__(what)
        self.name = name


def load_profile(path: Path) -> tuple[Profile, ...]:
    """The versions in one profile file, oldest first. Raises BadValue saying what in the file is wrong.

    A file that names a shipped profile as its `base` holds only what differs from it.
    """
    try:
        data, lineage = _whole(_parsed(path))
        _known_keys(data)
        versions = _list(data, "version")
        shared = {key: value for key, value in data.items() if key != "version"}
        made = [_version(_laid_over(shared, entry), lineage) for entry in versions]
    except _Bad as error:
        where = lines_told(_text_of(path), error.name) if error.name else ""
        what = f"计分规则文件有误：{where}{'：' if where else ''}{error}"
        raise BadValue(what, Place(file=path.name), "请对照随附的规则文件改正") from error
    except OSError as error:
        raise BadValue("计分规则文件打不开", Place(file=str(path)), "请检查路径和文件名") from error
    return tuple(sorted(made, key=lambda version: version.since))


def _text_of(path: Path) -> str:
    try:
        return read_bytes(path, _LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _Bad("不是 UTF-8 编码，请另存为 UTF-8") from None


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text_of(path), parse_float=Decimal)
    except _Bad:
        raise
    except tomllib.TOMLDecodeError as error:
        raise _Bad(syntax_told(str(error))) from None
    except (ValueError, ArithmeticError, RecursionError):  # a figure or a nesting beyond what Python takes
        raise _Bad("里面有大得离谱的数，或层层套着的括号") from None


def _whole(own: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A file on top of the shipped one it builds on, and that one's base in turn; with the names of all of them."""
    base = own.pop("base", None)
    name = _text(own, "name") if "name" in own else ""
    if base is None:
        return own, (name,)
    below, lineage = _whole(_parsed(_shipped(base)))
    if "version" not in own:  # what a region says of itself is not undone by a version it inherits
        said = {key: value for key, value in own.items() if key != "name"}
        below["version"] = [
            _laid_over(entry, {key: value for key, value in said.items() if key in entry})
            for entry in _list(below, "version")
        ]
    return _laid_over(below, own), (name, *lineage)


def _shipped(name: object) -> Path:
    known = {path.stem: path for path in SHIPPED.glob("*.toml")}
    if not isinstance(name, str) or name not in known:
        raise _Bad(f"base 写的{f'“{shortened(name)}”' if isinstance(name, str) else ''}不是随附的规则", "base")
    return known[name]


def _laid_over(base: dict[str, Any], own: object) -> dict[str, Any]:
    """`own` on top of `base`: tables are merged, everything else is replaced."""
    if not isinstance(own, dict):
        raise _Bad("version 应写成 [[version]]", "version")
    tables = {}
    for key, value in own.items():
        if key in _TABLES and key in base:
            if not isinstance(value, dict) or not isinstance(base[key], dict):
                raise _Bad(f"{key} 应是一张表，写成 [{key}]", key)
            tables[key] = base[key] | value
    return base | own | tables


def _known_keys(data: dict[str, Any]) -> None:
    """A key nobody knows is a key misspelt: it would silently do nothing."""
    model = _parsed(SHIPPED / f"{_BASE}.toml")
    known = set(model) | {key for version in model["version"] for key in version}
    _no_strangers(data, known, "")
    for entry in _list(data, "version"):
        _no_strangers(entry, known, "version.")
    labels = frozenset(kind.label for kind in KINDS.values())
    kept = {"limits": _names_of("limits"), "words": _names_of("words"), "forms": labels}
    for where in (data, *data["version"]):
        for table, names in kept.items():
            _no_strangers(where.get(table, {}), names, f"{table}.")
        said = where.get("basis", {})
        _no_strangers(said, set(filter(_CODE.fullmatch, said)) if isinstance(said, dict) else set(), "basis.")


@cache
def _names_of(table: str) -> frozenset[str]:
    """The names in that table of any shipped profile: a province's own limit is known by standing in its file."""
    return frozenset().union(*(_parsed(path).get(table, {}) for path in SHIPPED.glob("*.toml")))


def _no_strangers(table: object, known: set[str] | frozenset[str], prefix: str) -> None:
    if not isinstance(table, dict):
        raise _Bad(f"{prefix.rstrip('.') or '文件'} 应是一张表", prefix.rstrip("."))
    for key in table:
        if key not in known:
            raise _Bad(f"不认识“{prefix}{shortened(key)}”", key)


def _version(data: dict[str, Any], lineage: tuple[str, ...]) -> Profile:
    if data.get("reverse") not in ("platform", "ratio"):
        raise _Bad("reverse 应是 platform 或 ratio", "reverse")
    since = str(data.get("since"))  # a date of TOML, or its text
    try:
        if not _DAY.fullmatch(since):
            raise ValueError
        dt.date.fromisoformat(since)
    except ValueError:
        raise _Bad("since 应是日期，如 2022-01-01", "since") from None
    bands = tuple(_band(band) for band in _list(data, "band"))
    if bands[0].high != 1:
        raise _Bad("第一档的 high 应是 1", "high")
    made = Profile(
        name=_text(data, "name"),
        since=since,
        source=_text(data, "source"),
        execution=_points(data, "execution"),
        reverse=data["reverse"],
        weights=_weights(_table(data, "weights")),
        groups={name: _text(data["groups"], name) for name in _table(data, "groups")},
        steps=tuple(_number(step, "steps") for step in _list(data, "steps")),
        bands=bands,
        required=_texts(data, "required"),
        expected=_texts(data, "expected"),
        grades=tuple((_text(grade, "name"), _points(grade, "low")) for grade in _list(data, "grade")),
        limits={name: _figure(data["limits"], name) for name in _table(data, "limits")},
        words={name: _words(data["words"], name) for name in _table(data, "words")},
        basis={code: _text(data["basis"], code) for code in _table(data, "basis")},
        forms={kind: _text(data["forms"], kind) for kind in _table(data, "forms")},
        lineage=lineage,
    )
    for code, said in made.basis.items():
        known = not set(_FIGURE.findall(said)) - made.figures.keys()
        try:
            if not known or set(_FIGURE.sub("", said)) & set("{}"):
                raise ValueError
            said.format(**made.figures)
        except ValueError:  # also for a text that is to be shown as a percentage
            raise _Bad(f"basis 里 {code} 的花括号写法不对", code) from None
    return made


def _band(data: object) -> Band:
    band = Band(_text(data, "name"), _texts(data, "words"), _figure(data, "low"), _figure(data, "high"))
    if not 0 <= band.low <= band.high <= 1:
        raise _Bad(f"{shortened(band.name)} 的 low、high 应在 0 与 1 之间，low 不大于 high", "low")
    return band


def _weights(schemes: dict[str, Any]) -> dict[str, dict[str, Decimal]]:
    if "无成本" not in schemes:
        raise _Bad("weights 里缺“无成本”", "weights")
    return {name: {group: _points(points, group) for group in points} for name, points in _tables(schemes)}


def _tables(data: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(name, _table(data, name)) for name in data]


def _words(words: object, name: str) -> tuple[str, ...]:
    texts = _texts(words, name)
    for text in texts if name in _PATTERNS else ():
        pattern = text.partition("→")[0]
        try:
            if len(pattern) > _LONGEST_PATTERN:
                raise _Bad(f"words.{name} 里的“{shortened(text)}”太长", name)
            if name == "misspelt" and not text.partition("→")[2]:
                raise _Bad(f"words.{name} 里的“{shortened(text)}”没有写应改成什么，如 错的→对的", name)
            if ways(pattern) > _MOST_WAYS:
                what = f"words.{name} 里的“{text}”可能要试很久；请写明最多几个，如 {{0,3}}，不用 *、+，括号里的不再重复"
                raise _Bad(what, name)
            if not pattern or re.search(pattern, ""):
                raise _Bad(f"words.{name} 里的“{text}”会处处都对上", name)
        except re.error:
            raise _Bad(f"words.{name} 里的“{text}”写法不对", name) from None
    return texts


def _table(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    if not isinstance(value, dict):
        raise _Bad(f"缺 [{shortened(key)}] 表", key)
    if len(value) > _MOST or not all(map(str.isprintable, value)):
        raise _Bad(f"[{shortened(key)}] 里的名称太多，或者有看不见的字符", key)
    return value


def _list(data: dict[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    if not isinstance(value, list) or not 0 < len(value) <= _MOST:
        raise _Bad(f"缺 {key}，或写法不对", key)
    return value


def _text(data: object, key: str) -> str:
    value = data.get(key) if isinstance(data, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise _Bad(f"{shortened(key)} 应是文字", key)
    if not value.isprintable() or len(value) > _LONGEST_TEXT:
        raise _Bad(f"{shortened(key)} 应是一行不长的文字", key)
    return value


def _texts(data: object, key: str) -> tuple[str, ...]:
    value = data.get(key) if isinstance(data, dict) else None
    if not isinstance(value, list) or len(value) > _MOST or not all(isinstance(text, str) and text for text in value):
        raise _Bad(f'{key} 应是一列文字，如 ["甲", "乙"]', key)
    return tuple(value)


def _figure(data: object, key: str) -> Decimal:
    return _number(data.get(key) if isinstance(data, dict) else None, key)


def _points(data: object, key: str) -> Decimal:
    points = _figure(data, key)
    if not 0 <= points <= 100:
        raise _Bad(f"{shortened(key)} 应在 0 与 100 之间", key)
    return points


def _number(value: object, key: str) -> Decimal:
    figure = None
    if isinstance(value, Decimal) or (type(value) is int and abs(value) < _GREATEST):
        figure = sensible(Decimal(value))
    if figure is None:
        raise _Bad(f"{shortened(key)} 应是数", key)
    return figure
