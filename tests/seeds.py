"""The example records carrying the full texts of the published forms they were transcribed from.

The bundled example keeps the facts of the forms but shortens their long texts. A test that needs
those too (an edited goal, a leftover tag, a cell of a thousand characters) takes them from here:
they are cut out of the seed files at run time and are not part of the project. Where the files are
absent, ``available()`` is false and such tests skip.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
SEEDS, CASES, BLANK_FORMS = SHARED / "seeds", SHARED / "cases", SHARED / "blank-forms"
EXAMPLE = Path(__file__).resolve().parents[1] / "xladdin" / "data" / "example.json"

_NUMBERS = ("000", "001", "002", "003", "004")
_EXTRA_2020 = (
    "项目概况",
    "立项依据",
    "项目设立的必要性",
    "保证项目实施的制度、措施",
    "项目实施计划",
)
_GOAL_2020 = "总目标及阶段性目标"
_AFTER_GOAL_2020 = "本项目上年度"

Key = tuple[str, int, str]


def available() -> bool:
    """Whether all five seed files are there to be read."""
    return all(any(SEEDS.glob(f"{number}_*.txt")) for number in _NUMBERS)


def seed_records() -> list[dict]:
    """The records of example.json, in its order, with the long texts of the seeds put back."""
    texts = _texts_2020() | _texts_2021() | _texts_evaluation()
    texts |= _texts_tabbed("004", 2023) | _texts_tabbed("002", 2024)
    records = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    for record in records:
        fields = texts.pop((record["kind"], record["year"], record["project"]))
        record["extra"].update(fields.pop("extra", {}))
        record.update(fields)
    if texts:
        raise LookupError(f"in the seeds but not in {EXAMPLE.name}: {sorted(texts)}")
    return records


def _texts_2020() -> dict[Key, dict]:
    """Seed 003, a PDF's text: one label a paragraph, its hard-wrapped text below it."""
    found = {}
    for form in _read("003").split("申报单位名称")[1:]:
        project = _between(form, "项目名称：", "项目类别").strip()
        marks = [*(f"{label}：" for label in (*_EXTRA_2020, _GOAL_2020)), _AFTER_GOAL_2020]
        *extra, goal = (_unwrap(_between(form, *pair)) for pair in pairwise(marks))
        fields = {"overall_goal": goal, "extra": dict(zip(_EXTRA_2020, extra, strict=True))}
        found["declaration", 2020, project] = fields
    return found


def _texts_2021() -> dict[Key, dict]:
    """Seed 000, a Markdown table: both goals stand in the row of their label."""
    rows = [_cells(line, "|") for line in _read("000").splitlines()]
    project = next(row[1] for row in rows if row[:1] == ["项目名称"])
    goals = next(row[1:] for row in rows if row[:1] == ["项目绩效目标"])
    return {("declaration", 2021, project): _goals(goals)}


def _texts_evaluation() -> dict[Key, dict]:
    """Seed 001, a PDF's text: goal and result are the two paragraphs below their headings."""
    text = _read("001")
    project = _between(text, "项目名称", "\n").strip()
    goal, result = re.split(r"\n\s*\n", _between(text, "实际完成情况", "绩\n效\n指").strip())
    fields = {"annual_goal": _unwrap(goal), "actual_result": _unwrap(result)}
    return {("evaluation", 2021, project): fields}


def _texts_tabbed(number: str, year: int) -> dict[Key, dict]:
    """Seeds 002 (four forms) and 004: tab-separated rows, the goals below their headings."""
    found = {}
    for form in _read(number).split("项目名称\t")[1:]:
        project = _cells(form.partition("\n")[0], "\t")[0]
        goals = _cells(_between(form, "年度总体目标", "一级指标"), "\t")
        found["declaration", year, project] = _goals(goals)
    return found


def _goals(cells: list[str]) -> dict:
    """The annual goal stands last; what stands before it is the overall one, often left empty."""
    return {"overall_goal": cells[0] if len(cells) > 1 else None, "annual_goal": cells[-1]}


def _cells(line: str, separator: str) -> list[str]:
    """What is written in a row, its empty cells left out."""
    return [cell.strip() for cell in line.split(separator) if cell.strip()]


def _unwrap(text: str) -> str:
    """A hard-wrapped text as one line: Chinese takes no blank where a line was broken."""
    return re.sub(r"\s*\n\s*", "", text.strip())


def _between(text: str, start: str, end: str) -> str:
    _, found_start, rest = text.partition(start)
    inner, found_end, _ = rest.partition(end)
    if not (found_start and found_end):
        raise LookupError(f"no text between {start!r} and {end!r} in the seed")
    return inner


def _read(number: str) -> str:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return path.read_text(encoding="utf-8")
