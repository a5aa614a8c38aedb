"""What the gate refuses, by name, and that each refusal says why and what to do."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.package_checks import members
from xladdin import XladdinError, from_dict, read
from xladdin.errors import RefusedFile
from xladdin.form.filling import fill

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCUMENT = {
    "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="word/document.xml"/></Relationships>',
    "word/document.xml": b"<w/>",
}
BINARY = {name.replace("word/document.xml", "xl/workbook.bin"): data for name, data in DOCUMENT.items()}
BINARY = {name: data.replace(b"word/document.xml", b"xl/workbook.bin") for name, data in BINARY.items()}


def good() -> dict[str, bytes]:
    """The parts of a workbook that is as it should be."""
    record = {"kind": "declaration", "form": "2024申报表", "year": 2024, "project": "甲"}
    return members(fill(from_dict(record)))


def zipped(parts, method=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, data in parts.items() if isinstance(parts, dict) else parts:
            package.writestr(name, data)
    return out.getvalue()


def with_part(name: str, change) -> bytes:
    parts = good()
    parts[name] = change(parts.get(name, b""))
    return zipped(parts)


def doctype(data: bytes) -> bytes:
    head, _, rest = data.partition(b"?>")
    return head + b'?><!DOCTYPE worksheet [<!ENTITY a "aaaa">]>' + rest


def truncated() -> bytes:
    data = zipped(good())
    return data[: len(data) * 2 // 3]


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return zipped([*good().items(), ("xl/worksheets/sheet1.xml", b"<worksheet/>")])


def locked() -> bytes:
    data = bytearray(zipped(good()))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


SHEET = "xl/worksheets/sheet1.xml"
REFUSED = {
    "old .xls": ("旧.xls", lambda: OLE + bytes(600), "旧版 .xls"),
    "old .xls renamed": ("旧.xlsx", lambda: OLE + bytes(600), "旧版 .xls"),
    "password": ("密.xlsx", lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "password of a member": ("密.xlsx", locked, "密码"),
    "xml": ("页.xlsx", lambda: b'<?xml version="1.0"?><Workbook/>', "网页或 XML"),
    "empty": ("空.xlsx", lambda: b"", "空的"),
    "truncated": ("断.xlsx", truncated, "不完整"),
    "only a beginning": ("断.xlsx", lambda: b"PK\x03\x04", "不完整"),
    "bomb": ("炸.xlsx", lambda: with_part(SHEET, lambda _: bytes(16 << 20)), "压缩炸弹"),
    "bomb in another part": ("炸.xlsx", lambda: with_part("xl/x.bin", lambda _: bytes(16 << 20)), "压缩炸弹"),
    "member twice": ("重.xlsx", twice, "重复出现"),
    "member twice in other case": ("重.xlsx", lambda: with_part(SHEET.upper(), lambda _: b"<a/>"), "重复出现"),
    "member outside": ("越.xlsx", lambda: with_part("../evil.xml", lambda _: b"<a/>"), "指向文件之外"),
    "member outside, deeper": ("越.xlsx", lambda: with_part("xl/../../evil.xml", lambda _: b"<a/>"), "指向文件之外"),
    "absolute member": ("越.xlsx", lambda: with_part("/etc/evil.xml", lambda _: b"<a/>"), "指向文件之外"),
    "doctype in a sheet": ("型.xlsx", lambda: with_part(SHEET, doctype), "文档类型声明"),
    "doctype in content types": ("型.xlsx", lambda: with_part("[Content_Types].xml", doctype), "文档类型声明"),
    "broken sheet": ("坏.xlsx", lambda: with_part(SHEET, lambda data: data[:200]), "不是完好的 XML"),
    "no sheet part": ("缺.xlsx", lambda: zipped({n: d for n, d in good().items() if n != SHEET}), f"缺少部件 {SHEET}"),
    "plain zip": ("包.xlsx", lambda: zipped({"a.txt": b"a"}), "不是 Excel 工作簿"),
    "binary workbook": ("二.xlsb", lambda: zipped(BINARY), ".xlsb"),
    "lock file": ("~$表.xlsx", lambda: zipped(good()), "锁文件"),
    "lock file as Excel makes it": ("~$表.xlsx", lambda: b"\x04user" + bytes(160), "锁文件"),
}


@pytest.mark.parametrize("name, make, reason", REFUSED.values(), ids=REFUSED)
def test_refused(name, make, reason, tmp_path):
    path = tmp_path / name
    path.write_bytes(make())
    with pytest.raises(RefusedFile) as caught:
        read(path)
    error = caught.value
    assert reason in error.what
    assert error.where.file == name
    assert error.advice
    assert name in str(error) and str(tmp_path) not in str(error)


def test_missing_file_and_directory(tmp_path):
    with pytest.raises(RefusedFile, match="找不到"):
        read(tmp_path / "没有.xlsx")
    (tmp_path / "夹.xlsx").mkdir()
    with pytest.raises(RefusedFile, match="文件夹"):
        read(tmp_path / "夹.xlsx")


def test_bytes_take_the_name_given():
    with pytest.raises(RefusedFile) as caught:
        read(b"", "收到的.xlsx")
    assert caught.value.where.file == "收到的.xlsx"


def test_every_damaged_byte_range_is_refused_or_read():
    """Bytes struck anywhere give a record or one of our errors, never another exception."""
    data = zipped(good())
    for at in range(0, len(data), 37):
        struck = data[:at] + bytes(b ^ 0x5A for b in data[at : at + 8]) + data[at + 8 :]
        try:
            read(struck, "损.xlsx")
        except XladdinError as error:
            assert "损.xlsx" in str(error)


def test_stored_members_are_read():
    assert read(zipped(good(), zipfile.ZIP_STORED))[0].project == "甲"
