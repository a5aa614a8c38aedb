"""Pages and texts without lines: columns and rows by what stands below each other, every value asked about."""

from __future__ import annotations

import time

import pytest

import xladdin
from xladdin.errors import XladdinError

from .test_traps import pdf


def laid(*lines) -> str:
    """Lines of (column, text), as pdftotext -layout counts columns: a Chinese sign as one."""
    made = []
    for line in lines:
        text = ""
        for column, part in line:
            text = text.ljust(column) + part
        made.append(text)
    return "\n".join(made)


DOWN = laid(
    [(25, "项目支出绩效自评表")], [(28, "（2023年度）")], [],
    [(0, "项目名称"), (14, "临江县公共绿地养护")],
    [(0, "主管部门"), (14, "临江区住房和城乡建设局"), (36, "实施单位"), (48, "临江县管理处")],
    [(14, "年初预算数"), (24, "全年预算数"), (34, "全年执行数"), (46, "分值"), (52, "执行率"), (58, "得分")],
    [(6, "年度资金"), (14, "120"), (24, "120"), (34, "90"), (46, "10"), (52, "75%"), (58, "7.5")],
    [(6, "总额")],
    [(0, "项目资"), (6, "其中：当"), (14, "100"), (24, "100"), (34, "75"), (46, "—"), (58, "—")],
    [(0, "金（万"), (6, "年财政拨")],
    [(0, "元）"), (6, "款")],
    [(6, "其他资金"), (14, "20"), (24, "20"), (34, "15"), (46, "—"), (58, "—")],
    [(0, "年度总"), (6, "预期目标"), (36, "实际完成情况")],
    [(0, "体目标"), (6, "养护绿地120公顷，"), (36, "已养护绿地110公顷，")],
    [(6, "改善环境。"), (36, "环境有所改善。")],
    [(0, "一级指"), (6, "二级"), (12, "三级指标"), (24, "指标值"), (34, "完成值"), (46, "分值"), (52, "得分"), (58, "偏差原因分析")],
    [(0, "标"), (6, "指标"), (58, "及改进措施")],
    [(0, "产出指"), (6, "数量"), (12, "养护绿地面积"), (24, "≥120公顷"), (34, "110公顷"), (46, "30"), (52, "27.5"), (58, "受汛期影响，")],
    [(0, "标"), (6, "指标"), (58, "部分推迟。")],
    [(6, "时效"), (12, "年度任务在规定时间"), (24, "年底前完成"), (34, "完成"), (46, "20"), (52, "20")],
    [(6, "指标"), (12, "内完成")],
    [(0, "效益指"), (6, "社会效"), (12, "群众出行条件"), (24, "明显改善"), (34, "明显改善"), (46, "30"), (52, "30")],
    [(0, "标"), (6, "益指标")],
    [(0, "满意度"), (6, "服务对"), (12, "群众满意度"), (24, "≥90%"), (34, "95%"), (46, "10"), (52, "10")],
    [(0, "指标"), (6, "象满意")],
    [(6, "度指标")],
    [(0, "总分"), (46, "100"), (52, "95")],
)  # fmt: skip
AROUND = laid(
    [(25, "项目支出绩效目标申报表")], [(28, "（2023年度）")],
    [(0, "项目名称"), (14, "临江县公共绿地养护")],
    [(0, "主管部门"), (14, "临江区住房和城乡建设局"), (36, "实施单位"), (48, "临江县管理处")],
    [(8, "项目资金总额"), (20, "240"), (28, "年度资金总额"), (42, "120")],
    [(0, "项目资金"), (8, "其中：财政资金"), (20, "200"), (28, "其中：当年财政拨款"), (42, "100")],
    [(0, "（万元）"), (8, "其他资金"), (20, "40"), (28, "其他资金"), (42, "20")],
    [(0, "年度总体目标"), (8, "养护绿地120公顷，改善环境。")],
    [(0, "一级指标"), (8, "二级指标"), (18, "三级指标"), (30, "指标值")],
    [(8, "数量指标"), (18, "养护绿地面积"), (30, "≥120公顷")], [],
    [(0, "产出指标"), (18, "设备完好率"), (30, "≥95%")],
    [(8, "质量指标")],
    [(18, "植被成活率"), (30, "≥90%")],
    [(18, "年度任务在规定时间")],
    [(8, "时效指标"), (30, "年底前完成")],
    [(18, "内完成")],
    [(8, "社会效益指"), (18, "群众出行条件"), (30, "明显改善")],
    [(0, "效益指标")],
    [(8, "标")],
    [(0, "满意度指标"), (8, "服务对象满意度指标"), (18, "群众满意度"), (30, "≥90%")],
)  # fmt: skip
TEXTS = {
    "lines that go down from their row": (
        DOWN,
        {
            "project": "临江县公共绿地养护",
            "department": "临江区住房和城乡建设局",
            "unit": "临江县管理处",
            "money_unit": "万元",
            "annual_goal": "养护绿地120公顷，改善环境。",
            "actual_result": "已养护绿地110公顷，环境有所改善。",
            "budget[0].executed": "90",
            "budget[0].score": "7.5",
            "budget[1].item": "当年财政拨款",
            "budget[1].budget": "100",
            "budget[2].executed": "15",
            "indicators[0].reason": "受汛期影响，部分推迟。",
            "indicators[0].score": "27.5",
            "indicators[1].name": "年度任务在规定时间内完成",
            "indicators[1].level1": "产出指标",
            "indicators[2].level2": "社会效益指标",
            "indicators[3].level2": "服务对象满意度指标",
            "indicators[3].actual": "95%",
            "total_score": "95",
        },
        4,
    ),
    "lines around the middle of their row": (
        AROUND,
        {
            "unit": "临江县管理处",
            "money_unit": "万元",
            "funds.total": "240",
            "funds.annual_other": "20",
            "annual_goal": "养护绿地120公顷，改善环境。",
            "indicators[0].level2": "数量指标",
            "indicators[1].level2": "质量指标",
            "indicators[2].level2": "质量指标",
            "indicators[3].name": "年度任务在规定时间内完成",
            "indicators[3].level1": "产出指标",
            "indicators[4].level2": "社会效益指标",
            "indicators[5].level1": "满意度指标",
            "indicators[5].target": "≥90%",
        },
        6,
    ),
}


