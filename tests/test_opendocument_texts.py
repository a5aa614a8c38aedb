"""Texts of OpenDocument, each made here: tables with spans, what changes took out, those made to do harm."""

from __future__ import annotations

import io
import zipfile

import pytest

import xladdin
from xladdin.errors import RefusedFile

from .test_traps import HEAD, NAMES, ROWS, TITLE, YEAR


def odt(body: str, mimetype: str = "application/vnd.oasis.opendocument.text", **more: bytes) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table")
    )
    content = f"<office:document-content {spaces}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name, text in {"content.xml": content, **more}.items():
            package.writestr(name, text)
    return data.getvalue()


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def of(text: str, down: int = 1, wide: int = 1, inner: str = "") -> str:
    spans = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{wide}"' if down * wide > 1 else ""
    return f"<table:table-cell{spans}>{inner or p(text)}</table:table-cell>"


def laid(rows) -> str:
    made = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    return f"<table:table><table:table-column/>{made}</table:table>"


COVERED = "<table:covered-table-cell/>"
SPANNED = [
    [of("产出指标", 3), of("数量指标", 2), of("服务人数"), of("≥100人")],
    [COVERED, COVERED, of("服务<text:s/>次数"), of("=12次")],
    [COVERED, of("质量指标"), of("合格率"), of("≥95%")],
    [of("效益指标"), of("社会效益指标"), of("知晓率"), of("≥80%")],
]  # fmt: skip
TOP = [[of(text) for text in row] for row in [*HEAD, NAMES]]
GONE = f"<text:tracked-changes><text:changed-region>{p('项目名称：旧名')}</text:changed-region></text:tracked-changes>"
TEXTS = {
    "spans": p(TITLE) + p(YEAR) + laid([*TOP, *SPANNED]),
    "a heading repeated on each page": p(TITLE)
    + p(YEAR)
    + laid([*TOP, *SPANNED]).replace("<table:table-row>", "<table:table-header-rows><table:table-row>", 1)
    .replace("</table:table-row>", "</table:table-row></table:table-header-rows>", 1),
    "in a section, with changes": GONE + f"<text:section>{p(TITLE)}{p(YEAR)}{laid([*TOP, *SPANNED])}</text:section>",
    "a frame around": laid([[of("", inner=p(TITLE) + p(YEAR) + laid([*TOP, *SPANNED]))]]),
    "parted": p(TITLE) + p(YEAR) + laid([*TOP, *SPANNED[:3]]) + p("（续表）") + laid([TOP[-1], *SPANNED[3:]]),
}  # fmt: skip


@pytest.mark.parametrize("body", TEXTS.values(), ids=TEXTS)
def test_texts_of_opendocument(body):
    read = xladdin.read(odt(body))
    assert [(one.level1, one.level2, one.name.replace(" ", ""), one.target) for one in read[0].indicators] == ROWS
    assert (read[0].project, read[0].unit, read[0].year) == ("养老服务", "某中心", 2024)
    assert read[0].source.doubts == ()


HARMFUL = {
    "rows without end": (laid([[of("", 2, 10**7)]]), {}, "超过上限"),
    "cells without end": (laid([['<table:table-cell table:number-columns-repeated="99999999">' + p("1") + "</table:table-cell>"]]), {}, "超过上限"),
    "locked": (p(TITLE), {"META-INF/manifest.xml": b"<m><encryption-data/></m>"}, "密码"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "parts", "said"), HARMFUL.values(), ids=HARMFUL)
def test_harmful_texts_of_opendocument(body, parts, said):
    with pytest.raises(RefusedFile, match=said) as caught:
        xladdin.read(odt(body, **parts), "表.odt")
    assert caught.value.advice


def test_a_text_that_only_writer_opens(monkeypatch, tmp_path):
    from xladdin.sources import office as converting

    program = tmp_path / "program" / "soffice"
    program.parent.mkdir()
    program.touch()
    monkeypatch.setattr(converting, "office", lambda: str(program))
    monkeypatch.setattr(converting, "convert", lambda *_: True)
    with pytest.raises(RefusedFile, match="没有装 Writer") as caught:
        xladdin.read(b"{\\rtf1 }", "表.rtf")
    assert ".docx" in caught.value.advice
