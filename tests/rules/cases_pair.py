"""What the rules for a declaration and its self-evaluation should say."""

from __future__ import annotations

import datetime as dt

from xladdin.rules.finding import ERROR, INFO, UNDECIDED, WARNING

from .base import (
    COST,
    FISCAL,
    KNOWN,
    ONTIME,
    OTHER,
    PASSED,
    PEOPLE,
    SATISFIED,
    TALKS,
    TOTAL,
    Pair,
    added,
    all_fiscal,
    amounts,
    declaration,
    doubted,
    evaluation,
    gone,
    line,
    money,
    of_2020,
    row,
)

_NAME = "indicators[{}].name".format
_TARGET = "indicators[{}].target".format
_SUBSIDY = "补贴发放准确率", "补助发放准确率", "补贴发放准确性"
_OVERALL = "用3到5年时间，为特殊家庭提供关怀服务，维护其合法权益，建设帮扶志愿者队伍。"


def _subsidies(form, names: tuple[str, ...], **columns):
    """A form whose quality indicators are these; the other ones as they were."""
    return form(gone(PASSED), *(added("产出指标", "质量指标", name, "=100%", **columns) for name in names))


def _declared(target: str, n: int = TALKS, **columns):
    return declaration(row(n, target=target, **columns))


def _evaluated(target: str, n: int = TALKS, **columns):
    return evaluation(row(n, target=target, **columns))


def _moved(code: str, title: str, before: str, after: str, expected, n: int = TALKS, **columns) -> Pair:
    """A target that went from `before` to `after`; what is expected stands at its cell in the declaration."""
    told = [(expected, _TARGET(n))] if expected else []
    return Pair(code, title, _declared(before, n, **columns), _evaluated(after, n, **columns), told)


_TRIPLE = _subsidies(declaration, _SUBSIDY)
_TOTAL_BLANK = declaration(money(annual_total=None))

IDENTITY = [
    Pair("X-01", "一样", declaration(), evaluation(), []),
    Pair("X-01", "括号、空格、换行不计", declaration(project="社区健康服务(一期)"), evaluation(project="社区 健康服务（一\n期）"), []),
    Pair("X-01", "项目名称多了年度", declaration(), evaluation(project="2024年社区健康服务"), [(WARNING, "project")]),
    Pair("X-01", "主管部门写全称", declaration(department="区卫生健康委员会"), evaluation(), [(INFO, "department")]),
    Pair("X-01", "主管部门写简称", declaration(department="某区卫生健康委员会"), evaluation(department="区卫健委"), [(INFO, "department")]),
    Pair("X-01", "主管部门漏一个字", declaration(department="某区卫生健康委员会"), evaluation(department="某区卫生健委员会"), [(ERROR, "department")]),
    Pair("X-01", "括号和引号的写法不计", declaration(project="“社区”健康服务【一期】"), evaluation(project="\"社区\"健康服务（一期）"), []),
    Pair("X-01", "主管部门不同", declaration(), evaluation(department="某区民政局"), [(ERROR, "department")]),
    Pair("X-01", "项目名称写错一个字", declaration(), evaluation(project="社区建康服务"), [(ERROR, "project")]),
    Pair("X-01", "自评的实施单位空白", declaration(), evaluation(unit=None), [(UNDECIDED, "unit")]),
    Pair("X-01", "不是同一个项目", declaration(), evaluation(gone(*range(6)), project="道路养护"), [(ERROR, "project"), (UNDECIDED, "project")]),
    Pair("X-02", "都是 2024", declaration(), evaluation(), []),
    Pair("X-02", "2023 与 2024", declaration(), evaluation(year=2023), [(ERROR, "year")]),
    Pair("X-02", "申报没印年度，起止之内", declaration(year=None), evaluation(), []),
    Pair("X-02", "申报没印年度，起止之外", declaration(year=None), evaluation(year=2026), [(ERROR, "start")]),
    Pair("X-02", "申报看不出年度", declaration(year=None, start=None, end=None), evaluation(), [(UNDECIDED, "year")]),
]  # fmt: skip

