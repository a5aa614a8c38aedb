"""Workbooks written by hand, part by part, so that any byte of them can be wrong."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

PROJECT, OTHER = "甲项目", "没有毛病的项目"
SHEET, STRINGS, STYLES, BOOK = (
    "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
)  # fmt: skip
RELS, ROOT_RELS, TYPES = "xl/_rels/workbook.xml.rels", "_rels/.rels", "[Content_Types].xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"

FORM = {
    "A1": "项目支出绩效自评表", "A2": "（2023年度）", "A3": "项目名称", "B3": PROJECT, "A4": "主管部门", "B4": "某局",
    "E4": "实施单位", "F4": "某单位", "A5": "项目资金（元）", "D5": "年初预算数", "E5": "全年预算数", "F5": "全年执行数",
    "G5": "分值", "H5": "执行率", "I5": "得分", "B6": "年度资金总额", "D6": 1000000, "E6": 1000000, "F6": 950000, "G6": 10,
    "H6": 0.95, "I6": 9.5, "B7": "其中：当年财政拨款", "D7": 1000000, "E7": 1000000, "F7": 950000, "A8": "年度总体目标",
    "B8": "预期目标", "E8": "实际完成情况", "B9": "养护道路120公里", "E9": "养护道路120公里", "A10": "绩效指标",
    "B10": "一级指标", "C10": "二级指标", "D10": "三级指标", "E10": "指标值", "F10": "实际完成值", "G10": "分值",
    "H10": "得分", "I10": "偏差原因分析及改进措施", "B11": "产出指标", "C11": "数量指标", "D11": "养护里程",
    "E11": "≥120公里", "F11": "120公里", "G11": 50, "H11": 50, "B12": "满意度指标", "C12": "服务对象满意度",
    "D12": "群众满意度", "E12": "≥90%", "F12": "93%", "G12": 40, "H12": 40, "A13": "总分", "G13": 100, "H13": 99.5,
}  # fmt: skip
Parts = dict[str, bytes]


@dataclass(frozen=True)
class Kind:
    """One hostile input: what it is called, the files of the call by name, and what must come of it.

    argv: the call, {name} for a file's path (None: read the first file and a sound one); codes: allowed exit codes;
    says: words of which each must be told; reads: whether the form of the first file is read all the same.
    """

    name: str
    files: Mapping[str, Callable[[], bytes] | bytes]
    says: tuple[str, ...] = ()
    codes: tuple[int, ...] = (1,)
    reads: bool = False
    argv: tuple[str, ...] | None = None
    never: tuple[str, ...] = field(default=())


def cell(ref: str, value: object) -> str:
    """A cell's XML; a str that begins with < is taken as it is."""
    if isinstance(value, str) and value.startswith("<"):
        return value
    if isinstance(value, str):
        return f'<c r="{ref}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{ref}"><v>{value}</v></c>'


def sheet(cells: Mapping[str, object], after: str = "", rows: str = "") -> bytes:
    """A worksheet. after: behind the rows; rows: more of them."""
    lines: dict[int, list[str]] = {}
    for ref in sorted(cells, key=lambda ref: (int(re.sub(r"\D", "", ref)), len(ref), ref)):
        lines.setdefault(int(re.sub(r"\D", "", ref)), []).append(cell(ref, cells[ref]))
    data = "".join(f'<row r="{number}">{"".join(line)}</row>' for number, line in lines.items())
    head = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">'
    return f"{head}<sheetData>{data}{rows}</sheetData>{after}</worksheet>".encode()


def parts(cells: Mapping[str, object] | None = None, *more: bytes, after: str = "", rows: str = "") -> Parts:
    """A workbook's parts: the form with these cells changed, and more sheets."""
    sheets = [sheet(FORM | dict(cells or {}), after, rows), *more]
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    related = "".join(_relation(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    related += _relation("rIdStyles", "styles", "styles.xml") + _relation("rIdS", "sharedStrings", "sharedStrings.xml")
    types = f'<Default Extension="rels" ContentType="{_PACKAGE.replace("http://schemas.", "application/vnd.")}"/>'
    types = f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/{BOOK}" ' \
        f'ContentType="{_SPREADSHEET}.sheet.main+xml"/>'  # fmt: skip
    xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    xfs = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 10, 14, 200, 201, 20))
    formats = '<numFmt numFmtId="200" formatCode="0.00&quot;万元&quot;"/><numFmt numFmtId="201" formatCode="0!.0000"/>'
    made = {
        TYPES: f'{xml}<Types xmlns="{_PACKAGE}/content-types">{types}</Types>',
        ROOT_RELS: f"{xml}{_relations(_relation('rId1', 'officeDocument', BOOK))}",
        BOOK: f'{xml}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        RELS: xml + _relations(related),
        STYLES: f'{xml}<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs>{xfs}</cellXfs></styleSheet>',
        STRINGS: f'{xml}<sst xmlns="{MAIN}"><si><t>共享的文字</t></si></sst>',
        "docProps/core.xml": f"{xml}<core/>",
        "docProps/app.xml": f"{xml}<app/>",
    }
    found = {name: text.encode() for name, text in made.items()}
    return found | {f"xl/worksheets/sheet{n}.xml": data for n, data in zip(numbers, sheets, strict=True)}


def _relation(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _relations(inner: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def zipped(found: Mapping[str, bytes] | list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The package."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, data in found.items() if isinstance(found, Mapping) else found:
            package.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def book(cells: Mapping[str, object] | None = None, *more: bytes, after: str = "", rows: str = "") -> bytes:
    """A workbook's bytes."""
    return zipped(parts(cells, *more, after=after, rows=rows))


def sound() -> bytes:
    """A workbook without fault."""
    return book({"B3": OTHER})


def with_part(name: str, change: Callable[[bytes], bytes] | bytes) -> bytes:
    """The workbook with one part changed, or added."""
    found = parts()
    found[name] = change(found.get(name, b"")) if callable(change) else change
    return zipped(found)


def without(*names: str) -> bytes:
    """The workbook without these parts."""
    return zipped({name: data for name, data in parts().items() if name not in names})


def raw_zip(entries: list[tuple[str, bytes, dict]]) -> bytes:
    """A package whose directory may say anything: method, size, crc, offset, flags, name in the local header."""
    out, directory = io.BytesIO(), []
    for name, data, says in entries:
        squeezer = zlib.compressobj(6, zlib.DEFLATED, -15)
        method = says.get("method", 8)
        packed = says.get("packed", squeezer.compress(data) + squeezer.flush() if method == 8 else data)
        offset = says.get("offset", out.tell())
        crc, size = says.get("crc", zlib.crc32(data)), says.get("size", len(data))
        packed_size = says.get("packed_size", len(packed))
        local = says.get("local", name).encode()
        encoded, flags = name.encode(), says.get("flags", 0x800)
        if "offset" not in says:
            fixed = (20, flags, method, 0, 0x21, crc, packed_size, size, len(local), 0)
            out.write(says.get("mark", b"PK\x03\x04") + struct.pack("<HHHHHIIIHH", *fixed) + local + packed)
        entry = (20, 20, flags, method, 0, 0x21, crc, packed_size, size, len(encoded), 0, 0, 0, 0, 0, offset)
        directory.append(b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", *entry) + encoded)
    start, tail = out.tell(), b"".join(directory)
    out.write(tail)
    out.write(b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(tail), start, 0))
    return out.getvalue()


def saying(part: str, **says) -> bytes:
    """The workbook with its directory saying something else of one part."""
    return raw_zip([(name, data, says if name == part else {}) for name, data in parts().items()])
