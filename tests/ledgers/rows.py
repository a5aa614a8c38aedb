"""Sloppy rows: merged, blank, twice, hidden, shuffled; sums, samples and remarks among them."""

from __future__ import annotations

import copy
import datetime as dt
from decimal import Decimal

from .books import BUDGET, FUND, ITEMS, Cell, Row
from .kinds import SLOPPY, sloppy


def merge_equal(b, t, heads, by=("项目名称",)):
    done = False
    prev = None
    for row in t.rows:
        if row.p is None:
            prev = None
            continue
        if prev is not None and prev.p == row.p:
            for h in heads:
                if h not in row.cells or h not in prev.cells:
                    continue
                same = [row.cells[x].v == prev.cells[x].v for x in (*by, h) if x in row.cells]
                if all(same) and row.cells[h].v is not None:
                    row.merged.add(h)
                    b.mark(row.p, "written")
                    done = True
        prev = row
    return done


@sloppy("merged_names", "Name (and year, form) merged over the project's rows in 指标 and 资金执行.", phase=2, group="merge-name")
def _(b, rng):
    heads = ["项目名称"] + (["年度", "表式"] if rng.random() < .5 else [])
    done = [merge_equal(b, b.table(s), heads) for s in ("指标", "资金执行")]
    return any(done) or None


@sloppy("merged_levels", "一级指标 and 二级指标 merged over their rows in 指标.", phase=2, group="merge-level")
def _(b, rng):
    t = b.table("指标")
    done = merge_equal(b, t, ["一级指标"])
    done = merge_equal(b, t, ["二级指标"], by=("项目名称", "一级指标")) or done
    return done or None


@sloppy("o_merged_stale", "Merged name cells whose covered cells still hold other values (EasyExcel): what is covered counts for nothing.",
        phase=2, group="merge-name", other=True)
def _(b, rng):
    t = b.table("指标")
    if not merge_equal(b, t, ["项目名称"]):
        return None
    t.stale = True
    others = [p["name"] for p in b.projects]
    for row in t.rows:
        if "项目名称" in row.merged:
            row.cells["项目名称"].v = rng.choice(others + ["旧项目名称"])
    return True


@sloppy("o_merged_department", "主管部门, 金额单位, 年度 merged down the rows of 项目.", phase=2, other=True, group="merge-project")
def _(b, rng):
    t, done, prev = b.table("项目"), False, None
    for row in t.rows:
        if prev is not None and row.p is not None:
            for h in ("主管部门", "金额单位", "年度"):
                if row.cells[h].v == prev.cells[h].v and row.cells[h].v is not None:
                    row.merged.add(h)
                    b.mark(row.p, "written")
                    done = True
        prev = row if row.p is not None else None
    return done or None


@sloppy("blank_names", "The name only in the first of a project's rows, blank below without a merge: read whole, or reported.", phase=2,
        group="merge-name")
def _(b, rng):
    s = rng.choice(["指标", "指标", "资金执行"])
    t = b.table(s)
    heads = ["项目名称"] + (["年度"] if rng.random() < .3 else [])
    prev, done = None, False
    for row in t.rows:
        old = {h: row.cells[h].v for h in heads} if row.p is not None else None
        if prev and old and prev[0] == row.p and prev[1] == old:
            for h in heads:
                row.cells[h].put(None)
            b.mark(row.p, "either", [(t, row, "项目名称")])
            done = True
        prev = (row.p, old)
    return done or None


@sloppy("o_blank_levels", "一级指标 and 二级指标 only in the first of their rows, blank below without a merge: read whole, or reported.",
        phase=2, group="merge-level", other=True)
def _(b, rng):
    t, prev, done = b.table("指标"), None, False
    for row in t.rows:
        if row.p is None:
            prev = None
            continue
        old = (row.p, row.cells["一级指标"].v, row.cells["二级指标"].v)
        if prev == old:
            row.cells["一级指标"].put(None)
            row.cells["二级指标"].put(None)
            b.mark(row.p, "either", [(t, row, "一级指标")])
            done = True
        prev = old
    return done or None


@sloppy("o_rows_interleaved", "The rows of 指标 not sorted by project.", other=True, group="merge-name", phase=2)
def _(b, rng):
    t = b.table("指标")
    if any(r.merged for r in t.rows):
        return None
    head = list(t.rows)
    rng.shuffle(head)
    t.rows = head
    for p in range(len(b.projects)):
        b.mark(p, "written")
    return True


@sloppy("project_twice_equal", "A row of 项目 stands there twice, exactly equal: one form.", phase=2, group="twice")
def _(b, rng):
    t = b.table("项目")
    row = rng.choice(b.rows("项目"))
    t.rows.insert(rng.choice([t.rows.index(row) + 1, len(t.rows)]), copy.deepcopy(row))
    b.mark(row.p, "written", told=False)
    return True