def value_in(record, field):
    found = record.to_dict()
    for step in field.replace("[", ".").replace("]", "").split("."):
        found = found[int(step)] if step.isdigit() else found[step]
    return found


@pytest.mark.parametrize(("text", "fields", "count"), TEXTS.values(), ids=TEXTS)
def test_a_text_that_blanks_lay_out(text, fields, count):
    (record,) = xladdin.read(text.encode())
    assert {field: value_in(record, field) for field in fields} == fields
    assert len(record.indicators) == count
    doubted = {doubt.field for doubt in record.source.doubts}
    assert not [field for field in fields if field not in doubted and field != "money_unit"]


def drawn(*rows):
    """Rows of (y, x, text) on a page."""

    def draw(canvas):
        for y, x, text in rows:
            canvas.drawString(x, 800 - y, text)

    return draw


def test_a_page_without_lines_whose_cells_are_wrapped():
    page = drawn(
        (40, 200, "项目支出绩效目标申报表"), (60, 240, "（2023年度）"),
        (90, 40, "项目名称"), (90, 140, "公共绿地养护"), (110, 40, "主管部门"), (110, 140, "某区住建局"),
        (110, 300, "实施单位"), (110, 400, "某县管理处"),
        (140, 40, "一级指标"), (140, 104, "二级指标"), (140, 170, "三级指标"), (140, 290, "年度指标值"),
        (180, 104, "数量指标"), (180, 170, "养护绿地面积"), (180, 290, "≥120公顷"),
        (210, 40, "产出指标"), (210, 104, "质量指标"), (210, 290, "≥95%"),
        (203, 170, "按照养护规范验收的绿地合"), (217, 170, "格率"),
        (240, 104, "时效指标"), (240, 170, "任务按期完成率"), (240, 290, "=100%"),
        (270, 40, "效益指标"), (263, 104, "社会效益"), (277, 104, "指标"), (270, 170, "群众知晓率"), (270, 290, "≥80%"),
    )  # fmt: skip
    (record,) = xladdin.read(pdf(page))
    assert [(one.level1, one.level2, one.name, one.target) for one in record.indicators] == [
        ("产出指标", "数量指标", "养护绿地面积", "≥120公顷"),
        ("产出指标", "质量指标", "按照养护规范验收的绿地合格率", "≥95%"),
        ("产出指标", "时效指标", "任务按期完成率", "=100%"),
        ("效益指标", "社会效益指标", "群众知晓率", "≥80%"),
    ]
    assert "indicators[1].name" in {doubt.field for doubt in record.source.doubts}


HEADING = "一级指标  二级指标  三级指标  指标值  分值  得分\n"
ROW = "产出指标  数量指标  培训场次{}  ≥1场  5  5\n"
HEAVY = {
    "rows": "项目名称   甲\n" + HEADING + "".join(ROW.format(number) for number in range(590)),
    "forms": ("项目名称   甲\n" + HEADING + ROW * 3) * 800,
    "labels": "项目名称  主管部门  实施单位  其他资金\n" * 2000 + HEADING + ROW,
    "goals": ("年度总体目标  " + "目标" * 20 + "\n") * 1500 + HEADING + ROW,
    "pieces": HEADING + ("x " * 400 + "  y  y\n") * 2000,
}


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY)
def test_a_text_takes_no_long_time(text):
    before = time.process_time()
    try:
        xladdin.read(text.encode())
    except XladdinError as error:
        assert error.advice
    assert time.process_time() - before < 8
