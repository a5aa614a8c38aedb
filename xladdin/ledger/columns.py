"""The sheets and columns of the ledger, what each holds, and how it is told to the person filling it."""

from __future__ import annotations

from collections.abc import Mapping

from ..domain import fields
from ..domain.kinds import KINDS, Kind
from ..domain.naming import name_key
from ..domain.records import BUDGET_ITEMS

PROJECTS, EXECUTION, INDICATORS = "项目", "资金执行", "指标"
YEAR, FORM, PROJECT, UNIT, MONEY_UNIT = "年度", "表式", "项目名称", "实施单位", "金额单位"
ITEM, TARGET, ACTUAL, RESULT_REASON = "资金项目", "指标值", "实际完成值", "偏差原因分析及改进措施"
LEVEL1, LEVEL2, INDICATOR = "一级指标", "二级指标", "三级指标"
ACHIEVED, END = "实际完成情况", "计划完成日期"

COLUMNS = {
    PROJECTS: (
        YEAR, FORM, PROJECT, "项目类别", "项目性质", "主管部门", UNIT, "计划开始日期", "计划完成日期", MONEY_UNIT,
        "项目资金总额", "财政资金", "其他资金", "年度资金申请总额", "当年财政拨款", "上年结转资金", "年度其他资金",
        "项目总目标", "年度总体目标", ACHIEVED,
    ),
    EXECUTION: (YEAR, PROJECT, ITEM, "年初预算数", "全年预算数", "全年执行数", "分值", "偏差原因"),
    INDICATORS: (
        YEAR, PROJECT, FORM, "一级指标", "二级指标", "三级指标", TARGET, ACTUAL, "分值", "得分", RESULT_REASON,
    ),
}  # fmt: skip
REQUIRED = {
    PROJECTS: (YEAR, PROJECT),
    EXECUTION: (YEAR, PROJECT, ITEM),
    INDICATORS: (YEAR, PROJECT, "三级指标", TARGET),
}
# may be added to a row sheet where two units run projects of one name in one year, or one project has two such forms;
# and figures as a form prints them, in place of its formulas
OPTIONAL = {PROJECTS: ("总分值", "总分"), EXECUTION: (UNIT, FORM, "执行率", "得分"), INDICATORS: (UNIT,)}

# headings of other offices, beside those that forms print for the same fields (wordings.LABELS)
WORDS = {
    "年份": YEAR, "项目年度": YEAR, "预算年度": YEAR, "所属年度": YEAR,
    "表名": FORM, "表样": FORM, "表格": FORM, "填报表式": FORM,
    "项目": PROJECT, "项目支出名称": PROJECT, "专项资金名称": PROJECT,
    "货币单位": MONEY_UNIT,
    "起始时间": "计划开始日期", "起始日期": "计划开始日期", "终止时间": END, "终止日期": END,
    "资金名称": ITEM, "资金类别": ITEM, "资金来源": ITEM,
    "指标名称": "三级指标", "实际支出": "全年执行数", "预算执行数": "全年执行数", "资金执行数": "全年执行数",
    "全年实际值": ACTUAL, "完成指标值": ACTUAL, "实际值": ACTUAL, "年度目标完成情况": ACHIEVED,
}  # fmt: skip
TOTAL, TOTAL_OF_YEAR = "项目资金总额", "年度资金申请总额"
# amounts that are the year's where they stand behind the year's total: 年度资金总额, 其中：财政拨款, 其他资金
OF_THE_YEAR = {"财政资金": "当年财政拨款", "其他资金": "年度其他资金"}
UNCLEAR = {"单位": "金额单位”或“实施单位"}  # headings that may be one column or another
# parts of a target that other tables give columns of their own: without them the rest would be half a value
PARTS = frozenset({
    "符号", "运算符", "计算符号", "指标符号", "比较符号", "指标性质", "指标方向", "计量单位", "度量单位", "指标单位",
})  # fmt: skip
# 资金项目 in the words of forms → as it is called here
ITEMS = {
    "funds.total": "年度资金总额", "funds.annual_total": "年度资金总额", "total": "年度资金总额",
    "funds.fiscal": "当年财政拨款", "funds.annual_fiscal": "当年财政拨款", "funds.annual_carryover": "上年结转资金",
}  # fmt: skip
HANDLER, COUNT, POINTS, LACKING, WHICH = "经办人", "指标数", "分值合计", "还缺什么", "核对用"
# helper columns of a new ledger; the last one is hidden
OWN = {PROJECTS: (HANDLER, COUNT, POINTS, LACKING, WHICH), EXECUTION: (), INDICATORS: ()}
LIVE = frozenset({COUNT, POINTS, LACKING, WHICH})  # worked out by formulas, never typed
# of no form: for the clerk's own use
SILENT = LIVE | {
    "序号", "编号", "备注", "项目编号", "项目编码", "项目代码", "上年实际完成值", HANDLER, "填表说明",
}  # fmt: skip
GUIDE, ASKED, IMPORTED, OFFERED, CONTRADICTIONS = "填写说明", "待核", "导入记录", "选项", "冲突"
HELPERS = frozenset({GUIDE, ASKED, IMPORTED, OFFERED, CONTRADICTIONS})  # sheets
SAMPLE_MARK = "（示例，填表时删去）"
SAMPLE = name_key(SAMPLE_MARK)  # in 项目名称

