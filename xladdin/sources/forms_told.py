"""The forms in rows of text: labels and what stands beside or below them, amounts, goals; indicators elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..domain.labels import canonical, heading, is_unit_line, normalise
from ..domain.numbers import amount_of, is_blank_mark
from .figures_told import sums
from .indicators_told import Indicators
from .paper import Block, Table
from .told import DISORDER, INFERRED, JOINED, MISSING, SEVERAL, Fact, Told, Words

_COLUMNS = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")
_BUDGET = ("initial", "budget", "executed", "weight", "rate", "score", "reason")
_GOALS = ("overall_goal", "annual_goal", "actual_result")
_GOAL = "年度总体目标"
_TOTAL = "年度资金总额"
_BLOCKS = ("goal_block", "indicator_block", "annual_goal")
_INLINE = re.compile(r"([^:：\s]{2,24})[:：]\s*(.*)", re.DOTALL)
_NEXT = re.compile(r"[\s\u3000]+(?=[^:：\s]{2,12}[:：])")
_SPAN = re.compile(r"[(（]\s*\d{4}\s*年?.{0,12}[)）]")
_UNIT = re.compile(r"[(（]\s*(?:百万|千|万|亿)?元\s*[)）]")
_LONE = re.compile(r"[^:：。，；\s]{2,24}[:：]")
_TITLE = re.compile(r"(?:绩效|自评)\S*表|绩效目标申报$")
_YEAR = re.compile(r"[(（]?\s*\d{4}\s*年度?\s*[)）]?")
_NOISE = re.compile(r"[-—–\s]*第?\s*\d+\s*页?.{0,8}[-—–\s]*|附件\s*\d*[:：]?|(?:备注|注|填表人|填报人|说明).*")
_ALWAYS = ("project", "department", "unit", "start", "end")  # never left blank on a form that prints them
MOST_LOOSE = 2  # lines of a form that may be neither a label, a value nor a title
_MOST_STRANGE = 3  # rows that another reading has otherwise: else it is the better one
_LONGEST_LABEL = 12
_SHORT = 2  # characters of a piece of a label that stands upright


Others = Callable[[], list[Words] | None]


def told(rows: list[Words], doubted: str = "", otherwise: Others | None = None) -> list[Block]:
    """The rows as one table in which each fact is a row of its own. doubted: why nothing of it is certain.

    otherwise: gives other rows of the same. Where these are out of order those are taken, and nothing of them is
    certain, nor where many rows differ; else what they say otherwise is not.
    """
    reader = _Reader(_headings_whole(_upright(rows)), doubted)
    reader.read()
    others = otherwise() if otherwise else None
    if rows and (rows[0].loose or rows[0].page) and (why := reader.disorder()):
        if others:
            return told(others, INFERRED)
        reader.told.doubt_all(why)
    elif others:
        (other,) = told(others) or [Table()]
        said = set(_said(other).values()) if isinstance(other, Table) else set()
        strange = [row for row, texts in _said(reader.told.table).items() if texts not in said]
        if len(strange) > _MOST_STRANGE:
            return told(others, INFERRED)
        for cell in reader.told.table.cells:
            if cell.row in strange:
                cell.unsure = cell.unsure or INFERRED
    return [reader.told.table] if reader.told.table.cells else []


def _said(table: Table) -> dict[int, tuple[str, ...]]:
    """What each row says, its labels by what they mean."""
    rows = table.by_row().items()
    return {at: tuple(canonical(c.text) or "".join(c.text.split()) for c in cells if c.text) for at, cells in rows}


def _upright(rows: list[Words]) -> list[Words]:
    """The rows without labels printed one piece below the other beside a block (绩/效/指/标)."""
    kept: list[Words] = []
    at = 0
    while at < len(rows):
        end = at
        text = ""
        while end < len(rows) and end < at + 9 and len(rows[end].full) == 1 and len(rows[end].full[0]) <= _SHORT:
            text += rows[end].full[0]
            end += 1
            if end - at > 1 and canonical(text) in _BLOCKS:
                break
        if end - at > 1 and canonical(text) in _BLOCKS:
            if canonical(text) == "indicator_block":  # which ends the goals above it
                kept.append(Words([text], rows[at].at, rows[at].gap, rows[at].loose, rows[at].page))
            elif end < len(rows):
                rows[end].gap = True
            at = end
        else:
            kept.append(rows[at])
            at += 1
    return kept


def _headings_whole(rows: list[Words]) -> list[Words]:
    """The rows, a heading of two as one: of 指标值 over 年度指标值 and 实际完成值 the lower names hold."""
    whole: list[Words] = []
    for row in rows:
        above = whole[-1] if whole else None
        if above is not None and (_is_heading(above) and _is_lower(row, above) or _is_upper(above, row)):
            above.cells = [under or over for over, under in zip(above.cells, row.cells, strict=True)]
        else:
            whole.append(row)
    return whole


def _is_heading(row: Words) -> bool:
    return len({"level1", "level2", "name"} & {canonical(cell) for cell in row.full}) > 1


def _is_lower(row: Words, above: Words) -> bool:
    """Whether a row holds nothing but names of columns, some of them new."""
    if row.loose or above.loose or len(row.cells) != len(above.cells) or row.full == above.full:
        return False
    return all(len(cell) <= _LONGEST_LABEL and canonical(cell) in (*_COLUMNS, "indicator_block") for cell in row.full)


def _is_upper(row: Words, below: Words) -> bool:
    """Whether a row is the upper one of a heading: the name of the indicators is in it, the levels are in the other."""
    if row.loose or below.loose or len(row.cells) != len(below.cells) or not _is_heading(below):
        return False
    names = {canonical(cell): place for place, cell in enumerate(row.cells) if cell}
    place = names.get("name", names.get("target"))
    return place is not None and not below.cells[place] and all(len(cell) <= _LONGEST_LABEL for cell in row.full)


class _Reader:
    """Goes through the rows once, from the top."""

    def __init__(self, rows: list[Words], doubted: str):
        self.rows = rows
        self.at = 0
        self.told = Told(doubted)
        self.fact: Fact | None = None  # the label whose value may go on
        self.long = False  # whether that is a text of many lines
        self.facts: list[Fact] = []
        self.values: dict[int, Fact] = {}  # of the row above, by place
        self.heads: dict[int, Fact] = {}  # labels of amounts in the row above that have none beside them, by place
        self.forms = 0
        self.loose = 0  # lines that are neither labels with values nor titles
        self.lacking = False  # whether a table of indicators lacks what each has
        self.totals: dict[str, tuple[int, int]] = {}  # where the totals of the project and of the year stand
        self.seen: list[str] = []  # labels of amounts in this row

    def read(self) -> None:
        while self.at < len(self.rows):
            row = self.rows[self.at]
            if self._heading(row):
                self.fact, self.long = None, False
                table = Indicators(self.rows, self.at, self.told, self._columns())
                self.at = table.read()
                self.forms += 1
                self.lacking = self.lacking or table.lacking()
            elif self._is_budget(row):
                self._budget()
            elif self._are_goals(row):
                self._goals()
            else:
                self._head(row)
                self.at += 1

    def disorder(self) -> str:
        """Why the words do not stand in the order in which a form is read; "" where they do."""
        if self.loose > MOST_LOOSE * max(self.forms, 1) or self.lacking:
            return DISORDER
        blank = [fact for fact in self.facts if not fact.text and canonical(fact.label.text) in _ALWAYS]
        return DISORDER if blank else ""

    # the heading of indicators, in one row or in several

    def _heading(self, row: Words) -> bool:
        return _is_heading(row)

    def _columns(self) -> list[tuple[str, str, int]]:
        """Name, wording and place of each column; in a text its heading may go on over the next lines."""
        row = self.rows[self.at]
        columns: list[tuple[str, str, int]] = []
        if not row.loose:
            for place, cell in enumerate(row.cells):
                if (name := canonical(cell) or heading(cell, "indicators")) in _COLUMNS and name not in [
                    one[0] for one in columns
                ]:
                    columns.append((name, cell, place))
            self.at += 1
            return columns
        pieces = [(piece, number) for number in range(self.at, min(self.at + 14, len(self.rows)))
                  for piece in self.rows[number].full]  # fmt: skip
        place = 0
        while place < len(pieces):
            for many in (3, 2, 1):
                text = "".join(piece for piece, _ in pieces[place : place + many])
                name = canonical(text)
                if name in _COLUMNS and name not in [one[0] for one in columns]:
                    break
            else:
                if not (columns and canonical(pieces[place][0]) == "indicator_block"):
                    break
                many, name = 1, None
            if name:
                columns.append((name, text, len(columns)))
            place += many
        self.at = pieces[place][1] if place < len(pieces) else pieces[-1][1] + 1
        return columns

    # 项目资金 of an evaluation

    def _is_budget(self, row: Words) -> bool:
        names = {canonical(cell) for cell in row.full}
        return "executed" in names and bool(names & {"budget", "initial"})

    def _budget(self) -> None:
        head = self.rows[self.at]
        columns = [(canonical(cell), cell, place) for place, cell in enumerate(head.cells)
                   if canonical(cell) in _BUDGET]  # fmt: skip
        if head.full and canonical(head.full[0]) == "fund_block":
            self.told.facts([head.full[0]], head)
        self.told.facts(["", *(cell for _, cell, _ in columns)], head)
        self.fact, self.long = None, False
        self.at += 1
        lines: list[tuple[Words, str, list[str], bool]] = []
        while self.at < len(self.rows):
            row = self.rows[self.at]
            cells = [(place, cell) for place, cell in enumerate(row.cells) if cell]
            if cells and canonical(cells[0][1]) == "fund_block" and len(cells) > 1:
                cells = cells[1:]
            if not lines and not row.loose and cells and {place for place, _ in cells} <= {at for *_, at in columns}:
                lines.append((row, _TOTAL, *self._figures(row, 0, head, columns)))  # one line, that has no name
                self.at += 1
                break
            name = canonical(cells[0][1])
            if not (name or "").startswith("funds.") and not (name == "total" and len(cells) > 2):
                break
            first = cells[0][0]
            values, sure = self._figures(row, first, head, columns)
            lines.append((row, cells[0][1], values, sure))
            self.at += 1
        proven = sums([values for _, _, values, _ in lines], [name for name, _, _ in columns])
        for number, (row, item, values, sure) in enumerate(lines):
            unsure = {
                column + 1: MISSING
                for column, (value, (name, _, _)) in enumerate(zip(values, columns, strict=False))
                if not sure
                and (number, name) not in proven
                and (value or number == 0)
                and not is_blank_mark(value or "—")
            }
            self.told.facts([item, *values], row, unsure)

    def _figures(self, row: Words, first: int, head: Words, columns: list) -> tuple[list[str], bool]:
        """The values of a line of amounts under their headings, and whether that is certain."""
        if not row.loose and len(row.cells) == len(head.cells):
            return [row.cells[place] for _, _, place in columns], True
        values = [cell for cell in row.cells[first + 1 :] if cell or not row.loose]
        while values and not values[0] and not row.loose:
            values.pop(0)
        sure = len(values) == len(columns) and not row.loose
        return [*values, *[""] * len(columns)][: len(columns)], sure

    # both goals: their headings, and below them what they say

    def _are_goals(self, row: Words) -> bool:
        names = [canonical(cell) for cell in row.full]
        goals = [name for name in names if name in _GOALS]
        others = [cell for cell, name in zip(row.full, names, strict=True) if name not in (*_GOALS, "goal_block")]
        if not goals or any(not _SPAN.fullmatch(cell) for cell in others):
            return False
        following = self.rows[self.at + 1 : self.at + 2]
        return bool(following) and not (row.loose and len(goals) == 1 and row.full[0].endswith((":", "：")))

    def _goals(self) -> None:
        heads: list[tuple[str, int, Words]] = []
        while self.at < len(self.rows):
            row = self.rows[self.at]
            names = [(canonical(cell), cell, place) for place, cell in enumerate(row.cells) if cell]
            goals = [(cell, place, row) for name, cell, place in names if name in _GOALS]
            if len(goals) > 2 or len(goals) == 2 and canonical(goals[0][0]) == canonical(goals[1][0]):
                del goals[0]  # the label of the block, left of both
            rest = [cell for name, cell, _ in names if name not in (*_GOALS, "goal_block")]
            if any(not _SPAN.fullmatch(cell) for cell in rest) or not (goals or rest) and heads:
                break
            heads += goals
            self.at += 1
        texts: list[tuple[str, int, Words]] = []
        while self.at < len(self.rows):
            row = self.rows[self.at]
            if self._ends_text(row) or not row.loose and texts and not self._below(row, texts):
                break
            if not row.loose and texts:  # the next line of the same texts
                lines = {place: cell for place, cell in enumerate(row.cells) if cell}
                texts = [
                    (text if lines.get(place) == text else _joined(text, lines.get(place, "")), place, where)
                    for text, place, where in texts
                ]
                self.at += 1
                continue
            cells = [(cell, place, row) for place, cell in enumerate(row.cells)
                     if cell and canonical(cell) not in ("goal_block", "indicator_block")]  # fmt: skip
            if row.loose:
                cells = [(" ".join(row.full), 0, row)]
            elif not texts:
                cells = [cell for number, cell in enumerate(cells) if not number or cell[0] != cells[number - 1][0]]
                heads = self._more_heads(heads, [place for _, place, _ in cells])
            if row.loose and texts and not row.gap:
                texts[-1] = (_joined(texts[-1][0], cells[0][0]), *texts[-1][1:])
            else:
                texts += cells
            self.at += 1
        self.fact, self.long = None, False
        unsure = ""
        if len(texts) > len(heads) and heads:  # paragraphs: which of them end the first goal is not to be seen
            unsure = MISSING if len(heads) > 1 or len({place for _, place, _ in texts}) > 1 else ""
            many = len(texts) - len(heads) + 1
            whole = "\n".join(text for text, _, _ in texts[:many])
            texts = [(whole, texts[0][1], texts[0][2]), *texts[many:]]
        if len(texts) < len(heads):
            slid = len(heads[0][2].cells) - len(texts[0][2].cells) if texts else 0
            unsure = MISSING if slid else ""
            exact = {place + slid: (text, place, row) for text, place, row in texts}
            if texts and all(place in [head[1] for head in heads] for place in exact) and not texts[0][2].loose:
                texts = [exact.get(place, ("", place, row)) for _, place, row in heads]
            elif texts:
                unsure = MISSING
                texts = [("", 0, row) for _, _, row in heads[: len(heads) - len(texts)]] + texts
        for (label, _, row), (text, _, where) in zip(
            heads, texts or [("", 0, head[2]) for head in heads], strict=False
        ):
            self.told.facts([label.strip(":："), text], where if text else row, {1: unsure} if unsure else {})

    def _more_heads(self, heads: list[tuple[str, int, Words]], places: list[int]) -> list[tuple[str, int, Words]]:
        """The headings, with a plain 总体目标 where a text stands right below it and below each other heading."""
        row = heads[0][2] if heads else None
        known = [place for _, place, _ in heads]
        if row is None or set(places) <= set(known) or not set(known) < set(places) or max(places) >= len(row.cells):
            return heads
        cells = [(row.cells[place], place) for place in places if place not in known]
        if len(cells) > 1 or canonical(cells[0][0]) != "goal_block":
            return heads
        return sorted([*heads, (_GOAL, cells[0][1], row)], key=lambda head: head[1])

    def _below(self, row: Words, texts: list[tuple[str, int, Words]]) -> bool:
        """Whether a line stands just below texts, and has nothing else."""
        places = {place for place, cell in enumerate(row.cells) if cell}
        return not row.gap and places <= {place for _, place, _ in texts}

    # everything above: labels with their values beside them

    def _ends_text(self, row: Words) -> bool:
        """Whether a row is no part of the text above it."""
        first = row.full[0]
        name = canonical(first)
        if self._heading(row) or self._is_budget(row) or name in ("project", "indicator_block", "fund_block", "total"):
            return True
        if not row.loose:
            return name is not None and name != "goal_block" or len(row.full) == 1 and bool(_LONE.fullmatch(first))
        if self.fact is not None and not self.fact.text and len(row.full) == 1 and _LONE.fullmatch(first):
            return True
        return row.gap and (
            len(row.full) == 1 and bool(_LONE.fullmatch(first) or name) or _is_title(" ".join(row.full))
        )

    def _head(self, row: Words) -> None:
        if self.long and self.fact is not None and not self._ends_text(row):
            text = " ".join(row.full)
            self.fact.say(text)
            return
        if row.loose and self.fact is not None and self._goes_on(row):
            return
        labels = self._labelled(row)
        self.seen = []
        cells = {place: cell for place, cell in enumerate(row.cells) if cell}
        if not labels and row.page is not None and cells.keys() <= self.values.keys():
            for place, cell in cells.items():
                self.values[place].say(cell, JOINED)
            return
        if not labels and not row.loose and cells.keys() <= self.heads.keys() and self._are_amounts(cells):
            for place, cell in cells.items():
                self.heads[place].say(cell)
            self.heads = {}
            return
        self.values, self.heads = {}, {}
        if not labels:
            text = " ".join(row.full)
            self.told.line(text, row)
            self.loose += not (_is_title(text) or _YEAR.fullmatch(text) or _NOISE.fullmatch(text) or is_unit_line(text))
            self.fact, self.long = None, False
            return
        funds = [label for label, _ in labels if (canonical(label) or "").startswith("funds.")]
        for label, values in labels:
            values = [value for number, value in enumerate(values) if value not in values[:number]]  # a merged cell's
            text = " ".join(value for value in values if value)
            side, unsure = self._side(label, funds, row)
            unsure = unsure or (SEVERAL if not row.loose and sum(map(bool, values)) > 1 else "")
            self.fact = self.told.value(label, row, side)
            self.facts.append(self.fact)
            if text:
                self.fact.say(text, unsure)
            elif not row.loose and label in row.cells and (canonical(label) or "").startswith("funds."):
                self.heads[row.cells.index(label)] = self.fact
            self.values |= {place: self.fact for place, cell in cells.items() if cell in values}
        last, values = labels[-1]
        alone = len(labels) == 1 and not any(values)
        self.long = alone and (canonical(last) in _GOALS or canonical(last) is None)
        if not row.loose or canonical(last) in ("indicator_block", "goal_block"):
            self.fact = None if not self.long else self.fact

    def _are_amounts(self, cells: dict[int, str]) -> bool:
        return all(amount_of(cell, None) is not None or is_blank_mark(cell) for cell in cells.values())

    def _side(self, label: str, funds: list[str], row: Words) -> tuple[int, str]:
        """The column for a label: amounts of the year stand beside those of the project; and why that is not sure."""
        name = canonical(label) or ""
        place = row.cells.index(label) if label in row.cells else 0
        if name in ("funds.total", "funds.annual_total"):
            self.totals[name] = (place, len(row.cells))
        if name == "funds.total" or not name.startswith("funds."):
            return 0, ""
        if name.startswith("funds.annual"):
            return 3, ""
        if len(funds) > 1:
            self.seen.append(label)
            return (3 if self.seen.count(label) > 1 or funds.index(label) else 0), ""
        near = [(abs(place - at), name) for name, (at, wide) in self.totals.items() if wide == len(row.cells)]
        if len(near) > 1 and not row.loose:
            return (3 if min(near)[1] == "funds.annual_total" else 0), ""
        return (3 if "funds.total" not in self.totals else 0), MISSING if len(self.totals) > 1 else ""

    def _goes_on(self, row: Words) -> bool:
        """Take a line that only goes on with the value, or the label, above it."""
        text = " ".join(row.full)
        if len(row.full) > 1 or self._labelled(row) or _is_title(text) or _YEAR.fullmatch(text):
            return False
        if self.fact is None:
            return False
        label = self.fact.label
        if not self.fact.text and (is_unit_line(text) or _UNIT.fullmatch(text) or _SPAN.fullmatch(text)):
            label.text += text
        elif (
            not self.fact.text and canonical(label.text) == "fund_block" or amount_of(self.fact.text, None) is not None
        ):
            return False
        else:
            self.fact.say(text, JOINED if self.fact.text else "")
        return True

    def _labelled(self, row: Words) -> list[tuple[str, list[str]]]:
        """The labels of a row, each with the cells up to the next; [] where it begins with none."""
        found: list[tuple[str, list[str]]] = []
        for cell in _labels_apart(row):
            name = canonical(cell) if cell else None
            inline = None if name or not cell else _INLINE.fullmatch(cell)
            if name:
                found.append((cell, []))
            elif inline and (canonical(inline[1]) or row.loose and not inline[2]):
                found.append((inline[1] + "：", [inline[2]]))
            elif found and not row.loose and _LONE.fullmatch(cell or ""):
                found.append((cell, []))
            elif found:
                found[-1][1].append(cell)
            elif cell and not row.loose and _LONE.fullmatch(cell):
                found.append((cell, []))
            elif cell:
                return []
        return found


def _labels_apart(row: Words) -> list[str]:
    """The cells of a row; one that holds several names with their labels, as those."""
    if row.loose:
        return row.cells
    cells: list[str] = []
    for cell in row.cells:
        parts = [part.strip() for part in _NEXT.split(cell)]
        inline = [_INLINE.fullmatch(part) for part in parts]
        known = len(parts) > 1 and all(match and canonical(match[1]) in _ALWAYS for match in inline)
        cells += parts if known else [cell]
    return cells


def _is_title(text: str) -> bool:
    return len(text) <= 60 and bool(_TITLE.search(normalise(text)))


def _joined(text: str, more: str) -> str:
    return text + ("" if not (text[-1:].isascii() and text[-1:].isalpha() and more[:1].isascii()) else " ") + more
