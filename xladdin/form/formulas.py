"""执行率, 得分 and 总分 as plain Excel formulas, shared by Excel, WPS and LibreOffice.

Whatever a cell holds, they show a figure, 待核 or nothing: never an error, nor a sum that leaves out a text.
They read what a clerk types just as domain/actual.py does, which is what is written like its target, and compute what
domain/scoring.py computes; everything else shows 待核. The target is fixed at approval, so its figure stands in the
formula, guarded: once the 指标值 cell is edited the score says 待核, never a stale figure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache

from ..domain.actual import BLANKS, CENTURIES, DIGITS_READ, Factor, Notation, notation
from ..domain.days import deadline, serial
from ..domain.judging import said
from ..domain.notation import fold
from ..domain.numbers import BLANK_MARKS, plain
from ..domain.profile import Profile
from ..domain.scoring import MOST_POINTS, RATE_PLACES, SCORE_PLACES, UNDECIDED, UNFILLED
from ..domain.target import Target, parse_target
from ..workbook.grid import OWN_ROW

MAX_LITERAL = 255  # characters of a text inside a formula
_PREFIXES = "{" + ",".join(map(str, range(1, DIGITS_READ + 1))) + "}"
_HUGE = "9E+300"
_NOTHING = '"x"'  # a factor that makes an error of any figure, shown as 待核
FUNDS_PLACES = 6  # of amounts in 万元, which are exact to a 分
_FUNDS = re.compile(r'IF\(COUNT\(([A-Z0-9,]+)\)=0,"",')
_CONSTANT = re.compile(r"\d+(?:\.\d+)?")
_OPENINGS = ("IF(OR(", "IF(TRIM(", "IF(SUMPRODUCT(--(")


def is_ours(formula: str) -> bool:
    """Whether a formula read from a workbook is one of those written here."""
    return formula.startswith(_OPENINGS)


@lru_cache(maxsize=256)
def rate_formula(executed: str, budget: str) -> str:
    """执行率 = 全年执行数 ÷ 全年预算数 as a fraction; blank while either is blank, 0 for a budget of 0."""
    rate = f"IF({budget}=0,0,ROUND({executed}/{budget},{RATE_PLACES}))"
    return _settled([_blank(executed), _blank(budget)], [_amount(executed), _amount(budget)], rate)


def funds_formula(parts: Sequence[str]) -> str:
    """The sum of the parts of the funds: blank while all are, 待核 while one is no figure."""
    listed = ",".join(parts)
    odd = ",".join(f"IFERROR({_others(part)}>0,TRUE)" for part in parts)
    return f'IF(OR({odd}),"{UNDECIDED}",IF(COUNT({listed})=0,"",ROUND(SUM({listed}),{FUNDS_PLACES})))'


def funds_parts(formula: str) -> list[str]:
    """The cells a funds_formula sums; none for any other formula."""
    if (match := _FUNDS.search(formula)) and formula == funds_formula(parts := match[1].split(",")):
        return parts
    return []


@lru_cache(maxsize=256)
def execution_score_formula(executed: str, budget: str, weight: str) -> str:
    """分值 × 执行率, from the amounts themselves, between 0 and 分值."""
    points = f"ROUND(MAX(0,MIN({weight},{weight}*{executed}/{budget})),{SCORE_PLACES})"
    blanks = [_blank(executed), _blank(budget), _marked(weight)]
    needs = [_amount(executed), _amount(budget), _weight(weight)]
    return _settled(blanks, needs, f"IF({budget}=0,0,{points})")


def total_formula(
    cells: Sequence[str],
    executed: str | None = None,
    rows: Sequence[tuple[str, str]] = (),
    pairs: Sequence[tuple[str, str]] = (),
    empty: Sequence[str] = (),
) -> str:
    """The sum of what is there: blank when nothing is, 待核 while any of it is no figure of points.

    未填完 while 全年执行数 (`executed`) is blank, or an 实际完成值 beside a 分值; rows: ranges of 分值 and 实际完成值;
    pairs: ranges of 分值 and 得分, of which a 分值 without a 得分 is 待核 too. empty: ranges of 分值 in which
    there is none yet, for a form without indicators: 未填完.
    """
    listed = ",".join(cells)
    odd = [f"{_others(cell)}>0" for cell in cells] + [f"MIN({listed})<0", f"MAX({listed})>{plain(MOST_POINTS)}"]
    odd += [f"SUMPRODUCT(ISNUMBER({weights})*(1-ISNUMBER({scores})))>0" for weights, scores in pairs]
    points = f'IF(COUNT({listed})=0,"",ROUND(SUM({listed}),{SCORE_PLACES}))'
    gaps = [_marked(executed)] if executed else []
    gaps += [f"IFERROR({_gaps(*both)}>0,FALSE)" for both in rows]
    gaps += [f"COUNT({weights})=0" for weights in empty]
    doubt = f"IFERROR(OR({','.join(odd)}),TRUE)"
    if not gaps:
        return f'IF(OR({doubt}),"{UNDECIDED}",{points})'
    return f'IF(OR({",".join(gaps)}),"{UNFILLED}",IF({doubt},"{UNDECIDED}",{points}))'


def index_formula(figures: str, units: str, unit: str, known: Sequence[str]) -> str:
    """The sum of the amounts of one money unit in a list of projects; known: the units that have a sum.

    待核 while an amount of that unit is no figure, or any is of a unit that no sum counts.
    """
    mine, all_units = f'EXACT({units},"{unit}")', f"EXACT({units},{_list(known)})"
    others = f"SUMPRODUCT({mine}*(1-ISNUMBER({figures})))-SUMPRODUCT({mine}*{_is_mark(figures)})>0"
    lost = f"SUMPRODUCT(--ISNUMBER({figures}))-SUMPRODUCT(ISNUMBER({figures})*{all_units})>0"
    total = f'IF(SUMPRODUCT({mine}*ISNUMBER({figures}))=0,"",SUMIFS({figures},{units},"{unit}"))'
    return f'IF(IFERROR(OR({others},{lost}),TRUE),"{UNDECIDED}",{total})'


def _settled(blanks: Sequence[str], needs: Sequence[str], value: str) -> str:
    """The value where nothing is blank and everything it needs holds, else blank or 待核."""
    decided = f'IFERROR(IF(AND({",".join(needs)}),{value},"{UNDECIDED}"),"{UNDECIDED}")'
    return f'IF(OR({",".join(blanks)}),"",{decided})'


def _blank(cell: str) -> str:
    """Whether a cell holds nothing; an error in it is something."""
    return f'IFERROR({_trimmed(cell)}="",FALSE)'


def _marked(cell: str) -> str:
    """Whether a cell holds nothing, or a sign that says so."""
    return f"IFERROR(SUMPRODUCT(--{_is_mark(cell)})>0,FALSE)"


@lru_cache(maxsize=256)
def _is_mark(cells: str) -> str:
    """Which cell is which mark: a column for each mark."""
    return f"EXACT({_trimmed(cells)},{_list(BLANK_MARKS)})"


def _others(cells: str) -> str:
    """How many cells hold neither a number nor nothing."""
    return f"SUMPRODUCT(1-ISNUMBER({cells}))-SUMPRODUCT(--{_is_mark(cells)})"


def _gaps(weights: str, actuals: str) -> str:
    """How many rows have a 分值 and no 实际完成值."""
    blank = f'({_trimmed(actuals)}="")'
    return f"SUMPRODUCT(--{blank})-SUMPRODUCT({blank}*{_is_mark(weights)})"


def _amount(cell: str) -> str:
    """Whether a cell holds money: a number (LibreOffice: nor TRUE), not negative, shown neither as 9% nor as a day."""
    return f'ISNUMBER({cell}),NOT(ISLOGICAL({cell})),{cell}>=0,ISERROR(FIND(LEFT(CELL("format",{cell}),1),"PD"))'


def _weight(cell: str) -> str:
    """Whether a cell holds points; of a 分值 that stands in the formula itself no cell's format can be asked."""
    number = f"ISNUMBER({cell})" if _CONSTANT.fullmatch(cell) else _amount(cell)
    return f"{number},{cell}<={plain(MOST_POINTS)}"


