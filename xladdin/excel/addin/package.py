"""xladdin.xlam, built without Excel: the VBA, the ribbon and the version, in a package that is the same every time."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from pathlib import Path

from ... import __version__
from ...errors import Place, SaveError, XladdinError
from . import vba
from .commands import TAB
from .ribbon import PART, ribbon_xml

NAME = "xladdin.xlam"
PROPERTIES = "docProps/custom.xml"
VERSION = "xladdin"  # name of the document property that holds the version
_PROJECT = "xl/vbaProject.bin"
_NO_CACHE = bytes.fromhex("CC61FFFF000000")  # MS-OVBA 2.3.4.1: no compiled code kept, Excel compiles the source
_STAMP = (1980, 1, 1, 0, 0, 0)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_RELATIONS = {
    PART: "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility",
    PROPERTIES: f"{_OFFICE}/relationships/custom-properties",
}
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CORE = (
    f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">'
    f"<dc:title>{TAB}</dc:title><dc:creator>xladdin</dc:creator></cp:coreProperties>"
)


def build(path: str | Path) -> Path:
    """Write the add-in to `path`; the path. Needs pyOpenVBA, on any system.

    Raises XladdinError where that is missing, SaveError where the file cannot be written.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(package())
    except OSError as error:
        advice = "请关闭正在使用它的 Excel，或换一个文件夹"
        raise SaveError(f"写不了加载项（{error.strerror}）", Place(file=str(path)), advice) from error
    return path


def package() -> bytes:
    """The add-in's bytes: equal for equal sources, on every system. Raises XladdinError."""
    parts = _with_macros()
    parts[PART] = ribbon_xml().encode()
    parts[PROPERTIES] = _properties().encode()
    parts["docProps/core.xml"] = _CORE.encode()
    _relate(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:  # stored, not deflated: compressors differ from system to system
        for name in sorted(parts, key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.create_system = 0
            packed.writestr(entry, parts[name])
    return buffer.getvalue()


def version_of(path: Path) -> str | None:
    """The version stamped into a built add-in. Raises OSError, KeyError, zipfile.BadZipFile when it is not one."""
    with zipfile.ZipFile(path) as packed:
        text = packed.read(PROPERTIES).decode()
    found = re.search(rf'name="{VERSION}"><vt:lpwstr>([^<]*)<', text)
    return found and found[1]


def _with_macros() -> dict[str, bytes]:
    """The parts of an empty add-in with our modules in it."""
    try:
        from pyopenvba import ExcelFile, VBAModuleKind
        from pyopenvba.cfb import CFB
    except ImportError as error:
        advice = "请运行 pip install xladdin[addin]"
        raise XladdinError("生成加载项要用 pyOpenVBA，这里没有装", advice=advice) from error
    sources = vba.modules()
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / NAME
        with ExcelFile.create_new(book) as new:
            project = new.vba_project()
            project.delete_module("Module1")
            for module in project.modules:  # those of the workbook and its sheet: written anew, without compiled code
                module.dirty = True
            for name, source in sources.items():
                kind = VBAModuleKind.other if name in vba.CLASSES else VBAModuleKind.standard
                project.add_module(name, source, kind=kind)
            new.save()
        with zipfile.ZipFile(book) as packed:
            parts = {name: packed.read(name) for name in packed.namelist()}
    container = CFB.from_bytes(parts[_PROJECT])
    container.write_stream_in_storage("VBA", "_VBA_PROJECT", _NO_CACHE)
    parts[_PROJECT] = container.to_bytes()
    return parts


def _properties() -> str:
    row = (
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{VERSION}">'
        f"<vt:lpwstr>{__version__}</vt:lpwstr></property>"
    )
    spaces = f'xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes"'
    return f"{_HEAD}<Properties {spaces}>{row}</Properties>"


def _relate(parts: dict[str, bytes]) -> None:
    """Name the new parts in the package's relationships and content types (plain .xml has its type already)."""
    rows = "".join(
        f'<Relationship Id="xladdin{number}" Type="{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(_RELATIONS.items(), start=1)
    )
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    override = f'<Override PartName="/{PROPERTIES}" ContentType="{kind}"/>'
    for name, end, more in (("_rels/.rels", b"</Relationships>", rows), ("[Content_Types].xml", b"</Types>", override)):
        parts[name] = parts[name].replace(end, more.encode() + end)
