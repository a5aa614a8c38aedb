"""The gate: a received workbook is hostile until it has passed here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree

from ..errors import Place, RefusedFile

MAX_FILE = 64 << 20
MAX_PART = 256 << 20
MAX_TOTAL = 512 << 20
MAX_PARTS = 30_000
MAX_RATIO = 400
SMALL = 4 << 20  # a part below this is harmless whatever its ratio

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PARSER_OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_pis": False,
}

CONTENT_TYPES = "[Content_Types].xml"

_CHUNK, _HEAD = 1 << 16, 1 << 12
# what a damaged part, or one that is no XML, is met with
_BROKEN = (etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError)
_NAMES = struct.Struct("<HH")  # in a local header: how long its name and its extra field are
_NAMES_AT, _HEADER = 26, 30
_MAX_KNOWN, _MAX_KNOWN_SIZE = 128, 256 << 10
_known: dict[tuple, Any] = {}


class NotInOrder(Exception):
    """A part that can only be read as a whole. No program is known to write one."""


class Package:
    """The parts of one workbook, checked. Raises RefusedFile naming the file and the reason."""

    def __init__(self, source: Path | bytes, name: str | None = None):
        self.name = name or (source.name if isinstance(source, Path) else "工作簿")
        self.data = source if isinstance(source, bytes) else read_bytes(source, self.name)
        self._check_signature()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(self.data))
            self._infos = {info.filename: info for info in self._check_members(self._zip.infolist())}
        except (zipfile.BadZipFile, EOFError, NotImplementedError, UnicodeDecodeError, ValueError):
            raise self._refuse("文件不完整或已损坏", "请重新拷贝或请对方重发") from None
        if CONTENT_TYPES not in self._infos:
            raise self._refuse("这个压缩包不是 Excel 工作簿", "请选择 .xlsx 或 .xlsm 文件")

    def names(self) -> list[str]:
        """Part names in the order of the package."""
        return list(self._infos)

    def __contains__(self, part: str) -> bool:
        return part in self._infos

    def info(self, part: str) -> zipfile.ZipInfo:
        """The directory entry of a part."""
        return self._infos[part]

    def read(self, part: str) -> bytes:
        """The bytes of a part. Raises RefusedFile when it is absent or damaged."""
        try:
            return self._zip.read(self._infos[part])
        except KeyError:
            raise self._refuse(f"缺少部件 {part}", "请用 Excel 或 WPS 打开并另存一次") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
            raise self._refuse(f"部件 {part} 已损坏", "请重新拷贝或请对方重发") from None

    def derived(self, part: str, make: Callable[..., Any], *args: str) -> Any:
        """make(root of the part, *args), kept for the next workbook that holds the same part byte for byte.

        Thousands of workbooks come from a handful of templates. What it gives must not be changed.
        """
        info = self._infos.get(part)
        if info is None or max(info.compress_size, info.file_size) > _MAX_KNOWN_SIZE:
            return make(self.xml(part), *args)
        key = (make, args, info.CRC, info.compress_type, info.file_size, self._stored(info))
        try:
            return _known[key]
        except KeyError:
            found = make(self.xml(part), *args)
        if len(_known) >= _MAX_KNOWN:
            _known.clear()
        _known[key] = found
        return found

    def _stored(self, info: zipfile.ZipInfo) -> bytes:
        """A part as it lies in the file, its local header with it."""
        start = info.header_offset
        names = self.data[start + _NAMES_AT : start + _HEADER]
        length = sum(_NAMES.unpack(names)) if len(names) == _NAMES.size else 0
        return self.data[start : start + _HEADER + length + info.compress_size]

    def xml(self, part: str) -> etree._Element:
        """The root of an XML part; document types and entities are refused."""
        data = self.read(part)
        head = data[:_HEAD].replace(b"\0", b"")
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise self._refuse(f"部件 {part} 含有文档类型声明，可能是恶意文件", "请不要使用这个文件")
        try:
            return etree.fromstring(data, etree.XMLParser(**_PARSER_OPTIONS))
        except etree.XMLSyntaxError:
            raise self._refuse(f"部件 {part} 不是完好的 XML", "请用 Excel 或 WPS 打开并另存一次") from None

    def elements(self, part: str, parent: str, name: str) -> Iterator[etree._Element]:
        """The elements of that name in that parent, each gone when the next is asked for.

        The tree of a large part takes gigabytes. Raises what xml does, and NotInOrder.
        """
        parser = etree.XMLPullParser(("end",), tag=f"{{*}}{name}", **_PARSER_OPTIONS)
        try:
            with self._zip.open(self._infos[part]) as stream:
                chunk = stream.read(_CHUNK)
                if b"<!" in chunk[:_HEAD].replace(b"\0", b""):
                    self.xml(part)  # refuses a document type
                while chunk:
                    parser.feed(chunk)
                    for _, node in parser.read_events():
                        above = node.getparent()
                        if above is None or above.tag.rpartition("}")[2] != parent:
                            continue  # the anchor of a drawing has a row, too
                        yield node
                        node.clear()
                        while above[0] is not node:
                            del above[0]
                    chunk = stream.read(_CHUNK)
                parser.close()
        except _BROKEN:
            self.xml(part)
            raise NotInOrder from None  # sound as a whole, so let it be read as one

    def _refuse(self, what: str, advice: str) -> RefusedFile:
        return RefusedFile(what, Place(file=self.name), advice)

    def _check_signature(self) -> None:
        head = self.data[:8]
        if self.name.startswith("~$"):
            raise self._refuse("这是 Excel 打开文件时留下的锁文件，不是工作簿", "请选择不带 ~$ 的同名文件")
        if not self.data:
            raise self._refuse("文件是空的", "请重新拷贝或请对方重发")
        if head == _OLE and _ENCRYPTED in self.data:
            raise self._refuse("文件设有打开密码", "请在 Excel 中去掉密码后另存")
        if head == _OLE:
            raise self._refuse("这是旧版 .xls 格式", "请在 Excel 或 WPS 中另存为 .xlsx")
        if head.lstrip()[:1] == b"<":
            raise self._refuse("这是网页或 XML 文件，只是改了扩展名", "请在 Excel 或 WPS 中打开后另存为 .xlsx")
        if head[:2] != b"PK":
            raise self._refuse("这不是 Excel 工作簿（.xlsx）", "请选择 .xlsx 或 .xlsm 文件")

    def _check_members(self, infos: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
        if len(infos) > MAX_PARTS:
            raise self._refuse(f"文件含 {len(infos)} 个部件，超过上限 {MAX_PARTS}", "请确认文件来源")
        seen: set[str] = set()
        total = 0
        for info in infos:
            name = info.filename
            if name.casefold() in seen:
                raise self._refuse(f"部件 {name} 重复出现，可能是恶意文件", "请不要使用这个文件")
            seen.add(name.casefold())
            if name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts:
                raise self._refuse(f"部件名 {name} 指向文件之外，可能是恶意文件", "请不要使用这个文件")
            if info.flag_bits & 1:
                raise self._refuse("文件设有打开密码", "请去掉密码后另存")
            total += info.file_size
            if info.file_size > MAX_PART or total > MAX_TOTAL:
                raise self._refuse(
                    f"解压后超过 {MAX_TOTAL >> 20} MB（部件上限 {MAX_PART >> 20} MB）", "请删去多余内容后另存"
                )
            if info.file_size > SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
                raise self._refuse(f"部件 {name} 的压缩比超过 {MAX_RATIO} 倍，可能是压缩炸弹", "请不要使用这个文件")
        return infos


def read_bytes(path: Path, name: str) -> bytes:
    """The content of a file, `name` in messages. Raises RefusedFile."""

    def refuse(what: str, advice: str) -> RefusedFile:
        return RefusedFile(what, Place(file=name), advice)

    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise refuse(f"文件 {size >> 20} MB，超过上限 {MAX_FILE >> 20} MB", "请删去多余内容后另存")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise RefusedFile("找不到这个文件", Place(file=str(path)), "请检查路径和文件名") from None
    except IsADirectoryError:
        raise refuse("这是一个文件夹", "请选择其中的 .xlsx 文件") from None
    except PermissionError:
        raise refuse("没有权限读取，或被其他程序独占打开", "请关闭占用它的程序后重试") from None
    except OSError as error:
        raise refuse(f"读取失败（{error.strerror}）", "请检查磁盘或网络后重试") from None
