"""The ribbon's XML and the VBA's own copy of the table, both made from commands.py whenever the add-in is built."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

from ... import __version__
from .commands import COMMANDS, GROUPS, TAB, TEXTS, Command, Menu, controls

# Of Excel 2010 and newer. There is none for 2007, which could not compile the VBA, and where it would be dead buttons.
PART, NAMESPACE = "customUI/customUI14.xml", "http://schemas.microsoft.com/office/2009/07/customui"
TABLE = "XladdinTable"
CALLBACKS = {"onLoad": "XladdinRibbon.OnLoad", "run": "XladdinRibbon.OnAction", "enabled": "XladdinRibbon.GetEnabled"}


def macros_folder() -> Path:
    """Where the VBA sources lie: inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).parents[2] / "macros"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "macros"


def ribbon_xml() -> str:
    """The whole customUI part."""
    lines = [f'<customUI xmlns="{NAMESPACE}" onLoad="{CALLBACKS["onLoad"]}">', " <ribbon>", "  <tabs>"]
    lines.append(f"   <tab {_attributes(id='xladdin_tab', label=TAB, keytip='JX')}>")
    for key, label in GROUPS.items():
        lines.append(f"    <group {_attributes(id=f'xladdin_group_{key}', label=label)}>")
        lines += [line for row in controls(key) for line in _control(row)]
        lines.append("    </group>")
    return "\n".join([*lines, "   </tab>", "  </tabs>", " </ribbon>", "</customUI>", ""])


def _control(row: Menu | Command) -> list[str]:
    if isinstance(row, Menu):
        items = [f"  {_button(command)}" for command in COMMANDS if command.menu == row.id]
        return [f"     <menu {_attributes(**_shown(row), size=row.size)}>", *items, "     </menu>"]
    return [_button(row)]


def _button(row: Command) -> str:
    size = {} if row.menu else {"size": row.size}  # items of a menu have no size of their own
    calls = {"onAction": CALLBACKS["run"], "getEnabled": CALLBACKS["enabled"]}
    return f"     <button {_attributes(**_shown(row), **size, **calls)}/>"


def _shown(row: Menu | Command) -> dict[str, str]:
    told = {"label": row.label, "screentip": row.label, "supertip": row.supertip}
    return {"id": row.id, **told, "imageMso": row.icon}


def _attributes(**values: str) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in values.items())


def table_module() -> str:
    """VBA source: the ids there are, what each needs, and the messages as code points. ASCII, CRLF left to the build.

    VBA source is stored in the system's code page, where Chinese turns into question marks; hence the code points.
    """
    lines = [
        f'Attribute VB_Name = "{TABLE}"',
        "Option Explicit",
        "Option Compare Binary",
        "' Made from xladdin/excel/addin/commands.py when the add-in is built: change it there.",
        "",
        f'Public Const ADDIN_VERSION As String = "{__version__}"',
        "",
        "Public Function NeedsOf(ByVal id As String) As String",
        "    ' What the command needs: nothing, book or editable; empty for an id that is not ours.",
        "    Select Case id",
    ]
    for command in COMMANDS:
        lines.append(f'        Case "{command.id}": NeedsOf = "{command.needs}"')
    lines += ["    End Select", "End Function", "", "Public Function TextOf(ByVal key As String) As String"]
    lines += ["    ' The message of that name, from its UTF-16 code points.", "    Dim points As String, place As Long"]
    lines.append("    Select Case key")
    for key, text in TEXTS.items():
        points = text.encode("utf-16-be").hex().upper()
        pieces = [points[at : at + 400] for at in range(0, len(points), 400)]
        lines.append(f'        Case "{key}"')
        lines += [f'            points = points & "{piece}"' for piece in pieces]
    lines += [
        "    End Select",
        "    For place = 1 To Len(points) Step 4",
        '        TextOf = TextOf & ChrW(Val("&H" & Mid$(points, place, 4) & "&"))',
        "    Next",
        "End Function",
        "",
    ]
    return "\n".join(lines)
