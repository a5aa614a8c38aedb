"""What the shipped forms look like: their styles, and every form as a layout.

One line a row of the form, its cells divided by ``¦`` (an indented line goes on with the row above). A cell reads
``columns style text``, and ``A×2`` is a cell that covers two rows. A cell that holds one Jinja expression keeps the
value's type, so its style carries the number format. The row whose expressions start with ``指标.`` (``项目.`` in the
index) is the one the filling engine repeats.
"""

import re
from dataclasses import dataclass, field
from string import Template
from typing import NamedTuple

from xlsxwriter.utility import xl_cell_to_rowcol

# ---------------------------------------------------------------- styles

SONG = {"font_name": "宋体", "font_family": 3, "font_charset": 134, "font_scheme": "none"}
HEI = {**SONG, "font_name": "黑体"}
# The font of the standard style, in whose digits columns are measured: where it is missing, what stands in for it is as
# wide or narrower, so that no column ever goes over to a second page. Excel takes for it a standard column of 72 and a
# standard row of 17 pixels.
DEFAULT_FONT = {"font_name": "Verdana", "font_size": 10, "font_family": 2, "font_scheme": "none"}
DIGIT, EDGE = 8, 5  # pixels
BOOK_OPTIONS = {
    "default_format_properties": DEFAULT_FONT,
    "default_column_width": 72,
    "default_row_height": 17,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}

# Excel's own numbers of the formats @, 0.00, #,##0.00 and 0.00%.
TEXT, POINTS, THOUSANDS, PERCENT = 49, 2, 4, 10

BODY = {"font_size": 10.5, "valign": "vcenter", "align": "center", "text_wrap": True}
BOX = {**BODY, "border": 1}
NUMERIC = {**BOX, "text_wrap": False, "shrink": True}
AMOUNT = {**NUMERIC, "align": "right", "indent": 1, "num_format": THOUSANDS}
LEFT = {**BOX, "align": "left", "indent": 1}

# TEXT keeps a typed =91场 or 001 as text, and 11月28日 from becoming a day of the year it is typed in. Long texts stay General: some versions of Excel
# show #### for a cell formatted as text that holds more than 255 characters.
STYLES = {
    "title": {**HEI, "font_size": 18, "bold": True, "align": "center", "valign": "vcenter"},
    "year": {**BODY, "text_wrap": False},
    "label": BOX,
    "label_left": LEFT,
    "label_indented": {**LEFT, "indent": 3},
    "stacked": {**BOX, "text_wrap": False, "rotation": 270},
    "heading": {**BOX, "bold": True},
    "field": {**BOX, "num_format": TEXT},
    "text": {**LEFT, "num_format": TEXT},
    "remark": LEFT,
    "long": LEFT,
    "value": BOX,
    "number": NUMERIC,
    "score": {**NUMERIC, "num_format": POINTS},
    "amount": AMOUNT,
    "total": {**AMOUNT, "bold": True},
    "rate": {**NUMERIC, "num_format": PERCENT},
    "date": {**NUMERIC, "num_format": "yyyy-mm-dd"},
    "date_chinese": {**NUMERIC, "num_format": 'yyyy"年"m"月"d"日"'},
    "link": {**LEFT, "num_format": TEXT, "font_color": "#0563C1", "underline": 1},
}

# Row heights in points; the engine makes a row taller, or several rows of it, when its text
# needs the room.
HEIGHTS = {
    "title": 36,
    "year": 20,
    "line": 26,
    "double": 34,
    "section": 28,
    "indicator": 28,
    "goal": 80,
    "long": 44,
}

# ---------------------------------------------------------------- the shape of a form


@dataclass(frozen=True)
class Form:
    name: str
    kind: str
    years: str
    money_unit: str
    basis: str
    widths: list[float]
    layout: str
    landscape: bool = False
    frozen_rows: int = 0
    more_properties: dict[str, str] = field(default_factory=dict)

    def properties(self) -> dict[str, str]:
        """What the template says of itself, in the custom document properties."""
        return {
            "表式名称": self.name,
            "表式类型": self.kind,
            "适用年度": self.years,
            "金额单位": self.money_unit,
            "依据": self.basis,
            **self.more_properties,
        }


class Cell(NamedTuple):
    top: int
    left: int
    bottom: int
    right: int
    style: str
    text: str

    def squares(self) -> set[tuple[int, int]]:
        rows = range(self.top, self.bottom + 1)
        return {(r, c) for r in rows for c in range(self.left, self.right + 1)}


CELL = re.compile(r"([A-Z]):?([A-Z]?)(?:×(\d))? (\w+) ?(.*)")


