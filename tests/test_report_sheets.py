"""What stands around the table of a report: 汇总, 对照, 规则手册; and the page of HTML."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import unquote

import openpyxl
import pytest

from tests.office import convert
from xladdin.cli.demo import example
from xladdin.domain.records import BudgetLine, Funds, Result
from xladdin.errors import Place
from xladdin.report import write_report
from xladdin.report.sides import sides_of
from xladdin.review.cases import Review
from xladdin.rules.finding import INFO, WARNING
from xladdin.rules.handbook import MANUAL, all_rules

from .package_checks import check_workbook
from .report_cases import DECLARED, EVALUATED, A, B, C, case, finding, pair, report, review, spots

__all__ = ["report"]  # a fixture

# ---- 汇总, 对照, 规则手册 ---------------------------------------------------------------------------------------


def test_the_summary_puts_the_worst_first_and_leads_to_its_findings(report, tmp_path):
    cases = (
        case(finding(level=INFO), project="好"),
        case(A, B, project="坏"),
        case(project="净"),
        case(C, finding(level=WARNING), project="中"),
    )
    table = report(Review(cases, (finding("Z-10", message="设有密码", declared=(Place("密.xlsx"),)),)))
    sheet = table.book["汇总"]
    assert (
        table.book.sheetnames == ["核对结果", "汇总", "对照", "规则手册", "技术信息"]
        and table.book.active.title == "核对结果"
    )
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=8, max_col=9)]
    assert rows == [
        [1, "坏", "2021", "某协会", 2, 0, 0, 0, 96.5], [2, "中", "2021", "某协会", 1, 1, 0, 0, 96.5],
        [3, "好", "2021", "某协会", 0, 0, 0, 1, 96.5], [4, "净", "2021", "某协会", 0, 0, 0, 0, 96.5],
    ]  # fmt: skip
    links = [sheet.cell(row, 2).hyperlink for row in range(5, 9)]
    spots = [link and link.location.removeprefix("'核对结果'!") for link in links]
    assert [spot and table.sheet[spot].row - table.header for spot in spots] == [1, 3, 5, None]
    assert "设有密码" in [cell.value for row in sheet.iter_rows(min_row=9) for cell in row]


@pytest.mark.parametrize(("actual", "shown"), [(None, "未填完"), ("约5场", "待核")])
def test_the_summary_says_why_there_is_no_total(report, tmp_path, actual, shown):
    line = BudgetLine("年度资金总额", executed=Decimal(1))
    row = Result("产出指标", "数量指标", "场次", "≥5场", actual, Decimal(90))
    open_one = replace(EVALUATED, total_score=None, budget=(line,), indicators=(row,))
    looked_at = Review((pair(None, open_one, (A,)), case(A, project="坏")))
    sheet = report(looked_at).book["汇总"]
    assert {sheet.cell(number, 9).value for number in (5, 6)} == {shown, 96.5}
    write_report(looked_at, tmp_path / "报告.html")
    assert f'<td class="figure">{shown}</td>' in (tmp_path / "报告.html").read_text("utf-8")


def test_one_project_needs_no_summary(report):
    assert report(review(A)).book.sheetnames == ["核对结果", "对照", "规则手册", "技术信息"]
    assert report(Review((pair(None, EVALUATED, (A,)),))).book.sheetnames == ["核对结果", "规则手册", "技术信息"]


def test_the_two_sides_line_by_line():
    (sides,) = sides_of(review())
    assert [(line.cells[0].text, line.word) for line in sides.fields] == [
        ("项目名称", "一致"), ("年度", "一致"), ("主管部门", ""), ("实施单位", "一致"), ("金额单位", "不同"),
    ]  # fmt: skip
    funds = [([cell.text for cell in line.cells], line.word) for line in sides.funds]
    assert funds == [
        (["年度资金总额", "110", "1,100,000", "1,100,000", "965,043.97"], "一致"),
        (["当年财政拨款", "100", "900,000", "", ""], "不同"),
    ]
    assert [(line.cells[2].text, line.cells[4].text, line.word) for line in sides.indicators] == [
        ("宣传活动场次", "宣传活动场数", "名称不同"),
        ("印发手册份数", "", "自评表缺少"),
        ("合格率", "合格率", "级次不同，指标值写法不同"),
        ("群众满意度", "群众满意度", "指标值不同"),
        ("", "知晓率明显上升", "自评表新增"),
    ]
    assert sides.indicators[0].cells[4].pieces == [("宣传活动场", False), ("数", True)]
    assert sides.indicators[2].cells[0].text == "产出指标 → 效益指标"


@pytest.mark.parametrize(
    "overall, annual, evaluated, left, word",
    [
        ("总目标", "年度目标", "年度目标", "年度目标", "一致"),
        (
            "三年覆盖全市",
            "今年办五场",
            "三年覆盖全省",
            "三年覆盖全市",
            "自评表的年度目标更接近申报表的项目总目标，左边是项目总目标",
        ),
        (None, None, "年度目标", "", "不同"),
        (None, None, None, "", ""),
        ("三年", "今年", None, "今年", "不同"),
    ],
)
def test_the_goal_stands_beside_the_one_it_was_copied_from(overall, annual, evaluated, left, word):
    declared = replace(DECLARED, overall_goal=overall, annual_goal=annual)
    made = Review((pair(declared, replace(EVALUATED, annual_goal=evaluated)),))
    (line,) = next(sides_of(made)).goals
    assert (line.cells[1].text, line.word) == (left, word)


@pytest.mark.parametrize(
    "units, amount, word",
    [
        (("元", "元"), "1100000", "一致"),
        (("元", "元"), "1100001", "不同"),
        (("万元", None), "110", "一致"),  # 1100000 can only be 元
        ((None, "元"), "1100000", "一致"),
        ((None, "元"), "110", "单位不明，未比较"),
        ((None, None), "110", "单位不明，未比较"),
    ],
)
def test_amounts_are_compared_as_the_rules_do(units, amount, word):
    declared = replace(DECLARED, money_unit=units[0], funds=Funds(annual_total=Decimal(amount)))
    made = Review((pair(declared, replace(EVALUATED, money_unit=units[1])),))
    assert next(sides_of(made)).funds[0].word == word


def test_changed_characters_are_marked_in_the_workbook(report):
    sheet = report(review()).book["对照"]
    rich = [
        c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, openpyxl.cell.rich_text.CellRichText)
    ]
    runs = [[(str(run.text), bool(run.font.b)) for run in text] for text in rich if str(text).startswith("举办宣")]
    assert runs == [
        [("举办宣", False), ("传", True), ("活动五场", False)],
        [("举办宣", False), ("教", True), ("活动五场", False)],
    ]
    missing = next(row for row in sheet.iter_rows() if row[9].value == "自评表缺少")
    assert {cell.fill.fgColor.rgb for cell in missing[4:9]} == {"FFFDECEA"}


def texts_of(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_handbook_has_every_rule_and_what_stays_with_a_person(report):
    book = report(review()).book
    titles, codes = texts_of(book["规则手册"]), texts_of(book["技术信息"])
    for _, rule in all_rules():
        assert rule.title in titles and rule.code in codes
    assert {matter.title for matter in MANUAL} <= set(titles)


def test_nothing_for_the_program_stands_before_a_clerk(report, tmp_path):
    file = tmp_path / "乙.xlsx"
    file.write_bytes(b"data")
    table = report(Review((case(A, files=(None, file)), case(B, project="乙"))))
    hidden = {c for c, size in table.sheet.column_dimensions.items() if size.hidden}
    *seen, technical = table.book.worksheets
    shown = [
        str(c.value)
        for sheet in seen
        for row in sheet.iter_rows()
        for c in row
        if c.value is not None and not (sheet is table.sheet and c.column_letter in hidden)
    ]
    codes = {rule.code for _, rule in all_rules()} | {matter.code for matter in MANUAL}
    assert not [text for text in shown if "SHA" in text or text in codes or re.fullmatch("[0-9a-f-]{12,}", text)]
    assert hashlib.sha256(b"data").hexdigest() in texts_of(technical)


def test_a_real_pair_is_laid_out(report):
    records = {(record.kind, record.year): record for record in example()}
    both = records["declaration", 2021], records["evaluation", 2021]
    assert report(Review((pair(*both),))).book["对照"].max_row > len(both[0].indicators)


def test_each_project_of_the_comparison_begins_a_page(report):
    sheet = report(Review((case(), case(project="乙"), case(project="丙")))).book["对照"]
    titles = [row[0].row for row in sheet.iter_rows() if str(row[0].value).endswith("（2021 年度）")]
    assert [brk.id for brk in sheet.row_breaks.brk] == [row - 1 for row in titles[1:]]


def test_excel_would_open_it(report, tmp_path):
    texts = ("=1+1", "<r><t>&</t></r>", "a\x0b\ud800", "字" * 40_000, "It's")
    told = [finding(message=t, subject=t, actual=t, evaluated=spots(None, t[:30], "A1")) for t in texts]
    both = example()[2], example()[-1]
    cases = (case(*told, files=(None, tmp_path / "乙 [1].xlsx")), pair(*both, (A,)), case(project=texts[2]))
    made = Review(cases, (finding("Z-10", declared=(Place("散.xlsx"),)),))
    check_workbook(report(made).path)
    check_workbook(report(Review(cases[1:])).path)


# ---- html ------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Collects the tags and the text of a page, and sees that what is opened is closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.open = [], [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_escapes_what_it_shows(tmp_path):
    evil = '<script>alert("x")</script>&\x0b'
    told = finding(message=evil, subject=evil, actual=evil, evaluated=spots(None, evil, "A1"))
    made = review(told, project=evil, unit=evil, files=(tmp_path / "a<b>.xlsx", tmp_path / "乙 #1%.xlsx"))
    text = write_report(made, tmp_path / "报告.html").read_text("utf-8")
    page = Page(text)
    assert "script" not in page.tags and "&lt;script&gt;" in text and "\x0b" not in text
    assert set(page.links) == {"./%E4%B9%99%20%231%25.xlsx"}


def test_no_figure_of_the_page_is_broken_nor_an_entity(tmp_path):
    told = finding(message='写"1,100,000 元"，差 5%\'', actual="<2,000>", expected="-465,456.9")
    text = write_report(review(told), tmp_path / "报告.html").read_text("utf-8")
    whole = '<span class="whole">{}</span>'.format
    assert f"写&#34;{whole('1,100,000')} 元&#34;，差 {whole('5%')}&#39;" in text
    assert whole("&lt;2,000") + "&gt;" in text and whole("-465,456.9") in text


def test_the_page_holds_everything_and_loads_nothing(tmp_path):
    cases = (case(A, project="甲"), case(B, finding(level=WARNING), project="乙"))
    made = Review(cases, (finding("Z-10", message="设有密码"),))
    text = write_report(made, tmp_path / "报告.html").read_text("utf-8")
    page = Page(text)
    assert 'lang="zh-CN"' in text and "@media print" in text and "A4 landscape" in text
    assert not re.search(r"https?://|url\(|@import", text)
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    for needed in (
        made.verdict,
        "第 1 条",
        "第 2 条",
        "设有密码",
        "汇总",
        "<mark>传</mark>",
        "仍需人工核对",
        "规则手册",
    ):
        assert needed in text
    for _, rule in all_rules():
        assert rule.code in text


# ---- links -----------------------------------------------------------------------------------------------------


def test_libreoffice_finds_what_is_linked(report, tmp_path):
    """Excel's own \\ stands in a link to a file; on Linux and a Mac it has to lead there all the same."""
    forms = tmp_path / "自评 表" / "甲 (1)'.xlsx", tmp_path / "报告" / "乙（改）.xlsx"
    for form in forms:
        form.parent.mkdir(exist_ok=True)
        form.write_bytes(b"")
    found = [finding(evaluated=spots(None, "2021 自评", f"F{n}"), actual="9") for n in range(2)]
    path = tmp_path / "报告" / "核对结果.xlsx"
    cases = (case(one, project=file.stem, files=(None, file)) for one, file in zip(found, forms, strict=True))
    write_report(Review(tuple(cases)), path)
    (flat,) = convert([path], tmp_path / "报告", "fods")
    links = [unquote(html.unescape(link)) for link in re.findall(r'xlink:href="([^"#]+)', flat.read_text("utf-8"))]
    assert {(flat.parent / link).resolve() for link in links} == {form.resolve() for form in forms}
