"""Where the fields of a blank form are to stand: what the recogniser sees once a blank has a word in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..domain import fields, kinds
from ..domain.kinds import Kind, kind_of
from ..domain.labels import LONGEST_LABEL, without_head, without_tail
from ..domain.records import BUDGET_ITEMS, Record
from ..errors import NotAForm, Place, TemplateError, UnreadableForm
from ..workbook.grid import Grid, Spot
from .headers import INDICATORS, Header, header_at, is_indicator_header
from .layout import Layout, is_title, year_in
from .recognise import INDICATOR_NEEDS, read_book
from .ticks import choices

YEAR = 2026  # stands in the blank while it is read
_MARKS = {fields.DATE: f"{YEAR}-01-01", fields.AMOUNT: "1"}
_WORD = "某某"
_BLANK_YEAR = re.compile(r"(?:20[\s_＿×✕Xx*〇○□]*|[×✕Xx*_＿〇○□]+\s*|[\s\u3000]+|(?<=[(（\[【])|^)(?=年)")
_PRINTED_YEAR = re.compile(r"(?:19|20)\d\d\s*年")
_LABEL = re.compile(r"[^:：\s_＿][^:：\n_＿]{0,28}?\s*[:：]")
_FILLER = re.compile(r"[\s\u3000_＿]*")
_CLOSING = re.compile(
    r"\s*(?:备\s*注|附\s*注|注\s*\d?\s*[:：.、]|注\s*$|填表|填报|填\s*写|制表|审核|复核|单位负责人|项目负责人|财务负责人|"
    r"负责人|主管领导|分管|经办|联系|说\s*明|签|日\s*期|盖章)"
)
_DASHES = frozenset("—-－–―/／─")
_SAMPLE = re.compile(r"[.…·\s]+|[xX×*＊]{2,}.*")
_FORMULA_REFERENCE = re.compile(r"\$?[A-Z]{1,3}\$?(\d+)(?::\$?[A-Z]{1,3}\$?(\d+))?")
_NAMES = frozenset({"project", "category", "nature", "department", "unit"})
_PARTS = {"sign": "符号", "figure": "数值", "measure": "计量单位"}
_IDENTIFIER = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Placed:
    """A field and its cell: `field` as expressions name it, `spot` in the blank, `was` the text that stood there."""

    field: str
    spot: Spot
    was: str = ""


@dataclass(frozen=True, slots=True)
class Placing:
    """A blank form understood.

    texts: what each cell is to hold; placed: the fields, in printed order; extra: labels that no field has and that
    become columns of the ledger; unused: rows of money no field has; block: first and last row of the indicators;
    kept: cells whose own formula stays; lost: those whose formula cannot stay, for it names rows that go; year: as
    printed; midterm: whether columns of 中期 stand beside the year's, which stay blank; dropped: what stood on the rows
    that go and is neither a level nor a sample (小计).
    """

    kind: Kind
    title: str
    year: int | None
    money_unit: str | None
    block: tuple[int, int]
    texts: Mapping[Spot, str]
    placed: tuple[Placed, ...]
    extra: tuple[str, ...]
    rates: frozenset[Spot]
    dates: frozenset[Spot]
    kept: Mapping[Spot, str]
    lost: Mapping[Spot, str]
    unused: tuple[str, ...]
    midterm: bool
    dropped: tuple[str, ...]


def place(grid: Grid, borders: set[Spot], extras: Mapping[str, str]) -> Placing:
    """Where the fields of the blank in a sheet are to stand. borders: its cells that have one.

    Raises NotAForm where there is none, UnreadableForm, TemplateError for one that cannot be made a template.
    """
    return _Blank(grid, borders, extras).placing()


class _Blank:
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
        self.texts: dict[Spot, str] = {}
        self.sampled: dict[Spot, tuple[str, str]] = {}  # a label, and what is printed behind it
        self.inline: dict[Spot, list[tuple[int, str]]] = {}  # where in a cell's text a value goes, and the label's name

    def placing(self) -> Placing:
        project, header = self._skeleton()
        block = self._block(header)
        marked = self._marked(project, header, block)
        record = self._read(marked)
        kind = kind_of(record)
        if kind.budget and not record.budget:
            record = self._read(self._with_line(marked, header))
        return self._placing(record, kind, project, header, block)

    # -- the skeleton

    def _skeleton(self) -> tuple[Spot, Header]:
        layout, where = self.layout, Place(self.grid.file, self.grid.sheet)
        if not layout.order:
            raise NotAForm("这张工作表是空的", where, "请选择财政部门下发的空表")
        projects = [(row, column) for row, column, name in layout.labels if name == "project"]
        projects += [spot for spot, found in self._several() if any(name == "project" for _, name in found)]
        projects = sorted(set(projects))
        headers = [row for row in layout.order if is_indicator_header(layout.rows[row])]
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

    # -- the blank with a word in every place

    def _marked(self, project: Spot, header: Header, block: tuple[int, int]) -> Grid:
        cells = dict(self.grid.cells)
        for row in range(block[0], block[1] + 1):
            for column in range(1, self.last_column + 1):
                owned = column in header.owners or header.other and column in header.other.owners
                if owned and self.covered.get((row, column), (row, 0))[0] >= block[0]:
                    cells.pop((row, column), None)
        for name, word in (("level1", "产出指标"), ("level2", "数量指标"), ("name", "指标"), ("target", "1")):
            if name in header.columns:
                cells[block[0], _column(header, name)] = word
        for spot, text in self._years(project):
            cells[spot] = _BLANK_YEAR.sub(str(YEAR), text, count=1)
        last = max(header.row, project[0])
        for spot, found in self._several():
            if spot[0] < last:
                self.inline[spot] = found
                cells[spot] = _filled(self.grid.cells[spot], [(at, self._mark(name)) for at, name in found])
        for row, column, _, value in self.layout.inline:
            text = self.grid.cells[row, column]
            if row < last and (row, column) not in self.inline and text.endswith(value):
                self.sampled[row, column] = text.removesuffix(value), value
        for row, column, name in self.layout.labels:
            spot = (row, column)
            if row >= last or spot in self.inline or name in ("fund_block", "indicator_block", "other"):
                continue
            text = self.grid.cells.get(spot)
            if type(text) is str and text.rstrip().endswith((":", "：")) and not self._free(spot):
                self.inline[spot] = [(len(text.rstrip()), name)]
                cells[spot] = text.rstrip() + self._mark(name)
            elif self._roomy(name) and (under := self._room(spot)):
                cells.setdefault(under, self._mark(name))
            elif name in _NAMES and (beside := self._free(spot)):
                cells.setdefault(beside, self._mark(name))
        return replace(self.grid, cells=cells, _texts=[])

    def _with_line(self, marked: Grid, header: Header) -> Grid:
        """The same with a figure below 全年执行数: a row of 项目资金 that has no label of its own."""
        layout = Layout(marked, self.extras)
        for row in layout.order:
            if row < header.row:
                for column, _, name in layout.rows[row]:
                    if name == "executed":
                        cells = {**marked.cells, (layout.end(row, column)[0] + 1, column): "1"}
                        return replace(marked, cells=cells, _texts=[])
        return marked

    def _mark(self, name: str) -> str:
        how = fields.TYPES.get(name) or (fields.AMOUNT if name.startswith("funds.") else "")
        return _MARKS.get(how, _WORD)

    def _free(self, spot: Spot) -> Spot | None:
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
        if beside := self._free(spot):
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

    def _years(self, project: Spot) -> list[tuple[Spot, str]]:
        """The cell above 项目名称 in which a year is to be written, if one is."""
        titles = [
            (spot, text)
            for spot, text in sorted(self.grid.cells.items())
            if type(text) is str and spot[0] <= project[0] and "年" in text and len(text) <= LONGEST_LABEL
        ]
        if any(_PRINTED_YEAR.search(text) for _, text in titles):
            return []
        blanks = [(s, t) for s, t in titles if _BLANK_YEAR.search(t) and ("年度" in t or is_title(t)) and s != project]
        return blanks[:1]

    def _read(self, marked: Grid) -> Record:
        problems: list = []
        records = read_book([marked], self.extras, problems)
        if len(records) != 1:
            where = Place(self.grid.file, self.grid.sheet)
            raise (
                problems[0]
                if problems
                else TemplateError(f"一张工作表里有 {len(records)} 张表", where, "请每张表放进一个工作簿，分别做成模板")
            )
        return records[0]

    # -- fields into cells

    def _placing(self, record: Record, kind: Kind, project: Spot, header: Header, block: tuple[int, int]) -> Placing:
        spots = record.source.cells.spots
        wanted: dict[Spot, list[str]] = {}
        found: list[tuple[Spot, str]] = []
        for word, path in kind.words.items():
            if path in spots and path not in ("year", "money_unit"):
                found.append((spots[path], word))
        unused = []
        for number, line in enumerate(record.budget):
            for word, path in kind.budget.columns.items():
                if spot := spots.get(f"budget[{number}].{path}"):
                    if line.item in BUDGET_ITEMS:
                        found.append((spot, f"{line.item}.{word}"))
                    elif line.item not in unused:
                        unused.append(line.item)
        for word, path in kind.indicators.columns.items():
            if path in header.columns:
                found.append(((block[0], _column(header, path)), f"指标.{word}"))
        parts = self._parts(header, block)
        for name in record.extra:
            if spot := spots.get(f"extra.{name}"):
                found.append((spot, _extra(name)))
        extra = self._unknown(project, header, record, found, kind)
        found += [(spot, _extra(name)) for spot, name in extra.items()]
        placed, texts, kept, lost = [], {}, {}, {}
        for spot, text in self._years(project):
            texts[spot] = _BLANK_YEAR.sub("{{ 年度 }}", text, count=1)
            placed.append(Placed("年度", spot, text))
        for spot, name in found:
            if formula := self.grid.formulas.get(spot):
                if self._stays(formula, block):
                    kept[spot] = formula
                    continue
                lost[spot] = formula
            was = self.grid.cells.get(spot)
            if spot[1] > self.last_column or spot not in self.inline.keys() | self.sampled and self._is_label(spot):
                continue
            if type(was) is str and was.strip() and not was.strip().strip("—-－–―/／─"):
                continue
            wanted.setdefault(spot, []).append(name)
            placed.append(Placed(name, spot, "" if was is None or spot in self.inline else str(was)))
        for spot, names in wanted.items():
            texts[spot] = self._text(spot, names, kind)
        figure = {(block[0], _column(header, "target"))}
        placed += [Placed("指标.指标值", spot) for spot in parts.keys() - figure]
        texts |= parts | self._cleared(header, block, {*texts, *parts})
        rates = {spot for spot, names in wanted.items() if names[0].endswith(".执行率")}
        dates = {s for s, names in wanted.items() if len(names) == 1 and names[0] in ("计划开始日期", "计划完成日期")}
        title = next((text for _, text in reversed(self.layout.titles) if is_title(text)), "")
        blank_titles = [t for s, t in self.grid.cells.items() if type(t) is str and s[0] <= project[0] and is_title(t)]
        return Placing(
            kind=kind,
            title=_title(title or next(iter(blank_titles), "")),
            year=self._year(project),
            money_unit=record.money_unit,
            block=block,
            texts=texts,
            placed=tuple(sorted(placed, key=lambda each: each.spot)),
            extra=tuple(extra.values()),
            rates=frozenset(rates),
            dates=frozenset(dates - self.inline.keys()),
            kept=kept,
            lost=lost,
            unused=tuple(unused),
            midterm=header.other is not None,
            dropped=tuple(self._dropped(header, block)),
        )

    def _parts(self, header: Header, block: tuple[int, int]) -> dict[Spot, str]:
        """The columns in which a 指标值 stands in parts, and which part each is to hold."""
        first: dict[str, int] = {}
        for column in sorted(header.owners):
            if header.owners[column] == "target":
                first.setdefault(header.roles.get(column, "figure"), column)
        if not {"sign", "measure"} & set(first) or "figure" not in first:
            return {}
        figure = [role for role in _PARTS if role == "figure" or role not in first]
        texts = {(block[0], first["figure"]): "".join(_expression(f"指标.指标值 | {_PARTS[role]}") for role in figure)}
        for role in ("sign", "measure"):
            if role in first:
                texts[block[0], first[role]] = _expression(f"指标.指标值 | {_PARTS[role]}")
        return texts

    def _cleared(self, header: Header, block: tuple[int, int], placed: set[Spot]) -> dict[Spot, str]:
        """Samples in the row that stays, in columns nothing is written to: those of 中期 beside the year's."""
        columns = {*header.owners, *(header.other.owners if header.other else ())}
        spots = {(block[0], column) for column in columns} - placed
        return {spot: "" for spot in spots if spot in self.grid.cells and spot not in self.grid.formulas}

    def _dropped(self, header: Header, block: tuple[int, int]) -> Iterator[str]:
        """Texts of the rows that go which are no level and no sample: 小计."""
        for row in range(block[0] + 1, block[1] + 1):
            for column, value, name in self.layout.rows.get(row, ()):
                text = "".join(str(value).split())
                mine = header.owners.get(column) in ("level1", "level2", "name", None)
                if text in ("小计", "合计") or not mine and name is None and type(value) is str and len(text) > 4:
                    yield f"{self.grid.place((row, column)).cell}“{text[:20]}”"

    def _year(self, project: Spot) -> int | None:
        for (row, _), text in sorted(self.grid.cells.items()):
            if row <= project[0] and type(text) is str and (year := year_in(text)):
                return year
        return None

    def _is_label(self, spot: Spot) -> bool:
        return any((row, column) == spot for row, column, _ in self.layout.labels)

    def _stays(self, formula: str, block: tuple[int, int]) -> bool:
        """Whether a formula of the blank's own is right whatever becomes of the indicator rows."""
        for match in _FORMULA_REFERENCE.finditer(formula):
            first, last = int(match[1]), int(match[2] or match[1])
            if block[0] < first <= block[1] or block[0] < last < block[1]:
                return False
            if first == block[0] and match[2] and last != block[1]:
                return False
        return True

    def _unknown(self, project: Spot, header: Header, record: Record, found: list, kind: Kind) -> dict[Spot, str]:
        """Labels above the indicators that no field has, by the blank cell beside each: 项目编号, 项目负责人."""
        taken = {spot for spot, _ in found}
        lines = [spots[0] for name, spots in record.source.cells.spots.items() if name.startswith("budget[")]
        table = set(range(min(lines) - 1, max(lines) + 1)) if lines else set()
        extra: dict[Spot, str] = {}
        for row in self.layout.rows_between(project[0], header.row - 1):
            for column, value, name in self.layout.rows[row]:
                if (
                    row in table
                    or name not in (None, "other")
                    or type(value) is not str
                    or (row, column) in self.inline
                ):
                    continue
                text = without_tail(without_head("".join(value.split())))
                beside = self._free((row, column))
                empty = beside and beside not in self.grid.cells and beside not in taken and beside in self.borders
                if empty and 2 <= len(text) <= 15 and not _SAMPLE.fullmatch(text) and text not in extra.values():
                    extra[beside] = text
        return extra

    def _text(self, spot: Spot, names: list[str], kind: Kind) -> str:
        """What a cell is to hold."""
        was = self.grid.cells.get(spot)
        if spot in self.inline:
            found = self.inline[spot]
            words = [names[0]] if len(found) == 1 else [_named(label, names, kind) for _, label in found]
            shown = [word and _expression(word) for word in words]
            return _filled(str(was), [(at, word) for (at, _), word in zip(found, shown, strict=True)])
        if spot in self.sampled:
            label, value = self.sampled[spot]
            return label + (choices(value, names[0]) or _expression(names[0]))
        if {"计划开始日期", "计划完成日期"} <= set(names):
            return "{{ 计划开始日期 }}至{{ 计划完成日期 }}"
        name = names[0]
        if type(was) is str and (ticked := choices(was, name)):
            return ticked
        return _expression(name)