def _list(texts: Sequence[str]) -> str:
    return "{" + ",".join(map(_text, texts)) + "}"


def score_formula(
    printed: str | None, target: str, actual: str, weight: str, rules: Profile, year: int | None = None
) -> str:
    """得分 of one indicator. `printed`: its 指标值; the others: cells on its row; year: the form's.

    Blank where there is no 分值 or no 实际完成值.
    """
    return _score_formula(printed, target, actual, weight, rules.reverse, rules.words["nothing"], year)


def score_formula_on(
    row: int, printed: str | None, target: str, actual: str, weight: str, rules: Profile, year: int | None = None
) -> str:
    """The same with cells whose row is OWN_ROW: put together once for all rows with that 指标值, and told the row."""
    if OWN_ROW in (printed or ""):
        target, actual, weight = (cell.replace(OWN_ROW, str(row)) for cell in (target, actual, weight))
        return score_formula(printed, target, actual, weight, rules, year)
    shared = _shared_score_formula(printed, target, actual, weight, rules.reverse, rules.words["nothing"], year)
    return shared.replace(OWN_ROW, str(row))


def _score_formula(
    printed: str | None, target: str, actual: str, weight: str, reverse: str, nothing: Sequence[str], year: int | None
) -> str:
    """reverse, nothing: what the profile says of targets of which less is better, and of none at all."""
    verdict, text = _verdict(parse_target(printed), actual, weight, reverse, nothing, year), printed or ""
    guard = f"EXACT({target},{_text(text)})" if len(text) <= MAX_LITERAL else f"LEN({target})={len(text)}"
    return _settled([_blank(actual), _marked(weight)], [guard, _weight(weight)], verdict)


