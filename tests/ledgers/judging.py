"""What is wrong with what became of a ledger, in words."""

from __future__ import annotations

import collections
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from .books import BUDGET, FACTOR, FORM_UNIT, ITEMS, OneOf, squeeze, text_of

OPS = str.maketrans({"＝": "=", "═": "=", "﹦": "=", "≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤"})


def canon(text) -> str | None:
    """A target or actual in one spelling: width, operators and white space; the number without idle zeros."""
    if text is None or str(text).strip() == "":
        return None
    s = squeeze(str(text).translate(OPS)).translate(OPS).replace(">=", "≥").replace("<=", "≤")
    m = re.fullmatch(r"([=≥≤<>]?)(-?[\d,]+(?:\.\d+)?)(.*)", s)
    if m and not re.search(r"[\d]", m[3]):
        try:
            return m[1] + text_of(Decimal(m[2].replace(",", ""))) + m[3]
        except InvalidOperation:
            pass
    return s


def num(x):
    if x is None or x == "":
        return None
    try:
        return Decimal(str(x))
    except InvalidOperation:
        return x


def ok(expected, got) -> bool:
    if isinstance(expected, OneOf):
        return any(ok(e, got) for e in expected)
    return expected == got


def same_text(expected, got) -> bool:
    if isinstance(expected, OneOf):
        return any(same_text(e, got) for e in expected)
    return squeeze(expected) == squeeze(got)


def level(text) -> str:
    return re.sub(r"(指标|目标)$", "", re.sub(r"\(.*?\)", "", squeeze(text)))


def named(p, out: str) -> bool:
    return squeeze(p["name"]) in squeeze(out) or any(cell_said(c, out) for c in p["cells"]) or bool(lines_about(p, out))


def lines_about(p, out: str) -> list[str]:
    """The lines that name a cell in one of the project's own rows, as 指标!B7 or 指标 B7."""
    found = []
    for line in map(squeeze, out.splitlines()):
        for sheet, row in p["rows"]:
            if re.search(rf"{re.escape(squeeze(sheet))}['’”」]?(?:表|工作表)?[!！:：,，]?\$?[A-Z]{{1,2}}\$?{row}(?!\d)", line):
                found.append(line)
                break
    return found


def cell_said(cell, out: str) -> bool:
    """A line that names the sheet and the cell (or a range that begins there)."""
    sheet, at = cell
    return any(squeeze(sheet) in line and re.search(rf"(?<![A-Z$]){at}(?!\d)", line) for line in map(squeeze, out.splitlines()))


def messages(out: str) -> str:
    """What was said, without the list of the files written: a path is no word about a project."""
    return "\n".join(x for x in out.splitlines() if not re.fullmatch(r"\s*(?:\S*[/\\])[^:：，。]*\.xlsx\s*", x))


def show(x):
    return "|".join(map(str, x)) if isinstance(x, OneOf) else str(x)


