"""Makes the example documents of `xladdin demo`: python -m tests.tools.author_documents

Needs reportlab, and LibreOffice (Calc) for the .xls. The projects, units and figures are invented; the texts are our own.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import xladdin
from xladdin.domain.numbers import plain

from ..office import convert

HOME = Path(xladdin.__file__).parent / "data" / "documents"
GOAL = "办好 6 个社区老年食堂，全年供餐 9 万人次，老人每餐少花 5 元。"
ROWS = [
    ("产出指标", "数量指标", "运营社区老年食堂数", "=6个"),
    ("产出指标", "数量指标", "全年供餐人次", "≥90000人次"),
    ("产出指标", "质量指标", "食品安全抽检合格率", "=100%"),
    ("产出指标", "时效指标", "补助发放及时率", "≥95%"),
    ("成本指标", "经济成本指标", "每餐补助标准", "≤5元"),
    ("效益指标", "社会效益指标", "用餐老人年均节省支出", "≥1200元"),
    ("满意度指标", "服务对象满意度指标", "用餐老人满意度", "≥90%"),
]
DECLARED = {
    "kind": "declaration", "form": "2024申报表", "year": 2024, "project": "社区老年食堂运营补助",
    "category": "经常性项目", "department": "清河区民政局", "unit": "清河区养老服务中心",
    "start": "2024-01-01", "end": "2024-12-31", "money_unit": "元",
    "funds": {"annual_total": "480000", "annual_fiscal": "450000", "annual_other": "30000"},
    "annual_goal": GOAL,
    "indicators": [dict(zip(("level1", "level2", "name", "target"), row, strict=True)) for row in ROWS],
}  # fmt: skip
DONE = ["6个", "86400人次", "100%", "97%", "5元", "1260元", "88%"]
WEIGHTS = ["10", "10", "10", "10", "20", "20", "10"]
SCORES = ["10", "9.6", "10", "10", "20", "20", "10"]


def declared() -> xladdin.Declaration:
    return xladdin.from_dict(DECLARED)


def evaluated() -> xladdin.Evaluation:
    """The evaluation as it came back: a target lowered, a satisfaction missed that has full points, no reason given."""
    rows = [dict(row) for row in DECLARED["indicators"]]
    rows[3]["target"] = "≥90%"
    for row, actual, weight, score in zip(rows, DONE, WEIGHTS, SCORES, strict=True):
        row |= {"actual": actual, "weight": weight, "score": score, "reason": None}
    lines = [("年度资金总额", "480000", "471200", "10", "9.82"), ("当年财政拨款", "450000", "441200", None, None),
             ("其他资金", "30000", "30000", None, None)]  # fmt: skip
    budget = [
        {"item": item, "initial": first, "budget": first, "executed": spent, "weight": weight, "rate": None,
         "score": score, "reason": None}
        for item, first, spent, weight, score in lines
    ]  # fmt: skip
    return xladdin.from_dict(
        {"kind": "evaluation", "form": "全国自评表", "year": 2024, "project": DECLARED["project"], "money_unit": "元",
         "department": DECLARED["department"], "unit": DECLARED["unit"], "budget": budget, "annual_goal": GOAL,
         "actual_result": "6 个食堂全年开放，供餐 8.64 万人次。", "indicators": rows, "total_weight": "100",
         "total_score": "99.42"}
    )  # fmt: skip


def table_of(record) -> list[list[tuple[str, int, int]]]:
    """What both documents print: rows of (text, columns, rows), None under a merge."""
    from xladdin.sources import open_grids

    (grid,) = open_grids(xladdin.fill(record), "表.xlsx")
    wide = max(column for _, column in grid.cells)
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in grid.merges}
    covered = {(row, column) for top, left, bottom, right in grid.merges for row in range(top, bottom + 1)
               for column in range(left, right + 1) if (row, column) != (top, left)}  # fmt: skip
    rows = []
    for row in range(1, max(row for row, _ in grid.cells) + 1):
        cells = []
        for column in range(1, wide + 1):
            value = grid.cells.get((row, column))
            text = plain(value) if hasattr(value, "quantize") else str(value) if value is not None else ""
            if (row, column) in grid.percents and value is not None:
                text = plain((value * 100).normalize()) + "%"
            high, broad = spans.get((row, column), (1, 1))
            cells.append(None if (row, column) in covered else (text, broad, high))
        rows.append(cells)
    return rows


def docx(rows) -> bytes:
    """A Word document of one table, the title and the year above it."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "http://schemas.openxmlformats.org/package/2006"
    wide = len(rows[0])
    made, open_cells = [], {}
    for number, row in enumerate(rows):
        cells = []
        for column, cell in enumerate(row):
            if cell is None:
                top = open_cells.get(column)
                if top and top[1] > number:
                    cells.append(f"<w:tc><w:tcPr>{top[0]}<w:vMerge/></w:tcPr><w:p/></w:tc>")
                continue
            text, broad, high = cell
            span = f'<w:gridSpan w:val="{broad}"/>' if broad > 1 else ""
            merge = '<w:vMerge w:val="restart"/>' if high > 1 else ""
            if high > 1:
                open_cells[column] = (span, number + high)
            lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
            cells.append(f"<w:tc><w:tcPr>{span}{merge}</w:tcPr><w:p><w:r>{lines}</w:r></w:p></w:tc>")
        made.append(f"<w:tr>{''.join(cells)}</w:tr>")
    sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
                    for side in ("top", "left", "bottom", "right", "insideH", "insideV"))  # fmt: skip
    grid = f"<w:tblGrid>{f'<w:gridCol w:w={chr(34)}{9600 // wide}{chr(34)}/>' * wide}</w:tblGrid>"
    table = f'<w:tbl><w:tblPr><w:tblW w:w="9600" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders></w:tblPr>{grid}'
    body = f"{table}{''.join(made)}</w:tbl><w:p/>"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="{office}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{main}"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{office}/relationships"><Relationship Id="r1" Type="{kind}" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'{head}<w:document xmlns:w="{word}"><w:body>{body}<w:sectPr/></w:body></w:document>',
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def pdf(rows) -> bytes:
    """A PDF of one table, its fonts the reader's own."""
    from reportlab.lib import colors
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import cidfonts, pdfmetrics
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    pdfmetrics.registerFont(cidfonts.UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=9, leading=12, wordWrap="CJK")
    texts, looks = [], [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    for number, row in enumerate(rows):
        texts.append([Paragraph(escape(cell[0]).replace("\n", "<br/>"), style) if cell else "" for cell in row])
        looks += [("SPAN", (column, number), (column + cell[1] - 1, number + cell[2] - 1))
                  for column, cell in enumerate(row) if cell and (cell[1] > 1 or cell[2] > 1)]  # fmt: skip
    data = io.BytesIO()
    SimpleDocTemplate(data, invariant=True, leftMargin=40, rightMargin=40).build(
        [Table(texts, [515 / len(rows[0])] * len(rows[0]), style=looks)]
    )
    return data.getvalue()


def main() -> None:
    HOME.mkdir(exist_ok=True)
    (HOME / "申报表.pdf").write_bytes(pdf(table_of(declared())))
    (HOME / "自评表.docx").write_bytes(docx(table_of(evaluated())))
    with TemporaryDirectory() as folder:
        book = Path(folder, "上年申报表.xlsx")
        before = replace(declared(), year=2023, form="2023申报表")
        book.write_bytes(xladdin.fill(before))
        (made,) = convert([book], Path(folder, "xls"), "xls")
        (HOME / "上年申报表.xls").write_bytes(made.read_bytes())


if __name__ == "__main__":
    main()
