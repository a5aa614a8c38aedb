"""Sloppy names, and other cells that say whose a row is."""

from __future__ import annotations

import collections
import re

from .books import Row, full, half
from .kinds import sloppy


def rename_rows(b, rng, sheets, change, status="written", whole=False, say=None):
    """Change the project's name in rows of the sheets named; the whole project, or some of its rows."""
    spots = collections.defaultdict(list)
    for s in sheets:
        for row in b.rows(s):
            if not row.cells["项目名称"].touched and change(row.cells["项目名称"].v, rng) not in (None, row.cells["项目名称"].v):
                spots[(s, row.p)].append(row)
    if not spots:
        return None
    s, p = rng.choice(sorted(spots))
    rows = spots[(s, p)]
    chosen = rows if whole or rng.random() < .5 else rng.sample(rows, rng.randint(1, len(rows)))
    new = None
    for row in chosen:
        new = change(row.cells["项目名称"].v, rng)
        row.cells["项目名称"].put(new)
    cells = [(b.table(s), r, "项目名称") for r in chosen]
    b.mark(p, status, cells)
    if say:
        b.must_say.append((say, [new, *cells]))
        b.must_say.append(("the right name not suggested", [b.projects[p]["name"]]))
    return True


def spaced(name, rng):
    k = rng.randint(1, len(name) - 1)
    return name[:k] + rng.choice([" ", "  ", "\u3000", "\xa0"]) + name[k:] + rng.choice(["", " "])


def broken(name, rng):
    k = rng.randint(2, len(name) - 2)
    return name[:k] + rng.choice(["\n", "\r\n", " \n"]) + name[k:]


def brackets(name, rng):
    if "（" in name:
        return half(name)
    return name.replace("(", "（").replace(")", "）") if "(" in name else None


def digits_width(name, rng):
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in name) if re.search(r"[0-9A-Za-z]", name) else None


def wrong_char(name, rng):
    k = rng.randint(1, len(name) - 2)
    while not ("\u4e00" <= name[k] <= "\u9fff"):
        k = rng.randint(0, len(name) - 1)
    return name[:k] + rng.choice([c for c in "建设管修服务费用乡村" if c != name[k]]) + name[k + 1:]


@sloppy("name_spaces", "Project names with extra spaces (also full-width and no-break) in 资金执行 or 指标: still match.")
def _(b, rng):
    return rename_rows(b, rng, ["资金执行", "指标"], spaced)


@sloppy("name_line_break", "Project names broken over two lines in 资金执行 or 指标: still match.")
def _(b, rng):
    return rename_rows(b, rng, ["资金执行", "指标"], broken)


@sloppy("name_brackets", "Brackets of the other width in the name: still match.")
def _(b, rng):
    return rename_rows(b, rng, ["资金执行", "指标"], brackets)


@sloppy("name_digits", "Digits and letters of the other width in the name: still match.")
def _(b, rng):
    return rename_rows(b, rng, ["资金执行", "指标"], digits_width)


@sloppy("name_in_project_sheet", "The sloppy name (space, line break, width) stands in 项目, the others are clean: still match.",
        flat_ok=True)
def _(b, rng):
    rows = [r for r in b.rows("项目") if not r.cells["项目名称"].touched]
    row = rng.choice(rows)
    change = rng.choice([spaced, broken, brackets, digits_width])
    new = change(row.cells["项目名称"].v, rng)
    if not new:
        return None
    row.cells["项目名称"].put(new)
    b.mark(row.p, "written")
    return True


@sloppy("name_near_miss", "One wrong character in a name in 资金执行 or 指标: reported with the right name suggested; the project is not "
        "written at all.", group="near", rules="nopair")
def _(b, rng):
    return rename_rows(b, rng, ["资金执行", "指标"], wrong_char, "reported", say="near-miss row not named")


@sloppy("o_name_shortened", "A name in 指标 cut short or lengthened (…项目, …专项): not equal, so reported with the name suggested.",
        group="near", other=True)
