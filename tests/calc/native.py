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

    def __init__(
        self,
        target,
        members: dict[str, Callable],
        methods: dict[str, Callable] | None = None,
        setters: dict[str, Callable] | None = None,
    ):
        object.__setattr__(self, "_parts", (target, members, methods or {}, setters or {}))

    def __getattr__(self, name: str):
        target, members, methods, _ = self._parts
        if name in members:
            return members[name]()
        if name in methods:
            return methods[name]
        return getattr(target, name)

    def __setattr__(self, name: str, value):
        target, members, _, setters = self._parts
        if name in setters:
            setters[name](value)
            return
        if name in members:
            raise ExcelError(f"{name} cannot be set through .api in this harness; use xlwings' own property")
        setattr(target, name, value)


def late(method: Callable, *names: str) -> Callable:
    """A method as late-bound COM calls it: arguments by place or by name, those left out are missing."""

    def call(*given, **named):
        if len(given) > len(names) or not named.keys() <= set(names[len(given) :]):
            raise ExcelError(f"a call takes {', '.join(names)}; given were {len(given)} and {', '.join(named)}")
        values = dict(zip(names, given, strict=False)) | named
        return method(*(values.get(name) for name in names))

    return call