FUNDS = [
    Pair("X-03", "110 万元对 1,100,000 元", declaration(all_fiscal("110"), money_unit="万元"), evaluation(amounts("1100000", "1100000", "1056000")), []),
    Pair("X-03", "1,154,000 对 1,100,000", declaration(all_fiscal("1154000")), evaluation(), [(ERROR, "funds.annual_total")]),
    Pair("X-03", "差 1 分在容差内", declaration(all_fiscal("1100000.01")), evaluation(), []),
    Pair("X-03", "965,043.97 元对 96.50 万元，是显示舍入", declaration(all_fiscal("965043.97")), evaluation(amounts("96.50", "96.50", "90"), money_unit="万元"), []),
    Pair("X-03", "965,043.97 元对 96.51 万元", declaration(all_fiscal("965043.97")), evaluation(amounts("96.51", "96.51", "90"), money_unit="万元"), [(ERROR, "funds.annual_total")]),
    Pair("X-03", "元、万元写错，差一万倍", declaration(all_fiscal("1100000"), money_unit="万元"), evaluation(), [(ERROR, "funds.annual_total")]),
    Pair("X-03", "没有印单位，数字相同即可推断（2021 年实例）", declaration(money_unit=None), evaluation(), []),
    Pair("X-03", "没有印单位，数大到只能是元", declaration(all_fiscal("1154000"), money_unit=None), evaluation(), [(ERROR, "funds.annual_total")]),
    Pair("X-03", "没有印单位，推断不出", declaration(all_fiscal("110"), money_unit=None), evaluation(amounts("1100000", "1100000", "1056000")), [(UNDECIDED, "money_unit")]),
    Pair("X-03", "没有印单位，两边都是 110", declaration(all_fiscal("110"), money_unit=None), evaluation(amounts("110", "110", "105"), money_unit="万元"), []),
    Pair("X-03", "申报的单位是千元，不猜", declaration(all_fiscal("1100"), doubted("money_unit", "千元"), money_unit=None), evaluation(), [(UNDECIDED, "money_unit")]),
    Pair("X-03", "申报的单位是千元，数字相同也不算相同", declaration(doubted("money_unit", "千元"), money_unit=None), evaluation(), [(UNDECIDED, "money_unit")]),
    Pair("X-03", "申报空白，自评有数", _TOTAL_BLANK, evaluation(), [(ERROR, "funds.annual_total")]),
    Pair("X-03", "申报空白，自评写 0", _TOTAL_BLANK, evaluation(line(TOTAL, initial="0")), [(INFO, "funds.annual_total")]),
    Pair("X-03", "项目总额是三年累计，不与年度数比", declaration(money(total="3300000", fiscal="3000000", other="300000"), end=dt.date(2026, 12, 31)), evaluation(), []),
    Pair("X-03", "2020 年的表比当年预算", of_2020("1,100,000", None, None), evaluation(), []),
    Pair("X-03", "2020 年的表比当年预算，不一样", of_2020("1,231,000", None, None), evaluation(), [(ERROR, "extra.项目当年预算")]),
    Pair("X-04", "逐行一致", declaration(), evaluation(), []),
    Pair("X-04", "拨款 1,154,000 对 1,100,000（2021 年实例）", declaration(money(annual_fiscal="1154000")), evaluation(), [(ERROR, "funds.annual_fiscal")]),
    Pair("X-04", "申报空白，自评写 0（2021 年实例）", declaration(money(annual_carryover=None)), evaluation(), [(INFO, "funds.annual_carryover")]),
    Pair("X-04", "申报有数，自评空白", declaration(), evaluation(line(OTHER, initial=None)), [(ERROR, "funds.annual_other")]),
    Pair("X-04", "都空白", declaration(money(annual_other=None)), evaluation(line(OTHER, initial=None)), []),
    Pair("X-04", "单位推断不出，不比", declaration(all_fiscal("110"), money_unit=None), evaluation(amounts("1100000", "1100000", "1056000")), []),
    Pair("X-04", "2020 年的表没有分项", of_2020("1100000", None, None), evaluation(), []),
    Pair("X-04", "拨款与结转串行", declaration(money(annual_fiscal="0", annual_carryover="1000000")), evaluation(), [(ERROR, "funds.annual_fiscal"), (ERROR, "funds.annual_carryover")]),
    Pair("X-04", "拨款没有分项的自评表不比", declaration(), evaluation(line(FISCAL, item="财政拨款")), []),
]  # fmt: skip