def read_cell(source: str, top: int) -> Cell:
    match = CELL.fullmatch(source.strip())
    if match is None:
        raise ValueError(f"not a cell of a layout: {source!r}")
    first, last, rows, style, text = match.groups()
    left, right = (xl_cell_to_rowcol(letter + "1")[1] for letter in (first, last or first))
    return Cell(top, left, top + int(rows or 1) - 1, right, style, text.replace("\\n", "\n"))


def read_layout(layout: str) -> tuple[list[float], list[Cell]]:
    """The heights of the rows, and the cells of all of them."""
    heights, cells = [], []
    for top, line in enumerate(re.sub(r"\n +", " ", layout.strip()).splitlines()):
        height, _, sources = line.partition(" ")
        heights.append(HEIGHTS[height])
        cells += [read_cell(source, top) for source in sources.split("¦")]
    return heights, cells


# ---------------------------------------------------------------- declarations

SHANGHAI_BASIS = "上海市财政项目支出绩效目标管理表式（依据待核）"
SHANGHAI_EVALUATION = {"对应自评表": "2021自评表"}

DECLARATION = Template(r"""
title A:G title 财政项目支出绩效目标申报表
year A:G year （{{ 年度 | 缺省('    ') }}年度）
double A label 项目名称 ¦ B:C field {{ 项目名称 }} ¦ D label $category
line A label 主管部门 ¦ B:C field {{ 主管部门 }} ¦ D label 实施单位 ¦ E:G field {{ 实施单位 }}
line A label 计划开始日期 ¦ B:C $date {{ 计划开始日期 }}
    ¦ D label 计划完成日期 ¦ E:G $date {{ 计划完成日期 }}
line A×4 $funds ¦ B label 项目资金总额 ¦ C:D amount {{ 项目资金总额 }}
    ¦ E:F label 年度资金申请总额 ¦ G amount {{ 年度资金申请总额 }}
line B label 其中：财政资金 ¦ C:D amount {{ 财政资金 }}
    ¦ E:F label 其中：当年财政拨款 ¦ G amount {{ 当年财政拨款 }}
line B label ¦ C:D amount ¦ E:F label 上年结转资金 ¦ G amount {{ 上年结转资金 }}
line B label 其他资金 ¦ C:D amount {{ 其他资金 }}
    ¦ E:F label 其他资金 ¦ G amount {{ 年度其他资金 }}
double A×2 stacked 项目绩效目标 ¦ B:D label $overall_goal ¦ E:G label $annual_goal
goal B:D long {{ 项目总目标 }} ¦ E:G long {{ 年度总体目标 }}
double A×2 stacked 绩效指标 ¦ B label 一级指标 ¦ C label 二级指标
    ¦ D:F label 三级指标 ¦ G label $target
indicator B field {{ 指标.一级指标 }} ¦ C field {{ 指标.二级指标 }}
    ¦ D:F text {{ 指标.三级指标 }} ¦ G field {{ 指标.指标值 }}
""")


def declaration(name: str, years: str, money_unit: str, **wording: str) -> Form:
    return Form(
        name=name,
        kind="申报表",
        years=years,
        money_unit=money_unit,
        basis=SHANGHAI_BASIS,
        widths=[12, 13, 17, 12, 13, 8, 18],
        layout=DECLARATION.substitute(wording),
        more_properties=SHANGHAI_EVALUATION,
    )


DECLARATION_2021 = declaration(
    name="2021申报表",
    years="2021-2022",
    money_unit="元",  # though the form does not print it
    category="项目类别 ¦ E:G field {{ 项目类别 }}",
    date="date",
    funds="stacked 项目资金",
    overall_goal=r"项目总目标\n（{{ 计划开始日期 | 年 }}年－{{ 计划完成日期 | 年 }}年）",
    annual_goal="年度总目标",
    target="指标目标值",
)
DECLARATION_2023 = declaration(
    name="2023申报表",
    years="2023",
    money_unit="万元",
    category="项目类别 ¦ E:G field {{ 项目类别 | 勾选('专项资金', '经常性项目', '一次性项目') }}",
    date="date_chinese",
    funds=r"label 项目资金\n(万元)",
    overall_goal=r"项目总目标\n({{ 计划开始日期 | 年 }}年-{{ 计划完成日期 | 年 }}年)",
    annual_goal="年度总体目标",
    target="年度指标值",
)
DECLARATION_2024 = declaration(
    name="2024申报表",
    years="2024-2026",
    money_unit="元",
    category="项目性质 ¦ E field {{ 项目性质 }} ¦ F label 项目类别 ¦ G field {{ 项目类别 }}",
    date="date",
    funds=r"label 项目资金\n(元)",
    overall_goal="项目总目标",
    annual_goal="年度总体目标",
    target="年度(/项目)指标值",
)