def check(truth: dict, records: list[dict], stdout: str, stderr: str, exitcode: int) -> list[str]:
    """The list of wrongs, each `CLASS {sloppinesses} what`."""
    wrongs: list[str] = []
    out = f"{stdout}\n{stderr}"

    def wrong(kind, text, p=None):
        why = list((p or {}).get("why", [])) or truth["sloppy"]
        wrongs.append(f"{kind} {{{', '.join(why)}}} {text}")

    if "Traceback" in out or "程序出了意外" in out:
        wrong("CRASH", out.strip()[-300:])
    if exitcode not in (0, 1, 2):
        wrong("CRASH", f"exit {exitcode}")
    out = messages(out)
    by_key = collections.defaultdict(list)
    for r in records:
        by_key[(r.get("kind"), str(r.get("year")), squeeze(r.get("project")))].append(r)
    owners = {}
    for p in truth["projects"]:
        for ind in p["indicators"]:
            owners.setdefault(squeeze(ind["name"]), set()).add((p["kind"], p["name"]))
    unwritten = 0
    for p in truth["projects"]:
        label = f"{p['name']}（{p['kind']} {p['year']}）"
        found = by_key.pop((p["kind"], str(p["year"]), squeeze(p["name"])), [])
        if len(found) > 1:
            wrong("TWICE", f"{label}: {len(found)} forms", p)
        if not found:
            unwritten += 1
            if truth["blanket"] and not records and exitcode:
                if not any(s in out for s in truth["sheets"]):
                    wrong("UNSAID", "the ledger as a whole refused without naming a sheet", p)
                continue
            whole = not records and exitcode and any(s in out for s in truth["sheets"]) and \
                not any(squeeze(q["name"]) in squeeze(out) for q in truth["projects"])
            if p["must"] == "written":
                wrong("REFUSED" if named(p, out) or whole else "SILENT", f"{label}: must be written, is not", p)
            elif not named(p, out) and not whole:
                wrong("SILENT", f"{label}: not written, and nothing said of it", p)
            elif exitcode == 0:
                wrong("EXIT", f"{label}: not written, yet exit 0", p)
            continue
        if p["must"] == "reported":
            wrong("FORBIDDEN", f"{label}: written although {p['cells'][:2]} cannot be read or belongs to it", p)
            continue
        r = found[0]
        if p["told"] and not named(p, out):
            wrong("UNSAID", f"{label}: written with no word about {p['cells'][:2]}", p)
        if p["warn"] and not any("指标" in x and named(p, x) for x in out.splitlines()) and \
                not re.search(r"(没有|缺|无|不含|未填).{0,6}指标", out):
            wrong("UNSAID", f"{label}: no warning that it has no indicators", p)
        compare(p, r, label, owners, wrong)
        if p["money_unit"] and r.get("money_unit") not in (None, p["money_unit"]) and \
                any(num(v) for v in amounts_of(r)) and not re.search(r"换算|换成|换为|折算|折合|折成|转换|改成|改为|按.{0,4}万?元填", out):
            wrongs.append(f"UNCONVERTED {{any ledger whose unit is not the form's}} {label}: {p['money_unit']} became "
                          f"{r.get('money_unit')} and it is not said")
        if p["form_stated"] and r.get("form") != p["form"]:
            wrong("FORM", f"{label}: 表式 says {p['form']}, the form is {r.get('form')}", p)
        if len(lines_about(p, out)) > 4:
            wrong("FLOOD", f"{label}: {len(lines_about(p, out))} messages for one project", p)
    for key, rs in by_key.items():
        wrong("EXTRA", f"a form nobody asked for: {key[0]} {key[1]} {rs[0].get('project')!r}")
    flat = squeeze(out)
    for what, options in truth["must_say"]:
        hit = any((squeeze(o) in flat if isinstance(o, str) else o and cell_said(o, out)) for o in options)
        if not hit and not (truth["blanket"] and not records):
            wrong("UNSAID", f"{what}: {options[:2]}")
    if truth["exit"] == 0 and exitcode != 0 and not unwritten:
        wrong("EXIT", f"exit {exitcode} where all is written: {stderr.strip()[-160:]!r}")
    if truth["exit"] == "nonzero" and exitcode == 0:
        wrong("EXIT", "exit 0 although something could not be read")
    return wrongs


def amounts_of(r):
    return [*(r.get("funds") or {}).values(), *(line.get(k) for line in r.get("budget") or [] for k in BUDGET.values())]


