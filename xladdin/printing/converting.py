"""Workbooks and documents into PDF, by LibreOffice; Excel does it for who hands its own Converter in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ..errors import XladdinError
from ..sources.office import convert, office

Converter = Callable[[Sequence[Path], Path], None]  # files → PDFs of the same stem in a folder, as far as it can
_AT_ONCE = 40  # files a call of LibreOffice, whose command line has an end
_START, _EACH, _ALONE = 60, 10, 60  # seconds


def libreoffice() -> Converter | None:
    """LibreOffice as a Converter, None where there is none."""
    program = office()
    return (lambda files, folder: _by_libreoffice(program, files, folder)) if program else None


def _by_libreoffice(program: str, files: Sequence[Path], folder: Path) -> None:
    """Many at once; a file that brings it down takes those behind it with it, so they are tried again without it."""
    left = list(files)
    while left:
        chunk, left = left[:_AT_ONCE], left[_AT_ONCE:]
        convert(program, chunk, "pdf", folder, _START + _EACH * len(chunk))
        missing = [file for file in chunk if not (folder / f"{file.stem}.pdf").is_file()]
        if missing and len(chunk) > 1:
            convert(program, missing[:1], "pdf", folder, _ALONE)
        left = missing[1:] + left


def usable(*converters: Converter | None) -> Converter:
    """All that are there, the later ones for what the earlier ones left. Raises XladdinError where there is none."""
    there = [converter for converter in converters if converter is not None]
    if not there:
        advice = "请装上 LibreOffice（免费），或在装有 Excel 的 Windows 电脑上做；单张表可在 WPS 里“输出为 PDF”"
        raise XladdinError("这台电脑上没有 Excel 和 LibreOffice，生成不了 PDF", advice=advice)

    def convert_all(files: Sequence[Path], folder: Path) -> None:
        for converter in there:
            files = [file for file in files if not (folder / f"{file.stem}.pdf").is_file()]
            if files:
                converter(files, folder)

    return convert_all
