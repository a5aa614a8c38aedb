"""The part of the demonstration that reads documents: a PDF, a Word document and an old workbook, and checks two."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from .reviewed import as_text
from .table import table

DECLARED, EVALUATED, BEFORE = "申报表.pdf", "自评表.docx", "上年申报表.xls"
REPORT = "文件核对结果.xlsx"


def read_documents(out: Path) -> list[str]:
    """Each document read, and the PDF declaration cross-checked with the Word evaluation; what could not be read."""
    import xladdin

    from ..domain.kinds import kind_of
    from ..report import write_report
    from ..review.judging import review_pairs
    from ..review.pairing import pairs_in
    from ..workbook.saving import put

    rows, problems = [], []
    for name in (BEFORE, DECLARED, EVALUATED):
        path = out / name
        put(path, (resources.files("xladdin") / "data" / "documents" / name).read_bytes())
        (record,) = xladdin.read(path)
        doubts = record.source.doubts if record.source else ()
        problems += [str(doubt) for doubt in doubts]
        rows.append((name, kind_of(record).label, record.year, record.project, len(record.indicators), len(doubts)))
    print("\n直接读 Word、PDF 和旧版 Excel：\n")
    print(table(("文件", "种类", "年度", "项目", "指标数", "存疑"), rows, ("指标数", "存疑")))
    review = review_pairs(pairs_in(out / DECLARED, out / EVALUATED))
    print(f"\nPDF 申报表与 Word 自评表互相核对：\n\n{as_text(review)}")
    write_report(review, out / REPORT, force=True)
    return problems