INDICATORS = [
    Pair("X-05", "逐条对应", declaration(), evaluation(), []),
    Pair("X-05", "次序不同", _TRIPLE, _subsidies(evaluation, _SUBSIDY[::-1]), []),
    Pair("X-05", "漏了知晓率", declaration(), evaluation(gone(KNOWN)), [(ERROR, _NAME(5))]),
    Pair("X-05", "三条近名的漏了中间一条", _TRIPLE, _subsidies(evaluation, (_SUBSIDY[2], _SUBSIDY[0])), [(ERROR, _NAME(7))]),
    Pair("X-05", "三条近名的漏了末一条", _TRIPLE, _subsidies(evaluation, _SUBSIDY[:2]), [(ERROR, _NAME(8))]),
    Pair("X-05", "不是同一个项目，不比", declaration(), evaluation(gone(*range(6)), project="道路养护"), []),
    Pair("X-06", "逐条对应", declaration(), evaluation(), []),
    Pair("X-06", "多了一条培训", declaration(), evaluation(added("产出指标", "数量指标", "志愿者培训班", "≥3期", actual="3期")), [(ERROR, _NAME(7))]),
    Pair("X-06", "近名的三条里有一条是新增的", _subsidies(declaration, _SUBSIDY[:2]), _subsidies(evaluation, _SUBSIDY), [(ERROR, _NAME(8))]),
    Pair("X-07", "近名的三条次序不同，各归各", _TRIPLE, _subsidies(evaluation, (_SUBSIDY[1], _SUBSIDY[2], _SUBSIDY[0])), []),
    Pair("X-07", "近名的三条漏了一条，不是改名", _TRIPLE, _subsidies(evaluation, _SUBSIDY[1:]), []),
    Pair("X-07", "近名的三条改了一条", _TRIPLE, _subsidies(evaluation, (_SUBSIDY[0], "补助金发放准确率", _SUBSIDY[2])), [(WARNING, _NAME(7))]),
    Pair("X-07", "换行和全半角不计", declaration(row(TALKS, name="健康讲座(线下)场次")), evaluation(row(TALKS, name="健康讲座（线下）\n场 次")), []),
    Pair("X-07", "改了一个词", declaration(), evaluation(row(TALKS, name="健康讲座次数")), [(WARNING, _NAME(1))]),
    Pair("X-08", "产出目标就是产出指标", declaration(row(TALKS, level1="产出目标", level2="产出数量")), evaluation(), []),
    Pair("X-08", "质量换到数量", declaration(), evaluation(row(PASSED, level2="数量指标")), [(WARNING, "indicators[3].level2")]),
    Pair("X-08", "产出换到效益", declaration(), evaluation(row(ONTIME, level1="效益指标", level2="社会效益指标")), [(WARNING, "indicators[4].level1")]),
]  # fmt: skip

