"""What the rules for scores, weights and totals of a self-evaluation should say."""

from __future__ import annotations

from decimal import Decimal

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
    Case,
    Change,
    added,
    amounts,
    evaluation,
    gone,
    line,
    row,
)

_SCORE = "indicators[{}].score".format


def _graded(total: str, grade: str):
    return evaluation(total_score=total, extra={"自评等级": grade})


def _weights(*points: int) -> list[Change]:
    return [row(n, weight=Decimal(figure)) for n, figure in enumerate(points)]


SCORES = [
    Case("E-04", "照规则算的", evaluation(), []),
    Case("E-04", "91 场完成 80，应得 17.58", evaluation(row(TALKS, target="=91场", actual="80场", weight="20", score="18.5")), [(ERROR, _SCORE(1))]),
    Case("E-04", "取整到 18 分只提示", evaluation(row(TALKS, target="=91场", actual="80场", weight="20", score="18")), [(INFO, _SCORE(1))]),
    Case("E-04", "取整到 17.6 分只提示", evaluation(row(TALKS, target="=91场", actual="80场", weight="20", score="17.6")), [(INFO, _SCORE(1))]),
    Case("E-04", "差 0.01 分在容差内", evaluation(row(TALKS, target="=91场", actual="80场", weight="20", score="17.59")), []),
    Case("E-04", "差 0.02 分", evaluation(row(TALKS, target="=91场", actual="80场", weight="20", score="17.56")), [(ERROR, _SCORE(1))]),
    Case("E-04", "完成了八成多，给 0 分", evaluation(row(TALKS, target="=91场", actual="80场", weight="20", score="0")), [(ERROR, _SCORE(1))]),
    Case("E-04", "千分位不妨碍", evaluation(row(PEOPLE, target="≥12,000人次", actual="6,000人次", score="5")), []),
    Case("E-04", "目标 0，发生了 1 起，0 分", evaluation(row(PASSED, target="0起", actual="1起", score="0")), []),
    Case("E-04", "目标 0，发生了 1 起，给了 5 分", evaluation(row(PASSED, target="0起", actual="1起", score="5")), [(ERROR, _SCORE(3))]),
    Case("E-04", "成本超一成，扣一成", evaluation(row(COST, actual="5500元", score="18")), []),
    Case("E-04", "成本 A=100、B=120：平台式 16 分", evaluation(row(COST, target="≤100万元", actual="120万元", score="16")), []),
    Case("E-04", "同上，湖北 A÷B：16.67 分", evaluation(row(COST, target="≤100万元", actual="120万元", score="16.67")), [], "湖北"),
    Case("E-04", "同上，湖北给 16.2 分", evaluation(row(COST, target="≤100万元", actual="120万元", score="16.2")), [(ERROR, _SCORE(0))], "湖北"),
    Case("E-04", "B=2A：平台式 0 分", evaluation(row(COST, target="≤100万元", actual="200万元", score="0")), []),
    Case("E-04", "B=2A 给了 2.5 分", evaluation(row(COST, target="≤100万元", actual="200万元", score="2.5")), [(ERROR, _SCORE(0))]),
    Case("E-04", "B=2A：湖北 10 分", evaluation(row(COST, target="≤100万元", actual="200万元", score="10")), [], "湖北"),
    Case("E-04", "严格小于 100%，恰好 100%，同 ≤ 一样计分", evaluation(row(COST, target="<100.00(百分比)", actual="100%")), []),
    Case("E-04", "百分比小数与 100 制", evaluation(row(SATISFIED, target=">=0.9百分比", actual="81%", score="9")), []),
    Case("E-04", "成本没有超，满分", evaluation(row(COST, actual="3000元", score="20")), []),
    Case("E-04", "成本没有写 ≤，超了一成，扣了 1 分", evaluation(row(COST, target="5000元", actual="5500元", score="19")), [(UNDECIDED, _SCORE(0))]),
    Case("E-04", "完成值看不出数", evaluation(row(TALKS, actual="85-95场", score="10")), [(UNDECIDED, _SCORE(1))]),
    Case("E-04", "区间两头都达到", evaluation(row(TALKS, actual="90-95场", score="10")), []),
    Case("E-04", "换算后只完成一成，给了 5 分", evaluation(row(TALKS, target="≥3吨", actual="300公斤", score="5")), [(ERROR, _SCORE(1))]),
    Case("E-04", "单位不同另见 E-37", evaluation(row(TALKS, actual="92人", score="5")), []),
    Case("E-04", "0 起，未发生", evaluation(row(PASSED, target="0起", actual="未发生", score="10")), []),
    Case("E-04", "容差恰好 0.01 分（另一边）", evaluation(row(TALKS, target="=91场", actual="80场", weight="20", score="17.57")), []),
    Case("E-04", "过了期限才完成，另见 E-12", evaluation(row(ONTIME, target="2024年6月底前", actual="2024-08-01", score="10")), []),
    Case("E-04", "完成值空白另见 E-10", evaluation(row(TALKS, actual=None, score="10")), []),
    Case("E-04", "工期提前，满分", evaluation(row(ONTIME, name="项目工期", target="90天", actual="85天")), []),
    Case("E-12", "工期提前，不是没完成", evaluation(row(ONTIME, name="项目工期", target="90天", actual="85天")), []),
    Case("E-19", "工期拖了五天，满分", evaluation(row(ONTIME, name="项目工期", target="90天", actual="95天")), [(WARNING, _SCORE(ONTIME))]),
    Case("E-19", "投诉 1 件成了 3 件，满分", evaluation(row(PASSED, name="投诉件数", target="1件", actual="3件")), [(WARNING, _SCORE(PASSED))]),
    Case("E-13", "严格小于而恰好相等，0 分", evaluation(row(COST, target="<100.00(百分比)", actual="100%", score="0", reason="预算全部用完。下年压减会议费。")), [(INFO, _SCORE(COST))]),
    Case("E-02", "执行得分取整到 0.1 分只提示", evaluation(amounts("1000000", "1000000", "956700"), line(0, score="9.6")), [(INFO, "budget[0].score")]),
    Case("E-05", "0 分和满分都在界内", evaluation(row(PASSED, actual="0%")), []),
    Case("E-05", "得分大于分值", evaluation(row(TALKS, score="10.01")), [(ERROR, _SCORE(1))]),
    Case("E-05", "负分", evaluation(row(TALKS, score="-1")), [(ERROR, _SCORE(1))]),
    Case("E-05", "分值 0", evaluation(row(TALKS, weight="0")), [(ERROR, "indicators[1].weight")]),
    Case("E-05", "没有分值", evaluation(row(TALKS, weight=None)), [(ERROR, "indicators[1].weight")]),
    Case("E-05", "执行率得 11 分", evaluation(line(TOTAL, score="11")), [(ERROR, "budget[0].score")]),
    Case("E-06", "100 分，99.3 分", evaluation(), []),
    Case("E-06", "资金分项也印了分值、得分，合计只算合计行（真实表 5 例）", evaluation(line(FISCAL, weight="10", score="9.6", rate="0.96"), line(OTHER, weight="10", score="9.6", rate="0.96")), []),
    Case("E-06", "只有分项印分值", evaluation(line(TOTAL, weight=None), line(FISCAL, weight="5"), line(OTHER, weight="5")), []),
    Case("E-06", "总分写错", evaluation(total_score="99.6"), [(ERROR, "total_score")]),
    Case("E-06", "总分空白", evaluation(blank=("total_score",)), [(ERROR, "total_score")]),
    Case("E-06", "分值合计 95", evaluation(row(TALKS, weight="5")), [(ERROR, "total_weight")]),
    Case("E-06", "分值合计 100，表上写 90", evaluation(total_weight="90"), [(ERROR, "total_weight")]),
    Case("E-06", "有一条没有得分，总分无法核对", evaluation(blank=("indicators[1].score",)), [(UNDECIDED, "total_score")]),
    Case("E-06", "有一条没有得分，总分也空白", evaluation(blank=("indicators[1].score", "total_score")), [(UNDECIDED, "total_score")]),
    Case("E-06", "有一条得分待核，总分也是：另见 E-39", evaluation(row(TALKS, actual="约90场")), []),
    Case("E-06", "有一条得分待核，总分却写了数", evaluation(row(TALKS, actual="约90场"), total_score="90"), [(UNDECIDED, "total_score")]),
    Case("E-06", "没有分值的子指标没有得分，不妨碍总分", evaluation(added("产出指标", "数量指标", "其中：线上场次", "≥30场", actual="约30场")), []),
    Case("E-06", "还没有填的，总分空白另见 E-38", evaluation(row(TALKS, actual=None), blank=("total_score",)), []),
    Case("E-06", "有一条没有填，总分却写了数", evaluation(row(TALKS, actual=None), total_score="90"), [(UNDECIDED, "total_score")]),
    Case("E-06", "湖北 20＋80", evaluation(line(TOTAL, weight="20"), *_weights(10, 10, 10, 5, 5, 30, 10)), [], "湖北"),
    Case("E-12", "完成了得满分", evaluation(), []),
    Case("E-12", "成本超支另见 E-19", evaluation(row(COST, actual="5500元", score="20")), []),
    Case("E-12", "91 场完成 80，得满分", evaluation(row(TALKS, target="=91场", actual="80场", score="10")), [(ERROR, _SCORE(1))]),
    Case("E-12", "完成 99.6%，取整到 0.1 分是满分", evaluation(row(PEOPLE, actual="11952人次", score="10")), [(INFO, _SCORE(2))]),
    Case("E-12", "只完成一半，1 分全给", evaluation(row(TALKS, actual="45场", weight="1", score="1")), [(ERROR, _SCORE(1))]),
    Case("E-12", "完成八成，2 分全给", evaluation(row(TALKS, actual="72场", weight="2", score="2")), [(ERROR, _SCORE(1))]),
    Case("E-12", "满分却写了推迟", evaluation(row(TALKS, reason="两场推迟到下年。")), [(WARNING, "indicators[1].reason")]),
    Case("E-12", "6 月底的期限，8 月才完成，满分", evaluation(row(ONTIME, target="2024年6月底前", actual="2024-08-01", score="10")), [(ERROR, _SCORE(4))]),
    Case("E-12", "没写年份的期限，用表的年度，迟了却满分", evaluation(row(ONTIME, target="11月底前", actual="2024年12月15日", score="10")), [(ERROR, _SCORE(4))]),
    Case("E-12", "没写年份的期限，按期", evaluation(row(ONTIME, target="12月底前", actual="11月30日", score="10")), []),
    Case("E-12", "≥90 场，85 场以下，满分", evaluation(row(TALKS, actual="85场以下", score="10")), [(ERROR, _SCORE(1))]),
    Case("E-12", "≥2 公里，900 米，满分", evaluation(row(TALKS, target="≥2公里", actual="900米", score="10")), [(ERROR, _SCORE(1))]),
    Case("E-12", "满分，原因写的是超额", evaluation(row(TALKS, reason="街镇需求多，增加两场。")), []),
    Case("E-12", "满分，写明没有受疫情影响", evaluation(row(TALKS, reason="未受疫情影响，按期完成。")), []),
    Case("E-13", "没有白扣的分", evaluation(), []),
    Case("E-13", "目标 100%，完成 100%，得 9.7（2021 年实例）", evaluation(row(ONTIME, target="=1百分比", actual="1", score="9.7", reason="疫情原因减少部分工作培训")), [(ERROR, _SCORE(4))]),
    Case("E-13", "10 亩完成 0.7 公顷是 10.5 亩，已达到", evaluation(row(TALKS, target="≥10亩", actual="0.7公顷", score="5", reason="天气不好；下年改进。")), [(ERROR, _SCORE(1))]),
    Case("E-13", "超额三倍，因目标偏低调减并写了原因", evaluation(row(TALKS, actual="300场", score="8", reason="年初目标偏低，调减 2 分；下年按 300 场设定。")), [(INFO, _SCORE(1))]),
    Case("E-13", "超额三倍而扣分，原因只写“无”", evaluation(row(TALKS, actual="300场", score="8", reason="无")), [(ERROR, _SCORE(1))]),
    Case("E-13", "定性指标档内扣分", evaluation(row(PASSED, target="规范", actual="达成", score="9")), []),
    Case("E-19", "成本没有超", evaluation(), []),
    Case("E-19", "恰好用满", evaluation(row(COST, actual="5000元")), []),
    Case("E-19", "≤160 万元，实际 386 万元，满分（郫都实例）", evaluation(row(COST, target="≤160万元", actual="386万元", score="20")), [(ERROR, _SCORE(0))]),
    Case("E-19", "=160 万元，平台照等号给满分，只警告", evaluation(row(COST, target="=160万元", actual="386万元", score="20")), [(WARNING, _SCORE(0))]),
    Case("E-19", "按反向公式扣了分", evaluation(row(COST, target="≤160万元", actual="176万元", score="18")), []),
]  # fmt: skip

