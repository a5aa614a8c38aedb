"""A real .xlam in Calc: its ribbon callbacks run as VBA, and what they hand to RunPython runs here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import xlwings

from . import basic, ribbon
from .bridge import properties, uno, unohelper
from .modules import Module, compile_errors, insert, modules_of

_FILTER, _ALWAYS_RUN_MACROS = "Calc MS Excel 2007 VBA XML", 4
_BUTTONS = ("ok", "ok_cancel", "", "yes_no_cancel", "yes_no")  # of MsgBox, by its number
_ANSWERS = {"ok": 1, "cancel": 2, "yes": 6, "no": 7}


class VbaError(Exception):
    """A callback stopped with a VBA error, is not there, or its add-in does not compile."""


class _Hook(unohelper.Base, uno.getClass("com.sun.star.util.XMacroExpander")):
    """How VBA reaches Python: an object with one method that takes and gives text."""

    def __init__(self, answer: Callable[[str], str]):
        self._answer = answer

    def expandMacros(self, text):  # noqa: N802 - the interface's own name
        return self._answer(text)


class Addin:
    """A loaded add-in.

    codes: every Python command the VBA handed to RunPython, in order; invalidated: the controls (or "*")
    the add-in asked the ribbon to draw again. Message boxes of the VBA stand in `app.impl.alerts`.
    """

    def __init__(
        self,
        app: xlwings.App,
        path: Path,
        runner: str = "xlwings",
        without: tuple[str, ...] = ("Dictionary",),
        run: Callable[[str], object] | None = None,
    ):
        """runner: the module that holds RunPython, replaced by a stub; without: modules that cannot compile here;
        run: what executes a command instead of exec in this process."""
        self.app, self.path = app, Path(path)
        self.codes: list[str] = []
        self._run = run or (lambda code: exec(code, {"__name__": "__main__"}))
        self._failure: BaseException | None = None
        self._document = app.impl.office.desktop.loadComponentFromURL(
            self.path.resolve().as_uri(),
            "_blank",
            0,
            properties(Hidden=True, MacroExecutionMode=_ALWAYS_RUN_MACROS, FilterName=_FILTER),
        )
        if self._document is None:
            raise VbaError(f"{path} cannot be loaded")
        self._project = self._document.BasicLibraries.ProjectName
        self._library = self._document.BasicLibraries.getByName(self._project)
        self.modules = modules_of(self._library)
        self._runner, self._replaced = runner, {runner, *without}
        self._callers: dict[tuple[str, str], str] = {}
        self._prepare()
        self.controls: dict[str, ribbon.Control] = {}
        self._read_ribbon()

    def close(self) -> None:
        self._document.close(True)

    def __enter__(self) -> Addin:
        return self

    def __exit__(self, *error) -> None:
        self.close()

    # what a test does

    def dispatch(self, control: str, given=None, index: int = 0) -> list[str]:
        """Clicks a control (or changes it: pressed, text or chosen item); returns the Python commands it led to.

        What the Python raised is raised here. The active book is the caller, as in Excel.
        """
        before = len(self.codes)
        attribute = "onChange" if "onChange" in self.controls[control].attributes else "onAction"
        self._call(control, attribute, given, index)
        return self.codes[before:]

    def callback(self, control: str, attribute: str):
        """What a callback such as getEnabled or getContent gives back for a control."""
        return self._call(control, attribute)

    def open_menu(self, control: str) -> list[str]:
        """Opens a dynamic menu: the ids in it, which can then be clicked."""
        content = ribbon.controls(ElementTree.fromstring(self.callback(control, "getContent")))
        self.controls.update(content)
        return list(content)

    @property
    def invalidated(self) -> list[str]:
        """What the add-in asked the ribbon to draw again since this was asked last."""
        return self._invoke("XlLoader.XlInvalidated").split()

    def compile_errors(self) -> list[str]:
        """The add-in's modules that do not compile, those left out aside."""
        return compile_errors({name: self.modules[name] for name in self.modules if name not in self._replaced})

    # how it is done

    def _prepare(self) -> None:
        if self._runner not in self.modules:
            raise VbaError(f"{self.path.name} has no module {self._runner}, only {', '.join(self.modules)}")
        for name, module in self.modules.items():
            if name in self._replaced:
                self._library.removeByName(name)
            elif (adapted := basic.adapted(module.source)) != module.source:
                self._library.replaceByName(name, adapted)
        self._library.insertByName(self._runner, basic.RUNNER)
        for name, source in basic.CLASSES.items():
            insert(self._library, name, Module(source, is_class=True))
        self._hook = _Hook(self._answer)
        self._invoke(f"{self._runner}.XlSetHook", self._hook)

    def _read_ribbon(self) -> None:
        root = ribbon.read(self.path)
        if root is None:
            return
        self.controls = ribbon.controls(root)
        if on_load := root.get("onLoad"):
            self._library.insertByName("XlLoader", basic.loader(on_load))
            self._result("onLoad", self._invoke("XlLoader.XlLoad"))

    def _call(self, control: str, attribute: str, given=None, index: int = 0):
        found = self.controls[control]
        procedure = found.callbacks().get(attribute)
        if procedure is None:
            raise KeyError(f"the control {control!r} has no {attribute}")
        function = self._caller(procedure, found.arguments(attribute))
        self._tell_state()
        value = self._result(procedure, self._invoke(function, found.id, found.tag, given, index))
        failure, self._failure = self._failure, None
        if failure:
            raise failure
        return value

    def _tell_state(self) -> None:
        """What the VBA will see of Excel: its state, and the active book, which is also the caller in Python."""
        impl = self.app.impl
        shielded = self.app.api.ActiveProtectedViewWindow is not None
        self._invoke(f"{self._runner}.XlSetState", self.app.api.Ready, impl.interactive, shielded)
        if not self.app.books:
            self._invoke(f"{self._runner}.XlSetNoBook")
            return
        book = self.app.books.active
        book.set_mock_caller()
        workbook = impl.office.create("ooo.vba.excel.Workbook", None, book.impl.doc)
        seen = book.name, book.fullname, book.api.Path, book.api.ReadOnly, book.sheets.active.name
        self._invoke(f"{self._runner}.XlSetBook", workbook, *seen)

    def _caller(self, procedure: str, arguments: str) -> str:
        key = procedure, arguments
        if key not in self._callers:
            name = f"XlCall{len(self._callers)}"
            self._library.insertByName(name, basic.module(basic.caller("Run" + name, procedure, arguments)))
            self._callers[key] = f"{name}.Run{name}"
        return self._callers[key]

    def _invoke(self, function: str, *arguments):
        script = self._document.getScriptProvider().getScript(
            f"vnd.sun.star.script:{self._project}.{function}?language=Basic&location=document"
        )
        return script.invoke(arguments, (), ())[0]

    def _result(self, procedure: str, told):
        if told is None:
            broken = ", ".join(self.compile_errors()) or "none by itself"
            raise VbaError(f"{procedure} did not run; modules that do not compile: {broken}")
        if told[0] == "failed":
            raise VbaError(f"{procedure}: VBA error {told[1]}: {told[2]}")
        return told[1]

    def _answer(self, text: str) -> str:
        """What the VBA asks for: a Python command, a message box, a text in the status bar, input on or off, a new book."""
        kind, _, rest = text.partition(":")
        if kind == "status":
            self.app.status_bar = False if rest == "False" else rest
            return ""
        if kind == "interactive":
            self.app.interactive = rest != "0"
            return ""
        if kind == "book":
            self.app.books.add().set_mock_caller()
            return ""
        if kind == "message":
            number, length, shown = rest.split(":", 2)
            title, prompt = shown[: int(length)], shown[int(length) :]
            return str(_ANSWERS[self.app.alert(prompt, title or None, _BUTTONS[int(number) & 7])])
        self.codes.append(rest)
        try:
            self._run(rest)
        except BaseException as error:  # noqa: BLE001 - raised again where the test waits
            self._failure = self._failure or error
            return "1"
        return "0"
