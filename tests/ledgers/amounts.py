"""Sloppy amounts."""

from __future__ import annotations

import math
import random
from decimal import Decimal

from .books import BUDGET, FACTOR, FUND, OneOf, full, grouped, text_of
from .kinds import S_amount, amounts, expect, sloppy

S_amount("amount_thousands", "Amounts typed as text with thousands separators: `1,100,000`.",
         lambda c, y, v: c.put(grouped(v) if v == round(v, 2) else f"{v:,f}".rstrip("0")))
S_amount("amount_yuan_text", "Amounts in a 元 ledger typed with their unit: `1100000元`.",
         lambda c, y, v: c.put(text_of(y) + "元"), needs="yuan")
S_amount("amount_wan_text", "An amount in a 元 ledger typed as `110万元`: converted, or reported, never 110 元.",
         lambda c, y, v: c.put(text_of(y / 10000) + "万元"), "either", needs="yuan")
S_amount("amount_currency", "Amounts with a currency sign: `￥1,100,000.00`.",
         lambda c, y, v: c.put("￥" + grouped(y, 2)), needs="yuan")
S_amount("amount_full_width", "Amounts in full-width digits: `１１０００００`.",
         lambda c, y, v: c.put(full(text_of(v)).replace("．", "．")))
S_amount("amount_trailing_space", "Amounts as text with spaces behind or before.",
         lambda c, y, v: c.put(random.Random(str(v)).choice(["{} ", " {}", "{}\u3000", "{}\xa0"]).format(text_of(v))))
S_amount("amount_apostrophe", "Amounts stored as text with an apostrophe ('1100000).",
         lambda c, y, v: c.put(text_of(v), quote=True))
S_amount("amount_wan_format", "A cell of a 元 ledger holding 110 with the format 0.00\"万元\": right (1,100,000) or reported.",
         lambda c, y, v: c.put(float(y / 10000), '0.00"万元"'), "either", needs="yuan", many=False)
S_amount("amount_percent_format", "An amount with a % format: reported, or taken as it is with a word about it.",
         lambda c, y, v: c.put(float(v), "0%"), "either", many=False, told=True)
S_amount("amount_error_constant", "An error constant (#N/A, #REF!, #VALUE!, #DIV/0!) in an amount.",
         lambda c, y, v: c.put(random.Random(str(v)).choice(["#N/A", "#REF!", "#VALUE!", "#DIV/0!"]), err=True),
         "reported", many=False)
S_amount("amount_1e20", "A number no budget can hold (1E+20), as a number or as text.",
         lambda c, y, v: c.put(random.Random(str(v)).choice([1e20, "1E+20", 1e300])), "reported", many=False)
S_amount("amount_nan", "NaN, Infinity, 1E999 or 1E999999999 in an amount.",
         lambda c, y, v: c.put(random.Random(str(v)).choice(["NaN", "Infinity", "-inf", "1E999", "1E999999999"])), "reported",
         many=False)
S_amount("amount_underscore", "An amount written as in a program: `1_000`.",
         lambda c, y, v: c.put(f"{int(v) or 1000:_}" if v >= 1000 else "1_000"), "reported", many=False)
S_amount("amount_undecided_text", "待定, 见附件, 约110万元, 100-120 in an amount: nobody can take a figure from it.",
         lambda c, y, v: c.put(random.Random(str(v)).choice(["待定", "见附件", f"约{text_of(y / 10000)}万元",
                                                             f"{text_of(v)}-{text_of(v + 20)}", "不超过" + text_of(v)])),
         "reported", many=False)
# the same in other words
S_amount("o_amount_wan_short", "`110万` (no 元) in a 元 ledger: right or reported.",
         lambda c, y, v: c.put(text_of(y / 10000) + "万"), "either", other=True, needs="yuan")
S_amount("o_amount_full_comma", "Thousands with full-width commas or spaces: `1，100，000`, `1 100 000`.",
         lambda c, y, v: c.put(grouped(v).replace(",", random.Random(str(v)).choice("， "))), "either", other=True, minimum=1000,
         needs="yuan")
S_amount("o_amount_yuan_in_wan", "In a 万元 ledger one amount typed as `1100000元`: right or reported, never ×10000.",
         lambda c, y, v: c.put(grouped(y) + "元"), "either", other=True, needs="wan")
S_amount("o_amount_wan_in_wan", "In a 万元 ledger amounts typed as `110万元` or with the format 0.00\"万元\": agrees, written.",
         lambda c, y, v: c.put(text_of(v) + "万元") if random.Random(str(v)).random() < .5 else
         c.put(float(v), '0.00####"万元"'), other=True, needs="wan")
S_amount("o_amount_yuan_in_wan_format", "In a 万元 ledger a cell holding 1100000 with the format #,##0.00\"元\": right or reported.",
         lambda c, y, v: c.put(float(y), '#,##0.00"元"'), "either", other=True, needs="wan", many=False)
S_amount("o_amount_scaled_format", "1100000 in a 元 ledger shown as 110.0万 by the scaling format 0!.0,\"万\": 1,100,000 or reported.",
         lambda c, y, v: c.put(float(y), random.Random(str(v)).choice(['0!.0,"万"', '0\\.0,"万元"'])), "either", other=True,
         needs="yuan", many=False)
S_amount("o_amount_accounting_format", "Amounts in an accounting format with ￥ and padding; numbers all the same.",
         lambda c, y, v: c.put(float(v), '_ [$￥-804]* #,##0.00_ ;_ [$￥-804]* -#,##0.00_ ;_ * "-"??_ ;_ @_ '), other=True,
         needs="yuan")
