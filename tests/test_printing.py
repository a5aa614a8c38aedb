"""Forms as one PDF: every form in it and on the page the contents say; a broken one costs nothing but itself."""

import json
import re
from dataclasses import replace

import openpyxl
import pypdfium2 as pdfium
import pytest

import xladdin
from xladdin.cli.main import main
from xladdin.errors import NotAForm, SaveError, XladdinError
from xladdin.form.filling import fill_book
from xladdin.printing import converting, print_forms

from .office import needs_office
from .package_checks import members, sheet_parts
from .seeds import EXAMPLE

RECORDS = [xladdin.from_dict(one) for one in json.loads(EXAMPLE.read_text(encoding="utf-8"))]


def blank(pages):
    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    return document


def converter(*broken, front=2):
    """Makes PDFs of as many pages as the file's number says, none of those named; and of so many for the contents."""

    def convert(files, folder):
        for file in files:
            number = front if file.stem == "cover" else int(file.stem)
            if file.stem not in broken:
                with blank(number) as document:
                    document.save(folder / f"{file.stem}.pdf")

    return convert


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Three forms, 1 to 3 pages each, and no LibreOffice."""
    monkeypatch.setattr(converting, "office", lambda: None)
    for number, record in enumerate(RECORDS[:3], 1):
        (tmp_path / f"表{number}.xlsx").write_bytes(xladdin.fill(record))
    return tmp_path


CASES = {  # files broken, pages of cover and contents → pages where the forms begin, pages of all
    "all": ((), 2, [3, 4, 6], 8),
    "contents of three pages": ((), 4, [5, 6, 8], 10),
    "the second is broken": (("0002",), 2, [3, None, 4], 6),
}


@pytest.mark.parametrize(("broken", "front", "firsts", "pages"), CASES.values(), ids=CASES)
def test_pages(broken, front, firsts, pages, folder):
    printed = print_forms([folder], folder / "全部.pdf", converter(*broken, front=front))
    assert [item.first for item in printed.items] == firsts and printed.pages == pages
    assert printed.complete == (not broken)
    assert [name for name, _ in printed.lost] == ["表2.xlsx"] * bool(broken)
    with pdfium.PdfDocument(folder / "全部.pdf") as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    assert texts == ["", *(f"- {number} -" for number in range(2, pages + 1))]


@pytest.mark.parametrize("bad", [(), ("2",), ("1", "3"), ("4",), ("1", "2", "3", "4")])
def test_a_file_that_brings_libreoffice_down(bad, tmp_path, monkeypatch):
    """Those behind it are printed all the same, and each is asked for alone once at most."""
    calls = []

    def convert(program, files, kind, folder, seconds):
        calls.append(len(files))
        for file in files:
            if file.stem in bad:
                return False
            (folder / f"{file.stem}.pdf").write_bytes(b"made")
        return True

    monkeypatch.setattr(converting, "office", lambda: "soffice")
    monkeypatch.setattr(converting, "convert", convert)
    converting.libreoffice()([tmp_path / f"{number}.xlsx" for number in range(1, 5)], tmp_path)
    assert sorted(path.stem for path in tmp_path.glob("*.pdf")) == [name for name in "1234" if name not in bad]
    assert len(calls) <= 2 * len(bad) + 1


def test_it_is_made_again_and_read_by_nothing(folder):
    for _ in range(2):
        print_forms([folder], folder / "全部.pdf", converter())
    with pytest.raises(NotAForm, match="生成的"):
        xladdin.read(folder / "全部.pdf")
    (folder / "别的.pdf").write_bytes(b"%PDF-1.4 mine")
    with pytest.raises(SaveError):
        print_forms([folder / "表1.xlsx"], folder / "别的.pdf", converter())
    assert (folder / "别的.pdf").read_bytes() == b"%PDF-1.4 mine"


def test_a_book_of_many_gives_each_its_pages(folder):
    (folder / "合订.xlsx").write_bytes(fill_book(RECORDS[:3]))
    printed = print_forms([folder / "合订.xlsx"], folder / "全部.pdf", converter())
    assert [item.first for item in printed.items] == [3, 4, 6]


def test_copies_are_printed_once_and_blanks_not_beside_what_was_filled_in(folder):
    filled = next(one for one in RECORDS if one.kind == "evaluation")
    empty = xladdin.self_evaluation(next(one for one in RECORDS if (one.kind, one.year) == ("declaration", 2021)))
    forms = {"1 空": empty, "2 张三改": filled, "3 副本": filled, "4 又改": replace(filled, actual_result="别的")}
    names = {}
    for name, record in forms.items():
        record = replace(record, year=filled.year, project=filled.project, unit=filled.unit)
        (folder / "自评").mkdir(exist_ok=True)
        (folder / "自评" / f"{name}.xlsx").write_bytes(xladdin.fill(record))
        printed = print_forms([folder / "自评"], folder / "全部.pdf", converter())
        names[name] = [item.path.stem for item in printed.items]
    assert names == {
        "1 空": ["1 空"], "2 张三改": ["2 张三改"], "3 副本": ["2 张三改"],
        "4 又改": ["2 张三改", "4 又改"],
    }  # fmt: skip
    assert printed.complete and "1 空.xlsx 没有填过" in printed.loose[0].message


@pytest.mark.parametrize("saved", [False, True])
def test_tints_are_for_the_screen(folder, saved):
    """Excel and WPS print a 自评表 in black and white; for who does not, or forgets it on saving, colours are out."""
    made = folder / "表4.xlsx"
    made.write_bytes(xladdin.fill(next(one for one in RECORDS if one.kind == "evaluation")))
    (sheet,) = sheet_parts(members(made.read_bytes())).values()
    assert sheet.find("{*}pageSetup").get("blackAndWhite") == "1" and sheet.find("{*}conditionalFormatting") is not None
    if saved:  # as LibreOffice does
        work = openpyxl.load_workbook(made)
        work.active.page_setup.blackAndWhite = False
        work.save(made)
    seen = []

    def convert(files, into):
        seen.extend(file.read_bytes() for file in files if file.stem != "cover")
        converter()(files, into)

    print_forms([made], folder / "全部.pdf", convert)
    (sheet,) = sheet_parts(members(seen[0])).values()
    assert sheet.find("{*}conditionalFormatting") is None and xladdin.read(seen[0]) == xladdin.read(made)


def test_why_nothing_can_be_printed(folder, capsys):
    with pytest.raises(XladdinError, match="没有 Excel 和 LibreOffice"):
        print_forms([folder], folder / "全部.pdf")
    assert main(["print", str(folder), "--out", str(folder / "全部.pdf")]) == 2
    assert "没有 Excel 和 LibreOffice" in capsys.readouterr().err
    with pytest.raises(XladdinError, match="一张表也没有"):
        print_forms([folder], folder / "全部.pdf", converter("0001", "0002", "0003"))
    assert not (folder / "全部.pdf").exists()


def test_a_broken_document_is_listed_too(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.xlsx").write_bytes(xladdin.fill(replace(RECORDS[0], project=name)))
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04 not much")
    printed = print_forms([tmp_path], tmp_path / "全部.pdf", converter())
    assert [name for name, _ in printed.lost] == ["坏.docx"] and not printed.complete


def test_by_libreoffice(tmp_path, capsys):
    """Contents and pages agree; a broken file is listed, and the exit code says so."""
    needs_office()
    names = ["甲项目", "乙项目", "丙项目"]
    for name, record in zip(names, RECORDS, strict=False):
        (tmp_path / f"{name}.xlsx").write_bytes(xladdin.fill(replace(record, project=name)))
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 not much")
    assert main(["print", str(tmp_path), "--out", str(tmp_path / "全部.pdf")]) == 1
    assert "未能打印 坏.xlsx" in capsys.readouterr().err
    with pdfium.PdfDocument(tmp_path / "全部.pdf") as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    contents = texts[1]
    assert "坏.xlsx" in contents and "共 3 份" in texts[0]
    for name in names:
        listed = re.search(rf"{name}.*?(\d+)\s*(?:\n|$)", contents, re.DOTALL)
        assert listed and name in texts[int(listed[1]) - 1], name