def compare(p, r, label, owners, wrong):
    factor = FACTOR.get(r.get("money_unit"))
    if factor is None:
        wrong("UNIT", f"{label}: money_unit {r.get('money_unit')!r} in a known form, {r.get('form')}", {"why": ["any form of that kind"]})
        factor = FACTOR[FORM_UNIT[p["form"]]]
        key, amount = ("annual_total", p["funds"]["annual_total"])
        got = num((r.get("funds") or {}).get(key))
        if p["money_unit"] and isinstance(got, Decimal) and FACTOR[p["money_unit"]] != factor and \
                got * FACTOR[p["money_unit"]] == amount:
            wrong("UNIT", f"{label}: figures in {p['money_unit']} stand unconverted in {p['form']}",
                  {"why": ["any ledger whose unit is not the form's"]})
            factor = FACTOR[p["money_unit"]]

    def yuan(x):
        n = num(x)
        return n * factor if isinstance(n, Decimal) and n.is_finite() else n
    if p["kind"] == "declaration":
        for k, e in p["funds"].items():
            got = yuan((r.get("funds") or {}).get(k))
            if not ok(e, got):
                wrong("FIGURE", f"{label}: {k} should be {show(e)} 元, is {got}", p)
        for k in ("start", "end"):
            got, e = r.get(k), p[k]
            alts = [str(x) if x is not None else None for x in (e if isinstance(e, OneOf) else [e])]
            if not any(same_text(a, got) for a in alts):
                wrong("FIGURE", f"{label}: {k} should be {show(alts)}, is {got}", p)
        texts = ["department", "unit", "overall_goal", "annual_goal"]
    else:
        lines = {x.get("item"): x for x in r.get("budget") or []}
        for e in p["budget"]:
            got = lines.get(e["item"])
            if got is None:
                if any(e[k] for k in BUDGET.values() if not isinstance(e[k], OneOf)):
                    wrong("FIGURE", f"{label}: the line {e['item']} is gone", p)
                continue
            for k in BUDGET.values():
                if not ok(e[k], yuan(got.get(k))):
                    wrong("FIGURE", f"{label}: {e['item']} {k} should be {show(e[k])} 元, is {yuan(got.get(k))}", p)
            if e["item"] == ITEMS[0]:
                if num(got.get("weight")) != e["weight"]:
                    wrong("FIGURE", f"{label}: 执行率 weight should be {e['weight']}, is {got.get('weight')}", p)
                a, z = e["executed"], e["budget"]
                rate = num(got.get("rate"))
                if rate is not None and isinstance(a, Decimal) and isinstance(z, Decimal) and z:
                    if not isinstance(rate, Decimal) or abs(rate - a / z) > Decimal("0.00006"):
                        wrong("FIGURE", f"{label}: rate should be {a / z:.4f}, is {rate}", p)
                    score = num(got.get("score"))
                    right = (min(Decimal(1), a / z) * e["weight"]).quantize(Decimal("0.01"), ROUND_HALF_UP)
                    if score is not None and score != right:
                        wrong("FIGURE", f"{label}: score of the rate should be {right}, is {score}", p)
        for item in lines:
            if item not in {e["item"] for e in p["budget"]} and any(yuan(lines[item].get(k)) is not None for k in BUDGET.values()):
                wrong("FIGURE", f"{label}: a fund line nobody typed, {item}", p)
        texts = ["department", "unit", "annual_goal", "actual_result"]
    for k in texts:
        if not same_text(p[k], r.get(k)):
            wrong("TEXT", f"{label}: {k} should be {p[k]!r}, is {r.get(k)!r}", p)
    got_inds = collections.defaultdict(list)
    for x in r.get("indicators") or []:
        got_inds[squeeze(x.get("name"))].append(x)
    wanted = collections.Counter()
    for e in p["indicators"]:
        key = squeeze(e["name"])
        wanted[key] += 1
        gots = got_inds.get(key, [])
        if not gots:
            wrong("LOST", f"{label}: indicator {e['name']} is not in the form", p)
            continue
        same = [g for g in gots if level(g.get("level1")) == level(e["level1"])] or gots
        first = [g for g in same if ok_ind(e, g)] or same
        g = first[0]
        if level(g.get("level1")) != level(e["level1"]) or level(g.get("level2")) != level(e["level2"]):
            wrong("LEVEL", f"{label}: {e['name']} stands under {g.get('level1')}/{g.get('level2')}, not {e['level1']}/{e['level2']}", p)
        if not ok_value(e["target"], g.get("target")):
            wrong("FIGURE", f"{label}: {e['name']} target should be {show(e['target'])}, is {g.get('target')}", p)
        if p["kind"] == "evaluation":
            if not ok_value(e["actual"], g.get("actual")):
                wrong("FIGURE", f"{label}: {e['name']} actual should be {show(e['actual'])}, is {g.get('actual')}", p)
            w = num(g.get("weight"))
            if e["weight"] != "dealt" and w != e["weight"]:
                wrong("FIGURE", f"{label}: {e['name']} weight should be {e['weight']}, is {w}", p)
            score = num(g.get("score"))
            if score is not None and isinstance(w, Decimal) and e["plain"]:
                goal, done = e["plain"]
                if done < goal:
                    right = (done / goal * w).quantize(Decimal("0.01"), ROUND_HALF_UP)
                else:
                    right = w
                if score != right:
                    wrong("FIGURE", f"{label}: {e['name']} score should be {right}, is {score}", p)
    for key, gots in got_inds.items():
        most = sum(max(e["times"]) for e in p["indicators"] if squeeze(e["name"]) == key)
        if len(gots) > most:
            others = owners.get(key, set()) - {(p["kind"], p["name"])}
            if most:
                wrong("TWICE", f"{label}: indicator {gots[0].get('name')} stands {len(gots)} times", p)
            else:
                wrong("FOREIGN", f"{label}: indicator {gots[0].get('name')!r} is of {sorted(others) or 'nobody'}", p)
    if p["weights_dealt"]:
        weights = [num(x.get("weight")) for x in r.get("indicators") or []]
        rate = [num(x.get("weight")) for x in r.get("budget") or [] if x.get("item") == ITEMS[0]]
        if any(not isinstance(w, Decimal) or w <= 0 for w in weights):
            wrong("FIGURE", f"{label}: weights not dealt out: {weights}", p)
        elif sum(weights) + sum(w for w in rate if isinstance(w, Decimal)) != 100:
            wrong("FIGURE", f"{label}: weights dealt out to {sum(weights)} + {rate}, not 100", p)


def ok_ind(e, g):
    return ok_value(e["target"], g.get("target")) and level(e["level2"]) == level(g.get("level2"))


def ok_value(expected, got) -> bool:
    if isinstance(expected, OneOf):
        return any(ok_value(e, got) for e in expected)
    return canon(expected) == canon(got)
