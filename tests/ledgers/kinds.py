"""The table of sloppinesses: what the clerk did, and what must become of it."""

from __future__ import annotations

from .books import BUDGET, FACTOR, FUND, Book, OneOf

SLOPPY: dict[str, dict] = {}


def sloppy(name, says, *, needs="", group=None, phase=1, flat_ok=False, other=False, rules=""):
    def wrap(fn):
        SLOPPY[name] = {"name": name, "says": says, "needs": set(needs.split()), "group": group or name,
                        "phase": phase, "flat_ok": flat_ok, "fn": fn, "other": other, "rules": rules}
        return fn
    return wrap


def amounts(b: Book, *, nonzero=True, kind=None, whole=None, minimum=0):
    """(table, row, heading, project, path, yuan) of every amount not yet touched."""
    out = []
    for t in b.tables:
        fields = FUND if t.name == "项目" else BUDGET if t.name == "资金执行" else {}
        for row in t.rows:
            if row.p is None:
                continue
            p = b.projects[row.p]
            if kind and p["kind"] != kind:
                continue
            for h, k in fields.items():
                cell = row.cells.get(h)
                if cell is None or cell.touched or cell.v is None:
                    continue
                if t.name == "项目":
                    if p["kind"] != "declaration":
                        continue
                    path, yuan = ("funds", k), p["funds"][k]
                else:
                    item = row.cells["资金项目"].v
                    path = ("budget", item, k)
                    yuan = next(x[k] for x in p["budget"] if x["item"] == item)
                if isinstance(yuan, OneOf) or (nonzero and not yuan) or yuan < minimum:
                    continue
                if whole and yuan != yuan.to_integral_value():
                    continue
                out.append((t, row, h, row.p, path, yuan))
    return out


def expect(b: Book, p, path, value):
    pr = b.projects[p]
    if path[0] == "funds":
        pr["funds"][path[1]] = value
    else:
        next(x for x in pr["budget"] if x["item"] == path[1])[path[2]] = value


def retype(b, rng, how, status="written", *, many=True, told=False, **kw):
    """Type one or several amounts another way."""
    found = amounts(b, **kw)
    if not found:
        return None
    if many and rng.random() < 0.5:
        chosen = rng.sample(found, min(len(found), rng.randint(2, 4)))
    else:
        chosen = [rng.choice(found)]
    for t, row, h, p, _path, yuan in chosen:
        how(row.cells[h], yuan, yuan / FACTOR[b.unit])
        b.mark(p, status, [(t, row, h)], told)
    return True


def S_amount(name, says, how, status="written", *, other=False, needs="", told=False, rules="", **kw):
    @sloppy(name, says, group=name, needs=needs, flat_ok=True, other=other, rules=rules)
    def _(b, rng):
        return retype(b, rng, how, status, told=told, **kw)