S_amount("o_amount_words", "An amount in Chinese capitals: 壹佰壹拾万元整.",
         lambda c, y, v: c.put(capitals(y)), "either", other=True, needs="yuan", whole=True, many=False)
S_amount("o_amount_european", "`1.100.000,00`: nobody's way of writing here; reported.",
         lambda c, y, v: c.put(grouped(y, 2).replace(",", "x").replace(".", ",").replace("x", ".")), "reported", other=True,
         needs="yuan", minimum=1000000, many=False)
S_amount("o_amount_expression", "A sum typed as text: `60+50`, `60万+50万`: reported (or the right sum).",
         lambda c, y, v: c.put(f"{text_of(v - v // 3)}+{text_of(v // 3)}"), "either", other=True, many=False, minimum=30)
S_amount("o_amount_formula_cached", "An amount that is a formula with its value stored, as Excel leaves it.",
         lambda c, y, v: c.put(f"={text_of(v - 1)}+1", cached=text_of(v)), other=True)
S_amount("o_amount_formula_error", "An amount that is a formula whose stored value is an error, or a picture formula.",
         lambda c, y, v: c.put('=DISPIMG("ID_1234",1)' if random.Random(str(v)).random() < .5 else "=1/0", cached=False),
         "reported", other=True, many=False)
S_amount("o_amount_crlf", "An amount with a line break or tab in it: `1100000\\n`, `1,100,\\n000`.",
         lambda c, y, v: c.put(grouped(v)[:-3] + "\n" + grouped(v)[-3:] if v == round(v, 2) and random.Random(str(v)).random() < .3
                               else text_of(v) + "\n"), "either", other=True)
S_amount("o_amount_text_format", "Amounts typed into cells of the format Text (@).",
         lambda c, y, v: c.put(text_of(v), "@"), other=True)
S_amount("o_amount_bracket_note", "An amount with a remark behind it: `1100000（含税）`, `1100000(其中上级50万)`.",
         lambda c, y, v: c.put(text_of(v) + random.Random(str(v)).choice(["（含税）", "(其中上级50万)", "*", "？"])), "either",
         other=True, many=False, told=True)


def capitals(yuan: Decimal) -> str:
    digits, small, big = "零壹贰叁肆伍陆柒捌玖", ["", "拾", "佰", "仟"], ["", "万", "亿"]
    n, out, group = int(yuan), "", 0
    while n:
        n, part = divmod(n, 10000)
        s, zero = "", False
        for k in range(4):
            part, d = divmod(part, 10)
            if d:
                s = digits[d] + small[k] + ("零" if zero and s else "") + s
                zero = False
            else:
                zero = True
        if s:
            out = s + big[group] + ("零" if out and not out.startswith("零") and len(s) and (int(yuan) // 10000**group) % 10 == 0
                                     or out and (int(yuan) // 10000**(group - 1) % 10000 < 1000 if group else False) else "") + out
        group += 1
    return out + "元整"


@sloppy("amount_dash", "Nothing in a fund column written as —, -, /, 无: blank or 0, never a text; or reported.", flat_ok=True)
def _(b, rng):
    spots = []
    for t in b.tables:
        fields = FUND if t.name == "项目" else BUDGET if t.name == "资金执行" else {}
        for row in t.rows:
            if row.p is None or (t.name == "项目" and b.projects[row.p]["kind"] != "declaration"):
                continue
            for h, k in fields.items():
                if row.cells[h].v is None and not row.cells[h].touched:
                    path = ("funds", k) if t.name == "项目" else ("budget", row.cells["资金项目"].v, k)
                    spots.append((t, row, h, path))
    if not spots:
        return None
    for t, row, h, path in rng.sample(spots, min(len(spots), 3)):
        row.cells[h].put(rng.choice(["—", "-", "/", "无", "——"]))
        expect(b, row.p, path, OneOf([None, Decimal(0)]))
        b.mark(row.p, "either", [(t, row, h)])
    return True


@sloppy("amount_zero", "0 typed where others leave blank: 0 stays 0 and blank stays blank.", flat_ok=True)
def _(b, rng):
    done = False
    for row in b.rows("项目"):
        if b.projects[row.p]["kind"] == "declaration":
            for h in ("上年结转资金", "年度其他资金"):
                if row.cells[h].v is None and not row.cells[h].touched and rng.random() < .6:
                    row.cells[h].put(0)
                    expect(b, row.p, ("funds", FUND[h]), Decimal(0))
                    b.mark(row.p, "written")
                    done = True
    return done or None


@sloppy("o_float_noise", "Amounts with the noise of binary sums (965043.9700000001): the cent is right.", other=True,
        flat_ok=True, needs="yuan")
def _(b, rng):
    found = [x for x in amounts(b) if x[5] != x[5].to_integral_value()]
    if not found:
        return None
    t, row, h, p, path, yuan = rng.choice(found)
    noisy = math.nextafter(float(yuan), math.inf)
    row.cells[h].put(noisy)
    expect(b, p, path, OneOf([yuan, Decimal(repr(noisy))]))
    b.mark(p, "written", [(t, row, h)])
    return True


@sloppy("o_negative_brackets", "A negative carry-over in accountant's brackets, `(5,000)`: −5000 or reported, never 5000.",
        other=True, flat_ok=True, needs="decl")
def _(b, rng):
    found = [r for r in b.rows("项目") if b.projects[r.p]["kind"] == "declaration" and not r.cells["上年结转资金"].touched]
    if not found:
        return None
    row = rng.choice(found)
    row.cells["上年结转资金"].put("(5,000)")
    expect(b, row.p, ("funds", "annual_carryover"), Decimal(-5000) * FACTOR[b.unit])
    b.mark(row.p, "either", [(b.table("项目"), row, "上年结转资金")])
    return True
