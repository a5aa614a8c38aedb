"""What documents do to tables, each in a document made here: Word, web pages, PDF, text; and those made to do harm."""

from __future__ import annotations

import io
import random
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

import xladdin
from xladdin.errors import NotAForm, RefusedFile

from .office import convert

TITLE, YEAR = "财政项目支出绩效目标申报表", "（2024年度）"
HEAD = [["项目名称", "养老服务", "项目类别", "经常性项目"], ["主管部门", "某局", "实施单位", "某中心"]]
NAMES = ["一级指标", "二级指标", "三级指标", "年度指标值"]
ROWS = [
    ("产出指标", "数量指标", "服务人数", "≥100人"),
    ("产出指标", "数量指标", "服务次数", "=12次"),
    ("产出指标", "质量指标", "合格率", "≥95%"),
    ("效益指标", "社会效益指标", "知晓率", "≥80%"),
]


def levels(records) -> list[tuple]:
    (record,) = records
    return [(one.level1, one.level2, one.name, one.target) for one in record.indicators]


# Word


def cell(text="", props="", inner="") -> str:
    paragraph = text if text.startswith("<w:p>") else f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    return f"<w:tc><w:tcPr>{props}</w:tcPr>{inner}{paragraph}</w:tc>"


def table(rows) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"


def docx(body: str, **more: bytes) -> bytes:
    spaces = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in {**parts, **more}.items():
            package.writestr(name, text)
    return data.getvalue()


