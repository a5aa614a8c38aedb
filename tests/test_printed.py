"""What printing does to a table, and programs that write tables as text: more of it than test_traps has."""

from __future__ import annotations

import io
import zipfile

import pytest

import xladdin
from xladdin.errors import RefusedFile

from .test_traps import FIRST, FULL, HEAD, NAMES, ROWS, TITLE, XS, YEAR, grid, levels, page, pdf, titled, web

GOAL = "办好社区食堂，"
LONG = [
    ("产出指标", "数量指标", "服务人数", "≥100人"), ("产出指标", "数量指标", "服务次数", "=12次"),
    ("产出指标", "可持续影响指标", "合格率", "≥95%"), ("效益指标", "社会效益指标", "知晓率", "≥80%"),
]  # fmt: skip


def downwards(canvas):
    """A level that runs downwards, its second column to the left of the first."""
    grid([*FIRST, *FULL[:2], [None, "", "合格率", "≥95%"], FULL[3]])(canvas)
    top = 100 + 30 * 5
    for column, text in enumerate(("可持续影响", "指标")):
        for number, sign in enumerate(text):
            canvas.setFontSize(5)
            canvas.drawString(XS[1] + 60 - 20 * column, 800 - top - 5.5 * number - 6, sign)


def hanging(canvas):
    """A bracket that a line was not allowed to begin with, let out over the edge of its cell."""
    name = "服务人数（含临时）"
    canvas.drawString(XS[3] - 10 * (len(name) - 0.6), 800 - 100 - 30 * 3 - 20, name)
    grid([*FIRST, ["产出指标", "数量指标", "", "≥100人"], *map(list, ROWS[1:])])(canvas)


def test_text_that_runs_downwards():
    assert levels(xladdin.read(pdf(titled(downwards)))) == LONG


def test_a_sign_let_out_over_the_edge_of_its_cell():
    read = levels(xladdin.read(pdf(titled(hanging))))
    assert read == [("产出指标", "数量指标", "服务人数（含临时）", "≥100人"), *ROWS[1:]]


def test_labels_parted_by_a_space_in_a_cell():
    rows = [
        ["项目名称：养老服务　主管部门：某局", None, None, None],
        ["实施单位", "某中心", "项目类别", "其他"],
        NAMES,
        *FULL,
    ]
    (record,) = xladdin.read(pdf(titled(grid(rows))))
    assert (record.project, record.department, record.unit) == ("养老服务", "某局", "某中心")


def test_a_goal_cut_before_the_heading_of_indicators():
    """The label of the goal is printed on one page; its text goes on over the next, the heading still to come."""
    first = titled(grid([*HEAD, [("", 1, 0), GOAL, "", ""]], top=600))
    second = grid([["年度目标", "不出安全事故。", "", ""], NAMES, *FULL])
    (record,) = xladdin.read(pdf(first, second))
    assert record.annual_goal == GOAL + "不出安全事故。"
    assert levels([record]) == ROWS


def test_indicators_that_go_on_under_the_heading_of_another_page():
    first = titled(grid([*FIRST, ["产出指标", "数量指标", "服务人数", "≥100人"]], top=600))
    second = grid([["产出指标", "数量指标", "服务次数", "=12次"]])
    third = grid([["产出指标", "质量指标", "合格率", "≥95%"], ["效益指标", "社会效益指标", "知晓率", "≥80%"]])
    assert levels(xladdin.read(pdf(first, second, third))) == ROWS


def lines(rows, gap="\t"):
    return "\n".join([TITLE, YEAR, *(gap.join(row) for row in rows)]).encode()


def test_merged_cells_written_again_in_every_column():
    rows = [["项目名称", "养老服务", "养老服务", "养老服务", "养老服务"], ["主管部门", "某局", "某局", "实施单位", "某中心"],
            ["项目类别", "其他", "其他", "计划开始日期", "2024-01-01"], ["一级指标", "二级指标", "二级指标", "三级指标", "年度指标值"]]  # fmt: skip
    rows += [[first, second, second, name, target] for first, second, name, target in ROWS]
    (record,) = xladdin.read(lines(rows))
    assert (record.project, record.department, record.unit) == ("养老服务", "某局", "某中心")
    assert levels([record]) == ROWS


def test_equal_values_side_by_side_are_not_one():
    heads = [["项目名称", "养老服务", "", "", "", "", "", ""], ["主管部门", "某局", "", "", "实施单位", "某中心", "", ""],
             ["项目资金（元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
             ["", "年度资金总额", "100", "100", "100", "10", "100%", "10"],
             ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]]  # fmt: skip
    rows = [[*row, "已完成", "90", "90", ""] for row in [("产出指标", "数量指标", "服务人数", "已完成")]]
    (record,) = xladdin.read(lines([*heads, *rows]))
    assert (record.budget[0].initial, record.budget[0].executed) == (100, 100)
    assert (record.indicators[0].target, record.indicators[0].actual) == ("已完成", "已完成")


@pytest.mark.parametrize("signs", ["指标性质", "运算符"])
def test_a_target_in_three_columns(signs):
    parts = [("≥", "100", "人"), ("=", "12", "次"), ("≥", "95", "%"), ("≥", "80", "%")]
    rows = [*HEAD, ["一级指标", "二级指标", "三级指标", signs, "指标值", "计量单位"]]
    rows += [[*row[:3], *part] for row, part in zip(ROWS, parts, strict=True)]
    assert levels(xladdin.read(lines(rows))) == ROWS


def test_quoted_lines_of_a_table_with_commas():
    text = "\n".join([f'"{TITLE}"', f'"{YEAR}"', *(",".join(row) for row in [*HEAD, NAMES, *ROWS])])
    (record,) = xladdin.read(text.encode("gb18030"))
    assert record.year == 2024 and levels([record]) == ROWS


def test_quotes_without_end_are_commas_all_the_same():
    text = "\n".join([TITLE, YEAR, *(",".join(row) for row in [*HEAD, NAMES, *ROWS]), '"' + "甲," * 200_000])
    assert levels(xladdin.read(text.encode()))[:4] == ROWS


def test_cells_repeated_a_million_times_are_refused():
    space = "urn:oasis:names:tc:opendocument:xmlns"
    cell = '<t:table-row t:number-rows-repeated="1048576"><t:table-cell t:number-columns-repeated="16384" o:value-type="string">'
    body = f"<o:spreadsheet><t:table>{cell}<x:p>甲</x:p></t:table-cell></t:table-row></t:table></o:spreadsheet>"
    names = f'xmlns:o="{space}:office:1.0" xmlns:t="{space}:table:1.0" xmlns:x="{space}:text:1.0"'
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", f"<o:document-content {names}><o:body>{body}</o:body></o:document-content>")
    with pytest.raises(RefusedFile, match="单元格超过上限"):
        xladdin.read(data.getvalue(), "多.ods")


def test_a_remark_in_a_web_page_is_no_text():
    body = web().replace("<td>年度指标值", "<td><a></a><comment>填报口径：数值＋单位</comment>年度指标值")
    assert levels(xladdin.read(page(body))) == ROWS
