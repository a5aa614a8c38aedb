"""Single things clerks do to a ledger, with what is said of each: the sentences count as much as the figures."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import openpyxl
import pytest

import xladdin
from xladdin.cli.main import main
from xladdin.domain.naming import name_key
from xladdin.domain.records import Declaration, Evaluation, Funds, Indicator, Result
from xladdin.ledger import read_grids_as_ledger, read_ledger, told_by_project, told_together
from xladdin.workbook.reading import read_grids

PROJECTS = (
    "年度", "表式", "项目名称", "主管部门", "金额单位", "计划开始日期", "计划完成日期", "项目资金总额", "财政资金",
    "年度资金申请总额", "年度总体目标", "实际完成情况",
)  # fmt: skip
FUNDS = ("年度", "项目名称", "资金项目", "年初预算数", "全年预算数", "全年执行数", "分值")
INDICATORS = ("年度", "项目名称", "表式", "一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "分值")
TREES, WATER = "古树名木保护与复壮（一期）", "农村饮水安全巩固提升"
DECLARED, EVALUATED = "2024申报表", "2021自评表"


def declared(name: str, unit: str | None = "元", amount: object = 1000) -> list[object]:
    return [2025, DECLARED, name, "某局", unit, None, None, amount, amount, amount, "目标", None]


def evaluated(name: str) -> list[object]:
    return [2025, EVALUATED, name, "某局", "元", None, None, None, None, None, "目标", "完成了"]


def indicators(name: str, form: str = DECLARED, weights=(None, None), actual: str | None = None) -> list[list[object]]:
    return [
        [2025, name, form, "产出指标", "数量指标", f"指标{n}", "≥9个", actual, weight]
        for n, weight in enumerate(weights)
    ]


def results(name: str, weights=(60, 30)) -> list[list[object]]:
    return indicators(name, EVALUATED, weights, "9个")


def funds(name: str, *items: str) -> list[list[object]]:
    return [
        [2025, name, item, 100, 100, 90, None if n else 10] for n, item in enumerate(items or ("年度资金总额",))
    ]


PLAIN = {"项目": [declared(TREES), declared(WATER)], "指标": [*indicators(TREES), *indicators(WATER)], "资金执行": []}
SCORED = {"项目": [evaluated(TREES)], "指标": results(TREES), "资金执行": funds(TREES)}


@pytest.fixture
def ledger(tmp_path):
    """Read rows, the workbook changed by `edit` before: ledger(PLAIN, edit) -> Ledger, what is said, as one text."""

    def read(rows, edit=None):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, headings in (("项目", PROJECTS), ("指标", INDICATORS), ("资金执行", FUNDS)):
            sheet = book.create_sheet(name)
            for row in (headings, *rows[name]):
                sheet.append(row)
        if edit:
            edit(book)
        path = tmp_path / "台账.xlsx"
        book.save(path)
        found = read_ledger(path)
        assert found == read_grids_as_ledger(read_grids(path), path.name), "row by row and at once"
        return found, "\n".join((*told_by_project(found.mistakes), *told_together(found.notes)))

    return read


def put(**cells):
    """An edit that sets cells: put(项目_K2=5)."""

    def edit(book):
        for spot, value in cells.items():
            sheet, _, cell = spot.rpartition("_")
            book[sheet][cell].value = value

    return edit


def merged(sheet: str, *areas: str):
    def edit(book):
        for area in areas:
            book[sheet].merge_cells(area)

    return edit


def inserted(sheet: str, at: int, *rows):
    def edit(book):
        book[sheet].insert_rows(at, len(rows))
        for number, row in enumerate(rows, at):
            for column, value in enumerate(row, 1):
                book[sheet].cell(number, column, value)

    return edit


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("古树 （一期）", "古树(一期)"),
        ("古\u3000树\n一期", "古树一期"),
        ("ＲＦＩＤ１２号", "RFID12号"),
        ("古\u200b树\xad", "古树"),
        ("【古树】〔一〕", "(古树)(一)"),
    ],
)
def test_names_that_are_the_same(name, other):
    assert name_key(name) == name_key(other)


@pytest.mark.parametrize(("name", "other"), [("古树①", "古树1"), ("古树一期", "古树二期"), ("1.古树", "古树"), ("A", "a")])
def test_names_that_are_not(name, other):
    assert name_key(name) != name_key(other)


SAID = [  # rows, edit → projects that are left out, what is said
    (PLAIN, put(指标_B2="古树名木保护与复状(一期)"), [TREES], "名称相近的是“古树名木保护与复壮（一期）”"),
    (PLAIN, put(指标_B3=None), [TREES], "指标!B3 项目名称空着，不能确定是不是上面的“古树名木保护与复壮（一期）”"),
    (PLAIN, put(指标_A2=2024), [TREES], "只有 2025 年的，这一行写的是 2024 年"),
    (PLAIN, put(项目_H2="待定", 指标_F3=None), [TREES], "“古树名木保护与复壮（一期）”没有填，有 2 处要改：项目!H2 "),
    (PLAIN, put(指标_G1="年度指标值", 指标_J1="指标值"), [], "不认识“年度指标值”这一列，没有用上"),
    (PLAIN, put(项目_M1="主管部们", 项目_D1=None, 项目_M2="某局"), [TREES], "是不是“主管部门”"),
    (PLAIN, put(指标_J1="计量单位", 指标_J2="个"), [TREES], "“计量单位”这一列是指标值的一部分"),
    (PLAIN, put(项目_M1="全年执行数", 项目_M3=5), [WATER], "“全年执行数”是“资金执行”表的列"),
    (PLAIN, put(项目_J1="年度资金申请总额（万元）"), [TREES, WATER], "列名（或表头）写的单位是万元，金额单位填的是元"),
    (PLAIN, put(项目_E2=None, 项目_J1="年度资金申请总额(元)"), [TREES], "项目!H2、I2 金额单位没有填"),
    (PLAIN, put(项目_E2="千元"), [TREES], "金额单位“千元”不对"),
    (SCORED, merged("指标", "I2:I3"), [TREES], "分值是几行合并的一格"),
    (SCORED, put(指标_I2=None, 指标_I3=None), [], "没有填分值，按规则分好了：执行率 10 分，各指标合计 90 分"),
    (SCORED | {"指标": []}, None, [], "“指标”表里没有它的指标"),
    (SCORED, put(项目_M1="联系电话", 项目_N1="心情"), [], "不认识“联系电话”、“心情”，这几列没有用上"),
    (SCORED, put(项目_M1="序号", 项目_N1="备注", 项目_O1="还缺什么", 项目_P1="经办人", 项目_N2="急"), [], ""),
]


@pytest.mark.parametrize(("rows", "edit", "left", "what"), SAID, ids=[what[:30] or "nothing" for *_, what in SAID])
def test_what_is_said(ledger, rows, edit, left, what):
    found, said = ledger(rows, edit)
    assert list(found.left_out) == left
    assert what in said
    assert bool(said) == bool(what)
    assert [record.project for record in found.records] == [row[2] for row in rows["项目"] if row[2] not in left]


def grouped(book):
    """Headings of two rows: a group with its unit above those of its amounts, the others merged down."""
    sheet = book["项目"]
    sheet.insert_rows(1)
    for column in range(1, len(PROJECTS) + 1):
        if not 8 <= column <= 10:
            sheet.cell(1, column, sheet.cell(2, column).value)
            sheet.merge_cells(start_row=1, end_row=2, start_column=column, end_column=column)
    sheet.cell(1, 8, "项目资金（万元）")
    sheet.merge_cells("H1:J1")
    sheet["E1"] = None


WHOLE = [
    merged("指标", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3"),
    inserted("指标", 1, ["2025 年度台账"], ["单位：元"], []),
    inserted("项目", 3, [None, None, "小计", None, None, None, None, 9], ["一、某局"]),
    inserted("项目", 4, ["注：按批复填"], ["　2. 有疑问请问财务科"], ["填报人（签章）：张三", None, "审核人：李四"]),
    inserted("项目", 2, [2025, DECLARED, "（示例，填表时删去）修桥", None, "元", None, None, 7]),
    inserted("项目", 4, [2025, DECLARED], [2025, DECLARED]),
    put(指标_D3=None, 指标_E3=None),
    put(指标_A2="2025年", 指标_A3=None, 指标_A4=2025.0, 项目_A2="二〇二五年度"),
    put(项目_B2="２０２４ 申报表", 项目_B3="绩效目标申报表"),
    put(项目_E2="人民币元", 项目_E3="单位：元", 项目_H2="￥1,000.00", 项目_I2="1000元", 项目_J2="0.1万元"),
]


@pytest.mark.parametrize("edit", WHOLE)
def test_nothing_is_lost_by_it(ledger, edit):
    if edit is WHOLE[2]:
        edit = lambda book, first=edit: (first(book), book["项目"].merge_cells("A4:L4"))  # noqa: E731
    found, said = ledger(PLAIN, edit)
    assert not found.mistakes, said
    plain, _ = ledger(PLAIN)
    assert [(one.year, one.project, one.form, one.funds, one.indicators) for one in found.records] == [
        (one.year, one.project, one.form, one.funds, one.indicators) for one in plain.records
    ]


def test_headings_of_two_rows(ledger):
    found, said = ledger(PLAIN, grouped)
    assert not found.mistakes, said
    assert [(one.money_unit, one.funds.annual_total) for one in found.records] == [("万元", 1000)] * 2


def test_levels_left_blank_among_mixed_rows_are_asked_for(ledger):
    first, second = indicators(TREES)
    mixed = [first, indicators(WATER)[0], [*second[:3], None, None, *second[5:]]]
    found, said = ledger(PLAIN | {"指标": mixed})
    assert found.left_out == (TREES,)
    assert "各项目的行是打乱的" in said


def test_funds_in_the_words_of_forms(ledger):
    items = ("年度资金合计", "财政拨款", "上年结转", "其他资金")
    found, _ = ledger(SCORED | {"资金执行": funds(TREES, *items)})
    assert [line.item for line in found.records[0].budget] == ["年度资金总额", "当年财政拨款", "上年结转资金", "其他资金"]


def test_rows_of_a_project_whose_own_row_is_wrong_are_not_another_s(ledger):
    rows = {**PLAIN, "项目": [evaluated(TREES), declared(TREES), declared(WATER)], "资金执行": funds(TREES)}
    found, said = ledger(rows, put(项目_A3="明年"))
    assert "年度“明年”不是四位年份" in said
    assert [record.kind for record in found.records if record.project == TREES] == ["evaluation"]


def test_the_same_mistake_of_many_projects_is_one_line(ledger):
    names = [f"{WATER}{n}" for n in range(8)]
    found, said = ledger(PLAIN | {"项目": [declared(name, "美元") for name in names], "指标": []})
    assert said.startswith("8 个项目没有填（") and all(name in said for name in names)
    assert len(said.splitlines()) == 1
    assert found.left_out == tuple(names)


DAYS = [  # typed → the day it is as a start, and as an end
    ("20250301", (3, 1), (3, 1)), (20250301, (3, 1), (3, 1)), ("2025.3.1", (3, 1), (3, 1)), (45717, (3, 1), (3, 1)),
    ("2025-3", (3, 1), (3, 31)), ("2025年2月", (2, 1), (2, 28)), ("２０２５／３", (3, 1), (3, 31)),
    ("2025-03-01 09:00:00", (3, 1), (3, 1)), (dt.datetime(2025, 3, 1, 9), (3, 1), (3, 1)), ("2025年3月1号", (3, 1), (3, 1)),
    ("2025-02-30", None, None), ("25.3.1", None, None), ("3/1/2025", None, None), (2025.1, None, None), ("长期", None, None),
    (2025, None, None), ("20251345", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "start", "end"), DAYS)
def test_days(ledger, typed, start, end):
    found, said = ledger(PLAIN, put(项目_F2=typed, 项目_G2=typed))
    first = [one for one in found.records if one.project == TREES]
    if start is None:
        assert not first and "不是日期" in said
    else:
        assert (first[0].start, first[0].end) == (dt.date(2025, *start), dt.date(2025, *end))


def formed(**changes):
    values = {"form": DECLARED, "year": 2025, "project": TREES, "unit": "某所", "department": "某局", "money_unit": "元"}
    if changes.pop("scored", False):
        rows = (Result("产出指标", "数量指标", "指标", "≥9个", "9个", Decimal(90)),)
        return Evaluation(**values | {"form": EVALUATED}, indicators=rows)
    rows = (Indicator("产出指标", "数量指标", "指标", "≥9个"),)
    return Declaration(**values, funds=Funds(annual_total=Decimal(5)), indicators=rows, **changes)


@pytest.fixture
def run(capsys):
    def call(*words):
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_a_ledger_where_forms_are_wanted_is_said_to_be_one(run, ledger, tmp_path):
    ledger(PLAIN)
    path = tmp_path / "台账.xlsx"
    for words in (("check", path), ("read", path), ("reconcile", path, path), ("evaluate", path, "--out", tmp_path / "o")):
        code, _, wrong = run(*words)
        assert code == 2
        assert "这是台账，不是申报表或自评表" in wrong and "xladdin fill 台账.xlsx" in wrong


def test_swapped_sides_are_put_right(run, tmp_path):
    one, other = tmp_path / "申报.xlsx", tmp_path / "自评.xlsx"
    one.write_bytes(xladdin.fill(formed()))
    other.write_bytes(xladdin.fill(formed(scored=True)))
    right, swapped = run("reconcile", one, other, "--json"), run("reconcile", other, one, "--json")
    assert swapped[:2] == right[:2]
    assert "两边给反了" in swapped[2] and "两边给反了" not in right[2]


CHOSEN = [
    (("--project", "古树名木保护和复壮"), "没有项目“古树名木保护和复壮”。名称相近的有：古树名木保护与复壮（一期）"),
    (("--project", "修路"), "有的是：古树名木保护与复壮（一期）、农村饮水安全巩固提升"),
    (("--year", "1999"), "没有 1999 年能填的项目。有的是 2025 年"),
    (("--form", EVALUATED), f"{EVALUATED}是自评表，选出的 2 条记录都不是"),
]


@pytest.mark.parametrize(("words", "what"), CHOSEN)
def test_a_choice_that_matches_nothing_says_what_there_is(run, ledger, tmp_path, words, what):
    ledger(PLAIN)
    code, _, wrong = run("fill", tmp_path / "台账.xlsx", "--out", tmp_path / "o", *words)
    assert code == 2
    assert what in wrong


def test_a_project_that_is_left_out_is_not_said_to_be_missing(run, ledger, tmp_path):
    ledger(PLAIN, put(项目_H2="很多"))
    path = tmp_path / "台账.xlsx"
    code, _, wrong = run("fill", path, "--out", tmp_path / "o", "--project", TREES)
    assert code == 2
    assert f"“{TREES}”有错，没有填" in wrong
    code, _, wrong = run("fill", path, "--out", tmp_path / "o")
    assert code == 1
    assert f"没有填的项目 1 个：{TREES}" in wrong
    assert [one.name for one in (tmp_path / "o").glob("*.xlsx")] == [f"2025 {WATER} 绩效目标申报表.xlsx"]