def line(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def head() -> list[list[str]]:
    return [[cell(text) for text in row] for row in HEAD]


def merged(rows=ROWS) -> list[list[str]]:
    made, above = [], (None, None)
    for first, second, name, target in rows:
        on = "<w:vMerge/>"
        start = '<w:vMerge w:val="restart"/>'
        row = [cell("", on) if first == above[0] else cell(first, start)]
        row.append(cell("", on) if (first, second) == above else cell(second, start))
        made.append([*row, cell(name), cell(target)])
        above = first, second
    return made


def whole(rows=None) -> str:
    heading = [[cell(text) for text in NAMES]]
    return line(TITLE) + line(YEAR) + table(head() + heading + (merged() if rows is None else rows))


CONTROL = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
DELETED = (
    "<w:p><w:del><w:r><w:delText>旧名</w:delText></w:r></w:del><w:ins><w:r><w:t>养老服务</w:t></w:r></w:ins></w:p>"
)
BEFORE = '<w:trPr><w:gridBefore w:val="2"/></w:trPr>'
WORD = {
    "merged": whole(),
    "content controls": whole().replace(cell("养老服务"), CONTROL.format(cell("养老服务"))),
    "a control around a row": whole().replace("<w:tr>", "<w:sdt><w:sdtContent><w:tr>", 1).replace("</w:tr>", "</w:tr></w:sdtContent></w:sdt>", 1),
    "tracked changes": whole().replace(line("养老服务"), DELETED),
    "a deleted row": whole(merged()[:1] + ["<w:trPr><w:del/></w:trPr>" + "".join(merged()[1]).replace("服务次数", "删去的")] + merged()[1:]),
    "hidden text": whole().replace("<w:t>养老服务</w:t></w:r>", "<w:t>养老服务</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>"),
    "grid before": whole([merged()[0], [BEFORE, *merged()[1][2:]], *merged()[2:]]),
    "a frame around": table([[cell("", inner=whole())]]),
    "in a text box": f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{whole()}</w:txbxContent></v:textbox></w:pict></w:r></w:p>",
    "nested": line(TITLE) + line(YEAR) + table([*head(), [cell("绩效指标"), cell("", inner=table([[cell(text) for text in NAMES], *merged()]))]]),
    "parted, heading again": line(TITLE) + line(YEAR) + table([*head(), [cell(text) for text in NAMES], *merged()[:1]]) + line("（续表）")
    + table([[cell(text) for text in NAMES], [cell(), cell(), cell("服务次数"), cell("=12次")], *merged(ROWS[2:])]).replace("产出指标", ""),
    "parted, no heading": line(TITLE) + line(YEAR) + table([*head(), [cell(text) for text in NAMES], *merged()[:2]])
    + table(merged(ROWS[2:])).replace("产出指标", ""),
}  # fmt: skip


@pytest.mark.parametrize("body", WORD.values(), ids=WORD)
def test_word(body):
    read = xladdin.read(docx(body))
    assert levels(read) == ROWS
    assert (read[0].project, read[0].unit, read[0].year) == ("养老服务", "某中心", 2024)
    assert read[0].source.doubts == ()


def test_a_place_in_a_document_is_a_row():
    (record,) = xladdin.read(docx(whole()), "表.docx")
    assert record.source.cells["indicators[0].target"].to_dict() == {"file": "表.docx", "page": None, "row": 6}


# web pages


def page(body: str, charset="utf-8") -> bytes:
    return f'<html><head><meta charset="{charset}"></head><body>{body}</body></html>'.encode(
        "gb18030" if charset == "gb2312" else charset
    )


def web() -> str:
    rows = [f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in [*HEAD, NAMES]]
    rows += [
        "<tr><td rowspan=3>产出指标</td><td rowspan=2>数量指标</td><td>服务人数</td><td>≥100人</td></tr>",
        "<tr><td>服务次数</td><td>=12次</td></tr><tr><td>质量指标</td><td>合格率</td><td>≥95%</td></tr>",
        "<tr><td>效益指标</td><td>社会效益指标</td><td>知晓率</td><td>≥80%</td></tr>",
    ]
    return f"<p>{TITLE}</p><p>{YEAR}</p><table>{''.join(rows)}</table>"


WEB = {
    "spans": page(web()),
    "gb18030 called gb2312": page(web(), "gb2312"),
    "in a layout": page(f"<table><tr><td>首页</td></tr><tr><td>{web()}</td></tr></table>"),
    "a script and hidden rows": page("<script>'<table><tr><td>项目名称</td></tr></table>'</script>" + web().replace("</table>", '<tr style="display:none"><td>产出指标</td><td>数量指标</td><td>假的</td><td>1</td></tr></table>')),
}  # fmt: skip


@pytest.mark.parametrize("data", WEB.values(), ids=WEB)
def test_web_pages(data):
    read = xladdin.read(data)
    assert levels(read) == ROWS and read[0].project == "养老服务"


# PDF


def pdf(*pages, font="STSong-Light") -> bytes:
    """pages: functions that draw on a canvas, the y from the top."""
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    metrics = pytest.importorskip("reportlab.pdfbase.pdfmetrics")
    cid = pytest.importorskip("reportlab.pdfbase.cidfonts")
    metrics.registerFont(cid.UnicodeCIDFont(font))
    data = io.BytesIO()
    drawn = canvas.Canvas(data, pagesize=(600, 800), invariant=True)
    for draw in pages:
        drawn.setFont(font, 10)
        draw(drawn)
        drawn.showPage()
    drawn.save()
    return data.getvalue()


XS = (40, 140, 260, 440, 560)


def grid(rows, top=100, twice=False, colour=0, outer=True):
    """Rows of (text, row span); None under a span. A label may be set into any of the rows it covers: (text, span, row)."""

    def draw(canvas):
        canvas.setStrokeGray(colour)
        bottom = top + 30 * len(rows)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                y = top + 30 * number
                if value is not None:
                    canvas.line(XS[column], 800 - y, XS[column + 1], 800 - y)
                if column or outer:
                    canvas.line(XS[column], 800 - y, XS[column], 800 - y - 30)
                text, _, where = value if isinstance(value, tuple) else (value or "", 1, 0)
                for _ in range(2 if twice else 1):
                    canvas.drawString(XS[column] + 4, 800 - y - 30 * where - 20, text)
        canvas.line(XS[0], 800 - bottom, XS[4], 800 - bottom)
        if outer:
            canvas.line(XS[4], 800 - top, XS[4], 800 - bottom)

    return draw


def framed(rows, top=100):
    """The rows as browsers draw them: the border of each cell what lies between two rectangles."""

    def draw(canvas):
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                y, wide = 800 - top - 30 * number, XS[column + 1] - XS[column]
                path = canvas.beginPath()
                path.rect(XS[column], y - 30, wide, 30)
                path.rect(XS[column] + 0.5, y - 29.5, wide - 1, 29)
                canvas.drawPath(path, stroke=0, fill=1, fillMode=0)
                canvas.drawString(XS[column] + 4, y - 20, text)

    return draw


def titled(draw):
    def both(canvas):
        canvas.drawString(200, 750, TITLE)
        canvas.drawString(260, 730, YEAR)
        draw(canvas)

    return both


def bare(rows, top=100):
    def draw(canvas):
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                canvas.drawString(XS[column], 800 - top - 20 * number, text)

    return draw


FIRST = [*HEAD, NAMES]
FULL = [
    [("产出指标", 3, 1), ("数量指标", 2, 0), "服务人数", "≥100人"], [None, None, "服务次数", "=12次"],
    [None, "质量指标", "合格率", "≥95%"], ["效益指标", "社会效益指标", "知晓率", "≥80%"],
]  # fmt: skip
PRINTED = {
    "one page": [titled(grid([*FIRST, *FULL]))],
    "bold by printing twice": [titled(grid([*FIRST, *FULL], twice=True))],
    "white lines": [titled(grid([*FIRST, *FULL], colour=1))],
    "frames": [titled(framed([*FIRST, *ROWS]))],
    "no outer lines": [titled(grid([*FIRST, *FULL], outer=False))],
    "two pages, label on the second": [
        titled(grid([*FIRST, [("", 1, 0), ("数量指标", 1, 0), "服务人数", "≥100人"]])),
        grid([[("产出指标", 2, 0), "", "服务次数", "=12次"], [None, "质量指标", "合格率", "≥95%"], FULL[3]]),
    ],
    "two pages, heading again": [
        titled(grid([*FIRST, ["产出指标", "数量指标", "服务人数", "≥100人"]])),
        grid([NAMES, [("", 2, 0), "", "服务次数", "=12次"], [None, "质量指标", "合格率", "≥95%"], FULL[3]]),
    ],
    "a row cut by the end of a page": [
        titled(grid([*FIRST, ["产出指标", ("数量指标", 1, 0), "服务", "≥100人"]])),
        grid([["", "", "人数", ""], [("", 2, 0), "", "服务次数", "=12次"], [None, "质量指标", "合格率", "≥95%"], FULL[3]]),
    ],
    "no lines at all": [titled(bare([*FIRST, ROWS[0], ["", "", *ROWS[1][2:]], ["", *ROWS[2][1:]], ROWS[3]]))],
}  # fmt: skip


@pytest.mark.parametrize("pages", PRINTED.values(), ids=PRINTED)
def test_pdf(pages):
    read = xladdin.read(pdf(*pages), "表.pdf")
    assert levels(read) == ROWS
    assert (read[0].project, read[0].unit, read[0].year) == ("养老服务", "某中心", 2024)
    place = read[0].source.cells["indicators[3].target"].to_dict()
    assert place["file"] == "表.pdf" and place["page"] == len(pages) and place["row"] >= 1


# what office programs make of our own forms

EXAMPLE = Path(xladdin.__file__).parent / "data" / "example.json"


@pytest.mark.parametrize("kind, least", [("pdf", 0.985), ("xls", 0.998), ("ods", 0.998), ("html", 0.998)])
def test_our_forms_saved_in_another_format(kind, least, tmp_path):
    import json

    from .test_documents import facts, shown

    files = []
    for number, record in enumerate(json.loads(EXAMPLE.read_text(encoding="utf-8"))):
        files.append(tmp_path / f"{number}.xlsx")
        files[-1].write_bytes(xladdin.fill(xladdin.from_dict(record)))
    there = right = 0
    for file, made in zip(files, convert(files, tmp_path / kind, kind), strict=True):
        (want,), (record,) = xladdin.read(file), xladdin.read(made)
        given = dict(facts(record.to_dict()))
        for field, value in facts(want.to_dict()):
            there += 1
            right += shown(field, value) == shown(field, given.get(field))
    assert right >= least * there


# text


def test_words_out_of_order_are_in_doubt():
    text = f"{TITLE}\n{YEAR}\n项目名称\n主管部门\n养老服务\n某局\n一级指标 二级指标 三级指标\n≥100人 =12次\n服务人数 服务次数\n年度指标值\n"
    reading = xladdin.reading(text.encode())
    fields = [field for record in reading.records for field, place in record.source.cells.items() if place]
    doubted = {doubt.field for record in reading.records for doubt in record.source.doubts}
    assert all(field in doubted for field in fields if not field.endswith(("year",)))


@pytest.mark.parametrize("gap", ["\t", ","])
def test_tables_in_text(gap):
    rows = [*HEAD, NAMES, ROWS[0], ("", "", *ROWS[1][2:]), ("", *ROWS[2][1:]), ROWS[3]]
    text = "\n".join([TITLE, YEAR, *(gap.join(row) for row in rows)])
    assert levels(xladdin.read(text.encode("gb18030"))) == ROWS


def printed(rows, rng) -> str:
    """A declaration as programs turn PDF into text: levels once, names broken over lines, blank lines between."""
    lines = [
        TITLE,
        "",
        YEAR,
        "",
        "项目名称 养老服务 项目类别 经常性项目",
        "",
        "主管部门 某局 实施单位 某中心",
        "",
        "绩",
        "效",
        "指",
        "标",
        "",
    ]
    lines += [" ".join(NAMES), ""]
    first = second = ""
    for row in rows:
        levels = [*[row[0]] * (row[0] != first), *[row[1]] * (row[1] != second)]
        first, second = row[:2]
        cut = rng.randint(2, len(row[2]) - 1) if rng.random() < 0.5 else len(row[2])
        pieces = [piece for piece in (row[2][:cut], row[2][cut:]) if piece]
        together = rng.random() < 0.5
        if together:
            lines += [" ".join([*levels, *pieces[:1], *[row[3]] * (len(pieces) == 1)]), ""]
            lines += [f"{pieces[-1]} {row[3]}", ""] * (len(pieces) > 1)
        else:
            lines += [*levels, *pieces, "", row[3], ""]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(60))
