"""The table of a report: what the clerk sees is what was found; what the clerk wrote outlives the next run."""

from __future__ import annotations

import re
from dataclasses import replace

import openpyxl
import pytest

import xladdin
from xladdin.errors import Place, SaveError, XladdinError
from xladdin.files import REPLACED
from xladdin.report import write_report
from xladdin.report.columns import HEADINGS
from xladdin.report.previous import rows_before
from xladdin.report.rows import report_of
from xladdin.review.cases import Review
from xladdin.rules.finding import ERROR, INFO, UNDECIDED, WARNING
from xladdin.workbook.grid import Grid
from xladdin.workbook.reading import read_grids

from .report_cases import (
    DECLARED,
    EVALUATED,
    PAIR,
    A,
    B,
    C,
    D,
    Table,
    case,
    finding,
    handled,
    pair,
    report,
    review,
    spots,
)

__all__ = ["report"]  # a fixture

# ---- the table ------------------------------------------------------------------------------------------------


def test_a_finding_is_laid_out_in_its_row(report, tmp_path):
    told = finding(
        PAIR, subject="年度资金总额", expected="1,100,000 元", actual="1,000,000 元", difference="-100,000",
        declared=spots("甲.xlsx", "申报表", "D10"), evaluated=spots("乙.xlsx", "自评表", "D8", "E8", "F8"),
        basis="财预〔2020〕10号", advice="请核对批复",
    )  # fmt: skip
    table = report(review(told, files=(tmp_path / "甲.xlsx", tmp_path / "乙.xlsx")))
    shown = {heading: table.cell(1, heading).value for heading in list(HEADINGS.values())[:-1]}
    assert shown == {
        "序号": 1, "级别": "错误", "状态": None, "规则": PAIR, "项目": "甲项目", "检查项": f"检查{PAIR}：年度资金总额",
        "应为／申报表": "1,100,000 元", "应为的位置": "申报表!D10", "表上／自评表": "1,000,000 元",
        "表上的位置": "自评表!D8 等 3 处", "差额": "-100,000", "问题": f"{PAIR}年度资金总额不符",
        "依据": "财预〔2020〕10号", "建议": "请核对批复", "处理结果": None, "说明": None,
    }  # fmt: skip
    assert re.fullmatch("[0-9a-f]{12}-[0-9a-f]{12}", table.cell(1, HEADINGS["key"]).value)


@pytest.mark.parametrize(
    "told, places, links",
    [
        (finding("E-05", expected="1", actual="2", evaluated=spots(None, "评", "B2")), ("", "评!B2"), (None, "评")),
        (finding("D-F2", expected="1", actual="2", declared=spots(None, "报", "B2")), ("", "报!B2"), (None, "报")),
        (finding(PAIR, expected="1", declared=spots(None, "报", "B2")), ("报!B2", ""), ("报", None)),
        (finding("E-05", evaluated=spots(None, "评", "B2")), ("", "评!B2"), (None, "评")),
        (finding("Z-01"), ("", ""), (None, None)),
    ],
    ids=["evaluation alone", "declaration alone", "missing in the evaluation", "no figures", "no cells"],
)
def test_a_cell_stands_on_the_side_it_belongs_to(report, tmp_path, told, places, links):
    files = tmp_path / "报.xlsx", tmp_path / "评.xlsx"
    (row,) = report_of(review(told, files=files)).rows
    assert (row.expected_at, row.actual_at) == places
    assert tuple(link and link.file.stem for link in (row.expected_link, row.actual_link)) == links


def test_rows_stand_by_project_the_worst_one_first(report):
    levels = (INFO, ERROR, WARNING, UNDECIDED)
    cases = tuple(
        case(*(finding(f"E-{n}", level) for n, level in enumerate(levels[:m])), project=p)
        for p, m in (("甲", 1), ("丙", 4), ("乙", 2))
    )
    loose = finding("Z-10", message="没有配成对", declared=(Place("散表.xlsx"),))
    table = report(Review(cases, (loose,)))
    assert table.rows("序号", "级别", "项目", "规则") == [
        (1, "错误", "丙", "E-1"), (2, "警告", "丙", "E-2"), (3, "无法判定", "丙", "E-3"), (4, "提示", "丙", "E-0"),
        (5, "错误", "乙", "E-1"), (6, "提示", "乙", "E-0"), (7, "提示", "甲", "E-0"), (8, "错误", None, "Z-10"),
    ]  # fmt: skip
    assert table.cell(8, "表上的位置").value == "散表.xlsx"