@sloppy("project_twice_contradictory", "A row of 项目 stands there twice with different amounts: reported.", phase=2, group="twice",
        needs="decl")
def _(b, rng):
    t = b.table("项目")
    rows = [r for r in b.rows("项目") if b.projects[r.p]["kind"] == "declaration" and not r.cells["年度资金申请总额"].touched]
    if not rows:
        return None
    row = rng.choice(rows)
    two = copy.deepcopy(row)
    two.cells["年度资金申请总额"].put(row.cells["年度资金申请总额"].v * 2)
    t.rows.insert(rng.choice([t.rows.index(row) + 1, len(t.rows)]), two)
    b.mark(row.p, "reported", [(t, row, "年度资金申请总额"), (t, two, "年度资金申请总额"), (t, two, "项目名称")])
    return True


@sloppy("o_fund_twice", "A fund line (当年财政拨款) stands twice for a project in 资金执行 with different amounts: reported.", other=True,
        needs="eval", phase=2, group="fundrows")
def _(b, rng):
    t = b.table("资金执行")
    rows = [r for r in b.rows("资金执行") if r.cells["资金项目"].v == ITEMS[1] and not r.merged
            and not any(r.cells[h].touched for h in BUDGET) and r.cells["项目名称"].v is not None]
    if not rows:
        return None
    row = rng.choice(rows)
    two = copy.deepcopy(row)
    two.cells["全年执行数"].put(float(row.cells["全年执行数"].v) / 2)
    t.rows.insert(t.rows.index(row) + 1, two)
    b.mark(row.p, "reported", [(t, two, h) for h in two.cells] + [(t, row, h) for h in row.cells])
    return True


@sloppy("o_indicator_twice", "A row of 指标 stands twice, exactly equal: once or twice in the form, or reported; nothing else changed.",
        other=True, phase=2, group="dupind")
def _(b, rng):
    t = b.table("指标")
    rows = [r for r in b.rows("指标") if not r.merged and r.cells["项目名称"].v is not None and hasattr(r, "ind")
            and r.cells["一级指标"].v]
    if not rows:
        return None
    row = rng.choice(rows)
    t.rows.insert(t.rows.index(row) + 1, copy.deepcopy(row))
    row.ind["times"] = [1, 2]
    b.mark(row.p, "either", [(t, row, h) for h in row.cells] + [(t, t.rows[t.rows.index(row) + 1], h) for h in row.cells])
    return True


