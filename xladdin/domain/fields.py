"""The Chinese name of every field, and how its value is understood, for ledger, templates, reader and messages."""

from __future__ import annotations

DECLARATION = {
    "年度": "year",
    "项目名称": "project",
    "项目类别": "category",
    "项目性质": "nature",
    "主管部门": "department",
    "实施单位": "unit",
    "计划开始日期": "start",
    "计划完成日期": "end",
    "金额单位": "money_unit",
    "项目资金总额": "funds.total",
    "财政资金": "funds.fiscal",
    "其他资金": "funds.other",
    "年度资金申请总额": "funds.annual_total",
    "当年财政拨款": "funds.annual_fiscal",
    "上年结转资金": "funds.annual_carryover",
    "年度其他资金": "funds.annual_other",
    "项目总目标": "overall_goal",
    "年度总体目标": "annual_goal",
}
EVALUATION = {
    "年度": "year",
    "项目名称": "project",
    "主管部门": "department",
    "实施单位": "unit",
    "金额单位": "money_unit",
    "年度总体目标": "annual_goal",
    "实际完成情况": "actual_result",
    "总分值": "total_weight",
    "总分": "total_score",
}
BUDGET = {
    "年初预算数": "initial",
    "全年预算数": "budget",
    "全年执行数": "executed",
    "分值": "weight",
    "执行率": "rate",
    "得分": "score",
    "偏差原因": "reason",
}
INDICATOR = {"一级指标": "level1", "二级指标": "level2", "三级指标": "name", "指标值": "target"}
RESULT = INDICATOR | {
    "实际完成值": "actual",
    "分值": "weight",
    "得分": "score",
    "偏差原因": "reason",
}
GRADE = "自评等级"  # an evaluation may print it below 总分 (extra)
EXTRA = "附加"
MONEY = frozenset(path for path in DECLARATION.values() if path.startswith("funds."))
MONEY_COLUMNS = frozenset({"initial", "budget", "executed"})
# what the 2020 form alone holds; a template may add others as 附加.名称
EXTRA_2020 = (
    "项目概况", "立项依据", "项目设立的必要性", "保证项目实施的制度、措施", "项目实施计划", "是否含有政府购买服务",
    "绩效类型", "项目总预算", "项目当年预算", "同名项目上年预算额", "同名项目上年预算执行数",
)  # fmt: skip

MONEY_EXTRA = ("项目总预算", "项目当年预算", "同名项目上年预算额", "同名项目上年预算执行数")  # amounts among them
# how a value is understood where it is read, and looks where it is kept
NAME, CHOICE, LONG, TARGET, ACTUAL = "name", "choice", "long", "target", "actual"  # texts
DATE, AMOUNT, RATE, WEIGHT, POINTS = "date", "amount", "rate", "weight", "points"  # days and figures
TEXTS, FIGURES = frozenset({NAME, CHOICE, LONG, TARGET, ACTUAL}), frozenset({AMOUNT, RATE, WEIGHT, POINTS})
TYPES = (
    dict.fromkeys(("project", "department", "unit", "money_unit", "level1", "level2", "name"), NAME)
    | dict.fromkeys(("category", "nature"), CHOICE)
    | dict.fromkeys(("overall_goal", "annual_goal", "actual_result", "reason"), LONG)
    | dict.fromkeys(("start", "end"), DATE)
    | dict.fromkeys((*MONEY, *MONEY_COLUMNS), AMOUNT)
    | dict.fromkeys(("score", "total_weight", "total_score"), POINTS)
    | {"target": TARGET, "actual": ACTUAL, "weight": WEIGHT, "rate": RATE}
)


def get(record: object, path: str) -> object:
    """The value at a path such as `funds.total`."""
    for name in path.split("."):
        record = getattr(record, name)
    return record