WEIGHTS = [
    Case("X-14", "成本 20、产出 40、效益 20、满意度 10", evaluation(), []),
    Case("X-14", "不设成本：产出 50、效益 30", evaluation(gone(COST), *_weights(20, 10, 10, 10, 30, 10)), []),
    Case("X-14", "2021 年 10/50/30/10", evaluation(gone(COST), *_weights(20, 10, 10, 10, 30, 10), year=2021), []),
    Case("X-14", "再不设满意度：效益 40（101号）", evaluation(gone(COST, SATISFIED), *_weights(20, 10, 10, 10, 40)), []),
    Case("X-14", "设成本而不设满意度：效益 30（101号）", evaluation(gone(SATISFIED), *_weights(20, 10, 10, 10, 10, 30)), []),
    Case("X-14", "必须设成本的项目", evaluation(), [], "全国成本"),
    Case("X-14", "湖北：执行率 20、产出 40、效益 30、满意度 10", evaluation(gone(COST), line(TOTAL, weight="20"), *_weights(10, 10, 10, 10, 30, 10)), [], "湖北"),
    Case("X-14", "执行率 20 不是上海的", evaluation(line(TOTAL, weight="20")), [(WARNING, "budget[0].weight")]),
    Case("X-14", "产出 60、效益 20", evaluation(gone(COST), *_weights(20, 20, 10, 10, 20, 10)), [(WARNING, "indicators[0].weight"), (WARNING, "indicators[4].weight")]),
    Case("X-14", "没有效益指标，规定里没有这样的分值", evaluation(gone(KNOWN)), []),
    Case("X-14", "有指标没有分值，合计无从比", evaluation(row(TALKS, weight=None)), []),
]  # fmt: skip

