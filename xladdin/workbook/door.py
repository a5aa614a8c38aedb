"""The way to a template: what is wrong with one comes out as a TemplateError; what it says of itself is read here."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..errors import Place, RefusedFile, TemplateError, XladdinError
from .gate import Package
from .parts import custom_properties


@contextlib.contextmanager
def door(file: str) -> Iterator[None]:
    """Whatever is wrong with a template comes out as a TemplateError that names it."""
    try:
        yield
    except RefusedFile as error:
        raise TemplateError(error.what, error.where, error.advice) from None
    except XladdinError:
        raise
    except Exception as error:  # noqa: BLE001  a template is anybody's file
        what = f"模板读不了（{type(error).__name__}）"
        raise TemplateError(what, Place(file=file), "请在 Excel 中打开检查，或从随附的模板改起") from error


def properties_of(path: Path) -> Mapping[str, str]:
    """The custom document properties in which a template says what it is. Raises TemplateError."""
    with door(path.name):
        return custom_properties(Package(path))
