"""Pictures laid over cells of a sheet, and the one way a picture is written: PNG."""

from __future__ import annotations

import posixpath
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from .grid import Spot
from .parts import relations_of

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_ART = "http://schemas.openxmlformats.org/drawingml/2006/main"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
_EMU = 9525  # to a pixel
_BEHIND = frozenset({
    "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with its top left corner in a cell. width, height: as it is shown, in pixels."""

    spot: Spot
    png: bytes
    width: int
    height: int


def png_of(width: int, height: int, rows: Sequence[bytes]) -> bytes:
    """A picture of rows of grey, a byte a pixel."""
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def draw(book: Any, part: str, sheet: etree._Element, pictures: Sequence[Picture]) -> None:
    """Lay pictures over a sheet. book: the workbook in the making (appending)."""
    drawing, listing = _drawing(book, part, sheet)
    taken = max((int(node.get("id", 0)) for node in listing.iter(f"{{{_DRAWING}}}cNvPr")), default=1)
    book.announce_all("png", "image/png")
    for number, picture in enumerate(pictures, taken + 1):
        media = book.free(posixpath.dirname(book.part) + "/media/spot{}.png")
        book.made[media] = picture.png
        listing.append(_anchor(picture, number, book.relate(drawing, "image", "/" + media)))


def _drawing(book: Any, part: str, sheet: etree._Element) -> tuple[str, etree._Element]:
    """The drawing of a sheet, made when it has none."""
    node = sheet.find("{*}drawing")
    if node is not None:
        found = relations_of(book.package, part).get(node.get(f"{{{_OFFICE}}}id"))
        if found:
            return found[1], book.xml(found[1])
    drawing = book.free(posixpath.dirname(book.part) + "/drawings/drawing{}.xml")
    book.roots[drawing] = etree.Element(f"{{{_DRAWING}}}wsDr", nsmap={"xdr": _DRAWING, "a": _ART})
    book.announce(drawing, _DRAWING_TYPE)
    node = etree.Element(sheet.tag.rpartition("}")[0] + "}drawing")
    node.set(f"{{{_OFFICE}}}id", book.relate(part, "drawing", "/" + drawing))
    later = next((each for each in sheet if isinstance(each.tag, str) and etree.QName(each).localname in _BEHIND), None)
    if later is None:
        sheet.append(node)
    else:
        later.addprevious(node)
    return drawing, book.roots[drawing]


def _anchor(picture: Picture, number: int, relation: str) -> etree._Element:
    row, column = picture.spot
    width, height = picture.width * _EMU, picture.height * _EMU
    return etree.fromstring(
        f'<xdr:oneCellAnchor xmlns:xdr="{_DRAWING}" xmlns:a="{_ART}" xmlns:r="{_OFFICE}"><xdr:from>'
        f"<xdr:col>{column - 1}</xdr:col><xdr:colOff>{4 * _EMU}</xdr:colOff><xdr:row>{row - 1}</xdr:row>"
        f'<xdr:rowOff>{20 * _EMU}</xdr:rowOff></xdr:from><xdr:ext cx="{width}" cy="{height}"/><xdr:pic><xdr:nvPicPr>'
        f'<xdr:cNvPr id="{number}" name="原件{number}"/><xdr:cNvPicPr><a:picLocks noChangeAspect="1"/></xdr:cNvPicPr>'
        f'</xdr:nvPicPr><xdr:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
        f'<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>'
    )
