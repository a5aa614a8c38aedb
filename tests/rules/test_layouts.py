"""Layouts of other provinces: what they do not print is not held against them."""

from __future__ import annotations

import pytest

import xladdin
from tests.test_recognise import grid_of
from xladdin.form.reading import records_in

HUBEI = [  # as 湖北 prints it: no 年初预算数, no 分值; the points stand in brackets
    "2022年度湖北项目绩效自评表",
    "项目名称|城市道路维护",
    "主管部门|某市住建局||项目实施单位|某市市政所",
    "预算执行情况（万元）（20分）||预算数（A）|执行数（B）|执行率（B/A）|得分（20分×执行率）",
    "|年度财政资金总额|200|195.5|97.75%|{execution}",
    "年度绩效目标1（80分）|一级指标|二级指标|三级指标|年初目标值（A）|实际完成值（B）|得分",
    "|产出指标|数量指标|维护里程（20分）|≥34公里|36公里|20",
    "||质量指标|路面完好率（20分）|≥95%|96.2%|20",
    "|效益指标|社会效益指标|投诉办结率（30分）|≥98%|99%|30",
    "|满意度指标|服务对象满意度指标|居民满意度（10分）|≥90%|93%|10",
    "总分||||||{total}",
]
NATIONAL = [
    "项目支出绩效自评表（2022年度）",
    "项目名称|城市道路维护",
    "主管部门|某市住建局||实施单位|某市市政所",
    "项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分",
    "|年度资金总额|100|100|90|10|90%|9",
    "|其中：当年财政拨款|100|100|90|—",
    "|其中：市级资金|60|60|50|—",
    "|区级资金|40|40|40|—",
    "年度总体目标|预期目标||实际完成情况",
    "|维护道路。||维护道路34公里。",
    "绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施",
    "|产出指标（50分）|数量指标|1.维护里程|≥34公里|34公里|50|50|",
    "|效益指标（30分）|社会效益指标|指标1：投诉办结率|≥98%|99%|30|30|",
    "|满意度指标（10分）|服务对象满意度指标|居民满意度|≥90%|93%|10|10|",
    "总分||||||100|99",
]


def hubei(execution: str, total: str) -> xladdin.Evaluation:
    return records_in([grid_of([row.format(execution=execution, total=total) for row in HUBEI])])[0]


@pytest.mark.parametrize(
    ("execution", "total", "errors"),
    [("19.55", "99.55", []), ("10.45", "90.45", ["E-02"]), ("19.55", "99.10", ["E-06"])],
)
def test_hubei_without_a_column_of_points(execution, total, errors):
    told = xladdin.check(hubei(execution, total), "湖北")
    assert [found.code for found in told if found.level == "error"] == errors
    assert [found.code for found in told if found.level == "undecided"] == ["E-05"]


def test_hubei_against_its_declaration():
    """No 年初预算数 to compare: said once, not called blank; the points in the names are no new names."""
    evaluation = hubei("19.55", "99.55")
    declaration = xladdin.Declaration(
        form="2023申报表",
        year=2022,
        project="城市道路维护",
        department="某市住建局",
        unit="某市市政所",
        money_unit="万元",
        funds=xladdin.Funds(annual_total=200, annual_fiscal=200),
        indicators=tuple(
            xladdin.Indicator(row.level1, row.level2, row.name.partition("（")[0], row.target)
            for row in evaluation.indicators
        ),
    )
    told = xladdin.reconcile(declaration, evaluation, "湖北")
    assert [(found.code, found.level) for found in told if found.code.startswith("X")] == [("X-03", "undecided")]


def test_lines_below_a_line_are_not_added_twice():
    (record,) = records_in([grid_of(NATIONAL)])
    told = xladdin.check(record)
    assert [found.message for found in told if found.level in ("error", "undecided")] == []
    assert "X-14" not in {found.code for found in told}  # 产出指标（50分） is 产出
