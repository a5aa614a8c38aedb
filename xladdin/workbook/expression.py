"""Jinja expressions in template cells: sandboxed, and only what the allow-list names.

A value is never rendered again: `{{ 7*7 }}` typed by a clerk stays those characters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..domain.numbers import decimal_of, plain
from ..domain.target import apart
from ..errors import Place, TemplateError

MAX_EXPRESSION = 2000
MAX_TERMS, MAX_DEPTH = 300, 30
MAX_OUTPUT = 1_000_000  # characters; what a cell holds is checked, with advice, when it is written
_ALLOWED = (
    nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.Filter,
    nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Add, nodes.Sub, nodes.Concat,
)  # fmt: skip

Vocabulary = Mapping[str, Any]  # name → None (a value), a set of attributes, or ... (any)


class Fields(dict):
    """Named values of one row; a name without a value is None (expressions' names are checked before)."""

    def __missing__(self, name: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Live:
    """A value that is a formula in the cell: `build(addresses)` gives its text, `value` is cached beside it.

    alike: the text is the same on every row, with OWN_ROW in place of the row's number.
    """

    value: Any
    build: Callable[[Any], str]
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Text that jumps to a place in the same book."""

    text: str
    location: str


@dataclass(frozen=True, slots=True)
class Expression:
    """One cell's expression. `evaluate(context)` gives a typed value, or text where text stands around it."""

    evaluate: Callable[[Mapping[str, Any]], Any]
    paths: frozenset[tuple[str, ...]]
    path: tuple[str, ...] | None  # of a bare {{ a.b }}


def _default(value: Any, shown: Any = "") -> Any:
    return shown if value is None or value == "" or isinstance(value, Live) else value


def _tick(value: Any, *options: str) -> str:
    """专项资金□ 经常性项目√: the options with the chosen one ticked; another value is added, not lost."""
    listed = options if not value or value in options else (*options, value)
    return " ".join(f"{option}{'√' if option == value else '□'}" for option in listed)


def _amount(value: Any) -> Any:
    number = decimal_of(value) if isinstance(value, str) else None
    return value if number is None else number


def _part(index: int) -> Callable[[Any], Any]:
    """A part of a 指标值: its sign, its figure (a number where it is one), its unit."""

    def part(value: Any) -> Any:
        text = apart(value)[index] if isinstance(value, str) else ""
        number = decimal_of(text) if index == 1 else None
        return number if number is not None and plain(number) == text else text or None

    return part


def _year(value: Any) -> Any:
    return value.year if isinstance(value, dt.date) else ""


def _show(value: Any) -> Any:
    """How a value reads inside running text."""
    if isinstance(value, Live):
        value = value.value
    if value is None:
        return ""
    return plain(value) if isinstance(value, Decimal) else value


_ENV = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, finalize=_show)
_ENV.filters = {"缺省": _default, "勾选": _tick, "金额": _amount, "年": _year}
_ENV.filters |= {"符号": _part(0), "数值": _part(1), "计量单位": _part(2)}
_ENV.tests = {}
_ENV.globals = {}


def compile_expression(text: str, words: Vocabulary, where: Place) -> Expression:
    """Compile a cell's text. Raises TemplateError with sheet and cell for whatever is not allowed."""
    if len(text) > MAX_EXPRESSION:
        raise TemplateError(f"模板表达式超过 {MAX_EXPRESSION} 字", where, "请缩短")
    try:
        tree = _ENV.parse(text)
    except TemplateSyntaxError as error:
        raise TemplateError(f"模板表达式写错了：{error.message}", where, "请对照随附模板中的写法") from None
    except (RecursionError, ValueError, OverflowError, MemoryError):
        raise TemplateError("模板表达式太复杂", where, "请缩短") from None
    paths: set[tuple[str, ...]] = set()
    terms = 0
    for node in tree.body:
        terms += _check(node, words, where, paths, 0)
    if terms > MAX_TERMS:
        raise TemplateError(f"模板表达式超过 {MAX_TERMS} 项", where, "请缩短")
    try:
        return _compiled(text, tree, paths, where)
    except TemplateError:
        raise
    except Exception:  # noqa: BLE001  what Jinja makes of it is no concern of whoever wrote it
        raise TemplateError("模板表达式写错了", where, "请对照随附模板中的写法") from None


def _compiled(text: str, tree: nodes.Template, paths: set[tuple[str, ...]], where: Place) -> Expression:
    outputs = [part for node in tree.body if isinstance(node, nodes.Output) for part in node.nodes]
    single = len(outputs) == 1 and not isinstance(outputs[0], nodes.TemplateData)
    if single and isinstance(outputs[0], (nodes.Name, nodes.Getattr, nodes.Getitem)):
        path = _path(outputs[0])
        return Expression(_getter(path), frozenset(paths), path)
    if (run := _plainly(outputs)) is not None:
        return Expression(_bounded(run, where), frozenset(paths), None)
    return _by_jinja(text, paths, where, single)


def _by_jinja(text: str, paths: set[tuple[str, ...]], where: Place, single: bool) -> Expression:
    """An expression of any kind. single: no text stands around it, so that its value keeps its type."""
    if single:
        source = text.strip()
        run = _ENV.compile_expression(source[2:-2].strip("-+ \n"), undefined_to_none=False)
        return Expression(_bounded(lambda context: run(**context), where), frozenset(paths), None)
    template = _ENV.from_string(text)
    return Expression(_bounded(template.render, where), frozenset(paths), None)


Run = Callable[[Mapping[str, Any]], Any]


def _plainly(outputs: Sequence[nodes.Node]) -> Run | None:
    """Texts, names and filters of names without Jinja, which takes ten times as long; None for anything else."""
    runs = [_plain(part) for part in outputs]
    if not all(runs):
        return None
    known = [run for run in runs if run is not None]
    if len(known) == 1 and not isinstance(outputs[0], nodes.TemplateData):
        return known[0]
    return lambda context: "".join(str(_show(run(context))) for run in known)


def _plain(node: nodes.Node) -> Run | None:
    if isinstance(node, nodes.TemplateData):
        text = node.data
        return lambda context: text
    if isinstance(node, nodes.Name):
        name = node.name
        return lambda context: context[name]
    if isinstance(node, (nodes.Getattr, nodes.Getitem)):
        first, key = _path(node)
        return None if hasattr(dict, key) else lambda context: context[first][key]
    if (
        isinstance(node, nodes.Filter)
        and node.node is not None
        and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    ):
        inner, change = _plain(node.node), _ENV.filters[node.name]
        if inner is None or not all(isinstance(part, nodes.Const) for part in node.args):
            return None
        values = [part.value for part in node.args if isinstance(part, nodes.Const)]
        return lambda context: change(inner(context), *values)
    return None


def _bounded(run: Callable[[Mapping[str, Any]], Any], where: Place) -> Callable[[Mapping[str, Any]], Any]:
    """An expression that cannot be worked out, or gives more than a cell holds, says which it is."""

    def evaluate(context: Mapping[str, Any]) -> Any:
        try:
            value = run(context)
        except Exception:  # noqa: BLE001  a text less a number, say
            raise TemplateError("模板表达式算不出来", where, "请对照随附模板中的写法") from None
        if isinstance(value, str) and len(value) > MAX_OUTPUT:
            raise TemplateError(f"模板表达式的结果有 {len(value)} 字，单元格放不下", where, "请拆到几个格子里")
        return value

    return evaluate


def _getter(path: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Any]:
    if len(path) == 1:
        name = path[0]
        return lambda context: context.get(name)
    name, key = path
    return lambda context: (context.get(name) or {}).get(key)


def _path(node: nodes.Node) -> tuple[str, ...]:
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        return (*_path(node.node), node.attr)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return (*_path(node.node), node.arg.value)
    raise ValueError(f"no path: {node}")


def _check(node: nodes.Node, words: Vocabulary, where: Place, paths: set[tuple[str, ...]], depth: int) -> int:
    """How many terms an allowed expression has. Raises TemplateError for any other."""
    if depth > MAX_DEPTH:
        raise TemplateError(f"模板表达式套了 {MAX_DEPTH} 层以上", where, "请缩短")
    if not isinstance(node, _ALLOWED):
        raise TemplateError(f"模板中不能使用 {type(node).__name__}", where, "表达式只能取字段、用随附的过滤器")
    if isinstance(node, (nodes.Name, nodes.Getattr, nodes.Getitem)):
        paths.add(_checked_path(node, words, where))
        return 1
    if isinstance(node, nodes.Filter) and node.name not in _ENV.filters:
        raise TemplateError(f"没有名为“{node.name}”的过滤器", where, f"可用：{'、'.join(_ENV.filters)}")
    return 1 + sum(_check(child, words, where, paths, depth + 1) for child in node.iter_child_nodes())


def _checked_path(node: nodes.Node, words: Vocabulary, where: Place) -> tuple[str, ...]:
    keys: list[str] = []
    while not isinstance(node, nodes.Name):
        if isinstance(node, nodes.Getattr):
            keys.insert(0, node.attr)
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            keys.insert(0, node.arg.value)
        else:
            raise TemplateError("模板表达式只能按名称取字段", where, "例如 {{ 项目名称 }}、{{ 指标.指标值 }}")
        node = node.node
    shown = ".".join([node.name, *keys])
    if node.name not in words:
        raise TemplateError(f"不认识的字段“{shown}”", where, f"可用的字段：{'、'.join(words)}")
    allowed = words[node.name]
    if len(keys) != (0 if allowed is None else 1) or any(key.startswith("_") for key in keys):
        raise TemplateError(f"字段“{shown}”写法不对", where, "例如 {{ 项目名称 }}、{{ 指标.指标值 }}")
    if keys and allowed is not ... and keys[0] not in allowed:
        raise TemplateError(f"不认识的字段“{shown}”", where, f"“{node.name}”下可用：{'、'.join(sorted(allowed))}")
    return (node.name, *keys)
