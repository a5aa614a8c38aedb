"""Sloppy years, money units and dates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from .books import BUDGET, FORM_UNIT, FUND, OneOf, full, type_amount
from .kinds import amounts, sloppy


@sloppy("year_text", "The year as text: `2025年`, `2025.0`, `2025年度`, ` 2025`, full-width.", group="year", flat_ok=True)
def _(b, rng):
    how = rng.choice(["{}年", "{}.0", "{}年度", " {}", "{}", "full"])
    for s in rng.choice([["项目"], ["项目", "指标", "资金执行"], ["指标", "资金执行"]]):
        for r in b.rows(s):
            y = str(b.projects[r.p]["year"])
            r.cells["年度"].put(full(y) if how == "full" else how.format(y))
            b.mark(r.p, "written", [(b.table(s), r, "年度")])
    return True


@sloppy("year_chinese", "The year in Chinese numerals (二〇二五): understood, or reported.", group="year", flat_ok=True)
def _(b, rng):
    for r in rng.sample(b.rows("项目"), 1):
        y = "".join("〇一二三四五六七八九"[int(c)] for c in str(b.projects[r.p]["year"]))
        r.cells["年度"].put(y + rng.choice(["", "年"]))
        b.mark(r.p, "either", [(b.table("项目"), r, "年度")])
    return True


@sloppy("o_year_date", "The year as a date cell (2025-01-01, shown as yyyy or as 2025年): understood, or reported.", group="year",
        flat_ok=True, other=True)
def _(b, rng):
    for r in b.rows("项目"):
        r.cells["年度"].put(dt.date(b.projects[r.p]["year"], 1, 1), rng.choice(["yyyy", 'yyyy"年"']))
        b.mark(r.p, "either", [(b.table("项目"), r, "年度")])
    b.blanket = True
    return True


@sloppy("o_year_short", "A year of two digits (25) or with a typing error (20225): understood or reported; never the year 25.", group="year",
        flat_ok=True, other=True)
def _(b, rng):
    r = rng.choice(b.rows("项目"))
    y = b.projects[r.p]["year"]
    bad = rng.choice([y % 100, int(f"{y}5"), "明年"])
    r.cells["年度"].put(bad)
    b.mark(r.p, "either" if bad == y % 100 else "reported", [(b.table("项目"), r, "年度")])
    return True


def retype_all(b, units):
    """Every amount of a project anew in the unit given for it (only untouched ones)."""
    for _t, row, h, p, _path, yuan in amounts(b, nonzero=False):
        row.cells[h].put(type_amount(yuan, units[p]))


@sloppy("unit_blank", "金额单位 left blank: the form's unit (amounts typed in it).", group="unit", flat_ok=True)
def _(b, rng):
    if any(r.cells[h].touched for r in b.rows("项目") for h in FUND) or \
            any(r.cells[h].touched for r in b.rows("资金执行") for h in BUDGET):
        return None
    units = [FORM_UNIT[p["form"]] for p in b.projects]
    retype_all(b, units)
    for r in b.rows("项目"):
        r.cells["金额单位"].put(None)
        b.projects[r.p]["money_unit"] = None
        b.mark(r.p, "written", [(b.table("项目"), r, "金额单位")])
    return True


@sloppy("unit_in_heading", "The unit in the headings, 年度资金申请总额（万元）, with 金额单位 saying the same.", group="unit", phase=3, flat_ok=True)
def _(b, rng):
    for t in b.tables:
        for h in list(FUND) + list(BUDGET):
            if h in t.heads and t.shown[h] == h:
                t.shown[h] = rng.choice([f"{h}（{b.unit}）", f"{h}({b.unit})", f"{h}\n（{b.unit}）", f"{h}（单位：{b.unit}）"])
    for p in range(len(b.projects)):
        b.mark(p, "written")
    return True


@sloppy("unit_only_in_heading", "金额单位 blank or its column missing, the headings say （万元）/（元）: right or reported, never the form's unit.",
        group="unit", phase=3, flat_ok=True)
def _(b, rng):
    for t in b.tables:
        for h in list(FUND) + list(BUDGET):
            if h in t.heads:
                t.shown[h] = f"{h}（{b.unit}）"
    drop = rng.random() < .5
    for t in b.tables:
        if "金额单位" in t.heads:
            if drop:
                t.heads.remove("金额单位")
            for r in t.rows:
                if r.p is not None and "金额单位" in r.cells:
                    r.cells["金额单位"].put(None)
    for p in range(len(b.projects)):
        b.projects[p]["money_unit"] = None
        b.mark(p, "either")
    b.blanket = True
    return True


@sloppy("unit_heading_contradicts", "金额单位 says 元, one heading says （万元） and its figures are 万元: right or reported.", group="unit",
        needs="yuan decl")
def _(b, rng):
    t = b.table("项目")
    h = "年度资金申请总额"
    if any(r.cells[h].touched for r in t.rows):
        return None
    t.shown[h] = h + "（万元）"
    for r in b.rows("项目"):
        p = b.projects[r.p]
        if p["kind"] == "declaration":
            r.cells[h].put(type_amount(p["funds"]["annual_total"], "万元"))
            b.mark(r.p, "either", [(t, r, h)], told=True)
    return True


@sloppy("o_unit_words", "金额单位 in other words: 万, 人民币元, （万元）, 单位：元, 万元人民币, wan: right or reported.", group="unit", other=True,
        flat_ok=True)
def _(b, rng):
    words = {"元": ["人民币元", "（元）", "单位：元", "元 ", "RMB"], "万元": ["万", "（万元）", "人民币万元", "单位：万元", "万 元"]}[b.unit]
    for r in b.rows("项目"):
        r.cells["金额单位"].put(rng.choice(words))
        b.mark(r.p, "either", [(b.table("项目"), r, "金额单位")])
    return True


@sloppy("o_unit_thousand", "金额单位 千元, 亿元 or 美元 for one project: converted right or reported, never taken for 元.", group="unit", other=True,
        flat_ok=True)
def _(b, rng):
    row = rng.choice(b.rows("项目"))
    unit = rng.choice(["千元", "亿元", "美元"])
    factor = {"千元": Decimal(1000), "亿元": Decimal(10**8)}.get(unit)
    for _t, r, h, p, _path, yuan in amounts(b, nonzero=False):
        if p == row.p and factor:
            v = yuan / factor
            r.cells[h].put(int(v) if v == v.to_integral_value() else float(v))
    row.cells["金额单位"].put(unit)
    b.mark(row.p, "either" if factor else "reported", [(b.table("项目"), row, "金额单位")])
    return True


@sloppy("o_unit_mixed", "Some projects of one ledger in 元, others in 万元: each by its own unit.", group="unit", other=True, flat_ok=True)
def _(b, rng):
    p = rng.randrange(len(b.projects))
    if any(c.touched for t in b.tables for r in t.rows if r.p == p for h, c in r.cells.items() if h in FUND or h in BUDGET):
        return None
    other = "万元" if b.unit == "元" else "元"
    units = [other if k == p else b.unit for k in range(len(b.projects))]
    for _t, r, h, q, _path, yuan in amounts(b, nonzero=False):
        if q == p:
            r.cells[h].put(type_amount(yuan, units[q]))
    for r in b.rows("项目", p):
        r.cells["金额单位"].put(other)
    b.projects[p]["money_unit"] = other
    b.mark(p, "written")
    return True


def date_cells(b):
    return [(r, h) for r in b.rows("项目") for h in ("计划开始日期", "计划完成日期")
            if r.cells[h].v is not None and not r.cells[h].touched]


def S_date(name, says, how, status="written", other=False, allowed=None, told=False):
    @sloppy(name, says, group="date", flat_ok=True, needs="decl", other=other)
    def _(b, rng):
        for r, h in date_cells(b):
            value, fmt = how(r.cells[h].v, rng)
            if value is None:
                continue
            key = "start" if h == "计划开始日期" else "end"
            day = r.cells[h].v
            if allowed:
                b.projects[r.p][key] = OneOf(allowed(day, key, value))
            r.cells[h].put(value, fmt)
            b.mark(r.p, status, [(b.table("项目"), r, h)], told)
        return True


def last(day):
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def by_month(day, key, typed):
    return [day.replace(day=1) if key == "start" else last(day), str(typed)]


S_date("date_eight", "Dates as `20250101`, number or text.",
       lambda d, r: (r.choice([int(f"{d:%Y%m%d}"), f"{d:%Y%m%d}"]), None))
S_date("date_dotted", "Dates as `2025.3.1`.", lambda d, r: (f"{d.year}.{d.month}.{d.day}", None))
S_date("date_month", "Dates by month only, `2025-3`, `2025年3月`, `2025.03`: the first (start) or last (end) day, or the text itself, or "
       "reported; no other day.", lambda d, r: (r.choice([f"{d.year}-{d.month}", f"{d.year}年{d.month}月", f"{d.year}.{d.month:02d}",
                                                         f"{d.year}/{d.month}"]), None), "either", allowed=by_month)
S_date("date_datetime", "Dates as date-time cells (with a time of day) and with other date formats.",
       lambda d, r: (dt.datetime(d.year, d.month, d.day, r.choice([0, 9])), r.choice(["yyyy/m/d", 'yyyy"年"m"月"d"日"', "m/d/yy h:mm"])))
S_date("date_serial", "An Excel serial number with a date format, and one without (45658): the day, or (without) reported.",
       lambda d, r: ((d - dt.date(1899, 12, 30)).days, r.choice(["yyyy-mm-dd", "General"])), "either")
S_date("o_date_words", "Dates as `2025年1月1日`, `2025/1/1`, `2025-01-01 00:00:00`, `２０２５－０１－０１`, `2025年1月1号`.",
       lambda d, r: (r.choice([f"{d.year}年{d.month}月{d.day}日", f"{d.year}/{d.month}/{d.day}", f"{d} 00:00:00",
                               f"{d.year} 年 {d.month} 月 {d.day} 日"]), None), other=True)
S_date("o_date_odd", "`25.1.1`, `2025年1月1号`, full-width, `2025、1、1`, `1/1/2025`: the day, the text itself, or reported; no other day.",
       lambda d, r: (r.choice([f"{d:%y}.{d.month}.{d.day}", f"{d.year}年{d.month}月{d.day}号",
                               full(str(d)).replace("-", "－"), f"{d.year}、{d.month}、{d.day}", f"{d.month}/{d.day}/{d.year}"]), None),
       "either", other=True, allowed=lambda day, key, typed: [day, str(typed)])
S_date("o_date_impossible", "A day that does not exist (2025-02-30, 20251345): reported or said; no day made of it.",
       lambda d, r: (r.choice([f"{d.year}-02-30", f"{d.year}1345", f"{d.year}-13-01"]), None), "either", other=True, told=True,
       allowed=lambda day, key, typed: [str(typed), None])
S_date("o_date_period", "A period in words instead of a date: 长期, 全年, 2021—2023年: kept as it is or reported.",
       lambda d, r: (r.choice(["长期", "全年", f"{d.year}—{d.year + 2}年"]), None), "either", other=True,
       allowed=lambda day, key, typed: [str(typed)])
