"""Damaged and lying packages, and parts that are no XML or say what they should not."""

from __future__ import annotations

import zipfile
import zlib

from .making import (
    BOOK,
    PROJECT,
    RELS,
    ROOT_RELS,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    Kind,
    Parts,
    book,
    parts,
    raw_zip,
    saying,
    sheet,
    with_part,
    without,
    zipped,
)

REFUSED = "坏.xlsx"
_BOMB = b"<worksheet/>" + bytes(48 << 20)
_ESSENTIAL = (TYPES, ROOT_RELS, BOOK)
_SECOND = sheet({"A1": "别的内容"})


def bad(name: str, data, *says: str, **more) -> Kind:
    """A file that must be refused, by name, with these words; the sound one beside it is read."""
    return Kind(name, {REFUSED: data}, (REFUSED, *says), **more)


def fine(name: str, data, *says: str) -> Kind:
    """A file that is odd and sound: it must be read."""
    return Kind(name, {"怪.xlsx": data}, (PROJECT, *says), (0,), reads=True)


def _doctype(data: bytes, before: bytes = b"") -> bytes:
    head, mark, rest = data.rpartition(b"?>")[0:3] if data.count(b"?>") == 1 else data.partition(b"?>")
    return head + mark + before + b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + rest


def _utf16(data: bytes, encoding: str) -> bytes:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[encoding]
    return mark + data.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode(encoding)


