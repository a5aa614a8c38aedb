"""Printed choices (专项资金□ 经常性项目□) as expressions that tick the one of the record."""

from __future__ import annotations

import re

_BOXES = "□☐○◻■☑☒√✓✔●"
_SPLIT = re.compile(f"([{_BOXES}])")
_AFTER, _BEFORE = "√", "☑"


def choices(text: str, name: str) -> str | None:
    """The cell's text, each box an expression; None where it prints no boxes. name: the field whose value is ticked.

    A value that is none of the choices stands behind them, ticked.
    """
    parts = _SPLIT.split(text)
    boxes = parts[1::2]
    if len(boxes) < 2 or "'" in text or "{" in text:
        return None
    before = not parts[0].strip()
    options = [option.strip(" \t\n\u3000;；,，、") for option in (parts[2::2] if before else parts[0:-1:2])]
    if not all(options):
        return None
    mark = _BEFORE if before else _AFTER
    out = [parts[0]]
    for number, option in enumerate(options):
        out.append("{{ '" + mark + "' if " + name + " == '" + option + "' else '□' }}")
        out.append(parts[2 * number + 2])
    known = " or ".join(f"{name} == '{option}'" for option in options)
    other = f"' {mark}' ~ {name}" if before else f"' ' ~ {name} ~ '{mark}'"
    return "".join(out) + "{{ '' if not " + name + " or " + known + " else " + other + " }}"
