"""A bureau's blank form made into a template: expressions in its cells, one repeating row, properties."""

from __future__ import annotations

import datetime as dt
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain.kinds import KINDS, called
from ..domain.labels import normalise
from ..domain.records import shortened
from ..errors import BadValue, NotAForm, Place, TemplateError, XladdinError
from ..sources import open_grids
from ..workbook.formats import DATE, PERCENT
from ..workbook.gate import read_bytes
from ..workbook.grid import address
from ..workbook.patching import Patch, framed, lacking, patched
from .catalogue import forms, known_labels, years_meant
from .placing import Placing, place
from .proving import LENGTHS, prove

_SHOWN = 10
# what gives way to a field unsaid
_SAMPLE = re.compile(r"|\d+|[\s.…·]*|.*(?:…|□|\.{3}).*|(?:指标|目标)\s*\d*\s*[:：]?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Made:
    """A template and what it is: its bytes, name, sheet, years as 适用年度 says them, and what was placed where."""

    data: bytes
    name: str
    sheet: str
    years: str
    placing: Placing

    def rows(self) -> list[tuple[str, str, str, str]]:
        """What was placed where: field, cell in the blank, cell in the template, what the cell holds."""
        moved = lacking(_gone(self.placing))
        return [
            (each.field, address(*each.spot), address(moved.first(each.spot[0]), each.spot[1]), text)
            for each in self.placing.placed
            if (text := self.placing.texts[each.spot])
        ]

    def notes(self) -> list[str]:
        """What a person should know of it, a sentence each."""
        placing, said = self.placing, []
        first, last = placing.block
        if last > first:
            said.append(f"第 {first} 到 {last} 行的指标合成第 {first} 行，填的时候有几个指标就有几行")
        if placing.money_unit is None:
            said.append("表上没有印金额单位，填的时候金额照台账上的数，不换算；请核对后在文件属性里写明“金额单位”")
        if placing.year is None and not any(each.field == "年度" for each in placing.placed):
            said.append("表上没有写年度的地方，填好的表看不出是哪一年的")
        if placing.extra:
            said.append(f"这些栏没有对应的字段，作为台账的附加列：{'、'.join(placing.extra)}")
        if placing.unused:
            said.append(f"这些资金行没有对应的字段，留空由人填：{'、'.join(placing.unused)}")
        if placing.midterm:
            said.append("中期指标的几栏留空由人填，年度指标的几栏由程序填")
        own = [each for each in placing.placed if each.field != "年度" and not each.field.startswith("指标.")]
        replaced = [each for each in own if not _SAMPLE.fullmatch(each.was)]
        if replaced:
            shown = "、".join(f"{address(*each.spot)}“{shortened(each.was)}”" for each in replaced[:_SHOWN])
            said.append(f"这些格子原来有内容，换成了字段：{shown}{'等' if len(replaced) > _SHOWN else ''}")
        if placing.dropped:
            said.append(f"指标行之间的这些内容去掉了：{'、'.join(placing.dropped)}")
        said += [f"{address(*spot)} 保留了空表自己的公式 ={text}" for spot, text in placing.kept.items()]
        said += [
            f"{address(*spot)} 的公式 ={text} 指到会变动的指标行，改由程序写公式" for spot, text in placing.lost.items()
        ]
        return said

    def picture(self) -> str:
        """The form as lines of text, a cell an address and what it is for."""
        moved = lacking(_gone(self.placing))
        lines: dict[int, list[str]] = {}
        for each in sorted(self.placing.placed, key=lambda each: each.spot):
            row = moved.first(each.spot[0])
            lines.setdefault(row, []).append(f"[{address(row, each.spot[1])} {each.field}]")
        return "\n".join(f"{row:>4}  {' '.join(cells)}" for row, cells in lines.items())


def make_template(
    blank: Any, name: str | None = None, kind: str | None = None, years: str | None = None, file: str | None = None
) -> Made:
    """The template of a blank form: a path, bytes or a binary file.

    name: of the form (default: its title). kind: 申报表 or 自评表, where it is to be that and nothing else.
    years: 2026, 2025-2027 or 2026- (default: the year printed, else from this one on). file: its name, for messages.
    Raises NotAForm, UnreadableForm, TemplateError, RefusedFile, BadValue: each says why it cannot be a template.
    """
    if years is not None and years_meant(years) is None:
        raise BadValue(f"年度“{years}”写得不对", advice="应为 2026、2025-2027 或 2026-（2026 年起）")
    if kind is not None and kind not in {each.label for each in KINDS.values()}:
        raise BadValue(f"没有“{kind}”这种表", advice=f"应为{called()}")
    data, file = _content(blank, file)
    sheet, placing = _form_in(data, file, kind)
    if name is not None and not name.strip():
        raise BadValue("表式名称是空的", advice="请用 --name 起一个名称")
    name = (name or _free_name(placing)).strip()
    said = years or (str(placing.year) if placing.year else f"{dt.date.today().year}-")
    properties = {
        "表式名称": name,
        "表式类型": placing.kind.label,
        "适用年度": said,
        "金额单位": placing.money_unit or "",
        "依据": "",
    }
    looks = dict.fromkeys(placing.rates, PERCENT) | dict.fromkeys(placing.dates, DATE)
    patch = Patch(sheet, placing.texts, looks, _gone(placing), {key: text for key, text in properties.items() if text})
    made = patched(data, file, patch)
    prove(made, placing, known_labels() | {normalise(each): f"extra.{each}" for each in placing.extra}, LENGTHS)
    return Made(made, name, sheet, said, placing)


def template(blank: Any, name: str | None = None, kind: str | None = None, years: str | None = None) -> bytes:
    """An official blank form made into a template: the workbook's bytes. Takes and raises what make_template does."""
    return make_template(blank, name, kind, years).data


def _content(blank: Any, file: str | None) -> tuple[bytes, str]:
    if isinstance(blank, (str, os.PathLike)):
        path = Path(blank)
        return read_bytes(path, path.name), file or path.name
    data = blank.read() if hasattr(blank, "read") else bytes(blank)
    return data, file or "空表"


def _form_in(data: bytes, file: str, kind: str | None) -> tuple[str, Placing]:
    """The sheet that holds the form, and where its fields are to stand."""
    found: list[tuple[str, Placing]] = []
    problems: list[XladdinError] = []
    extras = known_labels()
    for grid in open_grids(data, file):
        if grid.hidden:
            continue
        if grid.broken:
            problems.append(grid.broken)
            continue
        if any(type(text) is str and "{{" in text for text in grid.cells.values()):
            where = Place(file, grid.sheet)
            raise TemplateError("这已经是模板了，格子里写着 {{ 字段 }}", where, "请选择财政部门下发的空表")
        try:
            found.append((grid.sheet, place(grid, framed(data, file, grid.sheet), extras)))
        except XladdinError as error:
            problems.append(error)
    other = [placing.kind.label for _, placing in found]
    found = [each for each in found if kind in (None, each[1].kind.label)]
    if len(found) > 1:
        sheets = "、".join(sheet for sheet, _ in found)
        raise TemplateError(
            f"这个工作簿里有 {len(found)} 张表：{sheets}", Place(file), "请每张表另存成单独的工作簿再做"
        )
    if found:
        return found[0]
    if other:
        raise TemplateError(f"这是{other[0]}，不是{kind}", Place(file), f"请改成 --kind {other[0]}，或不写 --kind")
    telling = [error for error in problems if not isinstance(error, NotAForm)]
    if not problems:
        raise NotAForm("工作簿里没有能看见的工作表", Place(file), "请选择财政部门下发的空表")
    raise (telling or problems)[0]


def _gone(placing: Placing) -> tuple[int, int] | None:
    """The indicator rows that go: all but the first."""
    first, last = placing.block
    return (first + 1, last) if last > first else None


def _free_name(placing: Placing) -> str:
    """The form's name: its title, with a number where a form of that name is there already."""
    title = placing.title or placing.kind.label
    taken = {form.name for form in forms()}
    names = [title, *(f"{title}{number}" for number in range(2, 100))]
    return next(each for each in names if each not in taken)