def test_no_text_is_silently_wrong(seed):
    rng = random.Random(seed)
    names = ["服务对象满意度", "及时完成率", "政策宣传场次数量", "新增床位数", "补贴发放准确率", "健全长效管理机制"]
    goals = ["≥90%", "=12次", "按期完成", "健全", "6月15日前", "≤3.5万元"]
    levels = [
        ("产出指标", "数量指标"),
        ("产出指标", "质量指标"),
        ("效益指标", "社会效益指标"),
        ("满意度指标", "服务对象满意度指标"),
    ]
    rows = [(*level, rng.choice(names), rng.choice(goals)) for level in levels for _ in range(rng.randint(1, 3))]
    (record,) = xladdin.read(printed(rows, rng).encode())
    doubts = {doubt.field for doubt in record.source.doubts}
    wrong = []
    for number, row in enumerate(rows):
        given = record.indicators[number] if number < len(record.indicators) else None
        for name, value in zip(("level1", "level2", "name", "target"), row, strict=True):
            told = getattr(given, name, None)
            if told and told != value and f"indicators[{number}].{name}" not in doubts:
                wrong.append((number, name, told, value))
    assert not wrong
    assert len(record.indicators) == len(rows) or all(
        f"indicators[{n}].name" in doubts for n in range(len(record.indicators))
    )


