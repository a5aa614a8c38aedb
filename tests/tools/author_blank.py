"""Author the blank form that `xladdin demo` makes a template of.

Run:  python tests/tools/author_blank.py [FILE]

A 自评表 as a bureau hands it out, in a layout that is not among the shipped ones: 指标值 in three columns, 项目资金 in one
row, the points in the headings. Drawn as author_templates.py draws; the same to the byte run after run.
"""

import sys
from pathlib import Path

import xlsxwriter
from author_templates import CREATED, draw, set_up_page
from form_layouts import BOOK_OPTIONS, STYLES, Form

DEFAULT = Path(__file__).resolve().parents[2] / "xladdin" / "data" / "空白自评表.xlsx"

LAYOUT = """
title A:J title 省级部门预算项目绩效自评表
year A:J year （    年度）
line A label 项目名称 ¦ B:F value ¦ G label 项目编号 ¦ H:J value
line A label 主管部门 ¦ B:F value ¦ G label 项目单位 ¦ H:J value
double A:B×2 label 预算执行情况\\n（万元） ¦ C:D label 预算数(A) ¦ E:F label 执行数(B) ¦ G:H label 执行率(B/A)
    ¦ I label 分值 ¦ J label 得分
line C:D value ¦ E:F value ¦ G:H value ¦ I value ¦ J value
line A×2 label 年度总体\\n目标 ¦ B:F label 年初设定目标 ¦ G:J label 全年实际完成情况
goal B:F long ¦ G:J long
line A×5 stacked 绩效指标 ¦ B heading 一级指标 ¦ C heading 二级指标 ¦ D heading 三级指标 ¦ E heading 指标性质
    ¦ F heading 指标值 ¦ G heading 度量单位 ¦ H heading 全年完成值 ¦ I heading 分值 ¦ J heading 得分
indicator B×2 label 产出指标 ¦ C label 数量指标 ¦ D text 指标1： ¦ E value ¦ F value ¦ G value ¦ H value ¦ I value ¦ J value
indicator C label 质量指标 ¦ D text …… ¦ E value ¦ F value ¦ G value ¦ H value ¦ I value ¦ J value
indicator B label 效益指标 ¦ C label 社会效益指标 ¦ D text …… ¦ E value ¦ F value ¦ G value ¦ H value ¦ I value ¦ J value
indicator B label 满意度指标 ¦ C label 服务对象满意度指标 ¦ D text …… ¦ E value ¦ F value ¦ G value ¦ H value ¦ I value ¦ J value
line A:H label 总分 ¦ I value ¦ J value
line A:J remark 注：定量指标未完成的，按完成比例计分；偏差较大的应说明原因。
line A:D remark 填报人： ¦ E:G remark 审核人： ¦ H:J remark 填报日期：
"""
FORM = Form("自评表", "自评表", "", "万元", "", [9, 11, 13, 22, 9, 9, 9, 12, 8, 8], LAYOUT, landscape=True)


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    with xlsxwriter.Workbook(path, BOOK_OPTIONS) as book:
        book.set_properties({"created": CREATED})
        formats = {name: book.add_format(style) for name, style in STYLES.items()}
        sheet = book.add_worksheet(FORM.name)
        draw(sheet, FORM, formats)
        set_up_page(sheet, FORM)
    print(path)


if __name__ == "__main__":
    main()
