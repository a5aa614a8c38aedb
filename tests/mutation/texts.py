"""Single faults in the heads and texts of the forms; see faults.py."""

from __future__ import annotations

from decimal import Decimal

from .faults import DECLARED, EVALUATED, changed, declared, fault, forward, put, rows
from .notation import with_figure


@fault("X-01")
def project_changed_by_a_character(pair, random):
    name = pair.evaluation.project
    at = random.randrange(1, len(name) - 1)
    other = "旧" if name[at] == "新" else "新"
    return changed(pair, EVALUATED, "project", name[:at] + other + name[at + 1 :])


@fault("X-01")
def department_changed(pair, random):
    return changed(pair, EVALUATED, "department", random.choice(["市机关事务管理局", "区城市管理和综合执法局"]))


@fault("X-01")
def unit_changed(pair, random):
    return changed(pair, EVALUATED, "unit", random.choice(["市信息服务中心", "区行政事务保障中心"]))


@fault("D-C")
def declared_department_blank(pair, random):
    return changed(pair, DECLARED, "department", None)


@fault("X-02")
def year_changed(pair, random):
    return changed(pair, EVALUATED, "year", pair.evaluation.year + random.choice([-1, 1]))


@fault("D-Y")
def ends_before_it_starts(pair, random):
    start = pair.declaration.start
    return changed(pair, DECLARED, "end", start.replace(year=start.year - 1, month=12, day=31), ((DECLARED, "start"),))


@fault("D-Y", "X-02")
def dates_of_another_year(pair, random):
    start, end = (day.replace(year=day.year - 3) for day in (pair.declaration.start, pair.declaration.end))
    moved = put(pair, DECLARED, "start", start)
    return changed(moved, DECLARED, "end", end, ((DECLARED, "start"), (DECLARED, "year")))


@fault("X-13")
def goal_changed_by_a_character(pair, random):
    goal = pair.evaluation.annual_goal
    at = random.randrange(2, len(goal) - 2)
    while not "一" <= goal[at] <= "龥":
        at = random.randrange(2, len(goal) - 2)
    return changed(pair, EVALUATED, "annual_goal", goal[:at] + "某" + goal[at + 1 :])


@fault("X-13")
def goal_is_the_overall_one(pair, random):
    overall = pair.declaration.overall_goal
    return changed(pair, EVALUATED, "annual_goal", overall) if overall else None


@fault("X-13")
def goal_blanked(pair, random):
    return changed(pair, EVALUATED, "annual_goal", None)


@fault("D-C")
def declared_goal_blank(pair, random):
    return changed(pair, DECLARED, "annual_goal", None)


@fault("E-15")
def told_figure_contradicts(pair, random):
    """A count in 实际完成情况 that is not the table's."""
    text = pair.evaluation.actual_result
    told = {key: (start, end) for key, start, end in pair.marks}
    for number, _row, _ in rows(pair, random, forward):
        start, end = told.get(str(declared(pair, number)), (0, 0))
        figure = text[start:end]
        new = with_figure(figure, lambda figure: figure * Decimal(random.choice(["0.6", "1.5", "2"])))
        if new != figure:
            return changed(pair, EVALUATED, "actual_result", text[:start] + new + text[end:])
    return None


@fault("E-28")
def tag_left_in_goal(pair, random):
    return changed(pair, EVALUATED, "annual_goal", f"<p>{pair.evaluation.annual_goal}</p>")


@fault("E-28")
def tag_left_in_declared_goal(pair, random):
    return changed(pair, DECLARED, "annual_goal", f"<p>{pair.declaration.annual_goal}</p>")


@fault("E-28")
def tag_left_in_result(pair, random):
    return changed(pair, EVALUATED, "actual_result", f"{pair.evaluation.actual_result}</p>")
