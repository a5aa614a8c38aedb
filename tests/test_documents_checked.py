"""Documents where workbooks are taken: checked, cross-checked, rolled forward; and those only another process opens."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import openpyxl
import pytest

import xladdin
from xladdin.errors import RefusedFile
from xladdin.sources import apart, word

HOME = Path(xladdin.__file__).parent / "data" / "documents"
DECLARED, EVALUATED, BEFORE = HOME / "申报表.pdf", HOME / "自评表.docx", HOME / "上年申报表.xls"


def test_a_pdf_is_checked_against_a_word_document(run, tmp_path):
    report = tmp_path / "核对.xlsx"
    code, out, _ = run("reconcile", DECLARED, EVALUATED, "--report", report)
    assert code == 1 and "≥95% [第 1 页第 16 行]  ≥90% [第 16 行]" in out
    sheet = openpyxl.load_workbook(report)["核对结果"]
    rows = list(sheet.iter_rows())
    heads = next([cell.value for cell in row] for row in rows if row[0].value == "序号")
    row = next(row for row in rows if row[heads.index("规则")].value == "X-09")
    links = [row[heads.index(name)].hyperlink for name in ("应为／申报表", "表上／自评表")]
    assert [link.target.rpartition("\\")[2] for link in links] == ["申报表.pdf", "自评表.docx"]
    assert not any(link.location for link in links)
    places = [row[heads.index(name)].value for name in ("应为的位置", "表上的位置")]
    assert places == ["第 1 页第 16 行", "第 16 行"]


def test_a_place_in_a_finding(run):
    _, out, _ = run("reconcile", DECLARED, EVALUATED, "--json")
    (found,) = [finding for finding in json.loads(out) if finding["code"] == "X-09"]
    assert found["where"] == [
        {"file": "申报表.pdf", "page": 1, "row": 16},
        {"file": "自评表.docx", "page": None, "row": 16},
    ]


@pytest.mark.parametrize("document", [DECLARED, BEFORE], ids=lambda path: path.suffix)
def test_an_evaluation_of_a_document(document, run, tmp_path):
    assert run("evaluate", document, "--out", tmp_path)[0] == 0
    (made,) = tmp_path.glob("*.xlsx")
    (record,) = xladdin.read(made)
    assert record.kind == "evaluation" and len(record.indicators) == 7


def test_a_summary_of_documents(run, tmp_path):
    code, out, _ = run("summary", DECLARED, EVALUATED, "--out", tmp_path / "汇总.xlsx")
    assert code in (0, 1) and "申报表 1 张、自评表 1 张" in out


# what pdfium would need long for


def printed(content: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    return (
        b"%PDF-1.4\n"
        + b"".join(b"%d 0 obj%bendobj\n" % pair for pair in enumerate(parts, 1))
        + b"trailer<</Root 1 0 R>>"
    )


def test_a_page_without_end_is_given_up():
    with pytest.raises(RefusedFile, match="没有读完") as refusal:
        apart.pages_apart(printed(b"0 0 m 10 10 l S\n" * 1_000_000), "慢.pdf", seconds=1)
    assert refusal.value.where.file == "慢.pdf" and refusal.value.advice


def test_a_heavy_page_is_read_apart(monkeypatch):
    seen = []
    monkeypatch.setattr(apart, "pages_apart", lambda source, name: seen.append(name) or [])
    for times, name in ((100, "轻.pdf"), (400_000, "重.pdf")):
        xladdin.reading(printed(b"BT /F 9 Tf 9 9 Td (ab) Tj ET\n" * times), name)
    assert seen == ["重.pdf"]


def test_what_is_read_apart_is_the_same():
    from xladdin.sources.pdfium import pages_of

    data = DECLARED.read_bytes()
    assert apart.pages_apart(data, None) == pages_of(data, None)


# .doc and .wps by Word or WPS


class Program:
    """A word processor as COM shows it. fails: whether it opens nothing."""

    def __init__(self, fails=False):
        self.fails, self.did, self.Documents = fails, [], self

    def Open(self, path, **how):  # noqa: N802
        if self.fails:
            raise OSError(path)
        self.did.append("open")
        return self

    def SaveAs2(self, path, FileFormat):  # noqa: N802, N803
        Path(path).write_bytes(b"PK")
        self.did.append(FileFormat)

    def Close(self, SaveChanges):  # noqa: N802, N803
        self.did.append("close")

    def Quit(self):  # noqa: N802
        self.did.append("quit")


@pytest.mark.parametrize(
    "there, did",
    [
        ({"Word.Application": False}, True),
        ({"KWPS.Application": False}, True),
        ({"Word.Application": True, "KWPS.Application": False}, True),
        ({"Word.Application": True}, False),
        ({}, False),
    ],
)
def test_word_or_wps_converts(there, did, tmp_path):
    programs = {name: Program(fails) for name, fails in there.items()}
    made = tmp_path / "out.docx"
    assert word.save_as_docx(tmp_path / "in.wps", made, programs.__getitem__) is did
    assert made.exists() is did
    assert all(program.did[-1] == "quit" and program.AutomationSecurity == 3 for program in programs.values())
    assert not did or any(program.did == ["open", 12, "close", "quit"] for program in programs.values())