def _named(label: str, names: list[str], kind: Kind) -> str:
    """Which of some fields a label is printed for: 财政拨款 may be the project's or the year's. "" where it is none."""
    wanted = (label, label.replace("funds.", "funds.annual_"), label.replace("extra.", f"{fields.EXTRA}."))
    return next((name for name in names if kind.words.get(name, name) in wanted), "")


def _column(header: Header, path: str) -> int:
    """The column of a field; of one that stands in parts, that of its figure."""
    owned = sorted(at for at, owner in header.owners.items() if owner == path)
    return next((at for at in owned if header.roles.get(at, "figure") == "figure"), header.columns[path])


def _is_label(text: str) -> bool:
    return len(text) < 20 and text.rstrip().endswith((":", "："))


def _filled(text: str, values: list[tuple[int, str]]) -> str:
    """A text with values behind its labels; the blanks that were left for them go."""
    out, start = [], 0
    for at, value in values:
        room = _FILLER.match(text, at)
        out += [text[start:at], value]
        start = room.end()
        if start < len(text):
            out.append("　")
    return "".join([*out, text[start:]])


def _extra(name: str) -> str:
    return f"{fields.EXTRA}.{name}" if _IDENTIFIER.fullmatch(name) else f"{fields.EXTRA}['{name}']"


def _expression(name: str) -> str:
    return "{{ " + name + " }}"


def _title(text: str) -> str:
    """A title without its year: 项目支出绩效自评表."""
    text = re.sub(r"[(（\[【][^()（）]*年[^()（）]*[)）\]】]", "", "".join(text.split()))
    return re.sub(r"^[\d_＿×Xx*〇○□]*年度?", "", text)
