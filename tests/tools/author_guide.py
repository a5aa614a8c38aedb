"""Draw the pictures of the guide (使用说明) and put them into it.

Run:  python tests/tools/author_guide.py [FOLDER]

A small office's year is gone through by the commands a clerk types; LibreOffice renders the workbooks, and what shows
the point is cut out and put where the guide has a picture of that name. FOLDER keeps the workbooks and pictures.
"""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pypdfium2
from PIL import Image, ImageChops

import xladdin
from xladdin.cli.main import main as command
from xladdin.ledger import write_ledger

GUIDE = Path(__file__).resolve().parents[2] / "xladdin" / "data" / "guide.html"
SCALE, WIDEST, COLOURS = 4, 1000, 16  # pixels a point when rendered; of a picture; enough for flat tables
FOOT = 0.945  # of a page's height; below stands its number
LARGEST = 60_000  # bytes
YEAR = 2025
PROJECTS = (  # name, unit, whose, 元, indicators: levels, name, target, what was achieved, why it differs
    ("城市绿化养护", "某市绿化中心", "张三", 1_200_000, (
        ("产出指标", "数量指标", "养护绿地面积", "≥120公顷", "121公顷", None),
        ("产出指标", "质量指标", "苗木成活率", "≥95%", "≥95%", None),
        ("产出指标", "时效指标", "养护任务按时完成率", "=100%", "96%", "雨季施工推迟，已调整排期。"),
        ("效益指标", "生态效益指标", "公园绿地覆盖率", "≥40%", "41%", None),
        ("满意度指标", "服务对象满意度指标", "市民满意度", "≥90%", "92%", None),
    )),
    ("社区养老服务", "某市养老服务中心", "李四", 860_000, (
        ("产出指标", "数量指标", "上门服务人次", "≥2400人次", "2410人次", None),
        ("产出指标", "质量指标", "服务合格率", "≥98%", None, None),
        ("效益指标", "社会效益指标", "独居老人覆盖率", "=100%", None, None),
        ("满意度指标", "服务对象满意度指标", "老人满意度", "≥95%", None, None),
    )),
    ("公共图书更新", "某市图书馆", "李四", 450_000, (
        ("产出指标", "数量指标", "新购图书", "≥9000册", None, None),
        ("产出指标", "时效指标", "上架及时率", "≥95%", None, None),
        ("效益指标", "社会效益指标", "外借人次", "≥60000人次", None, None),
        ("满意度指标", "服务对象满意度指标", "读者满意度", "≥90%", None, None),
    )),
    ("档案数字化", "某市档案馆", "张三", 300_000, (
        ("产出指标", "数量指标", "数字化卷数", "≥5000卷", "5000卷", None),
        ("产出指标", "质量指标", "差错率", "≤0.5%", "0.3%", None),
        ("效益指标", "社会效益指标", "查档平均时长", "≤10分钟", "8分钟", None),
        ("满意度指标", "服务对象满意度指标", "查档群众满意度", "≥90%", "93%", None),
    )),
)  # fmt: skip
NOT_HANDED_IN = "公共图书更新"


def declared(name: str, unit: str, money: int, rows: tuple) -> xladdin.Declaration:
    """The declaration of a project as its ledger has it."""
    total = str(money)
    funds = dict.fromkeys(("total", "fiscal", "annual_total", "annual_fiscal"), total)
    return xladdin.from_dict({
        "kind": "declaration", "form": "2024申报表", "year": YEAR, "project": name, "category": "经常性项目",
        "nature": None, "department": "某市" + ("园林局" if "绿化" in name else "民政局"), "unit": unit,
        "start": f"{YEAR}-01-01", "end": f"{YEAR}-12-31", "money_unit": "元",
        "funds": funds | dict.fromkeys(("other", "annual_carryover", "annual_other")),
        "overall_goal": f"做好{name}工作。", "annual_goal": f"按计划完成全年{name}任务，群众满意。",
        "indicators": [dict(zip(("level1", "level2", "name", "target"), row, strict=False)) for row in rows],
        "extra": {},
    })  # fmt: skip


def filled_in(form: xladdin.Evaluation, rows: tuple) -> xladdin.Evaluation:
    """What a colleague has filled in of a 自评表: the money and, as far as they came, the indicators."""
    known = {row[2]: row[4:] for row in rows}
    told = (replace(row, actual=known[row.name][0], reason=known[row.name][1]) for row in form.indicators)
    whole = all(row[4] for row in rows)
    lines = form.budget
    if whole:
        lines = tuple(
            replace(line, budget=line.initial, executed=line.initial and line.initial * Decimal("0.98"))
            for line in lines
        )
    return replace(form, indicators=tuple(told), budget=lines, actual_result="全年任务按计划完成。" if whole else None)


