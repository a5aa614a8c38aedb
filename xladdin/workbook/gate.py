"""The gate: a received workbook is hostile until it has passed here."""

from __future__ import annotations

import codecs
import re
import stat
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from .. import files
from ..errors import BrokenPart, Place, RefusedFile
from .listing import Member, TooMany, Unlisted, members

MAX_FILE = 64 << 20
MAX_PART = 128 << 20
MAX_TOTAL = 256 << 20
MAX_PARTS = 30_000
MAX_RATIO = 400
MAX_MARKS = 1_000_000  # tags and attributes of one part that are held at once
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
_STORED, _DEFLATED = 0, 8
_METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 12: "BZIP2", 14: "LZMA", 93: "Zstandard", 95: "XZ"}
_NAMES = struct.Struct("<HH")  # in a local header: how long its name and its extra field are
_LOCAL = b"PK\x03\x04"
_NAMES_AT, _HEADER = 26, 30
_MAX_KNOWN, _MAX_KNOWN_SIZE = 128, 256 << 10
_FIRST, _PACKED = 256, 1024  # bytes of a part in which its root begins, and of those as they are packed
_AT_ONCE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml [^<>]*\?>\s*)?<[A-Za-z]")  # the root, as nearly always
_XML = (".xml", ".rels", ".vml")
_MAX_PROLOG = 1 << 20
_known: dict[tuple, Any] = {}


class _Broken(Exception):
    """The compressed bytes of a part are not what the directory says of them."""


class NotInOrder(Exception):
    """A part that can only be read as a whole. No program is known to write one."""