# harm


def bomb() -> bytes:
    return docx("", **{"word/media/x.bin": bytes(64 << 20)})


def swelling() -> bytes:
    packed = zlib.compress(b"0 0 m\n" * (20 << 20), 9)
    return (
        b"%PDF-1.4\n1 0 obj<</Filter/FlateDecode/Length "
        + str(len(packed)).encode()
        + b">>stream\n"
        + packed
        + b"\nendstream endobj"
    )


HARM = {
    "a bomb": (bomb, "压缩炸弹"),
    "entities": (lambda: docx("", **{"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "文档类型声明"),
    "spans of a million": (lambda: page(web().replace("<td>养老服务", "<td colspan=1000000>养老服务")), "列"),
    "spans of rows that push each other on": (lambda: page("<table>" + f"<tr>{'<td rowspan=9999>甲</td>' * 100}</tr>" * 2_000), "列"),
    "a swelling stream": (swelling, "压缩炸弹"),
    "a broken PDF": (lambda: b"%PDF-1.7\nrubbish", "不完整"),
    "a scan": (lambda: pdf(lambda canvas: canvas.drawInlineImage(picture(), 0, 0, 600, 800)), "扫描件"),
    "rows without end": (lambda: "\n".join(["项目名称\t甲\t乙"] * 60_000).encode(), "行"),
}  # fmt: skip


def picture():
    image = pytest.importorskip("PIL.Image")
    return image.new("L", (60, 80), 200)


@pytest.mark.parametrize("make, said", HARM.values(), ids=HARM)
def test_what_is_made_to_do_harm_is_refused(make, said):
    with pytest.raises(RefusedFile) as refusal:
        xladdin.read(make(), "坏.bin")
    assert said in refusal.value.what and refusal.value.advice and refusal.value.where.file == "坏.bin"


@pytest.mark.parametrize("package, data", [("pypdfium2", b"%PDF-1.4 x")])
def test_a_missing_library_is_named_with_the_line_that_installs_it(package, data, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(RefusedFile) as refusal:
        xladdin.read(data, "表.pdf")
    assert f"pip install {package}" in refusal.value.advice


def test_struck_documents_are_read_or_refused():
    data = docx(whole())
    for at in range(0, len(data), 101):
        struck = data[:at] + bytes(b ^ 0x5A for b in data[at : at + 8]) + data[at + 8 :]
        assert xladdin.reading(struck, "损.docx").records or xladdin.reading(struck, "损.docx").notes


def test_a_folder_is_read_with_its_documents(tmp_path, run):
    (tmp_path / "申报.docx").write_bytes(docx(whole()))
    (tmp_path / "通知.txt").write_text("请于三月底前报送。", encoding="utf-8")
    (tmp_path / "改了名.doc").write_bytes(page(web().replace("养老服务", "助残服务")))
    code, out, err = run("read", tmp_path)
    assert code == 0 and "养老服务" in out and "助残服务" in out and "通知" not in err


def test_what_is_no_form_is_told_when_named(tmp_path):
    path = tmp_path / "通知.txt"
    path.write_text("请于三月底前报送。", encoding="utf-8")
    with pytest.raises(NotAForm):
        xladdin.read(path)