def _(b, rng):
    return rename_rows(b, rng, ["资金执行", "指标"], lambda n, r: n + "项目" if len(n) % 2 else n[:-1], "reported",
                       say="near-miss row not named")


@sloppy("o_name_invisible", "A zero-width space, a soft hyphen or a tab inside a name: matches or is reported.", other=True)
def _(b, rng):
    return rename_rows(b, rng, ["资金执行", "指标"], lambda n, r: n[:2] + r.choice(["\u200b", "\t", "\ufeff"]) + n[2:], "either")


@sloppy("o_name_orphan", "Rows in 指标 of a project that is in no row of 项目: named; the others are written.", other=True, group="near")
def _(b, rng):
    t = b.table("指标")
    name = "滨江步道夜景灯光维护"
    src = rng.choice(b.rows("指标"))
    for k in range(2):
        row = Row(None, {h: c.v for h, c in src.cells.items()})
        row.cells["项目名称"].put(name)
        row.cells["三级指标"].put(f"孤立指标{k + 1}")
        t.rows.append(row)
    b.must_say.append(("orphan rows not named", [name] + [(t, r, "项目名称") for r in t.rows[-2:]]))
    b.notes_only = False
    return True


@sloppy("o_name_sibling", "Two projects whose names differ in one character (…一期 / …二期): each keeps its own rows.", other=True,
        group="near")
def _(b, rng):
    a, z = rng.sample(range(len(b.projects)), 2)
    if b.projects[a]["name"] == b.projects[z]["name"]:
        return None
    stem = "滨河公园健身步道"
    if any(r.cells["项目名称"].touched for n in ("项目", "资金执行", "指标") for r in b.rows(n) if r.p in (a, z)):
        return None
    if sum(p["name"] in (b.projects[a]["name"], b.projects[z]["name"]) for p in b.projects) > 2:
        return None
    for p, name in ((a, stem + "一期"), (z, stem + "二期")):
        for n in ("项目", "资金执行", "指标"):
            for r in b.rows(n, p):
                r.cells["项目名称"].put(name)
        b.projects[p]["name"] = name
        b.mark(p, "written")
    return True


@sloppy("o_row_year_wrong", "The year of some rows in 指标 or 资金执行 is last year's, where the project has no row: reported, or read "
        "whole with a word.", other=True, group="year")
def _(b, rng):
    s = rng.choice(["指标", "资金执行"])
    rows = b.rows(s)
    if not rows:
        return None
    p = rng.choice(sorted({r.p for r in rows}))
    chosen = [r for r in rows if r.p == p][:2]
    for r in chosen:
        r.cells["年度"].put(b.projects[p]["year"] - 1)
    b.mark(p, "either", [(b.table(s), r, "年度") for r in chosen], told=True)
    return True


@sloppy("o_row_year_blank", "年度 left blank in the rows of 指标 and 资金执行: the only year there is, or reported.", other=True,
        group="year")
def _(b, rng):
    for s in ("指标", "资金执行"):
        for r in b.rows(s):
            r.cells["年度"].put(None)
            b.mark(r.p, "either", [(b.table(s), r, "年度")])
    b.blanket = True
    return True


@sloppy("o_form_in_rows_blank", "表式 left blank in 指标 for projects with one form in that year.", other=True, group="formcol")
def _(b, rng):
    for r in b.rows("指标"):
        if sum(p["name"] == b.projects[r.p]["name"] for p in b.projects) == 1:
            r.cells["表式"].put(None)
            b.mark(r.p, "written")
    return True


@sloppy("o_form_words", "表式 typed as `2024 申报表`, `2024申报表 `, `申报表`, `自评表` in 项目: the right kind, or asked for.", other=True,
        group="formcol", flat_ok=True)
def _(b, rng):
    for r in b.rows("项目"):
        form = r.cells["表式"].v
        r.cells["表式"].put(rng.choice([form[:4] + " " + form[4:], form + " ", full(form), form[-3:], form + "\n"]))
        b.mark(r.p, "either", [(b.table("项目"), r, "表式")])
        b.projects[r.p]["form_stated"] = False
    return True
