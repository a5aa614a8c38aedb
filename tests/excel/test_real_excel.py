"""What a real Excel does and LibreOffice does not, played: its refusals, its Currency, its chart sheets, its own calls."""

from __future__ import annotations

import sys
import types
from decimal import Decimal

import pytest

from xladdin.errors import NotAForm, XladdinError
from xladdin.excel import host, live, marks, members, snapshots
from xladdin.excel.actions import filling
from xladdin.excel.addin.commands import COMMANDS

from .pressing import BUG, DECLARED, EVALUATED, is_plain, ledger_of

pytest_plugins = ("tests.calc.fixtures",)


class ComError(Exception):
    """pywintypes.com_error: what Excel says instead of AttributeError."""


@pytest.fixture
def refusing(monkeypatch):
    """Names of COM that are none there: asked for, they raise what xlwings passes on."""
    monkeypatch.setitem(sys.modules, "pywintypes", types.SimpleNamespace(com_error=ComError))

    class Nothing:
        def __getattr__(self, name):
            raise ComError(-2147352570, "Unknown name.", None, None)

    return Nothing()


# ---- members that are not there


def test_a_missing_member_is_none_however_it_is_told(refusing):
    assert members.member(refusing, "SaveCopyAs") is None
    assert members.member(object(), "SaveCopyAs") is None
    assert members.member(types.SimpleNamespace(a=0), "a") == 0


def test_what_is_no_refusal_of_com_is_raised(refusing):
    class Broken:
        @property
        def a(self):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        members.member(Broken(), "a")


def test_a_host_without_excels_extras_goes_without(refusing, tmp_path):
    """WPS, an Excel of long ago: the folder dialog, the count of filled cells, patterns, the setting for macros."""
    app = types.SimpleNamespace(api=refusing, calculation="automatic")
    assert host.pick_folder(app, tmp_path) is None
    live.compute(app)
    with filling._without_macros(app):
        pass
    sheet = types.SimpleNamespace(api=types.SimpleNamespace(ProtectContents=False, __getattr__=None))
    assert marks.is_locked(sheet) is False
    book = types.SimpleNamespace(app=app)
    used = types.SimpleNamespace(size=10**6, sheet=types.SimpleNamespace(book=book))
    assert live._filled(used) is used
    cell = types.SimpleNamespace(api=refusing, color=(1, 2, 3))
    assert marks.fill_of(cell) == marks.values.fill_told((1, 2, 3))


def test_a_copy_without_savecopyas_is_of_what_is_on_disk(refusing, tmp_path):
    file = tmp_path / "表.xlsx"
    file.write_bytes(b"as saved")
    book = types.SimpleNamespace(
        name=file.name, api=types.SimpleNamespace(FullName=str(file)), fullname=str(file), app=None
    )
    assert snapshots.keep(book, "检查本表").read_bytes() == b"as saved"


def test_a_host_that_cannot_take_its_input_away_goes_without(refusing):
    """Set where it is missing, xlwings would try again and again."""

    class App:
        api = refusing

        def __setattr__(self, name, value):
            raise AssertionError(name)

    with host.undisturbed(App()):
        pass


# ---- currency


@pytest.mark.parametrize("figure", [0.123456, 1100000.00005, 33.3333333])
def test_a_cell_formatted_as_currency_is_read_whole(book, figure):
    """Excel's Value cuts it to four decimals; the figure is in Value2."""
    sheet = book.sheets[0]
    sheet["A1:B2"].value = [[figure, "甲"], [2, 3]]
    sheet["A1"].number_format = "[$¥-804]#,##0.00"
    sheet["A2"].number_format = "[$¥-804]#,##0.00"
    assert isinstance(sheet["A1"].raw_value, Decimal), "as Excel does"
    grid = live.grid_of(sheet)
    assert grid.cells == {(1, 1): Decimal(format(figure, ".15g")), (1, 2): "甲", (2, 1): Decimal(2), (2, 2): Decimal(3)}
    assert live.values_in(sheet["A1"]) == [[figure]]


# ---- a chart sheet in front


@pytest.fixture
def charted(monkeypatch):
    """Puts a chart sheet in front of a workbook: xlwings wraps it as a sheet, and it has a name and no cells."""

    class ChartSheet:
        name, index, visible = "Chart1", 1, True

        def __init__(self, book):
            self.book = book
            self.api = types.SimpleNamespace(Name=self.name, ProtectContents=False)

        def __getattr__(self, name):
            raise ComError(-2147352570, f"Unknown name {name}.", None, None)

        def select(self):
            """Excel can."""

    def put(book):
        sheets = type(book.impl.sheets)
        monkeypatch.setattr(sheets, "active", property(lambda self: ChartSheet(self.book)))
        monkeypatch.setitem(sys.modules, "pywintypes", types.SimpleNamespace(com_error=ComError))
        return book

    return put


def test_a_chart_sheet_is_no_sheet_to_read(book, charted):
    assert members.front_sheet(book).name == book.sheets[0].name
    with pytest.raises(NotAForm, match="图表工作表"):
        members.front_sheet(charted(book))


@pytest.mark.parametrize("command", [each for each in COMMANDS if each.needs != "nothing"], ids=lambda each: each.id)
@pytest.mark.parametrize("what", ["declaration", "evaluation", "ledger"])
def test_every_button_bears_a_chart_sheet_in_front(desk, monkeypatch, charted, command, what):
    given = {"declaration": DECLARED, "evaluation": EVALUATED, "ledger": ledger_of("甲")}
    book = desk.open(given[what])
    monkeypatch.setattr(desk.addin, "_tell_state", lambda: book.set_mock_caller())
    desk.addin._tell_state()
    desk.app.impl.answer = lambda alert: "cancel" if "cancel" in alert.buttons else "ok"
    from xladdin.excel import bridge

    told = bridge.outcome(charted(book), command.id)
    assert told is None or (not told.startswith(BUG) and is_plain(told)), told


# ---- a new sheet


def test_a_sheet_is_added_by_excels_own_call(book, monkeypatch):
    """xlwings' own counts worksheets where Excel counts chart sheets too."""
    book.sheets.add("乙", after=book.sheets[0])

    def wrong(*_, **__):
        raise AssertionError("xlwings' Sheets.add")

    asked = []
    real = type(book.impl)._add_sheet
    monkeypatch.setattr(
        type(book.impl), "_add_sheet", lambda self, before, after: asked.append(after.Name) or real(self, before, after)
    )
    sheet = members.add_sheet(book, "核对结果", book.sheets[0])
    assert (sheet.name, asked) == ("核对结果", [book.sheets[0].name])
    assert [each.name for each in book.sheets] == [book.sheets[0].name, "核对结果", "乙"]


def test_the_result_sheet_comes_that_way(desk, monkeypatch):
    from xlwings.main import Sheets

    monkeypatch.setattr(Sheets, "add", lambda *_, **__: pytest.fail("xlwings' Sheets.add"))
    book = desk.open(EVALUATED)
    desk.press("check")
    assert [sheet.name for sheet in book.sheets][-1] == "核对结果"


# ---- a path Excel opens nothing at


def test_a_path_too_long_for_excel_is_told(app, tmp_path):
    path = tmp_path / ("长" * 70) / ("长" * 70) / ("b" * 70) / "表.xlsx"
    app = types.SimpleNamespace(api=object(), books=types.SimpleNamespace(open=lambda _: 1 / 0))
    with pytest.raises(XladdinError, match="路径有 .* 个字，Excel 打不开超过 218 个字的"):
        filling.open_file(app, path)
