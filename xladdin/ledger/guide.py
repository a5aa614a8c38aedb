"""The sheet 填写说明 of a ledger: the year in four steps, the three sheets, colours and units, on one page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..sheets import looks
from ..sheets.page import Book, Page
from . import columns as names
from .dress import GROUPS

_WIDTHS = (15, 17, 52, 46)
_LAST = len(_WIDTHS) - 1
_BODY = looks.BODY | {"indent": 1}
STEPS = (
    ("1 申报", "上年秋天，编预算时",
     "“项目”一个项目一行：基本、资金、目标各栏；“指标”一条指标一行：一级到三级指标、指标值。",
     "点“批量生成”，每个项目一张申报表。命令行：xladdin fill 台账.xlsx --out 申报"),
    ("2 自评", "次年春天，决算之后",
     "由申报表生成自评表，在自评表里填全年执行数和实际完成值。想在台账里填的，“项目”另起一行、表式选自评表，"
     "再填“资金执行”（一种资金一行）和“指标”的实际完成值、分值。",
     "点“批量自评”，指标和指标值照搬，分值分到合计 100。命令行：xladdin evaluate 申报 --out 自评"),
    ("3 核对", "自评表收齐后",
     "台账不用动。申报与自评逐项核对，改好以后再核对一次。",
     "点“批量核对”。命令行：xladdin reconcile 申报 自评 --report 核对结果.xlsx"),
    ("4 汇总", "上报以前", "台账不用动。全年的金额、得分、指标在一个文件里。",
     "点“汇总”。命令行：xladdin summary 申报 自评 --out 汇总.xlsx"),
)  # fmt: skip
SHEETS = (
    (names.PROJECTS, "一个项目一张表占一行",
     "同一项目既有申报表又有自评表的，占两行，用表式区分。最右边“还缺什么”自动说明缺哪些、合计对不对，都填了显示“齐”。"),
    (names.EXECUTION, "自评用，一种资金一行",
     "年度资金总额一行；当年财政拨款、上年结转资金、其他资金有的各一行，加起来等于总额。只做申报时整张表空着。"),
    (names.INDICATORS, "一条三级指标一行",
     "同一项目的指标连着写；一级、二级指标与上一行相同的可以空着，算作上面那一个。项目名称每行都写，从下拉里选。"),
)  # fmt: skip
SAMPLE = (
    (names.PROJECTS, "2026 · 2024申报表 · 城市绿化养护 · 主管部门 某市园林局 · 实施单位 某市绿化中心 · 金额单位 元 · "
                     "年度资金申请总额 1200000 · 当年财政拨款 1200000 · 年度总体目标 完成 120 公顷绿地的日常养护"),
    (names.INDICATORS, "2026 · 城市绿化养护 · 产出指标 · 数量指标 · 养护绿地面积 · ≥120公顷（次年再填实际完成值）"),
    (names.EXECUTION, "2026 · 城市绿化养护 · 年度资金总额 · 年初预算数 1200000 · 全年预算数 1150000 · "
                      "全年执行数 1138000 · 分值 10"),
)  # fmt: skip
NOTES = (
    ("金额单位", "每个项目在“金额单位”里选元或万元，本行和“资金执行”的金额都按它；空着就按表上的单位。"
                 "单位与表上不同的，生成时换算并说明。"),
    ("空着和 0", "空着是没有填，0 就是 0。没有这笔钱的空着。"),
    ("指标值", "照表上的写法：≥90%、=91场、2026年11月底前、优。这些列是文本，等号不会变成公式。"),
    ("粘贴", "从别处粘贴用“只粘贴值”，下拉和颜色就不会丢。下拉只是建议，确有需要的别的写法也可以填。"),
    ("示例行", f"三张表各有一行灰色的示例，项目名称里有{names.SAMPLE_MARK}；任何时候都不会被当成项目，看过可以删去。"),
    ("几个人填", "各填各的一份，再并成一本：xladdin ledger 台账.xlsx --merge 甲.xlsx 乙.xlsx。"
                 "分给各人：xladdin ledger 台账.xlsx --split 经办人 --out 文件夹"),
)  # fmt: skip


def write_guide(book: Any) -> Any:
    """Add the sheet to a new XlsxWriter workbook; it."""
    page = Book(book, Path()).page(names.GUIDE, _WIDTHS)
    page.text(0, "绩效台账 填写说明", _LAST, **looks.TITLE)
    page.next()
    page.sheet.center_horizontally()
    said = (
        "按钮在功能区“绩效报表”里，没有的用命令行。三张表按年度和项目名称连在一起。"
        "第一行的列名请不要改；列名上的批注说明每一栏怎么填。"
    )
    page.text(0, said, _LAST, **looks.NOTE)
    page.next(2)
    _table(page, "一年四步", ("步骤", "什么时候", "台账里填什么", "填好以后"), STEPS)
    _band(page, "三张表")
    for number, heading in enumerate(("工作表", "一行是什么", "怎么填")):
        page.text(number, heading, _LAST if number == 2 else None, **looks.SUBHEAD)
    page.next()
    for sheet, row, how in SHEETS:
        page.text(0, sheet, **looks.BODY, **looks.CENTRE, bold=True)
        page.text(1, row, **_BODY)
        page.text(2, how, _LAST, **_BODY)
        page.next()
    page.next()
    _pairs(page, "一个例子", SAMPLE)
    _band(page, "列名的颜色")
    for group in GROUPS:
        page.text(0, group.name, **looks.HEAD | {"bg_color": group.paper})
        page.text(1, group.when, _LAST, **_BODY)
        page.next()
    page.text(0, "列名下有橙线", **looks.BODY, **looks.CENTRE)
    page.text(1, "必填。这样的格子空着而本行已经填了项目名称时，显示浅黄色", _LAST, **_BODY)
    page.next(2)
    _pairs(page, "要点", NOTES)
    page.close(0)
    page.sheet.freeze_panes(0, 0)
    page.sheet.fit_to_pages(1, 1)
    return page.sheet


def _band(page: Page, title: str) -> None:
    page.text(0, title, _LAST, **looks.BAND)
    page.next()


def _pairs(page: Page, title: str, rows: tuple[tuple[str, str], ...]) -> None:
    _band(page, title)
    for name, said in rows:
        page.text(0, name, **looks.BODY, **looks.CENTRE, bold=True)
        page.text(1, said, _LAST, **_BODY)
        page.next()
    page.next()


def _table(page: Page, title: str, headings: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    _band(page, title)
    for number, heading in enumerate(headings):
        page.text(number, heading, **looks.SUBHEAD)
    page.next()
    for row in rows:
        for number, text in enumerate(row):
            look = _BODY if number else looks.BODY | looks.CENTRE | {"bold": True}
            page.text(number, text, **look)
        page.next()
    page.next()
