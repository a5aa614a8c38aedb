"""A blank form: what it is made of, and the same with a word in every place, for the recogniser to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..domain import fields, kinds
from ..domain.labels import LONGEST_LABEL
from ..domain.records import Record
from ..errors import NotAForm, Place, TemplateError, UnreadableForm, XladdinError
from ..workbook.grid import Grid, Spot
from .headers import INDICATORS, Header, header_at, is_indicator_header
from .layout import Layout, is_title
from .recognise import INDICATOR_NEEDS, read_book

YEAR = 2026  # stands in the blank while it is read
_MARKS = {fields.DATE: f"{YEAR}-01-01", fields.AMOUNT: "1"}
_WORD = "某某"
BLANK_YEAR = re.compile(r"(?:20[\s_＿×✕Xx*〇○□]*|[×✕Xx*_＿〇○□]+\s*|[\s\u3000]+|(?<=[(（\[【])|^)(?=年)")
_PRINTED_YEAR = re.compile(r"(?:19|20)\d\d\s*年")
_LABEL = re.compile(r"[^:：\s_＿][^:：\n_＿]{0,28}?\s*[:：]")
_FILLER = re.compile(r"[\s\u3000_＿]*")
_CLOSING = re.compile(
    r"\s*(?:备\s*注|附\s*注|注\s*\d?\s*[:：.、]|注\s*$|填表|填报|填\s*写|制表|审核|复核|单位负责人|项目负责人|财务负责人|"
    r"负责人|主管领导|分管|经办|联系|说\s*明|签|日\s*期|盖章)"
)
_DASHES = frozenset("—-－–―/／─")
_NAMES = frozenset({"project", "category", "nature", "department", "unit"})


class Blank:
    """A blank form in a sheet. borders: its cells that have one. Raises NotAForm, UnreadableForm, TemplateError.

    project: the cell of its 项目名称; header: of its indicators; block: first and last row of those; inline: cells that
    print labels with room behind them, where in the text a value goes, and which label; sampled: cells with a label and
    the choices, or the sample, printed behind it; record: what the recogniser reads once a word is in every place.
    """

    def __init__(self, grid: Grid, borders: set[Spot], extras: Mapping[str, str]):
        self.grid, self.borders, self.extras = grid, borders, extras
        self.layout = Layout(grid, extras)
        self.covered = {
            (row, column): (top, left)
            for top, left, bottom, right in grid.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        spots = [*grid.cells, *borders, *self.covered]
        self.last_row = max((row for row, _ in spots), default=0)
        self.last_column = max((column for _, column in spots), default=0)
        self.sampled: dict[Spot, tuple[str, str]] = {}  # a label, and what is printed behind it
        self.inline: dict[Spot, list[tuple[int, str]]] = {}  # where in a cell's text a value goes, and the label's name

        self.project, self.header = self._skeleton()
        self.block = self._block(self.header)
        marked = self._marked(self.project, self.header, self.block)
        self.record = self._read(marked)
        if kinds.kind_of(self.record).budget and not self.record.budget:
            self.record = self._read(self._with_line(marked, self.header))

    def _skeleton(self) -> tuple[Spot, Header]:
        layout, where = self.layout, Place(self.grid.file, self.grid.sheet)
        if not layout.order:
            raise NotAForm("这张工作表是空的", where, "请选择财政部门下发的空表")
        projects = [(row, column) for row, column, name in layout.labels if name == "project"]
        projects += [spot for spot, found in self._several() if any(name == "project" for _, name in found)]
        projects = sorted(set(projects))
        headers = [row for row in layout.order if is_indicator_header(layout, row)]
        if not projects:
            raise NotAForm("没有找到“项目名称”", where, "请选择申报表或自评表的空表；项目名称一栏要有自己的栏名")
        if projects[0][0] in headers:
            what = "这是项目清单，不是一张申报表或自评表：“项目名称”和指标栏名在同一行"
            raise NotAForm(what, self.grid.place(projects[0]), "请选择申报表或自评表的空表")
        below = [row for row in headers if row > projects[0][0]]
        if not below:
            raise UnreadableForm(
                "没有找到指标表：没有一行同时有“一级指标”“三级指标”“指标值”等栏名",
                where,
                "请确认这是申报表或自评表的空表；指标要有自己的表格",
            )
        second = [spot for spot in projects if spot[0] > below[0]]
        if second:
            what = f"一张工作表里有两张表（{self.grid.place(second[0]).cell} 又有“项目名称”）"
            raise TemplateError(what, self.grid.place(second[0]), "请每张表放进一个工作簿，分别做成模板")
        header = header_at(layout, below[0], INDICATORS, kinds.columns_of("indicators"))
        missing = [kinds.wording(name) for name in INDICATOR_NEEDS if name not in header.columns]
        if missing:
            where = self.grid.place((below[0], 1))
            raise UnreadableForm(
                f"指标表没有{'、'.join(missing)}栏", where, "请确认这是申报表或自评表的空表，补上这几栏"
            )
        return projects[0], header

    def _block(self, header: Header) -> tuple[int, int]:
        """First and last row of the indicators."""
        first = header.bottom + 1
        last = first
        target = header.columns["target"]
        bordered = (header.row, header.columns["name"]) in self.borders
        for row in range(first, self.last_row + 1):
            if self._closes(row, header):
                break
            if bordered and (row, target) not in self.borders or not bordered and row not in self.layout.rows:
                break
            last = row
        else:
            row = self.last_row + 1
        if row == first:
            where = self.grid.place((first, header.columns["name"]))
            raise TemplateError("指标栏名下面没有空白的指标行", where, "请在栏名下面留至少一行空白的指标行")
        return first, last

    def _closes(self, row: int, header: Header) -> bool:
        """Whether a row below the header is no indicator any more: 总分, a note, a signature."""
        items = self.layout.rows.get(row, [])
        if not items:
            return False
        column, value, name = items[0]
        if name in ("total", "reason", "other", "grade", "project", "actual_result"):
            return True
        if type(value) is not str:
            return False
        if column in header.owners and header.owners[column] in ("level1", "level2"):
            wide = self.layout.end(row, column)[1] >= header.columns["target"]
            return wide or bool(_CLOSING.match(value))
        return bool(_CLOSING.match(value)) or is_title(value) or column < header.columns["name"] and _is_label(value)

    def _marked(self, project: Spot, header: Header, block: tuple[int, int]) -> Grid:
        cells = dict(self.grid.cells)
        for row in range(block[0], block[1] + 1):
            for column in range(1, self.last_column + 1):
                owned = column in header.owners or header.other and column in header.other.owners
                if owned and self.covered.get((row, column), (row, 0))[0] >= block[0]:
                    cells.pop((row, column), None)
        for name, word in (("level1", "产出指标"), ("level2", "数量指标"), ("name", "指标"), ("target", "1")):
            if name in header.columns:
                cells[block[0], column_of(header, name)] = word
        if year := self.year_left(project):
            cells[year[0]] = BLANK_YEAR.sub(str(YEAR), year[1], count=1)
        last = max(header.row, project[0])
        for spot, found in self._several():
            if spot[0] < last:
                self.inline[spot] = found
                cells[spot] = filled(str(self.grid.cells[spot]), [(at, self._mark(name)) for at, name in found])
        for row, column, _, value in self.layout.inline:
            text = str(self.grid.cells[row, column])
            if row < last and (row, column) not in self.inline and text.endswith(value):
                self.sampled[row, column] = text.removesuffix(value), value
        for row, column, name in self.layout.labels:
            spot = (row, column)
            if row >= last or spot in self.inline or name in ("fund_block", "indicator_block", "other"):
                continue
            text = str(self.grid.cells.get(spot) or "")
            if text.rstrip().endswith((":", "：")) and not self.free(spot):
                self.inline[spot] = [(len(text.rstrip()), name)]
                cells[spot] = text.rstrip() + self._mark(name)
            elif self._roomy(name) and (under := self._room(spot)):
                cells.setdefault(under, self._mark(name))
            elif name in _NAMES and (beside := self.free(spot)):
                cells.setdefault(beside, self._mark(name))
        return replace(self.grid, cells=cells)

    def _with_line(self, marked: Grid, header: Header) -> Grid:
        """The same with a figure below 全年执行数: a row of 项目资金 that has no label of its own."""
        layout = Layout(marked, self.extras)
        for row in layout.order:
            if row < header.row:
                for column, _, name in layout.rows[row]:
                    if name == "executed":
                        cells = {**marked.cells, (layout.end(row, column)[0] + 1, column): "1"}
                        return replace(marked, cells=cells)
        return marked

    def _mark(self, name: str) -> str:
        how = fields.TYPES.get(name) or (fields.AMOUNT if name.startswith("funds.") else "")
        return _MARKS.get(how, _WORD)

    def free(self, spot: Spot) -> Spot | None:
        """The cell to the right of a label, unless another label or the edge of the form is there."""
        right = self.layout.end(*spot)[1] + 1
        if right > self.last_column:
            return None
        beside = (spot[0], right)
        if self.covered.get(beside, beside) != beside:
            return None
        named = next((name for column, _, name in self.layout.rows[spot[0]] if column == right), None)
        value = self.grid.cells.get(beside)
        return None if named or type(value) is str and _is_label(value) else beside

    def _roomy(self, name: str) -> bool:
        """Whether the value of a label may stand below it as well as beside it."""
        if name == "goal_block":  # 总体目标 is the year's goal where no other label is
            return not any(other in ("annual_goal", "overall_goal") for _, _, other in self.layout.labels)
        if name == "local":  # 地方主管部门 is whichever of the two has no label of its own
            return not {"unit", "department"} <= {other for _, _, other in self.layout.labels}
        return name.startswith(("extra.", "funds.")) or fields.TYPES.get(name) == fields.LONG

    def _room(self, spot: Spot) -> Spot | None:
        """Where a long text goes: beside its label, or below where something else is beside it."""
        if beside := self.free(spot):
            return beside
        under = (self.layout.end(*spot)[0] + 1, spot[1])
        return under if self.covered.get(under, under) == under and under in self.borders else None

    def _several(self) -> Iterator[tuple[Spot, list[tuple[int, str]]]]:
        """Cells that print several “标签：” of ours, each with room behind it."""
        for spot, text in self.grid.cells.items():
            if type(text) is not str or sum(text.count(mark) for mark in ":：") < 2 or len(text) > 300:
                continue
            found = []
            for match in _LABEL.finditer(text):
                name = Layout(Grid("", cells={(1, 1): match[0]}), self.extras).rows[1][0][2]
                if name and name != "other":
                    found.append((match.end(), name))
            if len(found) > 1:
                yield spot, found

    def year_left(self, project: Spot) -> tuple[Spot, str] | None:
        """The cell above 项目名称 in which a year is to be written, and its text; None where one is printed."""
        titles: list[tuple[Spot, str]] = []
        for spot, text in sorted(self.grid.cells.items(), key=lambda item: item[0]):
            if type(text) is str and spot[0] <= project[0] and "年" in text and len(text) <= LONGEST_LABEL:
                titles.append((spot, text))
        if any(_PRINTED_YEAR.search(text) for _, text in titles):
            return None
        blanks = [(s, t) for s, t in titles if BLANK_YEAR.search(t) and ("年度" in t or is_title(t)) and s != project]
        return blanks[0] if blanks else None

    def is_label(self, spot: Spot) -> bool:
        """Whether the recogniser takes the cell for a label."""
        return any((row, column) == spot for row, column, _ in self.layout.labels)

    def _read(self, marked: Grid) -> Record:
        problems: list[XladdinError] = []
        records = read_book([marked], self.extras, problems)
        if len(records) != 1:
            where = Place(self.grid.file, self.grid.sheet)
            raise (
                problems[0]
                if problems
                else TemplateError(f"一张工作表里有 {len(records)} 张表", where, "请每张表放进一个工作簿，分别做成模板")
            )
        return records[0]


def column_of(header: Header, path: str) -> int:
    """The column of a field; of one that stands in parts, that of its figure."""
    owned = sorted(at for at, owner in header.owners.items() if owner == path)
    return next((at for at in owned if header.roles.get(at, "figure") == "figure"), header.columns[path])


def _is_label(text: str) -> bool:
    return len(text) < 20 and text.rstrip().endswith((":", "："))


def filled(text: str, values: list[tuple[int, str]]) -> str:
    """A text with values behind its labels; the blanks that were left for them go."""
    out, start = [], 0
    for at, value in values:
        out += [text[start:at], value]
        start = room.end() if (room := _FILLER.match(text, at)) else at
        if start < len(text):
            out.append("　")
    return "".join([*out, text[start:]])