class Package:
    """The parts of one workbook, or document, checked. Raises RefusedFile naming the file and the reason.

    needed: the part that a package of its kind always has.
    """

    def __init__(self, source: Path | bytes, name: str | None = None, needed: str = CONTENT_TYPES):
        self.name = name or (source.name if isinstance(source, Path) else "工作簿")
        self.data = source if isinstance(source, bytes) else read_bytes(source, self.name)
        self._check_signature()
        try:
            infos = members(self.data, 2 * MAX_PARTS)
        except TooMany:
            raise self._refuse(f"文件里的部件超过上限 {MAX_PARTS} 个", "请确认文件来源") from None
        except Unlisted:
            raise self._refuse("文件不完整或已损坏", "请重新拷贝或请对方重发") from None
        self._infos: dict[str, Member] = {}
        self._names: dict[str, str] = {}  # in lower case → as it is written
        self._check_members(infos)
        if needed not in self:
            raise self._refuse("这个压缩包不是 Excel 工作簿", "请选择 .xlsx 或 .xlsm 文件")
        for name in self._infos:
            if name.lower().endswith(_XML) and self._declares(self._infos[name]):
                raise self._doctype(name)

    def names(self) -> list[str]:
        """Part names in the order of the package, parted by /."""
        return list(self._infos)

    def __contains__(self, part: str | None) -> bool:
        return part is not None and part.casefold() in self._names

    def written(self, part: str) -> str:
        """A part's name as the package writes it; one that is not there as it was asked for."""
        return self._names.get(part.casefold(), part)

    def info(self, part: str) -> Member:
        """The directory entry of a part, whatever the case its name is asked for in. Raises KeyError."""
        return self._infos[self._names[part.casefold()]]

    def read(self, part: str) -> bytes:
        """The bytes of a part. Raises RefusedFile when it is absent or damaged."""
        return b"".join(self.pieces(part))

    def pieces(self, part: str) -> Iterator[bytes]:
        """The bytes of a part a piece at a time, never more of them than the directory says. Raises as read does."""
        if part not in self:
            raise self._refuse(f"缺少部件 {part}", "请用 Excel 或 WPS 打开并另存一次", part)
        try:
            yield from self._unpacked(self.info(part))
        except (_Broken, zlib.error):
            raise self._refuse(f"部件 {part} 已损坏", "请重新拷贝或请对方重发", part) from None

    def stored(self, info: Member) -> memoryview:
        """A part's bytes as they lie in the file, compressed. Raises zlib.error where they do not."""
        at = info.header_offset
        if at < 0 or not self.data.startswith(_LOCAL, at) or at + _HEADER > len(self.data):
            raise zlib.error
        start = at + _HEADER + sum(_NAMES.unpack_from(self.data, at + _NAMES_AT))
        if start + info.compress_size > len(self.data):
            raise zlib.error
        return memoryview(self.data)[start : start + info.compress_size]

    def _unpacked(self, info: Member, most: int = 1 << 20) -> Iterator[bytes]:
        """most: of a piece."""
        packed = self.stored(info)
        left, crc = info.file_size, 0
        pieces = _inflated(packed, most)
        if info.compress_type == _STORED:
            pieces = (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
        for piece in pieces:
            left -= len(piece)
            if left < 0:
                raise _Broken
            crc = zlib.crc32(piece, crc)
            yield piece
        if left or crc != info.CRC:
            raise _Broken

    def _declares(self, info: Member) -> bool:
        """Whether a document type stands before the root of a part, however much stands before it."""
        text, reader = "", None
        try:
            if _begins_at_once(bytes(self.stored(info)[:_PACKED]), info.compress_type):
                return False
            for piece in self._unpacked(info, _HEAD):
                reader = reader or codecs.getincrementaldecoder(_encoding(piece))("replace")
                text = _after_remarks((text + reader.decode(piece)).lstrip("\ufeff"))
                if len(text) > 9 and not text.startswith(("<?", "<!-")):
                    return text.startswith("<!DOCTYPE")
                if len(text) > _MAX_PROLOG:
                    return True  # a remark of that length hides something
        except (_Broken, zlib.error):
            return False  # told when the part is asked for
        return text.startswith("<!DOCTYPE")

    def derived(self, part: str, make: Callable[..., Any], *args: str) -> Any:
        """make(root of the part, *args), kept for the next workbook that holds the same part byte for byte.

        Thousands of workbooks come from a handful of templates. What it gives must not be changed.
        """
        return self.kept(part, lambda: make(self.xml(part), *args), make, *args)

    def kept(self, part: str, make: Callable[[], Any], *told: Any) -> Any:
        """What make() makes of the bytes of a part and nothing else, kept likewise. told: what it makes, and how."""
        info = self.info(part) if part in self else None
        if info is None or max(info.compress_size, info.file_size) > _MAX_KNOWN_SIZE:
            return make()
        try:
            key = (told, info.CRC, info.compress_type, info.file_size, bytes(self.stored(info)))
        except zlib.error:
            return make()  # says that it is damaged
        try:
            return _known[key]
        except KeyError:
            found = make()
        if len(_known) >= _MAX_KNOWN:
            _known.clear()
        _known[key] = found
        return found

    def xml(self, part: str, most: int = MAX_MARKS) -> etree._Element:
        """The root of an XML part; document types and entities are refused. most: tags and attributes."""
        return self.parsed(self.read(part), part, most)

    def parsed(self, data: bytes, part: str, most: int = MAX_MARKS) -> etree._Element:
        """The root of what was read of an XML part. Raises as xml does."""
        if data.count(b"<") + data.count(b"=") > most:
            raise self._refuse(f"部件 {part} 的内容太多", "请删去多余内容后另存", part)
        try:
            root = tree(data)
        except (etree.XMLSyntaxError, ValueError, LookupError):
            raise self._malformed(part) from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise self._doctype(part)
        return root

    def elements(self, part: str, parent: str, name: str) -> Elements:
        """The elements of that name in that parent, each gone when the next is asked for.

        The tree of a large part takes gigabytes. Raises what xml does.
        """
        return Elements(self, part, parent, name)

    def _malformed(self, part: str) -> RefusedFile:
        return self._refuse(f"部件 {part} 不是完好的 XML", "请用 Excel 或 WPS 打开并另存一次", part)

    def _doctype(self, part: str) -> RefusedFile:
        return self._refuse(f"部件 {part} 含有文档类型声明，可能是恶意文件", "请不要使用这个文件")

    def _refuse(self, what: str, advice: str, part: str | None = None) -> RefusedFile:
        """part: the one that is broken, where the others may be sound."""
        where = Place(file=self.name)
        return BrokenPart(what, where, advice) if part else RefusedFile(what, where, advice)

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

    def _check_members(self, infos: list[Member]) -> None:
        if len(infos) > MAX_PARTS:
            raise self._refuse(f"文件含 {len(infos)} 个部件，超过上限 {MAX_PARTS}", "请确认文件来源")
        total = 0
        places = []  # where each begins, and its end at the earliest
        for info in infos:
            written, flags, method, _, packed, size, at = info
            name = written.replace("\\", "/")  # some programs write names as Windows does
            shown = name if len(name) < 80 else name[:80] + "…"
            folded = name.casefold()
            if folded in self._names:
                raise self._refuse(f"部件 {shown} 重复出现，可能是恶意文件", "请不要使用这个文件")
            if name.startswith("/") or "/../" in f"/{name}/":
                raise self._refuse(f"部件名 {shown} 指向文件之外，可能是恶意文件", "请不要使用这个文件")
            if flags & 1:
                raise self._refuse("文件设有打开密码", "请去掉密码后另存")
            if method not in (_STORED, _DEFLATED):
                called = _METHODS.get(method, method)
                raise self._refuse(
                    f"部件 {shown} 用了 Excel 不用的压缩方式 {called}", "请用 Excel 或 WPS 打开并另存一次"
                )
            total += size
            if size > MAX_PART or total > MAX_TOTAL:
                raise self._refuse(
                    f"解压后超过 {MAX_TOTAL >> 20} MB（部件上限 {MAX_PART >> 20} MB）", "请删去多余内容后另存"
                )
            if size > SMALL and size > MAX_RATIO * max(packed, 1):
                raise self._refuse(f"部件 {shown} 的压缩比超过 {MAX_RATIO} 倍，可能是压缩炸弹", "请不要使用这个文件")
            self._names[folded] = name
            self._infos[name] = info
            places.append((at, at + _HEADER + packed, written))
        places.sort()
        for (_, end, one), (start, _, other) in pairwise(places):
            if end > start:
                raise self._refuse(f"部件 {one} 与 {other} 重叠，可能是恶意文件", "请不要使用这个文件")


def tree(data: bytes) -> etree._Element:
    """The root of an XML text, nothing of it fetched or replaced. Raises XMLSyntaxError, ValueError, LookupError."""
    return etree.fromstring(data, etree.XMLParser(**_PARSER_OPTIONS))


@lru_cache(maxsize=512)
def _begins_at_once(packed: bytes, method: int) -> bool:
    """Whether a part that begins so has its root before anything else. Raises zlib.error."""
    first = packed if method == _STORED else zlib.decompressobj(-15).decompress(packed, _FIRST)
    return _AT_ONCE.match(first[:_FIRST]) is not None


class Elements:
    """The elements of one name in a part, streamed; afterwards `root` is what stood around them."""

    def __init__(self, package: Package, part: str, parent: str, name: str):
        self._package, self._part, self._parent, self._name = package, part, parent, name
        self.root: etree._Element | None = None

    def __iter__(self) -> Iterator[etree._Element]:
        package, part = self._package, self._part
        parser = etree.XMLPullParser(("end",), tag=f"{{*}}{self._name}", **_PARSER_OPTIONS)
        marks, checked = 0, False
        try:
            for chunk in package.pieces(part):
                marks += chunk.count(b"<") + chunk.count(b"=")
                if marks > MAX_MARKS:
                    raise package._refuse(f"部件 {part} 的内容太多", "请删去多余内容后另存", part)
                parser.feed(chunk)
                for _, node in parser.read_events():
                    above = node.getparent()
                    if above is None or above.tag.rpartition("}")[2] != self._parent:
                        continue  # the anchor of a drawing has a row, too
                    if not checked:
                        checked = True
                        self._check(node.getroottree())
                    yield node
                    node.clear()
                    while above[0] is not node:
                        del above[0]
                    marks = 0
            self.root = parser.close()
        except (etree.XMLSyntaxError, ValueError, LookupError):
            raise package._malformed(part) from None
        self._check(self.root.getroottree())

    def _check(self, tree: etree._ElementTree) -> None:
        if tree.docinfo.internalDTD is not None:
            raise self._package._doctype(self._part)


def _inflated(packed: memoryview, most: int) -> Iterator[bytes]:
    squeezer = zlib.decompressobj(-15)
    for at in range(0, len(packed), _CHUNK):
        piece = squeezer.decompress(packed[at : at + _CHUNK], most)
        while piece:
            yield piece
            piece = squeezer.decompress(squeezer.unconsumed_tail, most)
    if not squeezer.eof:
        raise _Broken


def _encoding(head: bytes) -> str:
    """How the first bytes of an XML part are to be read, as far as its ASCII goes."""
    if head.startswith((b"\xfe\xff", b"\0<")):
        return "utf-16-be"
    if head.startswith((b"\xff\xfe", b"<\0")):
        return "utf-16-le"
    return "utf-8"


def _after_remarks(text: str) -> str:
    """What stands behind the blanks, comments and instructions at the beginning of an XML text."""
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        closing = "?>" if text.startswith("<?", at) else "-->" if text.startswith("<!--", at) else ""
        end = text.find(closing, at) if closing else -1
        if end < 0:
            return text[at:]
        at = end + len(closing)


def holds(data: bytes, part: str) -> bool:
    """Whether bytes are a package with that part: the package itself, not one packed into it."""
    if data[:2] != b"PK" or part.encode() not in data:
        return False
    try:
        return any(info.filename == part for info in members(data, 2 * MAX_PARTS))
    except Unlisted:
        return False


def read_bytes(path: Path, name: str) -> bytes:
    """The content of a file, `name` in messages. Raises RefusedFile."""

    def refuse(what: str, advice: str) -> RefusedFile:
        return RefusedFile(what, Place(file=name), advice)

    try:
        seen = path.stat()
        if stat.S_ISDIR(seen.st_mode):
            raise refuse("这是一个文件夹", "请选择其中的 .xlsx 文件")
        if not stat.S_ISREG(seen.st_mode):
            raise refuse("这不是普通文件（是管道或设备）", "请选择 .xlsx 或 .xlsm 文件")
        size = seen.st_size
        if size > MAX_FILE:
            raise refuse(f"文件 {size >> 20} MB，超过上限 {MAX_FILE >> 20} MB", "请删去多余内容后另存")
        return files.read_bytes(path, MAX_FILE)
    except (FileNotFoundError, NotADirectoryError):
        raise RefusedFile("找不到这个文件", Place(file=str(path)), "请检查路径和文件名") from None
    except PermissionError:
        raise refuse("没有权限读取，或被其他程序独占打开", "请关闭占用它的程序后重试") from None
    except OSError as error:
        raise refuse(f"读取失败（{error.strerror}）", "请检查磁盘或网络后重试") from None