GOAL_FORM_2020 = Form(
    name="2020目标表",
    kind="申报表",
    years="2020",
    money_unit="元",
    basis=SHANGHAI_BASIS,
    widths=[13, 13, 18, 30, 18],
    more_properties=SHANGHAI_EVALUATION,
    layout=r"""
title A:E title 财政项目支出绩效目标表
year A:E year （{{ 年度 | 缺省('    ') }}年度）
line A:B label_left 申报单位名称： ¦ C:E text {{ 实施单位 }}
line A:B label_left 项目名称： ¦ C text {{ 项目名称 }}
    ¦ D label_left 项目类别： ¦ E field {{ 项目类别 }}
line A:B label_left 计划开始日期： ¦ C date {{ 计划开始日期 }}
    ¦ D label_left 计划完成日期： ¦ E date {{ 计划完成日期 }}
line A:B label_left 是否含有政府购买服务： ¦ C field {{ 附加.是否含有政府购买服务 }}
    ¦ D label_left 绩效类型： ¦ E field {{ 附加.绩效类型 }}
line A:E label_left 项目概况：
long A:E long {{ 附加.项目概况 }}
line A:E label_left 立项依据：
long A:E long {{ 附加.立项依据 }}
line A:E label_left 项目设立的必要性：
long A:E long {{ 附加.项目设立的必要性 }}
line A:E label_left 保证项目实施的制度、措施：
long A:E long {{ 附加['保证项目实施的制度、措施'] }}
line A:E label_left 项目实施计划：
long A:E long {{ 附加.项目实施计划 }}
line A:E label_left 总目标及阶段性目标：
long A:E long {{ 项目总目标 }}
section A:E heading 本项目上年度市级财政资金使用情况
line A:B label_left 项目总预算（元）： ¦ C amount {{ 附加.项目总预算 | 金额 }}
    ¦ D label_left 项目当年预算（元）： ¦ E amount {{ 附加.项目当年预算 | 金额 }}
line A:B label_left 同名项目上年预算额（元）： ¦ C amount {{ 附加.同名项目上年预算额 | 金额 }}
    ¦ D label_left 同名项目上年预算执行数（元）：
    ¦ E amount {{ 附加.同名项目上年预算执行数 | 金额 }}
section A:E heading {{ 年度 }}年绩效目标
line A label 一级目标 ¦ B label 二级目标 ¦ C:D label 三级目标 ¦ E label 指标目标值
indicator A field {{ 指标.一级指标 }} ¦ B field {{ 指标.二级指标 }}
    ¦ C:D text {{ 指标.三级指标 }} ¦ E field {{ 指标.指标值 }}
""",
)

# ---------------------------------------------------------------- self-evaluations

EVALUATION = Template(r"""
title A:I title $title
year A:I year （{{ 年度 | 缺省('    ') }}年度）
line A label 项目名称 ¦ B:I field {{ 项目名称 }}
line A label 主管部门 ¦ B:D field {{ 主管部门 }} ¦ E label 实施单位 ¦ F:I field {{ 实施单位 }}
line A×5 label $funds ¦ B:C label ¦ D label 年初预算数 ¦ E label 全年预算数 ¦ F label 全年执行数
    ¦ G label 分值 ¦ H label 执行率 ¦ I label 得分
line B:C label_left 年度资金总额 ¦ D amount {{ 年度资金总额.年初预算数 }}
    ¦ E amount {{ 年度资金总额.全年预算数 }} ¦ F amount {{ 年度资金总额.全年执行数 }}
    ¦ G number {{ 年度资金总额.分值 }} ¦ H rate {{ 年度资金总额.执行率 }}
    ¦ I score {{ 年度资金总额.得分 }}
$parts
line A×2 label 年度\n总体\n目标 ¦ B:E label $goal ¦ F:I label 实际完成情况
goal B:E long {{ 年度总体目标 }} ¦ F:I long {{ 实际完成情况 }}
double A×2 stacked 绩效指标 ¦ B label 一级指标 ¦ C label 二级指标 ¦ D label 三级指标
    ¦ E label $target ¦ F label $actual ¦ G label 分值 ¦ H label 得分 ¦ I label $reason
indicator B field {{ 指标.一级指标 }} ¦ C field {{ 指标.二级指标 }} ¦ D text {{ 指标.三级指标 }}
    ¦ E field {{ 指标.指标值 }} ¦ F field {{ 指标.实际完成值 }} ¦ G number {{ 指标.分值 }}
    ¦ H score {{ 指标.得分 }} ¦ I remark {{ 指标.偏差原因 }}
line A:F label 总分 ¦ G number {{ 总分值 }} ¦ H score {{ 总分 }} ¦ I remark
""")
# A part of the funds: what it shows for a blank weight, rate or score is printed on the form.
FUNDS_PART = Template("""\
line B:C $label ¦ D amount {{ $item.年初预算数 }} ¦ E amount {{ $item.全年预算数 }}
    ¦ F amount {{ $item.全年执行数 }} ¦ G number {{ $item.分值 | 缺省('—') }}
    ¦ H rate {{ $item.执行率 | 缺省('') }} ¦ I score {{ $item.得分 | 缺省('$blank_score') }}""")