GRADES = [
    Case("E-27", "没有印等级", evaluation(), []),
    *(
        Case("E-27", f"{total} 分是{grade}", _graded(total, grade), [])
        for total, grade in [("90", "优"), ("89.99", "良"), ("80", "良好"), ("79.99", "中"), ("60", "中"), ("59.99", "差"), ("100", "优秀"), ("0", "较差")]
    ),
    *(
        Case("E-27", f"{total} 分不是{grade}", _graded(total, grade), [(ERROR, "extra.自评等级")])
        for total, grade in [("90", "良"), ("89.99", "优"), ("80", "中"), ("60", "差"), ("59.99", "中")]
    ),
    Case("E-27", "90 分写“优良”，不知是哪一档", _graded("80", "优良"), [(UNDECIDED, "extra.自评等级")]),
]  # fmt: skip

MEASURED = [
    Case("E-11", "定量指标不在此列", evaluation(), []),
    Case("E-11", "写同目标一样的字就是达成", evaluation(row(PASSED, target="及时", actual="及时", score="10")), []),
    Case("E-11", "达成，80% 在档内", evaluation(row(PASSED, target="及时", actual="达成", score="8")), []),
    Case("E-11", "达成，得 7 分在档外", evaluation(row(PASSED, target="及时", actual="达成预期指标", score="7")), [(ERROR, _SCORE(3))]),
    Case("E-11", "部分达成，60% 在档内", evaluation(row(PASSED, target="及时", actual="部分达成", score="6")), []),
    Case("E-11", "部分达成，80% 属上一档", evaluation(row(PASSED, target="及时", actual="部分达成", score="8")), [(ERROR, _SCORE(3))]),
    Case("E-11", "部分达成，5 分在档外", evaluation(row(PASSED, target="及时", actual="部分达成", score="5")), [(ERROR, _SCORE(3))]),
    Case("E-11", "同上，湖北中档 80—50", evaluation(row(PASSED, target="及时", actual="部分达成", score="5")), [], "湖北"),
    Case("E-11", "未达成，0 分", evaluation(row(PASSED, target="及时", actual="未达成", score="0")), []),
    Case("E-11", "未达成，6 分属中档", evaluation(row(PASSED, target="及时", actual="未达成", score="6")), [(ERROR, _SCORE(3))]),
    Case("E-11", "看不出档位", evaluation(row(PASSED, target="及时", actual="较好", score="9")), [(UNDECIDED, _SCORE(3))]),
    Case("E-11", "期限内完成", evaluation(row(ONTIME, target="2024年11月30日前", actual="2024-11-20")), []),
    Case("E-14", "有超有欠", evaluation(), []),
    Case("E-14", "全部满分", evaluation(row(PEOPLE, actual="12500人次")), [(WARNING, _SCORE(0))]),
    Case("E-14", "全部满分，完成值全等于目标", evaluation(*(row(n, actual=value) for n, value in enumerate(("5000元", "90场", "12000人次", "95%", "95%", "85%", "90%")))), [(WARNING, _SCORE(0)), (WARNING, "indicators[0].actual")]),
    Case("E-14", "只有两条指标，不下结论", evaluation(gone(PEOPLE, PASSED, ONTIME, KNOWN, SATISFIED)), []),
    Case("E-29", "名称各不相同", evaluation(), []),
    Case("E-29", "同一行出现两次", evaluation(added("产出指标", "数量指标", "健康讲座 场次", "≥90场", actual="92场", weight="10")), [(WARNING, "indicators[7].name")]),
]  # fmt: skip

CASES = [*SCORES, *WEIGHTS, *GRADES, *MEASURED]
