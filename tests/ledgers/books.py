"""Ledgers as tables of cells with what is true of them, and how they are laid out as workbooks."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import unicodedata
import zipfile
from decimal import Decimal

import openpyxl
from openpyxl.utils import get_column_letter

P_HEADS = ["年度", "表式", "项目名称", "项目类别", "项目性质", "主管部门", "实施单位", "计划开始日期", "计划完成日期",
           "金额单位", "项目资金总额", "财政资金", "其他资金", "年度资金申请总额", "当年财政拨款", "上年结转资金",
           "年度其他资金", "项目总目标", "年度总体目标", "实际完成情况"]
F_HEADS = ["年度", "项目名称", "资金项目", "年初预算数", "全年预算数", "全年执行数", "分值", "偏差原因"]
I_HEADS = ["年度", "项目名称", "表式", "一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "分值", "得分",
           "偏差原因分析及改进措施"]
FUND = {"项目资金总额": "total", "财政资金": "fiscal", "其他资金": "other", "年度资金申请总额": "annual_total",
        "当年财政拨款": "annual_fiscal", "上年结转资金": "annual_carryover", "年度其他资金": "annual_other"}
BUDGET = {"年初预算数": "initial", "全年预算数": "budget", "全年执行数": "executed"}
ITEMS = ["年度资金总额", "当年财政拨款", "上年结转资金", "其他资金"]
FORM_UNIT = {"2021申报表": "元", "2023申报表": "万元", "2024申报表": "元", "2021自评表": "元", "全国自评表": "万元"}
FACTOR = {"元": Decimal(1), "万元": Decimal(10000)}

NAMES = ["社区养老服务站（一期）改造", "中小学校舍抗震加固(B区)专项", "城北污水管网疏浚12号标段", "农村饮水安全巩固提升工程",
         "青年就业见习补贴（第3批）", "公共图书馆RFID设备购置", "基层卫生院远程会诊平台", "古树名木保护与复壮",
         "残疾人辅具适配(2类)补助", "退役军人创业扶持资金", "校园食品安全快检室建设", "河道保洁与蓝藻打捞（8公里）",
         "非遗传承人带徒授艺经费", "交通信号灯智能化升级A标", "高标准农田管护补助", "妇女两癌免费筛查",
         "消防救援站营房修缮（含食堂）", "数字档案馆数据迁移3期"]
DEPARTMENTS = ["区民政局", "区教育局", "区水务局", "区农业农村委", "区卫生健康委", "区文化旅游局"]
UNITS = ["区福利服务中心", "区校舍管理站", "区排水管理所", "区农技推广站", "区疾控中心", "区图书馆"]
LEVELS = {"产出指标": ["数量指标", "质量指标", "时效指标"], "效益指标": ["社会效益指标", "经济效益指标"],
          "满意度指标": ["服务对象满意度指标"]}
NOUNS = {"数量指标": [("改造点位数", "个"), ("培训场次", "场"), ("发放手册数", "份"), ("受助人数", "人"), ("购置设备数", "台"),
                    ("巡查次数", "次")],
         "质量指标": [("验收合格率", "%"), ("资料完整率", "%"), ("设备完好率", "%")],
         "时效指标": [("按期完成率", "%"), ("资金拨付及时率", "%")],
         "社会效益指标": [("覆盖社区数", "个"), ("惠及居民数", "人"), ("投诉办结率", "%")],
         "经济效益指标": [("节约用水量", "吨"), ("带动就业数", "人")],
         "服务对象满意度指标": [("居民满意度", "%"), ("服务对象满意度", "%")]}


def text_of(number: Decimal) -> str:
    s = format(number, "f")
    return s.rstrip("0").rstrip(".") if "." in s else s


def grouped(number: Decimal, places: int | None = None) -> str:
    if places is None:
        places = 0 if number == number.to_integral_value() else 2
    return f"{number:,.{places}f}"


def squeeze(text) -> str:
    """As names are to be compared: no white space, no zero width marks, character and bracket width."""
    text = unicodedata.normalize("NFKC", str(text or ""))
    return re.sub(r"[\s\u200b\ufeff\u2060]+", "", text)


def full(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "0" <= c <= "9" or c in "(),.%" or "A" <= c <= "Z" else c for c in text)


def half(text: str) -> str:
    return text.replace("（", "(").replace("）", ")")


class OneOf(list):
    """Any of these is right."""


class Cell:
    __slots__ = ("v", "fmt", "quote", "err", "cached", "touched")

    def __init__(self, v=None, fmt=None, quote=False, err=False, cached=None):
        self.v, self.fmt, self.quote, self.err, self.cached, self.touched = v, fmt, quote, err, cached, False

    def put(self, v, fmt=None, quote=False, err=False, cached=None):
        self.v, self.fmt, self.quote, self.err, self.cached, self.touched = v, fmt, quote, err, cached, True


class Row:
    def __init__(self, p, cells):
        self.p, self.cells = p, {k: Cell(v) for k, v in cells.items()}
        self.merged: set[str] = set()      # columns in which this row is covered by the one above
        self.hidden = False
        self.at = None                     # row number once laid out


class Table:
    def __init__(self, name, heads, rows):
        self.name, self.title, self.heads, self.rows = name, name, list(heads), rows
        self.shown = {h: h for h in heads}
        self.above: list[list] = []
        self.below: list[list] = []
        self.stale = False
        self.left = 0
        self.gaps: set[str] = set()        # an empty column stands before these
        self.hidden_cols: set[str] = set()
        self.cols: dict[str, int] = {}
        self.filter = False


class Book:
    def __init__(self):
        self.tables: list[Table] = []
        self.projects: list[dict] = []
        self.extra_sheets: list[tuple[str, list[list]]] = []
        self.must_say: list[tuple[str, list]] = []   # (what, any of these; a str or a cell)
        self.notes_only = True
        self.blanket = False
        self.any_exit = False
        self.any_extra = False
        self.current = ""
        self.unit = "元"

    def table(self, name) -> Table | None:
        return next((t for t in self.tables if t.name == name), None)

    def mark(self, p, status, cells=(), told=False):
        pr = self.projects[p]
        order = ["written", "either", "reported"]
        if order.index(status) > order.index(pr["must"]):
            pr["must"] = status
        if self.current not in pr["why"]:
            pr["why"].append(self.current)
        pr["told"] = pr["told"] or told
        if status != "written":          # the other form of a project of that name may be held back with it
            for q in self.projects:
                if q is not pr and q["name"] == pr["name"] and q["must"] == "written":
                    q["must"] = "either"
                    q["cells"].extend(cells)
        pr["cells"].extend(cells)

    def rows(self, name, p=None):
        t = self.table(name)
        return [r for r in t.rows if r.p is not None and (p is None or r.p == p)] if t else []


def make_base(rng: random.Random, needs: set[str]) -> Book:
    b = Book()
    year = rng.choice([2021, 2022, 2023, 2024, 2025, 2025, 2025, 2026])
    decl_form = {2021: "2021申报表", 2022: "2021申报表", 2023: "2023申报表"}.get(year, "2024申报表")
    eval_form = rng.choice(["2021自评表", "2021自评表", "全国自评表"])
    b.unit = rng.choice(["元", "元", "万元"])
    if "yuan" in needs:
        b.unit = "元"
    if "wan" in needs:
        b.unit = "万元"
    n = rng.randint(2, 6)
    names = rng.sample(NAMES, n)
    share = rng.random() < 0.4
    if "decl_only" in needs:
        kinds = ["declaration"] * n
    else:
        kinds = [rng.choice(["declaration", "evaluation"]) for _ in range(n)]
        kinds[0] = "declaration" if "decl" in needs or "eval" not in needs else "evaluation"
        kinds[1] = "evaluation" if "eval" in needs or kinds[1] == "evaluation" else "declaration"
    pair = "decl_only" not in needs and "nopair" not in needs and rng.random() < 0.15
    plan = list(zip(names, kinds, strict=False))
    if pair and len(plan) < 6:
        plan.append((names[0], "evaluation" if kinds[0] == "declaration" else "declaration"))
    topics = rng.sample("甲乙丙丁戊己庚辛", len(plan))
    for i, (name, kind) in enumerate(plan):
        b.projects.append(make_project(rng, i, name, kind, year, decl_form if kind == "declaration" else eval_form,
                                       b.unit, "" if share else topics[i]))
    f = b.unit
    p_rows, f_rows, i_rows = [], [], []
    for p in b.projects:
        typed = {k: type_amount(v, f) for k, v in p["funds"].items()}
        cells = {"年度": p["year"], "表式": p["form"], "项目名称": p["name"], "主管部门": p["department"],
                 "实施单位": p["unit"], "金额单位": f, "年度总体目标": p["annual_goal"]}
        if p["kind"] == "declaration":
            cells |= {"项目类别": p["category"], "计划开始日期": p["start"], "计划完成日期": p["end"],
                      "项目总目标": p["overall_goal"]}
            cells |= {h: typed[k] for h, k in FUND.items()}
        else:
            cells |= {"实际完成情况": p["actual_result"]}
        row = Row(p["id"], {h: cells.get(h) for h in P_HEADS})
        for h in ("计划开始日期", "计划完成日期"):
            if row.cells[h].v is not None:
                row.cells[h].fmt = "yyyy-mm-dd"
        p_rows.append(row)
        for line in p["budget"]:
            f_rows.append(Row(p["id"], {
                "年度": p["year"], "项目名称": p["name"], "资金项目": line["item"],
                **{h: type_amount(line[k], f) for h, k in BUDGET.items()},
                "分值": None if line["weight"] is None else int(line["weight"]), "偏差原因": None}))
        for ind in p["indicators"]:
            i_rows.append(Row(p["id"], {
                "年度": p["year"], "项目名称": p["name"], "表式": p["form"], "一级指标": ind["level1"],
                "二级指标": ind["level2"], "三级指标": ind["name"], "指标值": ind["target"],
                "实际完成值": ind["actual"], "分值": None if ind["weight"] is None else int(ind["weight"]),
                "得分": None, "偏差原因分析及改进措施": None}))
            i_rows[-1].ind = ind
    b.tables = [Table("项目", P_HEADS, p_rows), Table("资金执行", F_HEADS, f_rows), Table("指标", I_HEADS, i_rows)]
    return b


def type_amount(yuan, unit):
    if yuan is None:
        return None
    v = yuan / FACTOR[unit]
    return int(v) if v == v.to_integral_value() else float(v)


def make_project(rng, i, name, kind, year, form, unit, topic) -> dict:
    def money(lo=5, hi=900):
        v = Decimal(rng.randint(lo, hi)) * Decimal(rng.choice([1000, 10000, 10000]))
        return v + rng.choice([Decimal(0), Decimal(0), Decimal("0.5"), Decimal(rng.randint(1, 99999)) / 100])
    p = {"id": i, "kind": kind, "year": year, "name": name, "form": form, "money_unit": unit, "must": "written",
         "why": [], "cells": [], "told": False, "warn": False, "form_stated": True, "department": rng.choice(DEPARTMENTS),
         "unit": rng.choice(UNITS), "category": None, "start": None, "end": None, "overall_goal": None,
         "annual_goal": f"全年完成{name[:6]}各项任务，服务居民{rng.randint(200, 9000)}人次。", "actual_result": None,
         "funds": dict.fromkeys(FUND.values()), "budget": [], "indicators": [], "weights_dealt": False}
    fiscal, carry, other = money(), rng.choice([None, Decimal(0), money(1, 60)]), rng.choice([None, None, Decimal(0), money(1, 40)])
    total = fiscal + (carry or 0) + (other or 0)
    if kind == "declaration":
        p |= {"category": rng.choice(["一次性项目", "经常性项目"]), "start": dt.date(year, rng.choice([1, 1, 3]), 1),
              "end": dt.date(year, 12, rng.choice([31, 31, 20])),
              "overall_goal": f"建成后长期发挥作用，三年内受益{rng.randint(1, 9)}万人。"}
        left = rng.random() < 0.8
        p["funds"] = {"total": total if left else None, "fiscal": total - (other or 0) if left else None,
                      "other": other if left else None, "annual_total": total, "annual_fiscal": fiscal,
                      "annual_carryover": carry, "annual_other": other}
    else:
        p["actual_result"] = f"已完成{name[:6]}主要任务，服务居民{rng.randint(200, 9000)}人次。"
        adjusted = fiscal - (fiscal * Decimal(rng.choice([0, 0, 5, 8])) / 100).quantize(Decimal("0.01"))
        done = (adjusted * Decimal(rng.randint(60, 100)) / 100).quantize(Decimal("0.01"))

        def line(item, a, b, c, w=None):
            return {"item": item, "initial": a, "budget": b, "executed": c, "weight": w}
        p["budget"] = [line(ITEMS[0], total, adjusted + (carry or 0) + (other or 0), done + (carry or 0) + (other or 0), Decimal(10)),
                       line(ITEMS[1], fiscal, adjusted, done), line(ITEMS[2], carry, carry, carry),
                       line(ITEMS[3], other, other, other)]
        if rng.random() < 0.3:
            p["budget"] = [x for x in p["budget"] if x["initial"] is not None]
    parts = {"产出指标": [20, 20, 10], "效益指标": [15, 15], "满意度指标": [10]}
    for level1, weights in parts.items():
        used = set()
        for w in weights:
            level2 = rng.choice(list(LEVELS[level1]))
            noun, meter = rng.choice(list(NOUNS[level2]))
            if noun in used:
                if rng.random() < 0.5:
                    noun = noun.replace("数", "总数") if "数" in noun and "总数" not in noun else "全年" + noun
                while noun in used:
                    noun = "新增" + noun
            used.add(noun)
            if meter == "%":
                goal = rng.choice([80, 85, 90, 95, 98, 100])
                got = min(100, goal + rng.choice([0, 1, 2, -3]))
                target, actual = f"≥{goal}%" if goal < 100 else "=100%", f"{got}%"
            else:
                goal = rng.randint(3, 400)
                got = goal + rng.choice([0, 1, 0, -1])
                target, actual = f"{rng.choice('≥=')}{goal}{meter}", f"{got}{meter}"
            p["indicators"].append({"level1": level1, "level2": level2, "name": topic + noun, "target": target,
                                    "actual": actual if kind == "evaluation" else None,
                                    "weight": Decimal(w) if kind == "evaluation" else None, "times": [1],
                                    "plain": (Decimal(goal), Decimal(got)) if kind == "evaluation" else None})
    p["indicators"].sort(key=lambda x: (list(LEVELS).index(x["level1"]), LEVELS[x["level1"]].index(x["level2"])))
    return p


# ---------------------------------------------------------------- laying out

def layout(b: Book) -> bytes:
    wb = openpyxl.Workbook()
    wb.remove(wb.active)
    cached: dict[str, dict[str, str]] = {}
    sheets: list[tuple[int, str]] = []
    for t in b.tables:
        ws = wb.create_sheet(t.title)
        c = 1 + t.left
        for h in t.heads:
            if h in t.gaps:
                c += 1
            t.cols[h] = c
            c += 1
        r = 1
        for line in t.above:
            for k, v in enumerate(line):
                if v is not None:
                    ws.cell(r, 1 + t.left + k, v)
            if len(line) == 1 and len(t.heads) > 3:
                ws.merge_cells(start_row=r, end_row=r, start_column=1 + t.left, end_column=max(t.cols.values()))
            r += 1
        for h in t.heads:
            ws.cell(r, t.cols[h], t.shown[h])
        head_row = r
        r += 1
        for row in t.rows:
            row.at = r
            for h, cell in row.cells.items():
                if h in t.cols:
                    write(ws, r, t.cols[h], cell, cached.setdefault(t.title, {}))
            if row.hidden:
                ws.row_dimensions[r].hidden = True
            r += 1
        for h in t.hidden_cols:
            ws.column_dimensions[get_column_letter(t.cols[h])].hidden = True
        for h in t.heads:                       # the merges, over any blank rows between
            top = last = None
            spans = []
            for row in t.rows:
                if h in row.merged and top:
                    last = row.at
                elif row.p is not None or row.cells:
                    if top and last:
                        spans.append((top, last))
                    top, last = row.at, None
            if top and last:
                spans.append((top, last))
            for a, z in spans:
                area = f"{get_column_letter(t.cols[h])}{a}:{get_column_letter(t.cols[h])}{z}"
                if t.stale:
                    ws.merged_cells.add(area)   # leaves the values of the covered cells in the file
                else:
                    ws.merge_cells(area)
        r += 1
        for line in t.below:
            for k, v in enumerate(line):
                if v is not None:
                    ws.cell(r, 1 + t.left + k, v)
            r += 1
        if t.filter:
            ws.auto_filter.ref = f"A{head_row}:{get_column_letter(max(t.cols.values()))}{r}"
        sheets.append((len(wb.sheetnames), t.title))
    for title, lines, first in b.extra_sheets:
        ws = wb.create_sheet(title, 0 if first else None)
        for line in lines:
            ws.append(line)
    out = io.BytesIO()
    wb.save(out)
    data = out.getvalue()
    if any(cached.values()):
        data = put_cached(data, wb.sheetnames, cached)
    return data


def write(ws, r, c, cell: Cell, cached):
    if cell.v is None and cell.fmt is None:
        return
    x = ws.cell(r, c)
    if cell.err:
        x.value, x.data_type = cell.v, "e"
    elif isinstance(cell.v, str) and not (cell.v.startswith("=") and cell.cached is not None):
        x.value = cell.v
        x.data_type = "s"                       # a text, also where it begins with =
    else:
        x.value = cell.v
    if cell.fmt:
        x.number_format = cell.fmt
    if cell.quote:
        x.quotePrefix = True
    if cell.cached not in (None, False):
        cached[x.coordinate] = str(cell.cached)


def put_cached(data, names, cached) -> bytes:
    src = zipfile.ZipFile(io.BytesIO(data))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for info in src.infolist():
            body = src.read(info.filename)
            m = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", info.filename)
            if m:
                text = body.decode("utf-8")
                for at, value in cached.get(names[int(m[1]) - 1], {}).items():
                    text = re.sub(rf'(<c r="{at}"[^>]*>)(<f>[^<]*</f>)<v\s*/?>(</v>)?',
                                  lambda k, value=value: f"{k[1]}{k[2]}<v>{value}</v>", text)
                body = text.encode("utf-8")
            z.writestr(info, body)
    return out.getvalue()
