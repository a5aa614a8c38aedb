"""Projects made by hand, folders of filled forms and a summary read back, for the tests of summaries."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl

import xladdin
from xladdin.domain.records import BudgetLine, Declaration, Evaluation, Funds, Indicator, Record, Result
from xladdin.review.cases import Case, Entry, Review
from xladdin.rules.finding import ERROR, WARNING, Finding
from xladdin.summary import Summary, review_all, summarise, workbook_of

INDICATORS = (
    Indicator("产出指标", "数量指标", "活动场次", "=5场"),
    Indicator("产出指标", "质量指标", "合格率", "≥90%"),
    Indicator("效益指标", "社会效益", "知晓率", "≥80%"),
    Indicator("满意度指标", "服务对象满意度", "群众满意度", "≥90%"),
)


def amount(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def declared(project: str = "甲项目", year: int | None = 2024, annual: str | None = "1000", **more) -> Declaration:
    """A declaration; `annual` also says 当年财政拨款."""
    own = {"unit": "某中心", "department": "某局", "money_unit": "元", "indicators": INDICATORS}
    funds = Funds(annual_total=amount(annual), annual_fiscal=amount(annual))
    return Declaration(project=project, year=year, **({"funds": funds} | own | more))


def evaluated(
    project: str = "甲项目", year: int | None = 2024, budget: str | None = "1000", executed: str | None = "900",
    score: str | None = "95", **more,
) -> Evaluation:  # fmt: skip
    own = {"unit": "某中心", "department": "某局", "money_unit": "元", "total_score": amount(score)}
    lines = (BudgetLine("年度资金总额", amount(budget), amount(budget), amount(executed)),)
    return Evaluation(project=project, year=year, **({"budget": lines} | own | more))


DOUBTFUL = (Result("产出指标", "数量指标", "场次", "≥90场", "约90场", Decimal(90)),)


def errors(count: int, warnings: int = 0) -> tuple[Finding, ...]:
    wrong = [Finding("E-01", "不符", ERROR, f"第 {number} 条错误") for number in range(1, count + 1)]
    return (*wrong, *(Finding("E-02", "可疑", WARNING, "可疑") for _ in range(warnings)))


def case(*records: Record, findings: Sequence[Finding] = ()) -> Case:
    """One project of its declaration, its evaluation or both."""
    return Case(tuple(map(Entry, records)), tuple(findings))


def summary(*cases: Case | Record, loose: Iterable[Finding] = ()) -> Summary:
    """Of cases, or of records that stand alone."""
    made = tuple(one if isinstance(one, Case) else case(one) for one in cases)
    return summarise(Review(made, tuple(loose)))


def write(folder: Path, *records: Record) -> list[Path]:
    """Each record in its form, in a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for record in records:
        kind = "自评" if isinstance(record, Evaluation) else "申报"
        path = folder / f"{record.year} {len(list(folder.iterdir()))} {kind}.xlsx"
        path.write_bytes(xladdin.fill(record))
        paths.append(path)
    return paths


def of_folder(folder: Path) -> Summary:
    return summarise(review_all([folder]))


class Book:
    """A summary's workbook: its bytes, and its sheets read back with formulas and with values."""

    def __init__(self, made: Summary, folder: Path):
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # XlsxWriter only warns of what it leaves out
            self.data = workbook_of(made, folder, dt.datetime(2024, 12, 31, 9, 30))
        self.formulas = openpyxl.load_workbook(io.BytesIO(self.data))
        self.values = openpyxl.load_workbook(io.BytesIO(self.data), data_only=True)

    def save(self, path: Path) -> Path:
        path.write_bytes(self.data)
        return path

    @property
    def sheets(self) -> list[str]:
        return self.formulas.sheetnames

    def header(self, sheet: str, name: str = "项目名称") -> int:
        """The row of a sheet's column headings."""
        return next(row[0].row for row in self.values[sheet].iter_rows() if name in [cell.value for cell in row])

    def rows(self, sheet: str, *names: str, kind: str = "values") -> list[tuple]:
        """The columns named, from the row below the headings to the first blank one."""
        page, header = getattr(self, kind)[sheet], self.header(sheet)
        at = {}
        for cell in page[header]:
            at.setdefault(cell.value, cell.column)
        found = []
        for row in range(header + 1, page.max_row + 1):
            if all(cell.value is None for cell in page[row]):
                break
            found.append(tuple(page.cell(row, at[name]).value for name in names))
        return found

    def cell(self, sheet: str, project: str, name: str, nth: int = 0):
        """The cell of a project in the `nth` column of that name."""
        page, header = self.values[sheet], self.header(sheet)
        columns = [cell.column for cell in page[header] if cell.value == name]
        names = {cell.value: cell.column for cell in page[header]}
        row = next(r for r in range(header + 1, page.max_row + 1) if page.cell(r, names["项目名称"]).value == project)
        return page.cell(row, columns[nth])


def book(made: Summary, folder: Path = Path("/nowhere")) -> Book:
    return Book(made, folder)