_shared_score_formula = lru_cache(maxsize=2048)(_score_formula)


def _verdict(aim: Target, actual: str, weight: str, reverse: str, nothing: Sequence[str], year: int | None) -> str:
    full = f"ROUND({weight},{SCORE_PLACES})"
    if note := notation(aim):
        if aim.measure < 0:
            return f'"{UNDECIDED}"'
        points = f"ROUND({_points(aim, note, actual, weight, reverse)},{SCORE_PLACES})"
        if aim.value == 0:
            words = ",".join(map(_text, nothing))
            points = f"IF(SUMPRODUCT(--EXACT(TRIM({actual}),{{{words}}}))>0,{full},{points})"
        return points
    reached = None
    if aim.kind == "text" and said(aim.text) and len(aim.text) <= MAX_LITERAL:
        reached = f"EXACT(TRIM({actual}),{_text(said(aim.text))})"
    elif aim.kind == "date" and (due := deadline(fold(aim.text), year)) and due.sure:
        reached = _in_time(actual, due.sure, undated=year == due.sure.year)
    return f'IF({reached},{full},"{UNDECIDED}")' if reached else f'"{UNDECIDED}"'


def _points(aim: Target, note: Notation, actual: str, weight: str, reverse: str) -> str:
    figure, value = _figure(note, actual), plain(note.aim)
    if aim.value == 0:
        return f"{weight}*(({figure})<=0)"
    if not aim.reverse:
        return f"MAX(0,MIN({weight},{weight}*{figure}/{value}))"
    if reverse == "platform":
        return f"MAX(0,MIN({weight},{weight}*({plain(2 * note.aim)}-{figure})/{value}))"
    return f"{weight}*{value}/MAX({figure},{value})"


def _figure(note: Notation, actual: str) -> str:
    """The figure in a cell, comparable with note.aim; an error when it is not written like the target."""
    looks = f'LEFT(CELL("format",{actual}),1)'  # P: as a percentage, D: as a date
    percent = "NA()" if note.percent is None else plain(note.percent)
    number = f'{actual}*CHOOSE(1+IFERROR(FIND({looks},"PD"),0),{_bare(note, actual, actual)},{percent},NA())'
    return f"IF(ISNUMBER({actual}),{number},{_typed(note, actual)})"


