"""The ribbon's XML: its controls, their callbacks, and with what arguments Excel calls each."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_PARTS = ("customUI/customUI14.xml", "customUI/customUI.xml")  # Excel takes the newer one if both are there
_PRESSED, _TEXT, _ITEM = "pressed", "text", "item"
_ARGUMENTS = {"toggleButton": _PRESSED, "checkBox": _PRESSED, "dropDown": _ITEM, "gallery": _ITEM}


@dataclass(frozen=True, slots=True)
class Control:
    """One control: its element's name, its id and tag, and its attributes, of which some name callbacks."""

    kind: str
    id: str
    tag: str
    attributes: dict[str, str]

    def callbacks(self) -> dict[str, str]:
        """Attribute to VBA procedure: onAction, onChange, getEnabled, …"""
        return {name: value for name, value in self.attributes.items() if name.startswith(("on", "get"))}

    def arguments(self, attribute: str) -> str:
        """What follows the control in the call: "result", "pressed", "item", "text" or nothing."""
        if attribute.startswith("get"):
            return "result"
        return _TEXT if attribute == "onChange" else _ARGUMENTS.get(self.kind, "")


def read(package: Path) -> ElementTree.Element | None:
    """The root of the ribbon's XML in a workbook or add-in."""
    with zipfile.ZipFile(package) as members:
        name = next((part for part in _PARTS if part in members.namelist()), None)
        return ElementTree.fromstring(members.read(name)) if name else None


def controls(root: ElementTree.Element) -> dict[str, Control]:
    """Every element that has an id, built-in ones (idMso) left out; ids must be unique."""
    found: dict[str, Control] = {}
    for element in root.iter():
        name = element.get("id") or element.get("idQ")
        if name is None:
            continue
        if name in found:
            raise ValueError(f"the ribbon has two controls with the id {name!r}")
        found[name] = Control(element.tag.rpartition("}")[2], name, element.get("tag", ""), dict(element.attrib))
    return found
