"""The xlwings engine "calc": registered and active only while an app of it runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import xlwings
from xlwings import base_classes

from .app import App
from .cells import XlError, is_missing

NAME = "calc"


class Engine:
    """What xlwings asks of an engine: a name, its apps, and the two ways of cleaning values."""

    name, type = NAME, "desktop"

    def __init__(self):
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(value, options):
        """One Python value on its way into a cell; missing ones become the empty text."""
        if hasattr(value, "to_pydatetime"):  # pandas.Timestamp, NaT
            return "" if is_missing(value) else value.to_pydatetime()
        if hasattr(value, "item") and not isinstance(value, str | bytes):  # a number of numpy
            value = value.item()
        return "" if is_missing(value) else value

    @staticmethod
    def clean_value_data(data, datetime_builder, empty_as, number_builder, err_to_str):
        """A block of cell values as the options of the range ask for them."""

        def clean(value):
            if value is None or value == "":
                return empty_as
            if isinstance(value, XlError):
                return str(value) if err_to_str else None
            if isinstance(value, dt.datetime):
                names = ("year", "month", "day", "hour", "minute", "second", "microsecond")
                return datetime_builder(**{name: getattr(value, name) for name in names}, tzinfo=None)
            if number_builder is not None and isinstance(value, float):
                return number_builder(value)
            return value

        return [[clean(value) for value in row] for row in data]


class Apps(base_classes.Apps):
    """The running apps, the active one first."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self.running: list[App] = []

    def add(self, spec=None, add_book=None, visible=None) -> App:
        app = App(self, bool(visible))
        self.running.insert(0, app)
        if add_book or add_book is None:
            app.books.add()
        return app

    def keys(self):
        return [app.pid for app in self.running]

    def __iter__(self):
        return iter(list(self.running))

    def __len__(self):
        return len(self.running)

    def __getitem__(self, pid):
        for app in self.running:
            if app.pid == pid:
                return app
        raise KeyError(pid)

    @staticmethod
    def cleanup():
        """Excel leaves processes behind that xlwings ends; here every App ends its own."""


def install() -> Callable[[], None]:
    """Registers the engine with xlwings and makes it active; returns what puts the former one back."""
    engines = xlwings.engines
    if NAME not in [engine.name for engine in engines]:
        engines.add(xlwings.Engine(impl=Engine()))
    before = engines.active
    engines[NAME].activate()

    def restore():
        engines.active = before

    return restore