@sloppy("hidden_rows", "Some rows hidden by hand or by a filter: taken whole, or reported; never half.", phase=2, flat_ok=True)
def _(b, rng):
    t = rng.choice([t for t in b.tables if any(r.p is not None for r in t.rows)])
    rows = [r for r in t.rows if r.p is not None]
    t.filter = rng.random() < .5
    for row in rng.sample(rows, max(1, len(rows) // 4)):
        row.hidden = True
        b.mark(row.p, "either", [(t, row, h) for h in row.cells])
    return True


@sloppy("o_hidden_columns", "A column of amounts or of targets hidden.", phase=3, other=True)
def _(b, rng):
    t = rng.choice(b.tables)
    h = rng.choice([h for h in t.heads if h in ("年度资金申请总额", "当年财政拨款", "全年预算数", "指标值", "表式", "金额单位")])
    t.hidden_cols.add(h)
    for p in range(len(b.projects)):
        b.mark(p, "written")
    return True


@sloppy("blank_rows", "Blank rows between the rows of a sheet.", phase=3, flat_ok=True)
def _(b, rng):
    for t in b.tables:
        for _ in range(rng.randint(1, 2)):
            if len(t.rows) > 1:
                at = rng.randint(1, len(t.rows) - 1)
                for _ in range(rng.choice([1, 1, 3])):
                    t.rows.insert(at, Row(None, {}))
    for p in range(len(b.projects)):
        b.mark(p, "written")
    return True


@sloppy("blank_columns", "An empty first column, or empty columns between the others.", phase=3, flat_ok=True)
def _(b, rng):
    for t in b.tables:
        if rng.random() < .5:
            t.left = rng.randint(1, 2)
        if rng.random() < .7:
            t.gaps.update(rng.sample(t.heads[1:], 2))
    for p in range(len(b.projects)):
        b.mark(p, "written")
    return True


@sloppy("sum_row", "A row 合计 below the projects (and below the fund rows) with the sums: no project.", phase=3, flat_ok=True)
def _(b, rng):
    for t in b.tables[: rng.choice([1, 2])]:
        sums = {}
        for h in list(FUND) + list(BUDGET):
            if h in t.heads:
                sums[h] = float(sum(Decimal(str(r.cells[h].v)) for r in t.rows
                                    if h in r.cells and isinstance(r.cells[h].v, (int, float))))
        row = Row(None, sums)
        where = rng.choice(["项目名称", t.heads[0]])
        row.cells[where] = Cell(rng.choice(["合计", "合 计", "总计", "小计"]))
        row.cells.setdefault("_sum", Cell())
        if rng.random() < .3:
            t.rows.append(Row(None, {}))
        t.rows.append(row)
    return True


@sloppy("o_sum_row_between", "A 小计 row between departments, in the middle of 项目: no project, and the rows below it still count.",
        phase=3, other=True)
def _(b, rng):
    t = b.table("项目")
    row = Row(None, {"项目名称": rng.choice(["小计", "区民政局小计", "本页合计"]), "年度资金申请总额": 123456})
    t.rows.insert(max(1, len(t.rows) // 2), row)
    for p in range(len(b.projects)):
        b.mark(p, "written")
    return True


@sloppy("sample_row", "A sample row with （示例，填表时删去） in 项目名称, in all sheets: skipped.", phase=3, flat_ok=True)
def _(b, rng):
    for t in b.tables:
        src = [r for r in t.rows if r.p is not None]
        if not src:
            continue
        row = Row(None, {h: c.v for h, c in src[0].cells.items()})
        row.cells["项目名称"].put(rng.choice(["社区健身步道改造（示例，填表时删去）", "（示例，填表时删去）社区健身步道改造"]))
        for h, c in row.cells.items():
            if h in src[0].merged:
                src[0].merged.discard(h)
            if isinstance(src[0].cells[h].v, dt.date):
                c.fmt = "yyyy-mm-dd"
            if src[0].cells[h].err or src[0].cells[h].cached is not None:
                c.put(None)
        t.rows.insert(0, row)
    return True


@sloppy("notes_below", "Rows of notes below the table: 注：…, 填报人：…, 审核人：…", phase=3, flat_ok=True)
def _(b, rng):
    for t in b.tables[: rng.choice([1, 3])]:
        t.below = rng.choice([[["注：1. 本表由各项目单位填写，按预算批复口径。"], ["　　2. 有疑问请联系财务科。"]],
                              [["填报人：张三", None, None, "审核人：李四"], ["填报日期：2025年3月1日"]],
                              [[None, None, "备注：以上数据来源于预算系统导出"]]])
    return True


@sloppy("title_row", "One or two title rows above the headings.", phase=3, flat_ok=True)
def _(b, rng):
    for t in b.tables[: rng.choice([1, 3])]:
        t.above = [[f"{b.projects[0]['year']}年度项目支出绩效管理台账"]]
        if rng.random() < .5 and not any(SLOPPY[n]["group"] == "unit" for n in b.names):
            t.above.append(["填报单位：区财政局绩效科", None, None, None, f"金额单位：{b.unit}"] if t.name == "项目"
                           else ["填报单位：区财政局绩效科"])
        if rng.random() < .3:
            t.above.append([])
    for p in range(len(b.projects)):
        b.mark(p, "written")
    return True


@sloppy("columns_shuffled", "The columns in another order.", phase=3, flat_ok=True)
def _(b, rng):
    for t in b.tables:
        rng.shuffle(t.heads)
    for p in range(len(b.projects)):
        b.mark(p, "written")
    return True


@sloppy("columns_missing", "Columns nobody needs left out (项目性质, 偏差原因, 得分, 其他资金 where all are blank).", phase=3, flat_ok=True,
        other=True)
def _(b, rng):
    done = False
    for t in b.tables:
        for h in list(t.heads):
            if all(h not in r.cells or r.cells[h].v is None for r in t.rows) and rng.random() < .8:
                t.heads.remove(h)
                done = True
    return done or None


@sloppy("unknown_columns", "Columns the ledger does not know (联系电话, 处室意见, 领导批示): a note that names them, exit 0.", phase=3,
        flat_ok=True)
def _(b, rng):
    t = rng.choice(b.tables)
    h = rng.choice(["联系电话", "处室意见", "领导批示"])
    t.heads.insert(rng.randint(0, len(t.heads)), h)
    t.shown[h] = h
    for r in t.rows:
        if r.p is not None:
            r.cells[h] = Cell(rng.choice(["13800000000", "同意", 62001234, "已阅"]))
    b.must_say.append(("unknown column not noted", [h]))
    return True


@sloppy("o_serial_column", "A leading column 序号 with 1, 2, 3 … and one 备注 at the end: no figures of the form.", phase=3, flat_ok=True,
        other=True)
def _(b, rng):
    for t in b.tables:
        t.heads.insert(0, "序号")
        t.heads.append("备注")
        t.shown |= {"序号": "序号", "备注": "备注"}
        for k, r in enumerate(x for x in t.rows if x.p is not None):
            r.cells["序号"] = Cell(k + 1)
            r.cells["备注"] = Cell(rng.choice([None, "已核", "2024年为88万元"]))
    return True