def with_gaps(ledger: Path) -> Path:
    """A copy of the ledger while it is being filled in: a unit is missing, and an amount is not what it adds up to."""
    book = openpyxl.load_workbook(ledger)
    sheet = book["项目"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(4, columns["实施单位"]).value = None
    sheet.cell(5, columns["当年财政拨款"]).value = 280_000
    path = _apart(ledger)
    book.save(path)
    return path


def year(home: Path) -> None:
    """The year of the office: its ledger, declarations, self-evaluations as far as they came, and what follows."""
    records = [declared(name, unit, money, rows) for name, unit, _, money, rows in PROJECTS]
    ledger = home / "台账.xlsx"
    write_ledger(ledger, records)
    book = openpyxl.load_workbook(ledger)
    sheet = book["项目"]
    column = next((cell.column for cell in sheet[1] if cell.value == "经办人"), sheet.max_column + 1)
    for number, text in enumerate(("经办人", *(row[2] for row in PROJECTS)), 1):
        sheet.cell(number, column, text)
    book.save(ledger)
    run("fill", ledger, "--out", home / "申报")
    run("evaluate", home / "申报", "--out", home / "自评")
    for name, *_, rows in PROJECTS:
        (path,) = (home / "自评").glob(f"*{name}*.xlsx")
        (form,) = xladdin.read(path)
        path.unlink()
        if name != NOT_HANDED_IN:
            path.write_bytes(xladdin.fill(filled_in(form, rows)))
    run("reconcile", home / "申报", home / "自评", "--report", home / "核对结果.xlsx")
    run("status", home / "申报", home / "自评", "--ledger", ledger, "--report", home / "收表进度.xlsx")
    run("summary", home / "申报", home / "自评", "--out", home / "汇总.xlsx")


def run(*words: object) -> None:
    """A command as the clerk types it; findings are no failure."""
    if command([str(word) for word in words]) == 2:
        raise SystemExit(f"xladdin {' '.join(map(str, words))} 没有做成")


def one_sheet(book: Path, sheet: str, keep: tuple[str, ...] = (), last: int = 0) -> Path:
    """A copy of a workbook that prints one sheet alone: of it the columns with these headings, and rows up to `last`."""
    whole = openpyxl.load_workbook(book)
    for name in whole.sheetnames:
        whole[name].sheet_state = "visible" if name == sheet else "hidden"
    page = whole[sheet]
    whole.active = whole.index(page)
    widths = {}
    for size in page.column_dimensions.values():  # one may speak of several columns
        widths.update(dict.fromkeys(range(size.min, size.max + 1), size.width))
    for cell in page[1] if keep else ():
        size = page.column_dimensions[cell.column_letter]
        size.min = size.max = cell.column
        size.width, size.hidden = widths.get(cell.column, size.width), cell.value not in keep
    for number in range(last + 1, page.max_row + 1) if last else ():
        page.row_dimensions[number].hidden = True
    path = _apart(book)
    whole.save(path)
    return path


def _apart(book: Path) -> Path:
    """Where a copy is out of the way of the commands, which read what lies beside a form."""
    folder = book.parent / "图" if book.parent.name != "图" else book.parent
    folder.mkdir(exist_ok=True)
    return folder / book.name


def rendered(book: Path) -> Image.Image:
    """The first page of a workbook, its white margins and page number cut off."""
    folder = _apart(book).parent
    soffice = ["soffice", "--headless", f"-env:UserInstallation=file://{folder / 'office'}", "--convert-to", "pdf"]
    subprocess.run([*soffice, "--outdir", folder, book], check=True, capture_output=True, timeout=300)
    page = pypdfium2.PdfDocument(folder / f"{book.stem}.pdf")[0]
    image = page.render(scale=SCALE).to_pil().convert("RGB")
    return cropped(image.crop((0, 0, image.width, int(image.height * FOOT))))


def cropped(image: Image.Image) -> Image.Image:
    box = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    if box is None:
        raise SystemExit("画面是空的")
    left, top, right, bottom = box
    return image.crop((max(left - 12, 0), max(top - 12, 0), right + 12, bottom + 12))


def part(image: Image.Image, top: float = 0, bottom: float = 1) -> Image.Image:
    """What of a picture shows the point: shares of its height."""
    return image.crop((0, int(image.height * top), image.width, int(image.height * bottom)))


def small(image: Image.Image) -> bytes:
    """As PNG of few colours."""
    if image.width > WIDEST:
        image = image.resize((WIDEST, round(image.height * WIDEST / image.width)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    if out.tell() > LARGEST:
        raise SystemExit(f"图有 {out.tell()} 字节，太大")
    return out.getvalue()


LEDGER_SHOWN = (
    "年度",
    "表式",
    "项目名称",
    "实施单位",
    "金额单位",
    "年度资金申请总额",
    "当年财政拨款",
    "经办人",
    "还缺什么",
)
PICTURES: dict[str, Callable[[Path], Image.Image]] = {
    "台账": lambda home: rendered(one_sheet(with_gaps(home / "台账.xlsx"), "项目", LEDGER_SHOWN, 5)),
    "申报表": lambda home: rendered(next((home / "申报").glob("*绿化*.xlsx"))),
    "自评表": lambda home: rendered(next((home / "自评").glob("*绿化*.xlsx"))),
    "收表进度": lambda home: rendered(home / "收表进度.xlsx"),
    "核对结果": lambda home: rendered(one_sheet(home / "核对结果.xlsx", "核对结果")),
    "汇总": lambda home: part(rendered(home / "汇总.xlsx"), bottom=0.6),
}


def main() -> None:
    home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    home.mkdir(parents=True, exist_ok=True)
    year(home)
    text = GUIDE.read_text(encoding="utf-8")
    for name, draw in PICTURES.items():
        data = small(draw(home))
        (home / f"{name}.png").write_bytes(data)
        source = f"data:image/png;base64,{base64.b64encode(data).decode()}"
        text, count = re.subn(rf'(<img id="{name}"[^>]* src=")[^"]*', rf"\g<1>{source}", text)
        print(f"{name}：{len(data)} 字节" + ("" if count else "，使用说明里没有这张图"))
    GUIDE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
