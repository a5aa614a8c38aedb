"""What the user of this machine has chosen once for all buttons, kept in their own folder."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..files import digest_of, user_folder
from ..log import state_folder
from ..workbook.saving import save

RULES, TEMPLATES = "rules", "templates"


def chosen_rules() -> str | None:
    """The name (or .toml file) of the rules chosen; None where each form's own hold."""
    name = _read().get(RULES)
    return name if isinstance(name, str) and name else None


def choose_rules(name: str | None) -> None:
    """Remember the rules; None: each form's own. Raises SaveError."""
    _remember(RULES, name)


def chosen_templates() -> Path | None:
    """The folder of templates chosen; None where there is none (any more), or this machine is told of one otherwise."""
    folder = _read().get(TEMPLATES)
    if user_folder() is not None or not isinstance(folder, str) or not os.path.isdir(folder):
        return None
    return Path(folder)


def choose_templates(folder: Path) -> None:
    """Remember where the user's templates are. Raises SaveError."""
    _remember(TEMPLATES, str(folder))


def _remember(name: str, value: str | None) -> None:
    path = _path()
    told = {**_read(), name: value}
    path.parent.mkdir(parents=True, exist_ok=True)
    save(path, json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8"), seen=digest_of(path) or None)


def _path() -> Path:
    return state_folder() / "settings.json"


def _read() -> dict[str, Any]:
    with suppress(OSError, ValueError, RecursionError):
        told = json.loads(_path().read_text(encoding="utf-8"))
        return told if isinstance(told, dict) else {}
    return {}
