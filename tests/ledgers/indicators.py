"""Sloppy points, targets and actuals."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from .books import OneOf, full, text_of
from .kinds import sloppy


def ind_rows(b, kind=None):
    return [r for r in b.rows("指标") if kind is None or b.projects[r.p]["kind"] == kind]


@sloppy("no_weights", "An evaluation with actuals and no 分值 in 指标: the points are dealt out, 100 in all.", needs="eval", group="weights")
def _(b, rng):
    done = False
    for p in b.projects:
        if p["kind"] == "evaluation" and (not done or rng.random() < .5):
            for r in b.rows("指标", p["id"]):
                r.cells["分值"].put(None)
                r.ind["weight"] = "dealt"
            if rng.random() < .5:
                for r in b.rows("资金执行", p["id"]):
                    r.cells["分值"].put(None)
                p["budget"][0]["weight"] = Decimal(10)
            p["weights_dealt"] = True
            b.mark(p["id"], "written")
            done = True
    return done or None


@sloppy("o_weights_text", "分值 as `20分`, `20.0`, `20 `, full-width: 20, or reported.", needs="eval", group="weights", other=True)
def _(b, rng):
    p = rng.choice([p for p in b.projects if p["kind"] == "evaluation"])
    for r in b.rows("指标", p["id"]):
        w = r.cells["分值"].v
        if w is not None:
            r.cells["分值"].put(rng.choice([f"{w}分", f"{w}.0", f"{w} ", full(str(w))]))
            b.mark(p["id"], "either", [(b.table("指标"), r, "分值")])
    return True


@sloppy("o_weights_some_blank", "A few 分值 blank among others (sub-indicators): those stay blank, the rest as typed.", needs="eval",
        group="weights", other=True)
def _(b, rng):
    p = rng.choice([p for p in b.projects if p["kind"] == "evaluation"])
    rows = b.rows("指标", p["id"])
    if len(rows) < 3:
        return None
    r = rng.choice(rows)
    r.cells["分值"].put(None)
    r.ind["weight"] = None
    b.mark(p["id"], "either", [(b.table("指标"), r, "分值")])
    return True


@sloppy("no_indicators", "A project without a row in 指标: written, with a warning that names it.", group="noind")
def _(b, rng):
    p = rng.choice(b.projects)
    t = b.table("指标")
    if any(c.touched for r in t.rows if r.p == p["id"] for c in r.cells.values()) or p["weights_dealt"]:
        return None
    t.rows = [r for r in t.rows if r.p != p["id"]]
    p["indicators"] = []
    p["warn"] = True
    b.mark(p["id"], "written")
    return True


@sloppy("target_formula", "Targets typed so that Excel took them for formulas, `=100%`, `=90`, with or without the stored value.")
def _(b, rng):
    rows = [r for r in ind_rows(b) if not r.cells["指标值"].touched and r.cells["指标值"].v.startswith("=")]
    rows += [r for r in ind_rows(b) if not r.cells["指标值"].touched and not r.cells["指标值"].v.startswith("=")][:2]
    for r in rng.sample(rows, min(3, len(rows))):
        m = re.match(r"[=≥](\d+)(.*)", r.ind["target"])
        n, unit = m[1], m[2]
        stored = rng.random() < .6
        if unit == "%":
            r.cells["指标值"].put(f"={n}%", "0%", cached=text_of(Decimal(n) / 100) if stored else False)
            r.ind["target"] = OneOf([f"={n}%", f"{n}%"])
        else:
            r.cells["指标值"].put(f"={n}", cached=n if stored else False)
            r.ind["target"] = OneOf([f"={n}", n])
            if r.ind["actual"]:
                r.ind["actual"] = re.sub(r"\D+$", "", r.ind["actual"])
                r.cells["实际完成值"].put(r.ind["actual"])
        r.ind["plain"] = None
        b.mark(r.p, "written" if stored else "either", [(b.table("指标"), r, "指标值")])
    return True


@sloppy("target_wide_operators", "Targets with full-width or look-alike operators: ＞＝90％, ≧90%, ═100%, >=90%.")
def _(b, rng):
    done = False
    for r in rng.sample(ind_rows(b), min(5, len(ind_rows(b)))):
        if r.cells["指标值"].touched:
            continue
        old = r.ind["target"]
        new = old.replace("≥", rng.choice(["＞＝", "≧", ">=", "⩾", "＞＝"])) if "≥" in old else old.replace("=", rng.choice(["＝", "═", "﹦"]))
        new = new.replace("%", rng.choice(["%", "％"]))
        r.cells["指标值"].put(new)
        b.mark(r.p, "written", [(b.table("指标"), r, "指标值")])
        done = True
    return done or None


@sloppy("actual_percent_format", "Actuals as numbers with a % format (0.95 shown as 95%).", needs="eval")
def _(b, rng):
    rows = [r for r in ind_rows(b, "evaluation") if str(r.cells["实际完成值"].v).endswith("%") and not r.cells["实际完成值"].touched]
    if not rows:
        return None
    for r in rng.sample(rows, min(len(rows), 3)):
        r.cells["实际完成值"].put(float(Decimal(r.ind["actual"].rstrip("%")) / 100), rng.choice(["0%", "0.00%"]))
        b.mark(r.p, "written", [(b.table("指标"), r, "实际完成值")])
    return True


@sloppy("actual_apostrophe", "Actuals and 分值 as text numbers with an apostrophe.", needs="eval")
def _(b, rng):
    for r in rng.sample(ind_rows(b, "evaluation"), 3):
        if not r.cells["实际完成值"].touched:
            r.cells["实际完成值"].put(r.ind["actual"], quote=True)
        if r.cells["分值"].v is not None and not r.cells["分值"].touched:
            r.cells["分值"].put(str(r.cells["分值"].v), quote=True)
        b.mark(r.p, "written", [(b.table("指标"), r, "实际完成值")])
    return True


@sloppy("indicator_error_constant", "An error constant in a target or an actual: reported, no text #N/A in the form.")
def _(b, rng):
    rows = [r for r in ind_rows(b) if not r.cells["指标值"].touched]
    if not rows:
        return None
    r = rng.choice(rows)
    h = rng.choice(["指标值", "实际完成值"]) if b.projects[r.p]["kind"] == "evaluation" and not r.cells["实际完成值"].touched else "指标值"
    r.cells[h].put(rng.choice(["#N/A", "#REF!", "#NAME?"]), err=True)
    b.mark(r.p, "reported", [(b.table("指标"), r, h)])
    return True


@sloppy("o_target_number", "Targets as bare numbers, also with a % format (0.9 shown as 90%).", other=True)
def _(b, rng):
    done = False
    for r in rng.sample(ind_rows(b), min(4, len(ind_rows(b)))):
        m = re.fullmatch(r"=(\d+)(.*)", str(r.ind["target"])) if not isinstance(r.ind["target"], OneOf) else None
        if m and not r.cells["指标值"].touched:
            n, unit = m[1], m[2]
            if unit == "%":
                r.cells["指标值"].put(float(Decimal(n) / 100), "0%")
                r.ind["target"] = OneOf([f"{n}%", f"={n}%"])
            else:
                r.cells["指标值"].put(int(n))
                r.ind["target"] = OneOf([n, f"={n}"])
                r.ind["plain"] = None
            b.mark(r.p, "written", [(b.table("指标"), r, "指标值")])
            done = True
    return done or None


@sloppy("o_target_unit_format", "A target that is a number whose unit stands in the format (91 shown as 91场): with the unit, or reported.",
        other=True)
def _(b, rng):
    rows = [r for r in ind_rows(b) if not isinstance(r.ind["target"], OneOf) and not r.cells["指标值"].touched
            and not r.ind["target"].endswith("%")]
    if not rows:
        return None
    r = rng.choice(rows)
    m = re.match(r"[=≥](\d+)(.*)", r.ind["target"])
    r.cells["指标值"].put(int(m[1]), f'0"{m[2]}"')
    r.ind["target"] = OneOf([m[1] + m[2], "=" + m[1] + m[2]])
    r.ind["plain"] = None
    b.mark(r.p, "either", [(b.table("指标"), r, "指标值")])
    return True


@sloppy("o_target_date", "A target (时效) that is a date cell: the day, not 46022 and not a time of day.", other=True)
def _(b, rng):
    rows = [r for r in ind_rows(b) if r.cells["二级指标"].v == "时效指标" and not r.cells["指标值"].touched]
    if not rows:
        return None
    r = rng.choice(rows)
    y = b.projects[r.p]["year"]
    r.cells["指标值"].put(dt.datetime(y, 11, 30), "yyyy/m/d")
    r.ind["target"] = OneOf([f"{y}-11-30", f"{y}/11/30", f"{y}年11月30日", f"{y}.11.30"])
    r.ind["plain"] = None
    if r.ind["actual"] and not r.cells["实际完成值"].touched:
        r.cells["实际完成值"].put(f"{y}年11月20日")
        r.ind["actual"] = OneOf([f"{y}年11月20日", f"{y}-11-20", f"{y}/11/20"])
    b.mark(r.p, "written", [(b.table("指标"), r, "指标值")])
    return True


@sloppy("o_indicator_name_broken", "三级指标 over two lines, with spaces and full-width brackets: one indicator, its name kept.", other=True)
def _(b, rng):
    for r in rng.sample(ind_rows(b), min(3, len(ind_rows(b)))):
        n = r.cells["三级指标"].v
        if r.cells["三级指标"].touched:
            continue
        r.cells["三级指标"].put(n[:2] + rng.choice(["\n", " ", "\u3000"]) + n[2:])
        b.mark(r.p, "written")
    return True


@sloppy("o_target_unset", "A target left blank or 待定: written as it stands with a word, or reported.", other=True)
def _(b, rng):
    rows = [r for r in ind_rows(b) if not r.cells["指标值"].touched]
    if not rows:
        return None
    r = rng.choice(rows)
    v = rng.choice([None, "待定"])
    r.cells["指标值"].put(v)
    r.ind["target"], r.ind["plain"] = v, None
    b.mark(r.p, "either", [(b.table("指标"), r, "指标值")])
    return True
