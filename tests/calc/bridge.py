"""LibreOffice's Python bridge, found where the system keeps it, and the few helpers everything needs."""

from __future__ import annotations

import sys
from collections.abc import Iterable

_SYSTEM = "/usr/lib/python3/dist-packages"


def _import_bridge():
    """Imports uno; the system's folder is on the search path only meanwhile."""
    sys.path.append(_SYSTEM)
    try:
        import uno
        import unohelper
    finally:
        sys.path.remove(_SYSTEM)
    _let_exceptions_travel(uno)
    return uno, unohelper


def _let_exceptions_travel(uno) -> None:
    """contextlib sets __traceback__ of an exception; uno would hand that on to the UNO struct and fail."""
    to_struct = uno._uno_struct__setattr__

    def put(self, name, value):
        if name.startswith("__"):
            BaseException.__setattr__(self, name, value)
        else:
            to_struct(self, name, value)

    uno._uno_struct__setattr__ = put


uno, unohelper = _import_bridge()


def properties(**values) -> tuple:
    """Named values as UNO wants them."""
    kind = uno.getClass("com.sun.star.beans.PropertyValue")
    return tuple(kind(name, 0, value, 0) for name, value in values.items())


def block(rows: Iterable[Iterable]):
    """Rows of mixed values as one UNO argument."""
    return uno.Any("[][]any", tuple(tuple(row) for row in rows))


def struct(name: str, *values):
    """A UNO struct such as com.sun.star.table.CellAddress."""
    return uno.getClass("com.sun.star." + name)(*values)


def enum(kind: str, value: str):
    """A UNO enumeration value such as com.sun.star.sheet.CellInsertMode.ROWS."""
    return uno.Enum("com.sun.star." + kind, value)


def to_url(path) -> str:
    return uno.systemPathToFileUrl(str(path))


def from_url(url: str) -> str:
    return uno.fileUrlToSystemPath(url)
