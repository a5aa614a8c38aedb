"""Sloppy headings and sheets, and everything on one sheet."""

from __future__ import annotations

import copy

from .books import F_HEADS, I_HEADS, P_HEADS, Cell, Row, Table
from .kinds import sloppy


def dress(head, rng):
    k = rng.randint(1, len(head) - 1)
    return rng.choice([head[:k] + "\n" + head[k:], head[:k] + " " + head[k:], head + "：", "*" + head, head + "（必填）",
                       head + "*", " " + head + " ", "＊" + head, head + "(必填)"])


@sloppy("headings_dressed", "Headings with line breaks, spaces, a colon, an asterisk or （必填）.", phase=3, flat_ok=True, group="head")
def _(b, rng):
    for t in b.tables:
        for h in rng.sample(t.heads, min(4, len(t.heads))):
            if t.shown[h] == h and h in P_HEADS + F_HEADS + I_HEADS:
                t.shown[h] = dress(h, rng)
    for p in range(len(b.projects)):
        b.mark(p, "written")
    return True


@sloppy("o_headings_synonyms", "Headings in other offices' words (项目单位, 实际支出, 年度指标值, 全年完成值 …): right, or asked for.",
        phase=3, flat_ok=True, group="head", other=True)
def _(b, rng):
    words = {"实施单位": "项目单位", "全年执行数": "执行数(B)", "全年预算数": "预算数(A)", "指标值": "年度指标值", "实际完成值": "全年完成值",
             "年度总体目标": "年度目标", "三级指标": "指标名称", "主管部门": "主管部门名称", "项目名称": "项目支出名称", "分值": "权重"}
    for t in b.tables:
        for h in rng.sample([h for h in t.heads if h in words], 1 if t.name != "指标" else 2):
            t.shown[h] = words[h]
    for p in range(len(b.projects)):
        b.mark(p, "either")
    b.blanket = True
    return True


@sloppy("sheets_reordered", "The sheets in another order, with an unrelated sheet among them.", phase=4, flat_ok=True)
def _(b, rng):
    rng.shuffle(b.tables)
    b.extra_sheets.append(("通讯录", [["姓名", "电话"], ["王五", "62001234"]], rng.random() < .5))
    for p in range(len(b.projects)):
        b.mark(p, "written")
    return True


@sloppy("sheet_names_spaced", "Sheet names with a space behind (or before).", phase=4)
def _(b, rng):
    for t in rng.sample(b.tables, rng.randint(1, len(b.tables))):
        t.title = rng.choice([t.name + " ", " " + t.name, t.name + "\u3000"])
    for p in range(len(b.projects)):
        b.mark(p, "written")
    return True


@sloppy("o_sheet_names_words", "Sheets called 项目表, 资金执行情况, 绩效指标, 1.项目: taken for what they are, or asked for; nothing half.",
        phase=4, other=True, group="sheet_names_spaced")
def _(b, rng):
    words = {"项目": ["项目表", "1.项目", "项目信息"], "资金执行": ["资金执行情况", "2.资金执行", "资金"], "指标": ["绩效指标", "3.指标", "指标表"]}
    for t in rng.sample(b.tables, rng.randint(1, len(b.tables))):
        t.title = rng.choice(words[t.name])
    for p in range(len(b.projects)):
        b.mark(p, "either")
    b.blanket = True
    return True


@sloppy("flat_sheet", "One flat sheet, the project's columns repeated or merged beside its indicators: understood exactly, or asked for.",
        needs="decl_only", phase=2, group="flat", flat_ok=True)
def _(b, rng):
    mode = rng.choice(["repeat", "merged", "blank"])
    left = [h for h in P_HEADS if h not in ("实际完成情况",)]
    heads = left + ["一级指标", "二级指标", "三级指标", "指标值"]
    rows = []
    proj = {r.p: r for r in b.rows("项目")}
    for pid, src in proj.items():
        inds = b.rows("指标", pid)
        for k, ir in enumerate(inds):
            row = Row(pid, {})
            for h in left:
                row.cells[h] = copy.deepcopy(src.cells[h])
                if k:
                    if mode == "merged":
                        row.merged.add(h)
                        row.cells[h].v = None
                    elif mode == "blank":
                        row.cells[h] = Cell()
            for h in heads[len(left):]:
                row.cells[h] = ir.cells[h]
            row.ind = ir.ind
            rows.append(row)
        b.projects[pid]["cells"] = [(None, None, h) for _, _, h in b.projects[pid]["cells"]]
        b.mark(pid, "either", [])
    t = Table("项目", heads, rows)
    t.shown |= {h: s for h, s in b.table("项目").shown.items() if h in t.shown}
    t.title = rng.choice(["台账", "Sheet1", "项目", "项目绩效台账"])
    b.tables = [t]
    b.blanket = True
    return True
