"""执行率, 得分 and 总分 as plain Excel formulas, shared by Excel, WPS and LibreOffice.

They read what a clerk types just as domain/actual.py does, and compute what domain/scoring.py
computes; a figure that cannot be judged shows 待核. The target is fixed at approval, so its figure
stands in the formula, guarded: once the 指标值 cell is edited the score says 待核, never a stale figure.
"""

from __future__ import annotations

from decimal import Decimal

from ..domain.actual import COMMAS, DIGITS_READ, DOUBTFUL, FIRST_DAY, SPACES, UNDECIDED, Scale, scale_of
from ..domain.numbers import plain
from ..domain.profile import Profile
from ..domain.scoring import RATE_PLACES, SCORE_PLACES
from ..domain.target import Target, parse_target

MAX_LITERAL = 255  # characters of a text inside a formula
_PREFIXES = "{" + ",".join(map(str, range(1, DIGITS_READ + 1))) + "}"
_HUGE = "9E+300"
_OPENINGS = ("IF(OR(", "IF(TRIM(", "IF(SUMPRODUCT(--(")


def is_ours(formula: str) -> bool:
    """Whether a formula read from a workbook is one of those written here."""
    return formula.startswith(_OPENINGS)


def rate_formula(executed: str, budget: str) -> str:
    """执行率 = 全年执行数 ÷ 全年预算数 as a fraction; blank while either is blank, 0 for a budget of 0."""
    return f'IF(OR({executed}="",{budget}=""),"",IF({budget}=0,0,ROUND({executed}/{budget},{RATE_PLACES})))'


def execution_score_formula(executed: str, budget: str, weight: str) -> str:
    """分值 × 执行率, from the amounts themselves, between 0 and 分值."""
    points = f"ROUND(MAX(0,MIN({weight},{weight}*{executed}/{budget})),{SCORE_PLACES})"
    return f'IF(OR({executed}="",{budget}="",{weight}=""),"",IF({budget}=0,0,{points}))'


def total_formula(cells: list[str]) -> str:
    """The sum of what is there: blank when nothing is, 待核 while any score is."""
    listed = ",".join(cells)
    doubts = "+".join(f'SUMPRODUCT(--({cell}="{UNDECIDED}"))' for cell in cells)
    return f'IF({doubts}>0,"{UNDECIDED}",IF(COUNT({listed})=0,"",ROUND(SUM({listed}),{SCORE_PLACES})))'


def score_formula(printed: str | None, target: str, actual: str, weight: str, rules: Profile) -> str:
    """得分 of one indicator. `printed`: its 指标值; the others: cells on its row."""
    aim = parse_target(printed)
    verdict = _verdict(aim, actual, weight, rules)
    guard = (
        f"EXACT({target},{_text(printed or '')})"
        if len(printed or "") <= MAX_LITERAL
        else f"LEN({target})={len(printed)}"
    )
    return f'IF(TRIM({actual})="","",IF({guard},{verdict},"{UNDECIDED}"))'


def _verdict(aim: Target, actual: str, weight: str, rules: Profile) -> str:
    if aim.kind in ("number", "percent"):
        points = _points(aim, _figure(scale_of(aim), actual), weight, rules)
        return f'IFERROR(ROUND({points},{SCORE_PLACES}),"{UNDECIDED}")' if points else f'"{UNDECIDED}"'
    if aim.kind == "unset":
        return f'"{UNDECIDED}"'
    said = f"TRIM({actual})"
    words = ",".join(f'"{word}"' for word in rules.achieved)
    reached = [f"SUMPRODUCT(--EXACT({said},{{{words}}}))>0"]
    if aim.kind == "text" and aim.text.strip(" ") and len(aim.text) <= MAX_LITERAL:
        reached.append(f"EXACT({said},{_text(aim.text.strip(' '))})")
    if aim.kind == "date" and aim.value is not None:
        comparison = "<" if aim.op == "<" else "<="
        reached.append(f"IFERROR({_day(actual)}{comparison}{plain(aim.value)},FALSE)")
    return f'IF(OR({",".join(reached)}),IFERROR(ROUND({_weight(weight)},{SCORE_PLACES}),"{UNDECIDED}"),"{UNDECIDED}")'


def _points(aim: Target, figure: str, weight: str, rules: Profile) -> str | None:
    value, points = plain(aim.value), _weight(weight)
    if aim.value < 0:
        return None
    if aim.value == 0:
        return f"{points}*(({figure})<=0)"
    if not aim.reverse:
        return f"MAX(0,MIN({points},{points}*{figure}/{value}))"
    if rules.reverse == "platform":
        return f"MAX(0,MIN({points},{points}*({plain(2 * aim.value)}-{figure})/{value}))"
    return f"{points}*{value}/MAX({figure},{value})"


def _weight(cell: str) -> str:
    """The 分值, or an error (shown as 待核) when the cell holds no number."""
    return f"{cell}/ISNUMBER({cell})"


def _figure(scale: Scale, actual: str) -> str:
    """The comparable figure in a cell; an error when it cannot be judged (domain/actual.py)."""
    text = _squeezed(actual) + '&"|"'
    prefix = f'VALUE(LEFT({text},{_PREFIXES})&"e0")'
    plain_figure = f"IF(ISNUMBER({actual}),{actual},LOOKUP({_HUGE},{prefix}))"
    sign = f'IF(ISNUMBER({actual}),"|",MID({text},1+LOOKUP({_HUGE},{prefix},{_PREFIXES}),1))'
    known = "".join(char for char, _ in scale.signs)
    others = "".join(char for char in "万亿%％‰" + DOUBTFUL + scale.clashes if char not in known)
    factors = ",".join(plain(factor) for _, factor in scale.signs)
    choice = f'MIN({len(known) + 2},1+IFERROR(FIND({sign},"{known}{others}"),0))'
    return f"{plain_figure}*CHOOSE({choice},{_unsigned(scale, plain_figure)},{factors},NA())"


def _unsigned(scale: Scale, figure: str) -> str:
    """The factor of a figure without a sign."""
    if scale.floor is not None:
        return f"IF(AND({figure}>0,{figure}<{plain(scale.floor)}),NA(),1)"
    if scale.ceiling is None:
        return "1"
    beyond = (
        f"IF({figure}>={plain(scale.hundredfold)},{plain(Decimal('0.01'))},NA())"
        if scale.hundredfold is not None
        else "NA()"
    )
    return f"IF({figure}<{plain(scale.ceiling)},1,{beyond})"


def _day(actual: str) -> str:
    text = _squeezed(actual)
    for mark in "年月/.":
        text = f'SUBSTITUTE({text},"{mark}","-")'
    typed = f'DATEVALUE(SUBSTITUTE({text},"日",""))+0*VALUE(LEFT({text},4)&"e0")'
    return f"IF(ISNUMBER({actual}),{actual}/({actual}>={FIRST_DAY}),{typed})"


def _squeezed(cell: str) -> str:
    for char in SPACES + COMMAS:
        shown = "CHAR(10)" if char == "\n" else f'"{char}"'
        cell = f'SUBSTITUTE({cell},{shown},"")'
    return cell


def _text(text: str) -> str:
    """A text as a formula writes it."""
    return '"' + text.replace('"', '""') + '"'
