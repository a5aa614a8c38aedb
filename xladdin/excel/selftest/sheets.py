"""Probes of sheets and of Excel itself: filters, pages, windows, protection, charts, settings, keys."""

from __future__ import annotations

import time

from ...errors import XladdinError
from ..host import stop_asked
from ..marks import is_locked
from ..members import add_sheet, front_sheet, member
from ..result_sheet import PAGE, empty, put, set_page, set_window
from ..result_values import HEADER
from .probe import NOT_HERE, Bench, Probe, told

_ESC_OFF, _ESC_ON = 0, 1  # xlDisabled, xlInterrupt
_NO_MACROS = 3  # msoAutomationSecurityForceDisable


def _filtered(bench: Bench) -> str:
    sheet = bench.sheet()
    sheet["A1:A4"].value = [["列"], ["甲"], ["乙"], ["甲"]]
    sheet["A1:A4"].api.AutoFilter(1, "乙")
    empty(sheet)
    put(sheet, (1, 1), [["一"], ["二"], ["三"], ["四"]])
    hidden = [row for row in range(1, 5) if sheet[row - 1, 0].api.EntireRow.Hidden]
    return told(写进="、".join(sheet["A1:A4"].value), 还藏着=len(hidden), 筛选=bool(sheet.api.AutoFilterMode))


def _table(bench: Bench) -> str:
    sheet = bench.sheet()
    sheet["A1:A3"].value = [["列"], ["甲"], ["乙"]]
    sheet.api.ListObjects.Add(SourceType=1, Source=sheet["A1:A3"].api, XlListObjectHasHeaders=1)
    empty(sheet)
    return told(表格=sheet.api.ListObjects.Count, 内容=sheet["A2"].value)


def _page(bench: Bench) -> str:
    sheet = bench.sheet()
    set_page(sheet)
    setup = sheet.api.PageSetup
    seen = {name: getattr(setup, name) for name in PAGE}
    wrong = [f"{name} {seen[name]}" for name, value in PAGE.items() if seen[name] != value]
    return "、".join(wrong) or "都设上了"


def _window(bench: Bench) -> str:
    sheet = bench.sheet()
    set_window(sheet)
    window = sheet.api.Application.ActiveWindow
    return told(冻结=bool(window.FreezePanes), 行=int(window.SplitRow), 网格线=bool(window.DisplayGridlines))


def _protected(bench: Bench) -> str:
    sheet = bench.sheet()
    sheet["A1"].value = "原来"
    sheet.api.Protect("密")
    seen = is_locked(sheet)
    try:
        sheet["A1"].value = "改了"
        refused = False
    except Exception:  # noqa: BLE001  the refusal that is looked for
        refused = True
    finally:
        sheet.api.Unprotect("密")
    return told(看得出=seen, 拒绝写入=refused, 内容=sheet["A1"].value)


def _chart_in_front(bench: Bench) -> str:
    charts = member(bench.book.api, "Charts")
    if charts is None:
        return NOT_HERE
    chart = charts.Add()
    try:
        chart.Activate()
        try:
            front_sheet(bench.book)
            return "没有看出来"
        except XladdinError:
            return "客气地拒绝"
    finally:
        chart.Delete()


def _behind_a_chart(bench: Bench) -> str:
    charts = member(bench.book.api, "Charts")
    if charts is None:
        return NOT_HERE
    first = bench.book.sheets[0]
    chart = charts.Add(Before=first.api)
    try:
        add_sheet(bench.book, "加在最后", bench.book.sheets[-1])
        every = bench.book.api.Sheets
        return told(最后一张=every(every.Count).Name)
    finally:
        chart.Delete()


def _status(bench: Bench) -> str:
    app, before = bench.app, bench.app.status_bar
    try:
        app.status_bar = "绩效报表：自检"
        shown = app.status_bar
        app.status_bar = False
        return told(写上=shown, 还原=app.status_bar)
    finally:
        app.status_bar = before


def _esc(bench: Bench) -> str:
    excel = bench.app.api
    before = member(excel, "EnableCancelKey")
    if before is None:
        return NOT_HERE
    try:
        excel.EnableCancelKey = _ESC_OFF
        off = int(excel.EnableCancelKey)
        excel.EnableCancelKey = _ESC_ON
        return told(关=off, 开=int(excel.EnableCancelKey), 问得到=isinstance(stop_asked(bench.app), bool))
    finally:
        excel.EnableCancelKey = before


def _input(bench: Bench) -> str:
    app, before = bench.app, bench.app.interactive
    try:
        app.interactive = False
        off = bool(app.interactive)
        app.interactive = True
        return told(关=off, 开=bool(app.interactive))
    finally:
        app.interactive = before


def _macros_off(bench: Bench) -> str:
    excel = bench.app.api
    before = member(excel, "AutomationSecurity")
    if before is None:
        return NOT_HERE
    try:
        excel.AutomationSecurity = _NO_MACROS
        return told(设为=int(excel.AutomationSecurity))
    finally:
        excel.AutomationSecurity = before


def _dialogs(bench: Bench) -> str:
    names = ("FileDialog", "GetOpenFilename", "WorksheetFunction", "CalculationState")
    missing = [name for name in names if member(bench.app.api, name) is None]
    return "、".join(missing) or "都有"


def _ready(bench: Bench) -> str:
    return told(空闲=bool(bench.app.api.Ready))


def _speed(bench: Bench) -> str:
    sheet = bench.sheet()
    begun = time.perf_counter()
    for row in range(1, 51):
        sheet.range((row, 1)).value = row
    each = (time.perf_counter() - begun) / 50
    begun = time.perf_counter()
    sheet["A1:J500"].value = [[1.5] * 10] * 500
    return f"写一格 {each * 1000:.1f} 毫秒，写五千格 {time.perf_counter() - begun:.2f} 秒"


PROBES = (
    Probe("筛掉几行时重写", "写进 一、二、三、四，还藏着 0，筛选 否", _filtered),
    Probe("清空里面的表格", "表格 0，内容 无", _table),
    Probe("页面设置", "都设上了", _page),
    Probe("冻结标题", f"冻结 是，行 {HEADER}，网格线 否", _window),
    Probe("受保护的工作表", "看得出 是，拒绝写入 是，内容 原来", _protected),
    Probe("图表工作表在最前面", "客气地拒绝", _chart_in_front),
    Probe("有图表工作表时加一张表", "最后一张 加在最后", _behind_a_chart),
    Probe("状态栏", "写上 绩效报表：自检，还原 否", _status),
    Probe("Esc 键的开关", "关 0，开 1，问得到 是", _esc),
    Probe("键盘鼠标的开关", "关 否，开 是", _input),
    Probe("打开时不运行宏", "设为 3", _macros_off),
    Probe("选文件的窗口等成员", "都有", _dialogs),
    Probe("没有在编辑单元格", "空闲 是", _ready),
    Probe("快慢", "", _speed),
)
