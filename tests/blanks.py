"""Blank forms drawn cell by cell, in layouts that bureaus hand out and that are not among the shipped ones.

A form is lines of `range text`; a line without a text is an empty bordered cell. Wordings: see labels of the package;
layouts: 财预〔2015〕88号 and 财预〔2020〕10号 附件 as several provinces print them.
"""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Side
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.datavalidation import DataValidation

_THIN = Side(style="thin")
_BOX = Border(_THIN, _THIN, _THIN, _THIN)

# 目标值分三栏，“绩效指标”只竖排在指标行左边；资金一行，栏名里有单位和分值
SPLIT = """
A1:J1 省级部门预算项目绩效自评表
A2:J2 （    年度）
A3 项目名称¦B3:J3
A4 主管部门¦B4:E4¦F4 项目单位¦G4:J4
A5:B6 预算执行情况¦C5:D5 预算数(A)（万元）¦E5:F5 执行数(B)（万元）¦G5:H5 执行率(B/A)¦I5:J5 得分(20分×执行率)
C6:D6¦E6:F6¦G6:H6¦I6:J6
A7:A8 年度总体目标¦B7:E7 年初设定目标¦F7:J7 全年实际完成情况
B8:E8¦F8:J8
A9 类别¦B9 一级指标¦C9 二级指标¦D9 三级指标¦E9 指标性质¦F9 指标值¦G9 度量单位¦H9 全年完成值¦I9 权重¦J9 得分
A10:A14 绩效指标¦B10 产出指标¦C10 数量指标¦D10¦E10¦F10¦G10¦H10¦I10¦J10
B11¦C11 质量指标¦D11¦E11¦F11¦G11¦H11¦I11¦J11
B12 效益指标¦C12 社会效益指标¦D12¦E12¦F12¦G12¦H12¦I12¦J12
B13¦C13¦D13¦E13¦F13¦G13¦H13¦I13¦J13
B14 满意度指标¦C14 服务对象满意度指标¦D14¦E14¦F14¦G14¦H14¦I14¦J14
A15:H15 总分¦I15¦J15
A16:J16 注：定量指标未完成的，按完成比例计分。
A17 填报人：¦F17 联系电话：¦H17 填报日期：
"""
# 中期与年度并列
SIDES = """
A1:H1 项目支出绩效目标申报表
A2:H2 （ 20  年度）
A3:B3 项目名称¦C3:H3
A4:B4 主管部门及代码¦C4:D4¦E4:F4 实施单位¦G4:H4
A5:B5 项目属性¦C5:D5 □新增项目 □延续项目¦E5:F5 项目期¦G5:H5
A6:B8 项目资金（万元）¦C6 中期资金总额¦D6¦E6:G6 年度资金总额¦H6
C7 其中：财政拨款¦D7¦E7:G7 其中：财政拨款¦H7
C8 其他资金¦D8¦E8:G8 其他资金¦H8
A9:A10 总体目标¦B9:D9 中期目标（20××年—20××+n年）¦E9:H9 年度目标
B10:D10 目标1：……¦E10:H10 目标1：……
A11:A15 绩效指标¦B11 一级指标¦C11 二级指标¦D11 三级指标¦E11 指标值¦F11 二级指标¦G11 三级指标¦H11 指标值
B12:B13 产出指标¦C12 数量指标¦D12 指标1：¦E12¦F12 数量指标¦G12 指标1：¦H12
C13 质量指标¦D13 指标1：¦E13¦F13 质量指标¦G13 指标1：¦H13
B14 效益指标¦C14 社会效益指标¦D14 ……¦E14¦F14 社会效益指标¦G14 ……¦H14
B15 满意度指标¦C15 服务对象满意度指标¦D15 ……¦E15¦F15 服务对象满意度指标¦G15 ……¦H15
"""
# 一格里几个“标签：”，勾选，起止日期在一格，金额与标签同格
CELLS = """
A1:F1 部门预算项目绩效目标申报表
A2:F2 （2027年度）
A3:F3 项目名称：                    主管部门：               实施单位：
A4:C4 项目类别：专项资金□ 经常性项目□ 一次性项目□¦D4 起止日期¦E4:F4
A5:A7 项目资金（元）¦B5:F5 年度资金总额：
B6:F6 其中：财政拨款：
B7:F7 其他资金：
A8 本年度绩效目标¦B8:F8
A9 一级指标¦B9 二级指标¦C9:D9 指标内容¦E9:F9 指标值及单位
A10¦B10¦C10:D10¦E10:F10
A11¦B11¦C11:D11¦E11:F11
A12:F12 单位负责人签字：          财务负责人：          填报日期：
"""
# 栏名两行；空表自己有公式
FORMULAS = """
A1:I1 项目支出绩效自评表
A2:I2 （    年度）
I3 单位：元
A4 项目支出名称¦B4:I4
A5 主管部门¦B5:E5¦F5 资金使用单位¦G5:I5
A6:A8 项目资金¦B6:C6 资金来源¦D6 年初预算数¦E6 全年预算数¦F6 全年执行数¦G6 分值¦H6 执行率¦I6 得分
B7:C7 年度资金总额¦D7¦E7¦F7¦G7 10¦H7 =IF(E7=0,0,F7/E7)¦I7
B8:C8 其中：财政拨款¦D8¦E8¦F8¦G8 —¦H8 —¦I8 —
A9:A10 年度目标¦B9:E9 预期目标¦F9:I9 实际完成情况
B10:E10¦F10:I10
A11:A14 绩效指标¦B11:B12 一级指标¦C11:C12 二级指标¦D11:D12 三级指标¦E11:F11 指标值¦G11:H11 评分¦I11:I12 偏差原因分析及改进措施
E12 年度指标值¦F12 实际完成值¦G12 分值¦H12 得分
B13¦C13¦D13¦E13¦F13¦G13¦H13¦I13
B14¦C14¦D14¦E14¦F14¦G14¦H14¦I14
A15:F15 总分¦G15 =SUM(G13:G14)+G7¦H15 =H13+H14+I7¦I15
"""
# 转移支付；资金栏没有分值、得分；没有总分行；指标行留到表尾
TRANSFER = """
A1:H1 附件2
A2:H2 中央对地方转移支付区域绩效目标自评表
A3:H3 （××××年度）
A4:B4 转移支付（项目）名称¦C4:H4
A5:B5 中央主管部门¦C5:H5
A6:B6 地方主管部门¦C6:E6¦F6 资金使用单位¦G6:H6
A7:B10 资金情况（万元）¦C7:D7 ¦E7:F7 全年预算数（A）¦G7 全年执行数（B）¦H7 预算执行率（B/A×100%）
C8:D8 年度资金总额：¦E8:F8¦G8¦H8
C9:D9 其中：中央财政资金¦E9:F9¦G9¦H9
C10:D10 其他资金¦E10:F10¦G10¦H10
A11:A12 总体目标完成情况¦B11:E11 总体目标¦F11:H11 全年实际完成情况
B12:E12¦F12:H12
A13:A16 绩效指标¦B13 一级指标¦C13 二级指标¦D13:E13 三级指标¦F13 指标值¦G13 全年实际完成值¦H13 未完成原因和改进措施
B14¦C14¦D14:E14¦F14¦G14¦H14
B15¦C15¦D15:E15¦F15¦G15¦H15
B16¦C16¦D16:E16¦F16¦G16¦H16
"""
# 资金左右并列，值在栏名下面；有数据有效性
UNDER = """
B1:H1 市级项目支出绩效目标批复表
B2:H2 20    年度
B3 专项名称¦C3:E3¦F3 项目负责人及电话¦G3:H3
B4 主管部门¦C4:E4¦F4 具体实施单位¦G4:H4
B5:B6 资金情况（万元）¦C5:D5 年度金额¦E5:F5 财政拨款¦G5:H5 其他资金
C6:D6¦E6:F6¦G6:H6
B7 立项依据¦C7:H7
B8 项目目标¦C8:H8 （填写说明：简述年度要达到的效果）
B9 一级指标¦C9 二级指标¦D9:F9 三级指标¦G9:H9 计划指标值
B10¦C10¦D10:F10¦G10:H10
B11:H11 备注：指标值应当量化。
"""
BLANKS = {
    "split": SPLIT, "sides": SIDES, "cells": CELLS, "formulas": FORMULAS, "transfer": TRANSFER, "under": UNDER,
}  # fmt: skip


def drawn(text: str, title: str = "Sheet1") -> bytes:
    """The workbook of a drawing."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    last = 0
    for line in text.strip().splitlines():
        for spec in line.split("¦"):
            where, _, value = spec.strip().partition(" ")
            left, top, right, bottom = range_boundaries(where)
            for row in sheet.iter_rows(top, bottom, left, right):
                for cell in row:
                    cell.border = _BOX
                    cell.alignment = Alignment(wrap_text=True, vertical="center")
            sheet.cell(top, left).value = int(value) if value.isdigit() else value or None
            if ":" in where:
                sheet.merge_cells(where)
            last = max(last, bottom)
    sheet.print_area = f"A1:{sheet.cell(last, sheet.max_column).coordinate}"
    sheet.page_setup.orientation = "landscape"
    header = next((row for row in range(1, last) if any(c.value == "一级指标" for c in sheet[row])), last)
    sheet.freeze_panes = f"A{header + 1}" if "E12 年度指标值" not in text else f"A{header + 2}"
    sheet.print_title_rows = f"{header}:{header}"
    rule = DataValidation("textLength", operator="lessThan", formula1="200")
    rule.add(f"D{header + 2}:D{header + 2}")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
