"""A second set of clean pairs, in other fields and another hand than pairs.py.

Written from the handbook and the published forms alone, without a look at the rules, so that what the
rules make of it says how they do on forms nobody tuned them for. The forms, amounts and faults are those
of the first set; the fields of work, the notations, the goals, the reasons and above all the prose of
实际完成情况 are not: figures before their nouns, paraphrased names, plan against outcome, last year's
figures, half-years, approximations, and figures that belong to no indicator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from functools import partial

from xladdin import BudgetLine, Indicator, Result

from . import pairs as first
from .notation import WAN, Notation, mark, notation, plain, rounded
from .pairs import ADJUSTED, SURPLUS_FROM, Clerk, Money, Row
from .second_themes import THEMES
from .themes import Theme

WIDE = str.maketrans("0123456789%=", "０１２３４５６７８９％＝")
NARROW = str.maketrans("０１２３４５６７８９％＝（）", "0123456789%=()")
DURATIONS = ("个工作日", "小时", "分钟", "天")

CAUSES = {
    "数量": (
        "受汛期连续降雨影响，现场作业时间不足，完成量较计划略少。改进措施：次年提前排定工期，避开雨季集中施工。",
        "部分点位因产权协调耗时较长未能按期进场，已与属地政府商定2个备选点位，后续将先落实点位再申报计划。",
        "原因：年中工作重心调整，个别任务顺延至下一年度。措施：建立月调度机制，细化任务清单，确保完成。",
    ),
    "质量": (
        "个别承接单位自检把关不严，导致抽检合格比例略低于预期，已约谈并责令整改，今后将纳入履约考核。",
        "主要系新进人员经验不足。拟采取的措施：开展岗前实训，实行老带新，增加复核环节。",
        "新标准执行首年，部分环节衔接不够顺畅；将修订操作手册，加大抽查频次。",
    ),
    "时效": (
        "招标流标一次，重新组织采购致使整体进度滞后约15天；以后将提前启动采购程序。",
        "因外部审批流程较长，办理时间超出预期，下一步推行并联办理，压缩流转环节。",
    ),
    "满意": (
        "问卷显示对噪声和便民停车意见较集中。整改措施：合理安排作业时段，设置临时停车引导。",
        "样本中新增服务对象占比较高，对服务流程不熟悉，今后将加强告知引导，提升服务体验。",
    ),
    "成本": (
        "人工及材料市场价格较预算编制时上涨，致使成本超出目标值；今后编制预算时开展市场询价，加强成本管控。",
        "零星增项较多，拉高了平均成本。改进：严格变更审批，实行限额设计。",
    ),
    "效益": (
        "项目第四季度才全部投用，效益尚未完全释放，后续将持续跟踪并加大推介力度。",
        "宣传渠道较为单一，知晓面有限；下一步拓展线上渠道，联合社区开展推广。",
        "受外部环境影响，效果略低于预期，拟通过优化服务供给、完善激励办法加以改进。",
    ),
}
SURPLUSES = (
    "群众参与热情高于预期，实际完成量超计划较多；次年编报目标时参考本年实绩合理调高指标值。",
    "年初测算依据为历史低值，指标值设定偏保守，实际超额完成；今后将结合三年均值科学设定目标。",
    "上级部门年中下达新增任务，完成量相应增加，今后加强目标动态调整，及时履行变更程序。",
    "采取集中采购、批量实施方式，节约的资金用于扩大覆盖面，故实际完成值高于目标值20%以上，下年将同步调整目标。",
)
NOTHING = (None, None, None, None, None, None, "无", "/", "—", "无偏差")
SMALL_SPENDING = (
    "预算执行率不高，主要原因是项目尾款须待竣工审计后支付；今后将加快审计进度，合理安排用款计划。",
    "由于招标结余较大，全年支出进度慢于预期，下一步将据实测算需求，提高预算编制精准度。",
)
LEADS = ("抓统筹，压实工作责任", "抓进度，挂图作战、按月调度", "抓质量，强化全过程监管", "抓实效，回应群众关切")
OTHER_FIGURES = (
    "期间召开现场推进会9次，编发工作简报14期。",
    "主管部门开展实地督查6轮，发现的21个问题均已销号。",
    "另有37名志愿者参与服务，累计服务时长1850小时。",
    "相关做法被市级以上媒体报道5次，接待兄弟单位考察11批。",
    "全年签订合同26份，合同履约评价均在85分以上。",
)


@dataclass(frozen=True, slots=True)
class OtherNotation(Notation):
    """Full-width figures, thousands, 不少于 and 以内, full-width brackets, where the form lets a clerk type them."""

    wide: bool = False
    commas: bool = False
    spelled: bool = False

    def figure(self, op: str, value: Decimal, unit: str) -> str:
        """A 指标值."""
        if self.spelled and op == "≥":
            return f"{plain(value)}%以上" if unit == "%" else f"不少于{self.number(value)}{unit}"
        if self.spelled and op == "≤" and unit in DURATIONS:
            return f"{plain(value)}{unit}内"
        text = Notation.figure(self, op, value, unit)
        if self.commas and value >= 1000 and unit != "%" and "万" not in text:
            text = text.replace(plain(value), self.number(value), 1)
        if self.brackets and self.commas:
            text = text.replace("(", "（").replace(")", "）")
        return text.translate(WIDE) if self.wide and not self.ascii else text

    def actual(self, value: Decimal, unit: str) -> str:
        """A 完成值."""
        text = Notation.actual(self, value, unit)
        return text.replace(plain(value), self.number(value), 1) if self.commas and value >= 1000 else text

    def number(self, value: Decimal) -> str:
        """A figure, with thousands if that is the habit."""
        return f"{value:,}" if self.commas else plain(value)


class OtherRow(Row):
    """Further kinds of figures, and other wordings of the old ones."""

    def measure(self) -> tuple[str, str]:
        """A quantity with a decimal, as 34.5公里."""
        aim = Decimal(self.random.randrange(self.kind.low * 10, self.kind.high * 10, 5)) / 10
        percent = self.random.randrange(86, 98) if self.done == "missed" else self.random.randrange(100, 113)
        self.aim, self.value = aim, rounded(aim * percent / 100, 1)
        if self.value >= aim:
            self.done = "reached"
        unit = self.kind.unit
        return self.hand.figure("≥", aim, unit), self.hand.actual(self.value, unit)

    def growth(self) -> tuple[str, str]:
        """A rate of increase."""
        self.aim = Decimal(self.random.randint(self.kind.low, self.kind.high))
        percent = self.random.randrange(70, 95) if self.done == "missed" else self.random.randrange(100, 119)
        self.value = rounded(self.aim * percent / 100, 1)
        if self.value >= self.aim:
            self.done = "surplus" if self.value >= self.aim * SURPLUS_FROM else "reached"
        return self.hand.figure("≥", self.aim, "%"), self.hand.actual(self.value, "%")

    def limit(self) -> tuple[str, str]:
        """A rate that is not to be exceeded."""
        self.aim, self.less_is_better = Decimal(self.random.randint(self.kind.low, self.kind.high)), True
        percent = self.random.randrange(110, 150) if self.done == "missed" else self.random.randrange(30, 100)
        self.value = rounded(self.aim * percent / 100, 1)
        return self.hand.figure("≤", self.aim, "%"), self.hand.actual(self.value, "%")

    def zero(self) -> tuple[str, str]:
        self.done = "reached"
        unit = self.kind.unit
        return self.random.choice(["0", "＝0", "≤0", "=0"]) + unit, self.random.choice([f"0{unit}", "0", f"0 {unit}"])

    def words(self) -> tuple[str, str]:
        said = self.kind.unit
        if self.done == "missed":
            self.done = "partly"
            return said, self.random.choice(["部分达成", "部分达成年度指标并具有一定效果"])
        return said, self.random.choice(["达成年度指标", "达成预期指标", "达成", said, said, f"已{said}"])

    def date(self) -> tuple[str, str]:
        self.done = "reached"
        month = self.random.randint(7, 12)
        day = dt.date(self.year, month - self.random.randint(0, 2), self.random.randint(1, 28))
        plainly = f"{day.year}年{day.month}月{day.day}日"
        written = [plainly, f"{day.year}.{day.month}.{day.day}", f"{plainly}完成", f"{day:%Y/%m/%d}"]
        due = [f"{self.year}年{month}月底前", f"{self.year}年{month}月30日之前", f"{self.year}/{month}/30前"]
        return self.random.choice([*due, f"{self.year}年{month}月底前完成"]), self.random.choice(written)


class OtherMoney(Money):
    """Empty fund lines blank or 0, each as it comes."""

    def lines(self) -> tuple[BudgetLine, ...]:
        first, *rest = Money.lines(self)
        for number, line in enumerate(rest):
            cells = (line.initial, line.budget, line.executed)
            if not any(cells):
                zero = self.random.choice([None, Decimal(0)])
                rest[number] = replace(line, initial=zero, budget=zero, executed=zero)
        return (first, *rest)


class OtherClerk(Clerk):
    """The second hand."""

    themes = THEMES
    nearly = ("图书借阅设备完好率", "图书查询设备完好率", "儿童接种建卡率", "儿童接种建证率")
    rows = OtherRow
    amounts = OtherMoney

    def notation(self, form: str) -> Notation:
        base, chance = notation(form, self.random), self.random.random
        given = {name: getattr(base, name) for name in Notation.__slots__}
        free = base.percent == "sign"
        wide, spelled = free and chance() < 0.25, free and chance() < 0.25
        return OtherNotation(**given, wide=wide, commas=chance() < 0.35, spelled=spelled)

    def restated(self, target: str) -> str:
        """Full width for half, a blank after the operator, no thousands."""
        ways = [target.translate(WIDE), target.translate(NARROW), target.replace(",", ""), target.replace("≥", "≥ ")]
        ways = [way for way in ways if way != target]
        return self.random.choice(ways) if ways else target

    def named(self, name: str) -> str:
        """The name, here and there broken over two lines."""
        at = self.random.randrange(2, len(name) - 1)
        return f"{name[:at]}\n{name[at:]}" if self.random.random() < 0.06 else name

    def copied(self, goal: str) -> str:
        """The goal, in some pairs with a line for each of its numbers, or without the blanks of the declaration."""
        if self.random.random() < 0.75:
            return goal
        for sign in ("2.", "3.", "4.", "（2）", "（3）", "（4）", "二、", "三、", "四、"):
            goal = goal.replace(f"。{sign}", f"。\n{sign}")
        return goal

    def reason(self, level: str, short: bool, done: str) -> str | None:
        if short:
            return self.random.choice(CAUSES.get(level, CAUSES["效益"]))
        return self.random.choice(SURPLUSES if done == "surplus" else NOTHING)

    def goal(self, theme: Theme, indicators: tuple[Indicator, ...]) -> str:
        """Numbered aims with the targets of counts and of a satisfaction."""
        sentences = [goal.rstrip("。") for goal in theme.goals[:-1]]
        aims = [row.kind.told.format(self.amount(row.aim, row)) for _, row in self.counts()]
        rates = [row for row in self.made if row.kind.level == "满意"]
        sentences[0] += f"，全年计划{'、'.join(aims[:3])}"
        if self.random.random() < 0.5:
            sentences.append(f"{rates[0].kind.name}达到{plain(rates[0].aim)}%以上")
        signs = self.random.choice(
            ["1. 2. 3. 4. 5.", "（1） （2） （3） （4） （5）", "一、 二、 三、 四、 五、"]
        ).split()
        numbered = "".join(f"{sign}{text}。" for sign, text in zip(signs, sentences, strict=False))
        opening = "按照年度重点工作安排，坚持问题导向、目标导向，统筹推进以下工作："
        closing = "资金专款专用，做到事前有目标、事中有监控、事后有评价。"
        return opening + numbered + (closing if self.random.random() < 0.6 else "")

    # ------------------------------------------------------------ 实际完成情况

    def told(self, results: list[Result]) -> str:
        """One of the styles, then rates, other figures, money; marked as `unmarked` reads it."""
        styles = (self.inline, self.enumerated, self.planned, self.compared, self.halves, self.sections, self.loosely)
        parts = [self.random.choice(styles)(), self.rates()]
        parts += [self.random.choice(OTHER_FIGURES)] if self.random.random() < 0.6 else []
        parts += [f"{row.kind.told}。" for row in self.made if row.kind.style == "zero" and row.kind.told][:1]
        if self.random.random() < 0.5:
            parts.append(self.spending())
        if self.money.change:
            parts.append(mark(ADJUSTED, self.adjustment()))
        if sum(self.money.executed) < sum(self.money.budget) * Decimal("0.8"):
            parts.append(self.random.choice(SMALL_SPENDING))
        return "".join(parts)

    def counts(self) -> Iterator[tuple[int, Row]]:
        """The indicators of 数量 with a way of telling them, and their numbers."""
        return ((n, row) for n, row in enumerate(self.made) if row.kind.level == "数量" and "{}" in row.kind.told)

    def amount(self, value: Decimal, row: Row) -> str:
        """A figure with its unit: 12000 as 12000, 12,000 or 1.2万."""
        if value >= WAN and value % 100 == 0 and self.random.random() < 0.5:
            return f"{plain(value / WAN)}万{row.kind.unit}"
        return f"{value:,}{row.kind.unit}" if self.random.random() < 0.3 else f"{plain(value)}{row.kind.unit}"

    def said(self, number: int, row: Row, loosely: bool = False) -> str:
        """What was done, with its figure marked."""
        amount = self.roughly(row) if loosely else self.amount(row.value, row)
        return row.kind.told.format(mark(number, amount))

    def roughly(self, row: Row) -> str:
        """近, 约, 逾 or 余 a figure close by."""
        value, unit = row.value, row.kind.unit
        if value < 100:
            return f"{plain(value)}{unit}"
        step = Decimal(10) ** (value.adjusted() - 1)
        below, above = (value / step).quantize(Decimal(1), ROUND_DOWN), (value / step).quantize(Decimal(1), ROUND_UP)
        below, above, nearest = (plain(n * step) for n in (below, above, rounded(value / step)))
        if below == above:
            return f"{below}{unit}"
        ways = [f"{below}余{unit}", f"逾{below}{unit}", f"超过{below}{unit}", f"约{nearest}{unit}"]
        if (Decimal(above) - value) / value < Decimal("0.03"):
            ways.append(f"近{above}{unit}")
        return self.random.choice(ways)

    def inline(self) -> str:
        """Everything in one sentence."""
        return f"一年来，共{'，'.join(self.said(n, row) for n, row in self.counts())}，各项工作顺利推进。"

    def enumerated(self) -> str:
        """一是…；二是…"""
        said = [self.said(n, row, loosely=self.random.random() < 0.3) for n, row in self.counts()]
        leads = [f"{lead}，{what}" for lead, what in zip(LEADS, said, strict=False)]
        return "；".join(f"{number}是{text}" for number, text in zip("一二三四", leads, strict=False)) + "。"

    def planned(self) -> str:
        """The plan, the outcome and the share of the one in the other."""
        parts = []
        for number, row in self.counts():
            plan = row.kind.told.format(self.amount(row.aim, row))
            share = plain(rounded(row.value / row.aim * 100, 1))
            outcome = mark(number, self.amount(row.value, row))
            parts.append(f"年初计划{plan}，实际完成{outcome}，为年度计划的{share}%")
        return "；".join(parts) + "。"

    def compared(self) -> str:
        """Against last year."""
        parts = []
        for number, row in self.counts():
            last = rounded(row.value * self.random.randrange(75, 97) / 100, 1 if row.value % 1 else 0)
            grown = plain(rounded((row.value - last) / last * 100, 1))
            more = f"较上年的{plain(last)}{row.kind.unit}增长{grown}%" if grown != "0" else "与上年持平"
            parts.append(f"{self.said(number, row)}，{more}")
        return "；".join(parts) + "。"

    def halves(self) -> str:
        """The first half-year, the second and the sum."""
        parts = []
        for number, row in self.counts():
            first = rounded(row.value * self.random.randrange(35, 55) / 100, 1 if row.value % 1 else 0)
            unit = row.kind.unit
            split = f"（上半年{plain(first)}{unit}、下半年{plain(row.value - first)}{unit}）"
            parts.append(f"全年{self.said(number, row)}{split}")
        return "，".join(parts) + "。"

    def sections(self) -> str:
        """Numbered paragraphs on lines of their own."""
        said = "；".join(self.said(n, row) for n, row in self.counts())
        return f"1.组织管理情况：成立工作专班，制定实施方案，明确12项具体任务。\n2.产出完成情况：{said}。\n3.效益发挥情况："

    def loosely(self) -> str:
        """In round figures."""
        said = "，并".join(self.said(n, row, loosely=True) for n, row in self.counts())
        return f"在各方共同努力下，本年度{said}，群众反响良好。"

    def rates(self) -> str:
        """The rates of quality and of satisfaction."""
        verb = self.random.choice(["达", "达到", "为", "保持在"])
        some = [
            (n, row) for n, row in enumerate(self.made) if row.kind.level in "质量满意" and row.kind.style == "rate"
        ]
        said = [f"{row.kind.name}{verb}{mark(f'{n}%', plain(row.value))}%" for n, row in some[-2:]]
        return "，".join(said) + "。" if said else "服务对象反映良好。"

    def spending(self) -> str:
        """What was spent, in 元 or 万元, and against last year or in parts."""
        spent, budget = sum(self.money.executed), sum(self.money.budget)
        part = rounded(spent * self.random.randrange(15, 40) / 100, 2)
        return self.random.choice(
            [
                f"全年支出{spent:,}元，其中委托服务费{part:,}元。",
                f"项目资金实际支出{rounded(spent / WAN, 2)}万元，结余{rounded((budget - spent) / WAN, 2)}万元。",
                f"预算执行率{rounded(spent / budget * 100, 2)}%，资金支付合规。",
                f"实际支出约{rounded(spent / WAN, 1)}万元，比上年减少{rounded(part / WAN, 1)}万元。",
            ]
        )

    def adjustment(self) -> str:
        """Why 全年预算 is not the 年初 one."""
        amount = f"{plain(rounded(abs(self.money.change) / WAN, 4))}万元"
        if self.money.change < 0:
            return self.random.choice(
                [
                    f"按照财政部门压减一般性支出的要求，年内核减本项目经费{amount}。",
                    f"预算调整情况：因政府采购中标价低于概算，经批准收回预算指标{amount}。",
                    f"根据年度预算调整方案，本项目预算调减{amount}，工作任务不变。",
                ]
            )
        return self.random.choice(
            [
                f"因任务增加，经财政部门批复同意，年中追加预算{amount}。",
                f"预算调整情况：为保障新增点位实施，从部门其他项目调剂增加{amount}。",
                f"根据年度预算调整方案，本项目预算调增{amount}，用于弥补材料价差。",
            ]
        )


clean_pair = partial(first.clean_pair, clerk=OtherClerk)
pairs = partial(first.pairs, clerk=OtherClerk)
