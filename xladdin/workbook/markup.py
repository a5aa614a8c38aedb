"""The one writer of XML text and attributes, and the proof that what was written is XML.

Control characters stand in Excel's own _xHHHH_ notation; nothing is cut; what XML cannot hold at all is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import partial
from xml.parsers import expat

from ..errors import Place, Unwritable

MAX_TEXT = 32_767
_LITERAL_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile("[\x01-\x08\x0b-\x1f\x7f]")
_IMPOSSIBLE = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
_MARKUP = (".xml", ".rels", ".vml")


def escaped(text: str) -> str:
    """Text as XML content."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """Text as an attribute's value, with its quotes."""
    text = escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    return f'"{text}"'


def text_xml(text: str, place: Place) -> str:
    """Text as XML content. Raises Unwritable where Excel cannot keep it."""
    if len(text) > MAX_TEXT // 2 and len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
        raise Unwritable(f"文字有 {len(text)} 字，超过 Excel 单元格的上限 {MAX_TEXT}", place, "请删减或分到其他栏")
    return escaped(_held(text, place))


def attribute_xml(text: str, place: Place) -> str:
    """Text as an attribute's value, with its quotes. Raises Unwritable."""
    return quoted(_held(text, place))


def formula_xml(formula: str, place: Place) -> str:
    """A formula as XML content. Raises Unwritable.

    Of its text only control characters are rewritten: whoever reads them back otherwise compares, and finds unequal.
    """
    return escaped(formula if _is_plain(formula) else _shown(_possible(formula, place)))


def _held(text: str, place: Place) -> str:
    if "_x" in text:
        text = _LITERAL_ESCAPE.sub("_x005F_", text)
    if _is_plain(text):
        return text
    return _shown(_possible(text, place))


def _is_plain(text: str) -> bool:
    """Whether a text holds nothing that _possible and _shown look for, as nearly every one does: quicker to tell."""
    return text.isprintable() or text.replace("\n", "").replace("\u3000", "").replace("\xa0", "").isprintable()


def _possible(text: str, place: Place) -> str:
    if _IMPOSSIBLE.search(text):
        raise Unwritable("文字里有 Excel 存不下的控制字符", place, "请删去该处的乱码后重试")
    return text


def _shown(text: str) -> str:
    if _CONTROL.search(text):
        text = _CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return text


def proven(name: str, data: bytes) -> bytes:
    """The same part, which is well-formed. Raises Unwritable: a fault of ours, and the file is not made."""
    if name.endswith(_MARKUP):
        _prove(name, partial(expat.ParserCreate().Parse, data, True))
    return data


def proven_package(data: bytes) -> bytes:
    """The same workbook, every part of which is well-formed. Raises as `proven`. A part is never held whole."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.endswith(_MARKUP):
                with package.open(name) as part:
                    _prove(name, partial(expat.ParserCreate().ParseFile, part))
    return data


def _prove(name: str, parse: Callable[[], object]) -> None:
    try:
        parse()
    except expat.ExpatError as error:
        what = f"生成的 {name} 不是完好的 XML（{error}），没有保存"
        raise Unwritable(what, None, "请把这句话和所用的台账或表发给维护者") from None
