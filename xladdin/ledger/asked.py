"""The sheet 待核: what an import was not sure of, and what the clerk decided.

A field in doubt holds 待核12 in the ledger until the question of that number is answered; whoever types over it has
decided, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..domain.naming import name_key
from ..workbook.grid import Row as Line
from ..workbook.grid import Unread

SHEET = "待核"
FILE, SPOT, PROJECT, FIELD, READ, OFFERED, TAKEN, ORIGINAL = (
    "文件", "位置", "项目", "字段", "读到的", "建议", "采用", "原件",
)  # fmt: skip
WHY, NUMBER, AIM = "原因", "编号", "去处"
COLUMNS = (FILE, SPOT, PROJECT, FIELD, READ, OFFERED, TAKEN, ORIGINAL, WHY, NUMBER, AIM)
DONE = "done "  # before the 去处 of a row whose decision was carried out
EMPTY = "（空着）"  # an answer: nothing is to stand there
_NEEDED = (FIELD, TAKEN)
_MARK = re.compile(r"待核\s*(\d{1,7})")
_LOOKED_AT = 20


def mark(number: int) -> str:
    """What stands in the ledger for a field in doubt."""
    return f"{SHEET}{number}"


def marked(value: object) -> int | None:
    """The number of the question a cell waits for; None where it waits for none."""
    if type(value) is not str or not value.startswith(SHEET):
        return None
    found = _MARK.fullmatch(value.strip())
    return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of 待核. texts: what stands in it by column; line: the row itself; at: the column of the answer."""

    texts: Mapping[str, str]
    line: Line
    at: int

    @property
    def number(self) -> int | None:
        """Of the question."""
        return marked(self.texts.get(NUMBER, ""))

    @property
    def aim(self) -> str:
        """Where a decision goes that waits in no cell of the ledger; "" where it waits in one, or is carried out."""
        return self.texts.get(AIM, "")

    @property
    def answered(self) -> bool:
        """Whether the clerk has decided."""
        value = self.line.cells.get(self.at)
        return self.at in self.line.formulas or value is not None and str(value).strip() != ""

    def put(self, line: Line, at: int) -> None:
        """The decision into a cell of the ledger."""
        line.drop(at)
        if not is_empty(str(self.line.cells.get(self.at, ""))):
            _copy(self.line, self.at, line, at)

    @property
    def answer(self) -> str:
        """The decision as a text; "" for none, and where nothing is to stand there."""
        value = self.line.cells.get(self.at)
        text = "" if value is None else str(value).strip()
        return "" if is_empty(text) else text


def is_empty(text: str) -> bool:
    """Whether an answer says that nothing is to stand there."""
    return name_key(text) == name_key(EMPTY)


@dataclass(slots=True)
class Questions:
    """The rows of 待核. columns: heading → number, as far as there are; heading: the row of the headings."""

    rows: list[Asked] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    heading: int = 0
    _by_number: dict[int, list[Asked]] = field(default_factory=dict)

    def decision(self, number: int) -> Asked | None:
        """The answered row of a question; None for none, and where two rows of it say different things."""
        answered = [row for row in self._by_number.get(number, ()) if row.answered]
        return answered[0] if len({row.answer for row in answered}) == 1 else None

    def settle(self, line: Line) -> set[int]:
        """Put the answers into a row of the ledger; the columns that still wait for one, and now are blank."""
        waiting = set()
        cells = line.cells.items()
        for at, value in [(at, value) for at, value in cells if type(value) is str and value.startswith(SHEET)]:
            number = marked(value)
            if number is None:
                continue
            line.drop(at)
            asked = self.decision(number)
            if asked is None:
                waiting.add(at)
            else:
                asked.put(line, at)
        return waiting


def questions_in(lines: Iterable[Line]) -> Questions:
    """What the rows of the sheet 待核 hold."""
    found = Questions()
    for line in lines:
        texts = {name_key(value): at for at, value in line.cells.items() if type(value) is str}
        if not found.columns:
            if all(name in texts for name in _NEEDED):
                found.columns = {name: texts[name] for name in COLUMNS if name in texts}
                found.heading = line.number
            elif line.number > _LOOKED_AT:
                break
            continue
        told = {name: str(line.cells[at]) for name, at in found.columns.items() if at in line.cells}
        if told.keys() - {TAKEN, NUMBER}:
            at = found.columns[TAKEN]
            if at in line.uncomputed or isinstance(line.cells.get(at), Unread):
                text = f"={line.formulas.get(at, '')}"  # =91场 typed where it was taken for a formula
                line.drop(at)
                line.cells[at] = text
            asked = Asked(told, line, at)
            found.rows.append(asked)
            if asked.number is not None:
                found._by_number.setdefault(asked.number, []).append(asked)
    return found


def _copy(source: Line, one: int, to: Line, other: int) -> None:
    for kept in ("cells", "formulas", "shown"):
        held = getattr(source, kept)
        if one in held:
            getattr(to, kept)[other] = held[one]
    for kept in ("uncomputed", "percents"):
        if one in getattr(source, kept):
            getattr(to, kept).add(other)