def test_columns_nobody_needs_are_hidden(report, tmp_path):
    def hidden(table):
        dimensions = table.sheet.column_dimensions
        return {h for h, c in table.columns.items() if dimensions[openpyxl.utils.get_column_letter(c)].hidden}

    never, empty = {"规则", HEADINGS["key"]}, {"应为／申报表", "应为的位置", "表上／自评表", "表上的位置", "差额"}
    one = review(finding())
    assert hidden(report(one)) == never | empty | {"状态", "项目"}
    full = finding(expected="1", actual="2", evaluated=spots(None, "评", "B2"))
    two = report(Review((*one.cases, case(full, project="乙"))))
    assert hidden(two) == never | {"应为的位置", "差额"}
    widths = {h: two.sheet.column_dimensions[openpyxl.utils.get_column_letter(c)].width for h, c in two.columns.items()}
    assert widths["问题"] > 32, "who stays has the room of those that are gone"


@pytest.mark.parametrize("records", [(DECLARED, None), (None, EVALUATED)])
def test_no_form_is_spoken_of_that_was_not_looked_at(report, tmp_path, records):
    told = finding(actual="2", expected="1", evaluated=spots(None, "评", "B2"))
    made = Review(
        (
            pair(*records, (told,), (tmp_path / "甲.xlsx", tmp_path / "乙.xlsx")),
            pair(*(record and replace(record, project="丙") for record in records)),
        )
    )
    table = report(made)
    shown = {c.value for sheet in table.book.worksheets[:2] for row in sheet.iter_rows() for c in row}
    other = "自评" if records[0] else "申报"
    assert not [text for text in shown if other in str(text)] and {"应为", "表上"} <= shown
    assert report(made).rows("状态", "应为") == [("仍在", "1")], "and it is read back under that name"
    page = write_report(made, tmp_path / "报告.html").read_text("utf-8")
    assert (
        "<th>应为</th>" in page
        and f"应为／{other}表" not in page
        and "自评总分" not in page.partition("规则手册")[0]
        or records[1]
    )


def test_the_head_says_verdict_counts_and_sources(report, tmp_path):
    file = tmp_path / "申 报.xlsx"
    file.write_bytes(b"data")
    made = review(finding(), finding(level=INFO), files=(file, tmp_path / "没有了.xlsx"))
    table = report(made)
    head = "\n".join(str(c.value) for row in table.sheet.iter_rows(max_row=table.header - 1) for c in row if c.value)
    assert made.verdict in head
    assert "错误 1 处" in head and "警告 0 处" in head and "无法判定 0 处" in head and "提示 1 处" in head
    assert "申 报.xlsx" in head and "没有了.xlsx（读不到）" in head
    assert "xladdin" in head


def test_the_sheet_is_set_up_for_work_and_print(report):
    table = report(review(finding(), finding("E-06")))
    sheet, header = table.sheet, table.header
    assert sheet.freeze_panes == f"A{header + 1}"
    assert sheet.auto_filter.ref == f"A{header}:Q{header + 2}"
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == f"${header}:${header}"
    assert "&P" in sheet.oddFooter.center.text
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == '"已改,属实,待查"' and str(rule.sqref) == f"M{header + 1}:M{header + 2}"
    assert table.cell(1, "差额").alignment.horizontal == "right"
    assert sheet.print_area == f"'核对结果'!$A$1:$N${header + 2}", "依据 is for the screen"
    assert table.cell(1, "级别").fill.fgColor.rgb != table.cell(1, "规则").fill.fgColor.rgb


@pytest.mark.parametrize("made", [Review(()), Review((case(),)), Review((), (finding("Z-10"),))], ids=str)
def test_nothing_found_is_a_report_too(report, tmp_path, made):
    report(made)
    assert report(made).sheet.max_row > 5
    assert write_report(made, tmp_path / "空.html").read_text("utf-8").count(made.verdict)


def test_long_texts_get_tall_rows(report):
    table = report(review(finding(message="很长的话" * 60), finding("E-06")))
    heights = [table.sheet.row_dimensions[table.header + number].height for number in (1, 2)]
    assert heights[0] > 5 * heights[1]
    assert heights[0] <= 409


