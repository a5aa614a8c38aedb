"""The house stands as .github/CONTRIBUTING.md draws it: who may import whom, who opens packages, how long a file gets.

Everything is read from the sources, imports inside functions and under TYPE_CHECKING with the rest. Modules that a
table names as text (OPENERS, the commands, a kind's rules) are loaded by whoever asks the table, and are no imports.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

HOME = Path(__file__).parents[1] / "xladdin"
FILES = sorted(HOME.rglob("*.py"))

# The rooms from the ground up, and the modules at the root among them: each may import those on floors below its own.
# The facade is `xladdin` itself, whose names lead to the rooms below it; its __version__ is for all.
FLOORS = (
    {"errors"},
    {"files", "progress", "log", "domain"},
    {"spread", "profiles", "rules", "workbook"},
    {"sources", "sheets"},
    {"form"},
    {"api", "batch", "dataframes", "ledger"},
    {"review"},
    {"intake", "printing", "report", "summary"},
    {"status"},
    {"facade"},
    {"excel"},
    {"cli"},
    {"__main__"},
)
FLOOR = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}

# What else than the standard library may be imported, and where; a part of a room for a whole one where that will do.
OUTSIDE = {
    "xlwings": {"excel"},
    "openpyxl": {"sources"},
    "lxml": {"sources", "workbook"},
    "zipfile": {"sources", "workbook", "excel.addin"},  # the add-in is a package of its own, made and examined there
    "pandas": {"dataframes"},
    "numpy": set(),
    "jinja2": {"workbook", "report", "status"},
}
PURE = {"domain": {"errors", "domain"}, "rules": {"errors", "domain", "rules"}, "errors": set()}
LONGEST, AT_ROOT = 500, 9


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def named(path: Path) -> str:
    """form/__init__.py → xladdin.form"""
    parts = path.relative_to(HOME.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {named(path): path for path in FILES}


def imports(path: Path) -> Iterator[tuple[str, str | None]]:
    """Each import: the module's full name, and the name taken from it (None: the module itself)."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = named(path).split(".") + (["__init__"] if path.name == "__init__.py" else [])
            start = parts[: -node.level] if node.level else []
            whole = ".".join([*start, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{whole}.{alias.name}"
                yield (inner, None) if inner in MODULES else (whole, alias.name)


def own(path: Path) -> Iterator[tuple[str, str | None]]:
    """The imports of the product's own modules, but for the version."""
    for module, name in imports(path):
        if module in MODULES and (module, name) != ("xladdin", "__version__"):
            yield module, name


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else "facade"


def test_every_room_has_its_floor():
    assert {room(module) for module in MODULES} == FLOOR.keys()


@pytest.mark.parametrize("name", sorted(FLOOR))
def test_nothing_looks_up(name):
    arrows = {
        (module, to)
        for module, path in MODULES.items()
        for to, _ in own(path)
        if room(module) == name != room(to) and FLOOR[room(to)] >= FLOOR[name]
    }
    assert not arrows


def test_there_is_no_circle():
    try:
        TopologicalSorter({name: {to for to, _ in own(path)} for name, path in MODULES.items()}).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(reversed(circle.args[1])))


@pytest.mark.parametrize("name", PURE)
def test_pure_rooms_know_nothing_of_the_rest(name):
    inside = {(module, to) for module, path in MODULES.items() if room(module) == name for to, _ in own(path)}
    assert {room(to) for _, to in inside} <= PURE[name]


@pytest.mark.parametrize("library", OUTSIDE)
def test_libraries_stay_in_their_rooms(library):
    users = {module for module, path in MODULES.items() if library in {name.split(".")[0] for name, _ in imports(path)}}
    homes = tuple(f"xladdin.{home}" for home in OUTSIDE[library])
    assert not {user for user in users if not any(user == home or user.startswith(f"{home}.") for home in homes)}


def test_no_private_name_leaves_its_module():
    taken = []
    for module, path in MODULES.items():
        whole = {to.rpartition(".")[2] for to, name in own(path) if name is None}  # modules imported as such
        called = {
            alias.asname: alias.name
            for node in nodes(path)
            for alias in getattr(node, "names", ())
            if isinstance(alias, ast.alias)
        }
        taken += [(module, to, name) for to, name in own(path) if private(name or to.rpartition(".")[2])]
        taken += [
            (module, node.value.id, node.attr)
            for node in nodes(path)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and private(node.attr)
            if called.get(node.value.id, node.value.id) in whole
        ]
    assert not taken


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def test_no_file_is_too_long():
    """A file that grows past it has two themes."""
    product, tests = HOME.rglob("*.py"), Path(__file__).parent.rglob("*.py")
    lengths = {str(path): path.read_bytes().count(b"\n") for path in (*product, *tests)}
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST}


def test_the_root_stays_small():
    assert len(list(HOME.glob("*.py"))) <= AT_ROOT


def test_money_and_scores_are_never_binary():
    floats = [
        (named(path), node.lineno)
        for path in FILES
        if room(named(path)) in ("domain", "rules")
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]
    assert not floats
