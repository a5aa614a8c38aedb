"""Forms as bureaus lay them out, by chance: what they say is known, so what is read can be compared with it.

Wordings come from the table of labels, layouts from published forms. Amounts, rates, points and sums agree, so that a check
of what was read finds no mistake.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from xladdin.domain.wordings import LABELS
from xladdin.workbook.grid import Grid

LEVELS = (
    ("产出指标", "数量指标"), ("产出指标", "质量指标"), ("产出指标", "时效指标"), ("效益指标", "社会效益指标"),
    ("满意度指标", "服务对象满意度指标"),
)  # fmt: skip
NAMES = ("维护里程", "验收合格率", "按期完成率", "受益人数", "群众满意度")
TARGETS = (("≥", "120", "公里"), ("≥", "95", "%"), ("=", "100", "%"), ("≥", "3000", "人"), ("≥", "90", "%"))
DONE = ("130公里", "97%", "100%", "3200人", "93%")
WEIGHTS = (20, 20, 10, 30, 10)
CLOSING = ("填报人：张三", "审核人：", "填报日期：2024年3月1日", "联系电话：010-12345678")


@dataclass
class Page:
    """A sheet being written: the next free row, its width, and what ought to be read."""

    chance: Random
    width: int
    grid: Grid = field(default_factory=lambda: Grid("表", "f.xlsx"))
    row: int = 1
    want: dict[str, Any] = field(default_factory=dict)

    def word(self, name: str) -> str:
        words = [word for source in LABELS[name].values() for word in source.split()]
        return self.chance.choice(words[:1] * 2 + words)

    def put(self, first: int, last: int, value: Any, down: int = 0) -> None:
        """A value in columns first … last of the row, merged, and over `down` more rows."""
        if value not in (None, ""):
            self.grid.cells[self.row, first] = value
        if last > first or down:
            self.grid.merges.append((self.row, first, self.row + down, last))

    def line(self, *cells: tuple[int, Any]) -> None:
        """A row of cells by their widths, as far as they go; the last takes what is left."""
        at = 1
        for number, (width, value) in enumerate(cells):
            last = self.width if number == len(cells) - 1 else at + width - 1
            self.put(at, last, value)
            at = last + 1
        self.row += 1

    def spread(self, cells: Iterable[Any], heads: int = 1) -> None:
        """A row whose cells share its width, the first `heads` being one column wide."""
        cells = list(cells)
        rest = self.width - heads
        each = rest // max(1, len(cells) - heads)
        self.line(*((1 if at < heads else each, cell) for at, cell in enumerate(cells)))


def layout(seed: int) -> tuple[Grid, dict[str, Any]]:
    """A form and what it says, the same for the same seed."""
    chance = Random(seed)
    page = Page(chance, chance.randint(8, 11))
    evaluation = chance.random() < 0.6
    page.want |= {"year": 2023, "money_unit": chance.choice(("元", "万元"))}
    _title(page, evaluation)
    _names(page)
    (_budget if evaluation else _funds)(page)
    _goals(page, evaluation)
    _indicators(page, evaluation)
    for text in chance.sample(CLOSING, chance.randint(0, 3)):
        page.line((page.width, text))
    if chance.random() < 0.3:
        page.spread(("填报人：张三", "审核人：李四", "填报日期："), 0)
    page.grid.drop_covered()
    return page.grid, page.want


def _title(page: Page, evaluation: bool) -> None:
    chance = page.chance
    title = chance.choice(("项目支出绩效", "部门预算项目绩效", "专项资金绩效", "项目绩效"))
    title += chance.choice(("自评表", "目标自评表")) if evaluation else chance.choice(("目标申报表", "目标表", "目标批复表"))
    where = chance.randrange(3)
    if chance.random() < 0.3:
        page.line((page.width, "附件2"))
    page.line((page.width, ("2023年度" if where == 0 else "") + title + ("（2023年度）" if where == 1 else "")))
    if where == 2:
        page.line((page.width, chance.choice(("（2023年度）", "( 2023 年度 )"))))
    page.want["unit_in"] = chance.choice(("line", "block"))
    if page.want["unit_in"] == "line":
        page.line((page.width, chance.choice(("单位：", "金额单位:")) + page.want["money_unit"]))


def _names(page: Page) -> None:
    chance, want = page.chance, page.want
    want |= {"project": "城市道路维护项目", "department": "某市住房和城乡建设局", "unit": "某市市政工程管理处"}
    fields = [(page.word("department"), want["department"]), (page.word("unit"), want["unit"])]
    style = chance.choice(("beside", "each", "colon", "one cell"))
    if style == "colon":
        page.line((page.width, f"{page.word('project')}：{want['project']}"))
        page.spread([f"{label}：{value}" for label, value in fields], 0)
    elif style == "one cell":
        page.line((2, page.word("project")), (1, want["project"]))
        page.line((page.width, "    ".join(f"{label}：{value}" for label, value in fields)))
    elif style == "each":
        for label, value in ((page.word("project"), want["project"]), *fields):
            page.line((2, label), (1, value))
    else:
        page.line((2, page.word("project")), (1, want["project"]))
        page.line((2, fields[0][0]), (2, fields[0][1]), (1, fields[1][0]), (1, fields[1][1]))
    if chance.random() < 0.3:
        page.line((2, page.word("other")), (2, "示例"), (1, "联系电话"), (1, "010-12345678"))


def _block(page: Page, points: bool = False) -> str:
    text = page.word("fund_block")
    if page.want["unit_in"] == "block":
        text += page.chance.choice(("（{}）", "\n({})")).format(page.want["money_unit"])
    return text + ("(10分)" if points else "")



def _funds(page: Page) -> None:
    chance, want = page.chance, page.want
    total, other = Decimal(chance.randint(100, 999)), Decimal(chance.choice((0, 50)))
    want |= {"funds.annual_total": total + other, "funds.annual_fiscal": total, "funds.annual_other": other}
    words = [page.word("funds.annual_total"), "其中：" + page.word("funds.annual_fiscal"), page.word("funds.other")]
    figures = (total + other, total, other)
    style = chance.choice(("rows", "one row", "heads", "inline", "pair"))
    block = _block(page)
    if style == "rows":
        page.put(1, 1, block, 2)
        for word, figure in zip(words, figures, strict=True):
            page.put(2, 4, word)
            page.put(5, page.width, figure)
            page.row += 1
    elif style == "one row":
        page.spread([block, *(part for pair in zip(words, figures, strict=True) for part in pair)], 1)
    elif style == "heads":
        page.put(1, 1, block, 1)
        for cells in (words, figures):
            for at, cell in enumerate(cells):
                page.put(2 + 2 * at, 3 + 2 * at if at < 2 else page.width, cell)
            page.row += 1
    elif style == "inline":
        page.put(1, 1, block, 2)
        for word, figure in zip(words, figures, strict=True):
            page.put(2, page.width, f"{word}{chance.choice(('：', ':', ' '))}{figure}")
            page.row += 1
    else:
        want |= {"funds.total": figures[0] * 3, "funds.fiscal": total * 3, "funds.other": other * 3}
        page.put(1, 1, block, 2)
        left = ("项目资金总额", "其中：财政拨款", "其他资金")
        for at, figure in enumerate(figures):
            page.put(2, 3, left[at])
            page.put(4, 4, figure * 3)
            page.put(5, 6, words[at])
            page.put(7, page.width, figure)
            page.row += 1


def _budget(page: Page) -> None:
    chance, want = page.chance, page.want
    amount = Decimal(chance.randint(100, 999))
    spent = amount * chance.choice((Decimal(1), Decimal("0.9"), Decimal("0.5")))
    rate, points = spent / amount, 10 * spent / amount
    columns = {"initial": amount, "budget": amount, "executed": spent, "weight": Decimal(10), "rate": rate, "score": points}
    weighted = chance.random() < 0.8
    if not weighted:
        del columns["weight"]
    if chance.random() < 0.2:
        del columns["initial"]
    percent = chance.random() < 0.3
    words = {name: page.word(name) for name in columns}
    words["rate"] += "(%)" if percent else ""
    words["executed"] += chance.choice(("", "(B)"))
    words["score"] += "" if weighted else chance.choice(("", "（10分×执行率）"))
    in_block = not weighted and "10分" not in words["score"]
    lines = [(page.word("funds.annual_total"), True), ("其中：" + page.word("funds.annual_fiscal"), False), ("其他资金", None)]
    want |= {f"budget[0].{name}": value for name, value in columns.items()} | {"budget[0].weight": Decimal(10)}
    want["budget[0].item"] = "年度资金总额"
    page.put(1, 1, _block(page, in_block), len(lines))
    first = page.width - len(columns) + 1
    for at, name in enumerate(columns):
        page.put(first + at, first + at, words[name])
    page.row += 1
    for text, total in lines:
        page.put(2, first - 1, text)
        for at, (name, value) in enumerate(columns.items()):
            if total is None or not total and name in ("weight", "score"):
                shown: Any = "—" if name in ("weight", "score") else None
            elif name == "rate":
                shown = value * 100 if percent else f"{value:.0%}"
            else:
                shown = value
            page.put(first + at, first + at, shown)
        page.row += 1


def _goals(page: Page, evaluation: bool) -> None:
    chance, want = page.chance, page.want
    want["annual_goal"] = "完成城市道路维护120公里，保障出行。"
    said = [(page.word("annual_goal"), want["annual_goal"])]
    if evaluation:
        want["actual_result"] = "已完成城市道路维护130公里。"
        said.append((page.word("actual_result"), want["actual_result"]))
    elif chance.random() < 0.4:
        want["overall_goal"] = "三年内改造全部破损道路。"
        said.insert(0, (page.word("overall_goal"), want["overall_goal"]))
    if chance.random() < 0.3:
        for label, text in said:
            page.line((2, label), (1, text))
        return
    block = chance.random() < 0.7
    if block:
        page.put(1, 1, page.word("goal_block"), 1)
    left = 2 if block else 1
    middle = page.width // 2 if len(said) > 1 else page.width
    for cells in zip(*said, strict=True):
        page.put(left, middle, cells[0])
        if len(cells) > 1:
            page.put(middle + 1, page.width, cells[1])
        page.row += 1


def _indicators(page: Page, evaluation: bool) -> None:
    chance, want = page.chance, page.want
    split = chance.choice((1, 1, 2, 3))
    parts = {1: [], 2: [chance.choice(("指标值", "数值")), "度量单位"], 3: ["指标性质", "指标值", "计量单位"]}[split]
    grouped = split > 1 and chance.random() < 0.6
    block = chance.random() < 0.6
    heads = ["level1", "level2", "name", *["target"] * split]
    if evaluation:
        heads += ["actual", "weight", "score", "reason"]
        if chance.random() < 0.2:
            heads.remove("weight")
            heads.insert(3, "weight")
    left = 2 if block else 1
    deep = 2 if grouped or chance.random() < 0.1 else 1
    width = max(page.width, left + len(heads) - 1)
    if block:
        page.put(1, 1, page.chance.choice(("绩效指标", "绩\n效\n指\n标")), deep - 1 + len(NAMES))
    at = left
    seen = 0
    for index, name in enumerate(heads):
        last = width if index == len(heads) - 1 else at
        if name == "target" and split > 1:
            if grouped and not seen:
                page.put(at, at + split - 1, page.chance.choice(("年度指标值", "指标值")))
            row, page.row = page.row, page.row + deep - 1
            page.put(at, last, parts[seen])
            page.row = row
            seen += 1
        else:
            page.put(at, last, page.word(name), deep - 1)
        at += 1
    page.row += deep
    repeated = chance.random() < 0.4
    for n, ((level1, level2), name, (sign, figure, unit)) in enumerate(zip(LEVELS, NAMES, TARGETS, strict=True)):
        same = n and LEVELS[n - 1][0] == level1
        shown = {
            1: [f"{sign}{figure}{unit}"], 2: [f"{sign}{figure}", unit], 3: [sign, Decimal(figure), unit],
        }[split]  # fmt: skip
        row: list[Any] = [None if same and not repeated else level1, level2, name]
        weight = Decimal(WEIGHTS[n])
        result = {"actual": DONE[n], "weight": weight, "score": weight, "reason": None}
        rest = iter(shown)
        row += [next(rest) if head == "target" else result[head] for head in heads[3:]]
        for column, value in enumerate(row, left):
            page.put(column, width if column == left + len(row) - 1 else column, value)
        want |= {f"indicators[{n}].{key}": value for key, value in (("level1", level1), ("level2", level2), ("name", name))}
        want[f"indicators[{n}].target"] = f"{sign}{figure}{unit}"
        if evaluation:
            want |= {f"indicators[{n}].{key}": value for key, value in result.items()}
        page.row += 1
    want["indicators"] = len(NAMES)
    if evaluation:
        _total(page, left, heads)


def _total(page: Page, left: int, heads: list[str]) -> None:
    want = page.want
    if page.chance.random() < 0.2:
        page.line((3, "其他需要说明的问题"), (1, "无"))
    want |= {"total_weight": Decimal(100), "total_score": want["budget[0].score"] + 90}
    figures = {left + heads.index("weight"): want["total_weight"], left + heads.index("score"): want["total_score"]}
    page.put(1, min(figures) - 1, page.word("total"))
    for column, figure in figures.items():
        page.put(column, column, figure)
    if page.chance.random() < 0.5 and page.width > max(figures) and want["total_score"] >= 98:
        want["extra.自评等级"] = "优"
        page.put(max(figures) + 1, max(figures) + 1, "优")
    page.row += 1