def _stream_broken(part: str) -> bytes:
    data = parts()[part]
    squeezer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = bytearray(squeezer.compress(data) + squeezer.flush())
    packed[len(packed) // 2 : len(packed) // 2 + 8] = b"\xff" * 8
    return saying(part, packed=bytes(packed))


def _overlapping() -> bytes:
    entries: list[tuple[str, bytes, dict]] = [(name, data, {}) for name, data in parts().items()]
    return raw_zip([*entries, *((f"xl/media/{n}.bin", parts()[TYPES], {"offset": 0}) for n in range(40))])


def _listed_often() -> bytes:
    found = parts()
    one = b'<sheet name="\xe8\xa1\xa81" sheetId="1" r:id="rId1"/>'
    many = b"".join(one.replace(b"\xe8\xa1\xa81", b"s%d" % n) for n in range(40))
    return zipped(found | {BOOK: found[BOOK].replace(one, many)})


def _twice() -> bytes:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return zipped([*parts().items(), (SHEET, b"<worksheet/>")])


def _renamed(change) -> Parts:
    return {change(name): data for name, data in parts().items()}


def _prefixed(data: bytes) -> bytes:
    data = data.replace(b"<worksheet xmlns=", b"<x:worksheet xmlns:x=").replace(b"</worksheet>", b"</x:worksheet>")
    for tag in (b"sheetData", b"row", b"c", b"v", b"is", b"t"):
        data = data.replace(b"<" + tag + b">", b"<x:" + tag + b">").replace(b"<" + tag + b" ", b"<x:" + tag + b" ")
        data = data.replace(b"</" + tag + b">", b"</x:" + tag + b">")
    return data


PACKAGES = [
    bad("empty", b"", "空的"),
    bad("two bytes", b"PK", "不完整"),
    bad("an end and nothing else", b"PK\x05\x06" + bytes(18), "不是 Excel"),
    *(bad(f"cut after {n} of 8", lambda n=n: book()[: len(book()) * n // 8], "不完整") for n in range(1, 8)),
    bad("a directory that points past the end", lambda: saying(SHEET, offset=1 << 30), "不完整|已损坏|重叠"),
    bad("bzip2", lambda: zipped(parts(), zipfile.ZIP_BZIP2), "BZIP2"),
    bad("lzma", lambda: zipped(parts(), zipfile.ZIP_LZMA), "LZMA"),
    bad("method 99", lambda: saying(SHEET, method=99), "压缩方式"),
    fine("stored", lambda: zipped(parts(), zipfile.ZIP_STORED)),
    bad("bomb that says so", lambda: with_part(SHEET, _BOMB), "压缩炸弹"),
    bad("bomb that says it is small", lambda: with_bomb(2_000), "已损坏"),
    bad("bomb that says it is not much", lambda: with_bomb(3 << 20), "已损坏"),
    bad("size said too small", lambda: saying(SHEET, size=100), "已损坏", SHEET),
    bad("size said too large", lambda: saying(SHEET, size=9_999), "已损坏", SHEET),
    bad("stored, size said too large", lambda: saying(SHEET, method=0, size=99_999), "已损坏", SHEET),
    bad("packed size past the end", lambda: saying("xl/worksheets/sheet1.xml", packed_size=1 << 28), "已损坏|重叠"),
    bad("checksum wrong in a sheet", lambda: saying(SHEET, crc=1), "已损坏", SHEET),
    bad("no local header", lambda: saying(SHEET, mark=b"XXXX"), "已损坏", SHEET),
    bad("password", lambda: saying(SHEET, flags=0x801), "密码"),
    *(bad(f"stream broken in {part}", lambda part=part: _stream_broken(part), part) for part in (SHEET, STYLES, BOOK)),
    *(bad(f"without {part}", lambda part=part: without(part), "部件|工作簿") for part in _ESSENTIAL),
    bad("without the sheet's part", lambda: without(SHEET), f"缺少部件 {SHEET}"),
    bad("without any relation to a sheet", lambda: with_part(RELS, b"<Relationships/>"), "没有可读的工作表"),
    bad("a part twice", _twice, "重复出现"),
    bad("a part twice in other case", lambda: zipped(parts() | {SHEET.upper(): b"<a/>"}), "重复出现"),
    bad("a part twice, once with a backslash", lambda: zipped(parts() | {SHEET.replace("/", "\\"): b"<a/>"}), "重复"),
    bad("one part listed forty times", _overlapping, "重叠"),
    bad("one sheet listed forty times", _listed_often, "列了几次"),
    bad("a name outside", lambda: zipped(parts() | {"../x.xml": b"<a/>"}), "指向文件之外"),
    bad("a name outside, with backslashes", lambda: zipped(parts() | {"xl\\..\\..\\x.xml": b"<a/>"}), "指向文件之外"),
    bad("an absolute name", lambda: zipped(parts() | {"/x.xml": b"<a/>"}), "指向文件之外"),
    bad("very long name", lambda: zipped(parts() | {"../" + "长" * 9_000: b"<a/>"}), "指向文件之外"),
    bad("forty thousand parts", lambda: raw_zip([(str(n), b"", {}) for n in range(40_000)]), "超过上限"),
    fine("backslashes in names", lambda: zipped(_renamed(lambda name: name.replace("/", "\\")))),
    fine("names in upper case", lambda: zipped(_renamed(str.upper))),
    bad("a script before the package", lambda: b"#!/bin/sh\n" + book(), "不是 Excel"),
    fine("something behind the package", lambda: book()[:-2] + b"\x09\0" + b"something"),
    bad("html", b"<html><body><table/></body></html>", "没有申报表"),
    bad("old xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999), ".xls"),
    bad("text", "项目名称,甲\n".encode("gb18030"), "没有申报表"),
    bad("binary workbook", lambda: with_part(ROOT_RELS, parts()[ROOT_RELS].replace(b"book.xml", b"book.bin")), ".xlsb"),
    bad("document", lambda: with_part(TYPES, parts()[TYPES].replace(b"spreadsheetml", b"wordprocessingml")), "不是 Excel"),
    bad("picture in the sheet's place", lambda: with_part(SHEET, b"\x89PNG\r\n\x1a\n" + bytes(99)), SHEET),
]  # fmt: skip


def with_bomb(size: int) -> bytes:
    """A sheet of 48 MB whose directory entry says another size."""
    return raw_zip([(n, _BOMB if n == SHEET else d, {"size": size} if n == SHEET else {}) for n, d in parts().items()])


_REMARK = b"<!--" + b"x" * 100_000 + b"-->"
XML = [
    *(
        bad(f"doctype in {part}", lambda part=part: with_part(part, _doctype), "文档类型声明", part)
        for part in (TYPES, ROOT_RELS, RELS, BOOK, SHEET, STYLES, STRINGS, "docProps/core.xml", "docProps/app.xml")
    ),
    bad("doctype in a part nobody reads", lambda: with_part("xl/theme/theme1.xml", b"<!DOCTYPE a><a/>"), "文档类型声明"),
    bad("doctype behind a comment", lambda: with_part(SHEET, lambda d: _doctype(d, b"<!-- x -->")), "文档类型声明"),
    bad("doctype behind an instruction", lambda: with_part(SHEET, lambda d: _doctype(d, b"<?x y?>")), "文档类型声明"),
    bad("doctype behind 100 kB", lambda: with_part(SHEET, lambda d: _doctype(d, _REMARK)), "文档类型声明"),
    bad("doctype behind blanks", lambda: with_part(SHEET, lambda d: _doctype(d, b"\n" * 50_000)), "文档类型声明"),
    *(
        bad(f"doctype in {encoding}", lambda e=encoding: with_part(SHEET, lambda d: _utf16(_doctype(d), e)), "文档类型")
        for encoding in ("utf-16-le", "utf-16-be")
    ),
    bad("doctype in utf-16 docProps", lambda: with_part("docProps/core.xml", lambda d: _utf16(_doctype(d), "utf-16-le")), "文档类型"),
    bad("comment of 2 MB before the root", lambda: with_part("docProps/app.xml", b"<!--" + b"x" * 2_000_000 + b"--><a/>"), "docProps/app.xml"),
    bad("entities nested", lambda: with_part(SHEET, lambda d: d.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>', 1)), "文档类型"),
    bad("an entity nobody declared", lambda: with_part(SHEET, lambda d: d.replace("某局".encode(), b"&unknown;")), "不是完好的 XML", SHEET),
    *(bad(f"{part} cut", lambda part=part: with_part(part, lambda d: d[: len(d) // 2]), "不是完好的 XML", part) for part in (TYPES, BOOK, RELS, STYLES, SHEET)),
    bad("sheet that ends in the middle of a tag", lambda: with_part(SHEET, lambda d: d[:-3]), "不是完好的 XML", SHEET),
    bad("sheet with a wrong byte", lambda: with_part(SHEET, lambda d: d.replace("某局".encode(), b"\xff\xfe\xff")), "不是完好的 XML", SHEET),
    bad("sheet with a NUL", lambda: with_part(SHEET, lambda d: d.replace("某局".encode(), b"a\0b")), "不是完好的 XML", SHEET),
    bad("unknown encoding", lambda: with_part(SHEET, lambda d: d.replace(b"UTF-8", b"x-martian")), "不是完好的 XML", SHEET),
    bad("nested a thousand times", lambda: with_part(SHEET, b"<a>" * 1000 + b"</a>" * 1000), "不是完好的 XML", SHEET),
    bad("a million empty tags", lambda: with_part(SHEET, b"<worksheet>" + b"<a/>" * 1_000_000 + b"</worksheet>"), "太多|压缩炸弹|不是完好", SHEET),
    bad("a million attributes", lambda: with_part(STYLES, b"<styleSheet>" + b"".join(b'<a b%d=""/>' % n for n in range(700_000)) + b"</styleSheet>"), "太多|压缩炸弹", STYLES),
    bad("attribute of 12 MB", lambda: with_part(SHEET, b'<worksheet a="' + b"ab" * 6_000_000 + b'"/>'), "压缩炸弹|不是完好", SHEET),
    bad("no root", lambda: with_part(SHEET, b""), SHEET),
    fine("utf-16", lambda: with_part(SHEET, lambda d: _utf16(d, "utf-16-le"))),
    fine("utf-16, the other way round", lambda: with_part(SHEET, lambda d: _utf16(d, "utf-16-be"))),
    fine("comments before the root", lambda: with_part(SHEET, lambda d: d.replace(b"?>", b"?><!-- <!DOCTYPE x> -->", 1))),
    fine("elements with a prefix", lambda: with_part(SHEET, _prefixed)),
    fine("no styles", lambda: zipped({n: d for n, d in (parts() | {RELS: parts()[RELS].replace(b"styles.xml", b"none.xml")}).items() if n != STYLES})),
    fine("no shared strings, none needed", lambda: without(STRINGS)),
    Kind("no shared strings, one needed", {"缺表.xlsx": lambda: zipped({n: d for n, d in parts({"B4": '<c r="B4" t="s"><v>0</v></c>'}).items() if n != STRINGS})}, ("缺表.xlsx", "B4", "共享文字"), (0,), reads=True),
    Kind("broken shared strings, one needed", {"缺表.xlsx": lambda: zipped(parts({"B4": '<c r="B4" t="s"><v>0</v></c>'}) | {STRINGS: b"<sst"})}, ("缺表.xlsx", "B4", "共享文字"), (0,), reads=True),
    Kind("one sheet of two is cut", {"两张.xlsx": lambda: zipped(parts(None, _SECOND) | {"xl/worksheets/sheet2.xml": _SECOND[:200]})}, (PROJECT, "两张.xlsx", "表2", "sheet2.xml"), (1,), reads=True),
    Kind("one sheet of two is missing", {"两张.xlsx": lambda: zipped({n: d for n, d in parts(None, _SECOND).items() if "sheet2" not in n})}, (PROJECT, "两张.xlsx", "表2", "sheet2.xml"), (1,), reads=True),
    Kind("one sheet of two has a bad row", {"两张.xlsx": lambda: book(None, sheet({}, rows='<row r="x"/>'))}, (PROJECT, "两张.xlsx", "表2", "行号"), (1,), reads=True),
]  # fmt: skip