# ---- what must not break the file ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, shown",
    [
        ("=1+1", "=1+1"), ("+cmd|' /C calc'!A0", "+cmd|' /C calc'!A0"), ("@SUM(A1)", "@SUM(A1)"),
        ("http://example.com", "http://example.com"), ("0012", "0012"), ("{=A1}", "{=A1}"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"), ("<r><t>x</t></r>", "<r><t>x</t></r> "),
        ("<r>&", "<r>&"), ("a\x0bb\x00c", "a\ufffdb\ufffdc"), ("\ud800x\uffff", "\ufffdx\ufffd"),
        ("一\r\n二\r三", "一\n二\n三"), ("_x000D_", "_x000D_"), (" 前后 ", " 前后 "),
    ],
)  # fmt: skip
def test_hostile_text_stays_text(report, text, shown):
    told = finding(message=text, subject=text, expected=text, actual=text, evaluated=spots(None, text, "A1"))
    told = replace(told, basis=text, advice=text, difference=text)
    table = report(review(told, project=text, unit=text))
    for heading in ("问题", "应为／申报表", "表上／自评表", "依据", "建议", "差额"):
        cell = table.cell(1, heading)
        assert (cell.value, cell.data_type) == (shown, "s")
        assert cell.quotePrefix
    assert not any(c.data_type == "f" for sheet in table.book for row in sheet.iter_rows() for c in row)


@pytest.mark.parametrize("text", ["字" * 40_000, "😀" * 20_000])
def test_what_a_cell_cannot_hold_is_cut_and_says_so(report, tmp_path, text):
    made = review(finding(message=text, expected=text, actual=text))
    goals = replace(DECLARED, annual_goal=text + "甲"), replace(EVALUATED, annual_goal=text)
    made = replace(made, cases=(pair(*goals, made.cases[0].findings),))
    value = report(made).cell(1, "问题").value
    assert value.endswith("从略）") and len(value.encode("utf-16-le")) // 2 <= 32_767
    assert text in write_report(made, tmp_path / "长.html").read_text("utf-8")


# ---- links -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, sheet, target, location",
    [
        ("自评表.xlsx", "自评表", "自评表.xlsx", "'自评表'!B17"),
        ("下级/2021 年 自评.xlsx", "表 1", "下级\\2021%20年%20自评.xlsx", "'表 1'!B17"),
        ("../别处/甲.xlsx", "It's", "..\\别处\\甲.xlsx", "'It''s'!B17"),
        ("甲[1]&乙.xlsx", 'a<"b">#&', "甲%5b1%5d&乙.xlsx", "'a<\"b\">#&'!B17"),
        ("甲#1.xlsx", "自评表", None, None),
        ("完成100%.xlsx", "自评表", None, None),
        ("长" * 2100 + ".xlsx", "自评表", None, None),
    ],
    ids=["plain", "spaces", "apostrophe", "brackets", "#", "%", "too long"],
)
def test_a_value_links_to_its_cell(report, tmp_path, name, sheet, target, location):
    told = finding(actual="97", evaluated=spots(name, sheet, "B17"))
    table = report(review(told, files=(None, tmp_path / name)))
    link = table.cell(1, "表上／自评表").hyperlink
    assert (link and link.target, link and link.location) == (target, location)
    assert table.cell(1, "表上／自评表").value == "97"
    assert table.cell(1, "表上的位置").value == f"{sheet}!B17"


def test_a_place_without_a_value_is_itself_the_link(report, tmp_path):
    table = report(review(finding(evaluated=spots(None, "自评表", "I22")), files=(None, tmp_path / "乙.xlsx")))
    assert table.cell(1, "表上的位置").hyperlink.location == "'自评表'!I22"
    assert table.cell(1, "表上／自评表").hyperlink is None


def test_more_links_than_excel_takes_leave_the_text(report, tmp_path, monkeypatch):
    monkeypatch.setattr("xladdin.sheets.page.MAX_LINKS", 2)
    told = [finding(actual=str(n), evaluated=spots(None, "表", f"A{n}")) for n in range(1, 5)]
    table = report(review(*told, files=(None, tmp_path / "乙.xlsx")))
    assert [bool(table.cell(n, "表上／自评表").hyperlink) for n in range(1, 5)] == [True, True, False, False]
    assert table.column("表上／自评表") == ["1", "2", "3", "4"]


