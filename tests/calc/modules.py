"""Modules of a Basic library, and which of them LibreOffice can compile."""

from __future__ import annotations

from dataclasses import dataclass

from . import basic
from .bridge import properties, uno
from .office import Office

_CLASS = 2  # com.sun.star.script.ModuleType


@dataclass(frozen=True, slots=True)
class Module:
    source: str
    is_class: bool = False


def modules_of(library) -> dict[str, Module]:
    """The modules of a loaded library, by name."""
    return {
        name: Module(library.getByName(name), library.getModuleInfo(name).ModuleType == _CLASS)
        for name in library.ElementNames
    }


def insert(library, name: str, module: Module) -> None:
    """Puts a module in; Basic takes one for a class only if told so beforehand."""
    if module.is_class:
        library.insertModuleInfo(name, uno.getClass("com.sun.star.script.ModuleInfo")(None, _CLASS))
    library.insertByName(name, module.source)


def compile_errors(modules: dict[str, Module]) -> list[str]:
    """The modules that do not compile, each tried alone in a library of its own.

    One that does not compile silences its whole library, so a call cannot tell which it is. An office of
    its own, because LibreOffice 7.4 may crash at the next call after such a document was closed.
    """
    office = Office()
    try:
        document = office.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, properties(Hidden=True))
        document.BasicLibraries.VBACompatibilityMode = True
        found = [name for name, module in modules.items() if not _compiles(document, name, module)]
        document.close(True)
        return found
    finally:
        office.stop()


def _compiles(document, name: str, module: Module) -> bool:
    place = f"Only{name}"
    library = document.BasicLibraries.createLibrary(place)
    insert(library, name, Module(basic.probe(module.source), module.is_class))
    if module.is_class:
        insert(library, "XlProbing", Module(basic.class_probe(name)))
        name = "XlProbing"
    script = document.getScriptProvider().getScript(
        f"vnd.sun.star.script:{place}.{name}.XlProbe?language=Basic&location=document"
    )
    return script.invoke((), (), ())[0] == 1
