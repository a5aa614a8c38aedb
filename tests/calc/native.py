"""What stands behind `.api`: the few COM members an add-in asks for; everything else is UNO's own."""

from __future__ import annotations

from collections.abc import Callable


class ExcelError(Exception):
    """Raised where Excel raises a com_error: a refused formula, a locked cell, a name that is taken."""


class Native:
    """COM names answered by functions, the rest by the UNO object.

    A test plays a situation by putting a function into the dictionary it was made from, such as
    `app.impl.native["Ready"] = lambda: False`; a member that is called takes its arguments itself.
    """

    def __init__(self, target, members: dict[str, Callable], methods: dict[str, Callable] | None = None):
        object.__setattr__(self, "_parts", (target, members, methods or {}))

    def __getattr__(self, name: str):
        target, members, methods = self._parts
        if name in members:
            return members[name]()
        if name in methods:
            return methods[name]
        return getattr(target, name)

    def __setattr__(self, name: str, value):
        target, members, _ = self._parts
        if name in members:
            raise ExcelError(f"{name} cannot be set through .api in this harness; use xlwings' own property")
        setattr(target, name, value)