# ---- another run -----------------------------------------------------------------------------------------------


def test_the_first_run_has_no_status(report):
    assert report(review(A, B)).column("状态") == [None, None]


def test_a_second_run_keeps_the_clerks_words_and_says_what_is_new_and_gone(report, tmp_path):
    path = tmp_path / "报告.xlsx"
    handled(report(review(A, B, C)), path, {"E-01": ("属实", "=已请示"), "E-02": ("已改", "改了")})
    before = path.read_bytes()
    table = report(review(D, A))
    assert table.rows("级别", "状态", "规则", "处理结果", "说明", "问题") == [
        ("错误", "新增", "E-04", None, None, "第 4 条"),
        ("错误", "仍在", "E-01", "属实", "=已请示", "第 1 条"),
        ("错误", "已消除", "E-02", "已改", "改了", "第 2 条"),
        ("错误", "已消除", "E-03", None, None, "第 3 条"),
    ]
    assert table.column("序号") == [1, 2, 3, 4]
    assert (tmp_path / "报告.上次.xlsx").read_bytes() == before
    assert "错误 2 处" in "".join(str(cell.value) for cell in table.sheet[3])
    again = report(review(A))
    assert again.rows("状态", "规则", "说明") == [
        ("仍在", "E-01", "=已请示"), ("已消除", "E-04", None), ("已消除", "E-02", "改了"), ("已消除", "E-03", None),
    ]  # fmt: skip
    back = report(review(A, B))
    assert back.rows("状态", "规则", "说明")[:2] == [("仍在", "E-01", "=已请示"), ("新增", "E-02", "改了")]


def sort_by_code_downwards(table):
    sheet, first = table.sheet, table.header + 1
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=first)]
    for number, row in enumerate(reversed(rows), start=first):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value


def filter_rows(table):
    table.sheet.auto_filter.add_filter_column(1, ["错误"])
    table.sheet.row_dimensions[table.header + 1].hidden = True


def insert_a_column(table):
    table.sheet.insert_cols(3)
    table.sheet.cell(table.header, 3).value = "责任人"
    table.sheet.cell(table.header + 1, 3).value = "张三"


def insert_rows_above(table):
    table.sheet.insert_rows(1, 3)
    table.sheet["A1"] = "请于周五前处理完"


def type_figures(table):
    table.cell(1, "说明").value = 12
    table.cell(1, "处理结果").value = True


@pytest.mark.parametrize(
    "edit",
    [
        sort_by_code_downwards,
        filter_rows,
        insert_a_column,
        insert_rows_above,
        lambda table: table.book.move_sheet("核对结果", 1),
    ],
)
def test_the_clerk_may_work_in_the_sheet(report, tmp_path, edit):
    path = tmp_path / "报告.xlsx"
    table = report(review(A, B))
    handled(table, path, {"E-01": ("属实", "甲"), "E-02": ("待查", "乙")})
    edit(table)
    table.book.save(path)
    told = report(review(A, B)).rows("状态", "规则", "处理结果", "说明")
    assert told == [("仍在", "E-01", "属实", "甲"), ("仍在", "E-02", "待查", "乙")]


def test_figures_the_clerk_typed_are_kept_as_text(report, tmp_path):
    table = report(review(A))
    type_figures(table)
    table.book.save(tmp_path / "报告.xlsx")
    assert report(review(A)).rows("处理结果", "说明") == [("是", "12")]


def test_a_key_outlives_moved_rows_and_changed_figures():
    def keys(made):
        return [row.key for row in report_of(made).rows]

    one = finding(subject="总分", expected="96.5", actual="97", message="差 0.5", evaluated=spots("a", "s", "H40"))
    moved = {"evaluation": spots("b", "t", "H52")}
    other = replace(one, expected="95", actual="99", message="差 4", places=moved)
    assert keys(review(one)) == keys(review(other)) == keys(review(one, project="甲 项目"))
    changed = [
        review(one, year=2022),
        review(one, project="乙"),
        review(replace(one, subject="分值")),
        review(replace(one, code="E-9")),
    ]
    assert len({key for made in (review(one), *changed) for key in keys(made)}) == 5
    assert len(set(keys(review(one, one, other)))) == 3
    assert keys(review(one, one, other))[0] == keys(review(one))[0]
    units = [case(one, unit="甲会"), case(one, unit="乙会")]
    assert set(keys(Review(tuple(units)))) == set(keys(Review(tuple(reversed(units)))))


