"""核对结果 with marks, saved from the live workbook, and the same findings as a report of their own."""

from __future__ import annotations

from itertools import takewhile

import openpyxl
import pytest

import xladdin
from tests.package_checks import check_workbook
from xladdin.errors import OwnWork
from xladdin.excel.actions import checking as check_actions
from xladdin.report import write_report

from .pressing import DECLARED, EVALUATED, RESULTS

SAME = ("级别", "规则", "项目", "检查项", "应为的位置", "表上的位置", "差额", "问题", "依据", "建议")
VALUES = {"应为／申报表": "应为的位置", "表上／自评表": "表上的位置"}  # a blank one shows where it is, to be clicked


def table(path) -> list[tuple]:
    """The rows of 核对结果 under the headings both have."""
    sheet = openpyxl.load_workbook(path)[RESULTS]
    rows = [[cell or None for cell in row] for row in sheet.iter_rows(values_only=True)]
    start = next(number for number, row in enumerate(rows) if row[0] == "序号")
    found = [dict(zip(rows[start], row, strict=False)) for row in takewhile(lambda row: row[0], rows[start + 1 :])]
    return [(*(row[name] for name in SAME), *(row[name] or row[at] for name, at in VALUES.items())) for row in found]


def test_saved_results_and_the_report_of_the_same_findings(desk, monkeypatch):
    reviews, genuine = [], check_actions._show
    monkeypatch.setattr(
        check_actions, "_show", lambda book, review, books: reviews.append(review) or genuine(book, review, books)
    )
    desk.open(DECLARED, "申报 =表'.xlsx")
    book = desk.open(EVALUATED)
    desk.press("reconcile")
    book.save()

    # LibreOffice's own file: what was put into it is there again
    saved = openpyxl.load_workbook(book.fullname)
    assert saved.sheetnames == ["2021自评表", RESULTS]
    noted = {cell.coordinate: cell for row in saved["2021自评表"] for cell in row if cell.comment}
    assert {"D7", "E13", "H16"} <= set(noted) and all("【核对】" in cell.comment.text for cell in noted.values())
    assert all(cell.fill.fill_type == "solid" for cell in noted.values())
    (record,) = xladdin.read(book.fullname)
    assert (record.project, record.total_score) == (EVALUATED.project, EVALUATED.total_score)

    # the report is ours to the last byte
    (review,) = reviews
    report = write_report(review, desk.folder / "报告 =1'.xlsx")
    check_workbook(report)
    live = table(book.fullname)
    assert len(live) == sum(review.counts.values()) > 10
    assert table(report) == live
    with pytest.raises(OwnWork):
        xladdin.read(report)

    # and stays so when it continues an earlier one
    again = write_report(review, report)
    check_workbook(again)
    check_workbook(report.with_name("报告 =1'.上次.xlsx"))