def _typed(note: Notation, actual: str) -> str:
    """The same of a text: a figure, its commas in their places, and one of the suffixes behind it."""
    text = _tidy(actual)
    closed = f'SUBSTITUTE({text},",","")'
    prefix = f'VALUE(LEFT({closed},{_PREFIXES})&"e0")'
    figure = f"LOOKUP({_HUGE},{prefix})"
    suffix = f'SUBSTITUTE(MID({closed},1+LOOKUP({_HUGE},{prefix},{_PREFIXES}),99),"|","")'
    factors = list(dict.fromkeys(factor for _, factor in note.suffixes if factor is not None))
    words = ",".join(_text(word) for word, _ in note.suffixes)
    codes = ",".join(str(1 if factor is None else 2 + factors.index(factor)) for _, factor in note.suffixes)
    choices = ",".join([_bare(note, text, figure), *map(plain, factors)])
    grouped = f'SUBSTITUTE({text},TEXT(TRUNC({figure}),"#,##0"),TEXT(TRUNC({figure}),"0"),1)={closed}'
    begins = f'ISNUMBER(FIND(LEFT({text},1),"-.0123456789"))'
    chosen = f"CHOOSE(SUMPRODUCT(EXACT({suffix},{{{words}}})*{{{codes}}}),{choices})"
    return f"IF(AND({begins},{grouped}),{figure}*{chosen},NA())"


def _bare(note: Notation, text: str, figure: str) -> str:
    """The factor of a figure with nothing behind it."""
    shown = _factor(note.bare[0][1])
    if len(note.bare) > 1:
        lows = ",".join(f"-{_HUGE}" if low is None else plain(low) for low, _ in note.bare)
        factors = ",".join(_factor(factor) for _, factor in note.bare)
        shown = f"LOOKUP({figure},{{{lows}}},{{{factors}}})"
    if not note.dated:
        return shown
    months = ",".join(_text(century + ".") for century in CENTURIES)
    return f'IF(SUMPRODUCT(--EXACT(REPLACE(LEFT({text},5),3,2,""),{{{months}}}))>0,NA(),{shown})'


def _factor(factor: Factor) -> str:
    return _NOTHING if factor is None else plain(factor)


def _in_time(actual: str, last: dt.date, undated: bool) -> str:
    """Whether a cell holds a date not after `last`; an error when it holds none. undated: 4月20日 is of that year."""
    text = _tidy(actual)
    if undated:
        text = f'REPT("{last.year}年",ISNUMBER(FIND("月",{actual}))*ISERROR(FIND("年",{actual})))&{text}'
    for mark in "年月/.":
        text = f'SUBSTITUTE({text},"{mark}","-")'
    text = f'SUBSTITUTE({text},"日","")'
    limit, first = plain(serial(last)), plain(serial(dt.date(last.year, 1, 1)))
    dashes = f'LEN({text})-LEN(SUBSTITUTE({text},"-",""))=2'
    typed = f'AND({dashes},LEN({text})<=10,DATEVALUE({text})+0*VALUE(LEFT({text},4)&"e0")<={limit})'
    return f"IF(ISNUMBER({actual}),AND({actual}>={first},{actual}<={limit}),{typed})"


def _tidy(cell: str) -> str:
    """The text of a cell with full-width signs narrow, blanks outside off, those inside marked |."""
    return f'SUBSTITUTE({_trimmed(f"ASC({cell})")}," ","|")'


@lru_cache(maxsize=256)
def _trimmed(cell: str) -> str:
    """The text of a cell, or those of a range, without blanks outside."""
    for char in BLANKS:
        shown = "CHAR(10)" if char == "\n" else f'"{char}"'
        cell = f'SUBSTITUTE({cell},{shown}," ")'
    return f"TRIM({cell})"


def _text(text: str) -> str:
    """A text as a formula writes it."""
    return '"' + text.replace('"', '""') + '"'