_NAMED = {
    PROJECTS: fields.DECLARATION | fields.EVALUATION,
    EXECUTION: fields.BUDGET,
    INDICATORS: fields.RESULT | {RESULT_REASON: "reason"},
}
_PATHS = {
    sheet: {name: _NAMED[sheet][name] for name in columns if name in _NAMED[sheet]}
    for sheet, columns in COLUMNS.items()
}
_PRINTED = {
    PROJECTS: {"总分值": "total_weight", "总分": "total_score"},
    EXECUTION: {"执行率": "rate", "得分": "score"},
    INDICATORS: {},
}
_COMPUTED = frozenset({"rate", "score", "total_weight", "total_score"})  # by the formulas of a scored form

HINTS = {
    YEAR: "必填。四位年份，如 2024",
    FORM: "用哪张表，从下拉中选；空着时按有没有执行情况判断是申报表还是自评表",
    PROJECT: "必填。三张表里要写同一个名称（空格、换行、全角半角不算不同）",
    "项目类别": "申报表用，照表上的写法，如：一次性项目、经常性项目",
    "项目性质": "申报表用，没有就空着",
    "主管部门": "主管部门（单位）的全称",
    UNIT: "实施单位或申报单位的全称",
    "计划开始日期": "申报表用，如 2024-01-01；只填年月的，算这个月的第一天",
    "计划完成日期": "申报表用，如 2024-12-31；只填年月的，算这个月的最后一天",
    MONEY_UNIT: "本行及资金执行中金额的单位：元 或 万元；空着就按表上的单位",
    "项目资金总额": "申报表用，只填数字。空着表示没有填，0 表示就是 0",
    "年度资金申请总额": "申报表用，本年度申请的总额，只填数字",
    "年度其他资金": "申报表用，年度资金申请总额中的其他资金",
    "项目总目标": "申报表用（2020 目标表：总目标及阶段性目标）",
    "年度总体目标": "申报表的年度总体目标；自评表的预期目标",
    ACHIEVED: "自评表用，年度总体目标的实际完成情况",
    ITEM: "必填：" + "、".join(BUDGET_ITEMS),
    "分值": "自评表用，满分多少分；执行率和得分由表上的公式算",
    "得分": "自评表用，空着由表上的公式算；填了就照填的数印",
    "偏差原因": "没有偏差就空着",
    "三级指标": "必填。指标的名称",
    TARGET: "照表上的写法，如 =91场、≥90%、优；这一列是文本格式，等号不会变成公式",
    ACTUAL: "自评表用，如 90、95%、已完成",
    RESULT_REASON: "未达到指标值时说明原因和改进措施",
    HANDLER: "自用：这个项目归谁填。可以按这一列拆分台账、看收表进度；填好的表上没有它",
    COUNT: "自动计算，不用填：“指标”表里这个项目有几条",
    POINTS: "自动计算，不用填：自评表的分值合计，执行率的分值连同各指标的分值，应为 100",
    WHICH: "自动计算，不用填：供“还缺什么”的公式用",
    LACKING: "自动计算，不用填：还缺什么、合计对不对；“齐”表示该填的都填了。下面没有公式的行，从上面往下拖",
}
HINT_FORM_OF_ROW = "一个项目同一年只有一张表时可以空着；有几张表时必填，与“项目”表里的写法一致"
HINT_EXTRA = "2020 目标表等少数表才有的栏目，没有就空着"
HINT_MONEY = "只填数字，单位见“项目”表的金额单位"
HINT_TEXT = "照表上的写法填"


def hint(sheet: str, column: str) -> str:
    """What to write under that header."""
    if column == FORM and sheet == INDICATORS:
        return HINT_FORM_OF_ROW
    if column in HINTS:
        return HINTS[column]
    if type_of(sheet, column) == fields.AMOUNT:
        return HINT_MONEY
    known = column in columns(sheet) or column in OPTIONAL[sheet]
    return HINT_TEXT if known else HINT_EXTRA


def columns(sheet: str) -> tuple[str, ...]:
    """The columns of a sheet: those of the shipped kinds, and behind them what added kinds have besides."""
    return (*COLUMNS[sheet], *(name for name in paths(sheet) if name not in COLUMNS[sheet]))


def paths(sheet: str) -> dict[str, str]:
    """Column → field, for the columns of a sheet that hold a field of a record, a budget line or an indicator."""
    found = dict(_PATHS[sheet])
    for kind in KINDS.values():
        for name, path in _words(sheet, kind).items():
            if path not in found.values() and not (kind.scored and path in _COMPUTED):
                found.setdefault(name, path)
    return found


def all_paths(sheet: str) -> dict[str, str]:
    """The same with those of figures as printed, which a ledger need not have."""
    return paths(sheet) | _PRINTED[sheet]


def _words(sheet: str, kind: Kind) -> Mapping[str, str]:
    if sheet == PROJECTS:
        return kind.words
    table = kind.budget if sheet == EXECUTION else kind.indicators
    return table.columns if table else {}


def type_of(sheet: str, column: str) -> str:
    """How the values of a column are understood (fields.TYPES); as names where nothing says."""
    path = all_paths(sheet).get(column, "")
    own = next((kind.types[path] for kind in KINDS.values() if path in kind.types), None)
    return own or fields.TYPES.get(path, fields.NAME)


def known_extras() -> set[str]:
    """The names a column of 项目 may have beyond its own: the fields of single form generations."""
    from ..form import catalogue

    return {*fields.EXTRA_2020, *catalogue.extra_names()}