FUNDS_PARTS = {
    "当年财政拨款": "label_left 其中：当年财政拨款",
    "上年结转资金": "label_indented 上年结转资金",
    "其他资金": "label_indented 其他资金",
}


def evaluation_layout(blank_score: str, **wording: str) -> str:
    parts = [
        FUNDS_PART.substitute(item=item, label=label, blank_score=blank_score) for item, label in FUNDS_PARTS.items()
    ]
    return EVALUATION.substitute(wording, parts="\n".join(parts))


EVALUATION_WIDTHS = [8, 9.5, 11, 14.5, 13, 13, 5.5, 7.5, 14]

EVALUATION_2021 = Form(
    name="2021自评表",
    kind="自评表",
    years="2021-2026",
    money_unit="元",
    basis="财预〔2020〕10号（依据待核），上海市表式",
    widths=EVALUATION_WIDTHS,
    more_properties={"计分规则": "上海"},
    layout=evaluation_layout(
        blank_score="",
        title="财政项目支出绩效自评表",
        funds=r"项目资金\n（元）",
        goal="预算目标",
        target=r"年度\n指标值",
        actual=r"实际\n完成值",
        reason=r"偏差原因分析及\n改进措施",
    ),
)
NATIONAL_EVALUATION = Form(
    name="全国自评表",
    kind="自评表",
    years="2020-2026",
    money_unit="万元",
    basis="财预〔2020〕10号附件（依据待核）",
    widths=EVALUATION_WIDTHS,
    more_properties={"计分规则": "全国"},
    layout=evaluation_layout(
        blank_score="—",
        title="项目支出绩效自评表",
        funds=r"项目资金\n（万元）",
        goal="预期目标",
        target="年度指标值",
        actual="实际完成值",
        reason="偏差原因分析及改进措施",
    ),
)

# ---------------------------------------------------------------- the index of a book of projects

INDEX = r"""
title A:M title 项目汇总表
double A heading 序号 ¦ B heading 年度 ¦ C heading 项目名称 ¦ D heading 主管部门
    ¦ E heading 实施单位 ¦ F heading 表式 ¦ G heading 金额\n单位 ¦ H heading 年度资金总额
    ¦ I heading 当年财政拨款 ¦ J heading 上年结转资金 ¦ K heading 其他资金
    ¦ L heading 全年执行数 ¦ M heading 总分
line A number {{ 项目.序号 }} ¦ B number {{ 项目.年度 }} ¦ C link {{ 项目.项目名称 }}
    ¦ D text {{ 项目.主管部门 }} ¦ E text {{ 项目.实施单位 }} ¦ F field {{ 项目.表式 }}
    ¦ G field {{ 项目.金额单位 }} ¦ H amount {{ 项目.年度资金总额 }}
    ¦ I amount {{ 项目.当年财政拨款 }} ¦ J amount {{ 项目.上年结转资金 }}
    ¦ K amount {{ 项目.其他资金 }} ¦ L amount {{ 项目.全年执行数 }} ¦ M score {{ 项目.总分 }}
"""
INDEX_TOTAL = Template("""\
line A:G heading $label ¦ H total {{ $sums.年度资金总额 }} ¦ I total {{ $sums.当年财政拨款 }}
    ¦ J total {{ $sums.上年结转资金 }} ¦ K total {{ $sums.其他资金 }}
    ¦ L total {{ $sums.全年执行数 }} ¦ M number
""")

INDEX_OF_PROJECTS = Form(
    name="汇总表",
    kind="汇总表",
    years="2020-2026",
    money_unit="无",
    basis="多项目合订本的目录，无官方表式",
    widths=[5, 6, 26, 18, 18, 10.5, 5.5, 13.5, 13.5, 13.5, 13.5, 13.5, 7.5],
    layout=INDEX
    + INDEX_TOTAL.substitute(label="合计（元）", sums="元合计")
    + INDEX_TOTAL.substitute(label="合计（万元）", sums="万元合计")
    + INDEX_TOTAL.substitute(label="合计（未注明单位）", sums="未注明合计"),
    landscape=True,
    frozen_rows=2,
)

FORMS = [
    GOAL_FORM_2020,
    DECLARATION_2021,
    EVALUATION_2021,
    DECLARATION_2023,
    DECLARATION_2024,
    NATIONAL_EVALUATION,
    INDEX_OF_PROJECTS,
]