TARGETS = [
    Pair("X-09", "没有改", declaration(), evaluation(), []),
    _moved("X-09", "=91场→=90（2021 年实例）", "=91场", "=90", ERROR),
    _moved("X-09", "成本 ≤5000→≤6000", "≤5000元", "≤6000元", ERROR, COST),
    _moved("X-09", "投诉 1 起→2 起", "1起", "2起", ERROR, PASSED, name="有责投诉数"),
    _moved("X-09", "0 起→2 起", "0起", "2起", ERROR, PASSED, name="群体性事件"),
    _moved("X-09", "2 公里→1800 米", "≥2公里", "≥1800米", ERROR),
    _moved("X-09", "2 公里就是 2000 米", "≥2公里", "≥2000米", None),
    _moved("X-09", "时限推后", "2024年6月底前", "2024年9月底前", ERROR, ONTIME),
    _moved("X-09", "≥90%→≥85.00(百分比)", "≥90%", "≥85.00(百分比)", ERROR, SATISFIED),
    _moved("X-09", "=1百分比 就是 100%", "=1百分比", "=100%", None, PASSED),
    _moved("X-09", "=1 就是 100%（2020 年写法）", "=1", "=100%", None, PASSED),
    _moved("X-09", "=100.00(百分比) 就是 =1百分比", "=100.00(百分比)", "=1百分比", None, PASSED),
    _moved("X-09", "1.2万人次 就是 12,000人次", "≥1.2万人次", "≥12,000人次", None, PEOPLE),
    _moved("X-09", "上调不是下调", "=91场", "≥100场", None),
    _moved("X-09", "工期 90天→100天 是放宽", "90天", "100天", ERROR, ONTIME, name="项目工期"),
    _moved("X-10", "工期 90天→80天 是收紧", "90天", "80天", WARNING, ONTIME, name="项目工期"),
    _moved("X-11", "个工作日与工作日一样", "≤5个工作日", "≤5工作日", None, ONTIME, name="平均办结时限"),
    _moved("X-09", "投诉处理及时率 =98%→=90% 是下调", "=98%", "=90%", ERROR, ONTIME, name="投诉处理及时率"),
    Pair("X-09", "成本节约率 =5%→=3% 是下调", _declared("=5%", COST, name="成本节约率"), _evaluated("=3%", COST, name="成本节约率"), [(ERROR, _TARGET(0))]),
    Pair("X-10", "没有改", declaration(), evaluation(), []),
    _moved("X-10", "=91→≥91", "=91场", "≥91场", WARNING),
    _moved("X-10", "91→100", "≥91场", "≥100场", WARNING),
    _moved("X-10", "≤5000→≤4000 是提高", "≤5000元", "≤4000元", WARNING, COST),
    _moved("X-10", "没有符号就是等号", "100%", "=100%", None, PASSED),
    _moved("X-10", "下调另见 X-09", "=91场", "≥90场", None),
    _moved("X-10", "24 小时与 3 天无从比", "≤24小时", "≤3天", UNDECIDED, ONTIME),
    _moved("X-11", "场与场次一样", "≥90场", "≥90场次", None),
    _moved("X-11", "% 与百分比一样", "≥90%", "≥90.00(百分比)", None, SATISFIED),
    _moved("X-11", "3千份与3000份一样", "≥3千份", "≥3000份", None),
    _moved("X-11", "丢了“场”（2021 年实例）", "=91场", "=91", WARNING),
    _moved("X-11", "场→个（2024 年实例）", "≥90场", "≥90个", WARNING),
    _moved("X-11", "人次→人", "≥12000人次", "≥12000人", WARNING, PEOPLE),
    _moved("X-12", "一字不差", "管理良好", "管理 良好", None, PASSED),
    _moved("X-12", "良好→到位", "管理良好", "管理到位", WARNING, PASSED),
    _moved("X-12", "数改成了文字", "≥90场", "按时举办", ERROR),
    _moved("X-12", "写成文字而数还在", "≥90场", "举办90场以上", UNDECIDED),
    _moved("X-12", "自评的指标值空白", "≥90场", "", ERROR),
    _moved("X-12", "申报没有定", "按照下发任务", "≥90场", UNDECIDED),
]  # fmt: skip

GOALS = [
    Pair("X-13", "逐字一致", declaration(), evaluation(), []),
    Pair("X-13", "空格、换行、网页标签不计", declaration(annual_goal="服务居民，\n提高知晓率。"), evaluation(annual_goal="<p>服务居民， 提高知晓率。</p>"), []),
    Pair("X-13", "权益→权利（2021 年实例）", declaration(annual_goal="维护特殊家庭合法权益。"), evaluation(annual_goal="维护特殊家庭合法权利。"), [(WARNING, "annual_goal")]),
    Pair("X-13", "只有标点不同", declaration(annual_goal="关怀、宣传、培训。"), evaluation(annual_goal="关怀，宣传，培训。"), [(INFO, "annual_goal")]),
    Pair("X-13", "抄了总目标", declaration(overall_goal=_OVERALL), evaluation(annual_goal=_OVERALL), [(WARNING, "annual_goal")]),
    Pair("X-13", "抄了总目标还改了一个字（2021 年实例）", declaration(overall_goal=_OVERALL), evaluation(annual_goal=_OVERALL.replace("权益", "权利")), [(WARNING, "annual_goal"), (WARNING, "overall_goal")]),
    Pair("X-13", "重写了", declaration(), evaluation(annual_goal="按上级部署完成各项任务。"), [(WARNING, "annual_goal")]),
    Pair("X-13", "自评的目标空白另见 E-35", declaration(), evaluation(annual_goal=None), []),
    Pair("X-13", "申报没有目标", declaration(annual_goal=None, overall_goal=None), evaluation(), [(UNDECIDED, "annual_goal")]),
    Pair("X-13", "2020 年的表只有总目标", of_2020("1100000", None, None, overall_goal="服务居民。"), evaluation(annual_goal="服务居民。"), []),
]  # fmt: skip

CASES = [*IDENTITY, *FUNDS, *INDICATORS, *TARGETS, *GOALS]