@pytest.mark.parametrize(
    "cases, names",
    [
        ([case(unit="甲会"), case(unit="乙会")], ["甲项目（甲会）", "甲项目（乙会）"]),
        ([case(), case(year=2022), case(project="丙", year=2022)], ["甲项目（2021）", "甲项目（2022）", "丙"]),
        (
            [pair(None, EVALUATED), pair(DECLARED, None)],
            ["甲项目（自评表）", "甲项目（申报表）"],
        ),
        ([case(), case()], ["甲项目", "甲项目"]),
    ],
    ids=["unit", "year", "form", "nothing"],
)
def test_projects_of_one_name_are_told_apart(cases, names):
    cases = [replace(one, findings=(A,)) for one in cases]
    rows = report_of(Review(tuple(cases))).rows
    assert [row.project for row in rows] == names
    assert len({row.key for row in rows}) == len(cases)


# ---- files already there ---------------------------------------------------------------------------------------


def foreign_workbook(path):
    book = openpyxl.Workbook()
    book.active.title = "核对结果"
    book.active.append(["序号", "级别", "处理结果", "说明"])
    book.save(path)


def without_keys(path):
    write_report(review(A), path)
    table = Table(path)
    table.sheet.delete_cols(table.columns[HEADINGS["key"]])
    table.book.save(path)


@pytest.mark.parametrize("make", [foreign_workbook, without_keys, lambda path: path.write_bytes(b"text")])
def test_a_file_that_is_no_report_is_left_alone(tmp_path, make):
    path = tmp_path / "报告.xlsx"
    make(path)
    before = path.read_bytes()
    with pytest.raises(SaveError, match="--force"):
        write_report(review(A), path)
    assert path.read_bytes() == before
    write_report(review(A), path, force=True)
    assert Table(path).column("规则") == ["E-01"]
    (kept,) = (tmp_path / REPLACED).rglob("*.xlsx")
    assert kept.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["报告.xlsx", REPLACED]


def test_a_page_that_is_no_report_is_left_alone(tmp_path):
    path = tmp_path / "报告.html"
    path.write_text("<html>别的</html>", "utf-8")
    with pytest.raises(SaveError):
        write_report(review(A), path)
    write_report(review(A), path, force=True)
    write_report(review(B), path)
    assert "第 2 条" in path.read_text("utf-8")
    (kept,) = (tmp_path / REPLACED).rglob("*.html")
    assert kept.read_text("utf-8") == "<html>别的</html>"


def test_a_form_with_the_sheet_of_findings_in_it_is_no_report(tmp_path):
    path = tmp_path / "自评.xlsx"
    path.write_bytes(xladdin.fill(EVALUATED, "2021自评表"))
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("核对结果")
    sheet.append(list(HEADINGS.values()))
    book.save(path)
    before = path.read_bytes()
    with pytest.raises(SaveError, match="不是核对报告"):
        write_report(review(A), path)
    assert path.read_bytes() == before


def test_what_cannot_be_kept_is_not_replaced(tmp_path):
    path = tmp_path / "报告.xlsx"
    path.write_bytes(b"text")
    (tmp_path / REPLACED).write_bytes(b"no folder")
    with pytest.raises(SaveError, match="备份存不下来"):
        write_report(review(A), path, force=True)
    assert path.read_bytes() == b"text"


@pytest.mark.parametrize("name", ["报告", "报告.pdf", "报告.xls", "报告.xlsm"])
def test_only_two_kinds_are_written(tmp_path, name):
    with pytest.raises(XladdinError, match=r"\.xlsx 或 \.html"):
        write_report(review(A), tmp_path / name)


def test_no_other_workbook_is_taken_for_a_report(tmp_path):
    assert rows_before([]) is None
    assert rows_before([Grid("核对结果")]) is None
    assert rows_before(read_grids(write_report(review(), tmp_path / "空.XLSX"))) == {}
