"""Excel's formula grammar into Calc's and back, and Excel's spelling of number formats. Text only."""

from __future__ import annotations

import re
from collections.abc import Callable

_QUOTED = re.compile(r"""("(?:[^"]|"")*"|'(?:[^']|'')*')""")
_PREFIX = re.compile(r"_xlfn\.(?:_xlws\.)?")
_CONSTANT = re.compile(r"\b(TRUE|FALSE)\b(?!\s*\()", re.I)
_CALL = re.compile(r"\b(TRUE|FALSE)\(\)", re.I)
# a name that begins with a digit: 91场, 1百分比; not 1E5, not the 1 of A1
_DIGIT_NAME = re.compile(r"(?<![\w.$])\d+(?:\.\d+)?(?![eE][+-]?\d)[^\W\d_]")
_LITERAL = re.compile(r'("[^"]*"|\\.|\[(?!(?:h+|m+|s+)\])[^\]]*\]|AM/PM|A/P|General)', re.I)


def _outside_quotes(text: str, change: Callable[[str], str]) -> str:
    """`change` applied to what does not stand in "…" or '…'."""
    parts = _QUOTED.split(text)
    return "".join(part if index % 2 else change(part) for index, part in enumerate(parts))


def to_calc(formula: str) -> str:
    """LibreOffice's Excel grammar knows no _xlfn. prefix and turns a bare TRUE into 1."""
    return _outside_quotes(formula, lambda part: _CONSTANT.sub(r"\1()", _PREFIX.sub("", part)))


def to_excel(formula: str) -> str:
    """A formula of a Calc cell as Excel shows it; a stored truth value loses its equals sign."""
    if formula.upper() in ("=TRUE()", "=FALSE()"):
        return formula[1:-2].upper()
    return _outside_quotes(formula, lambda part: _CALL.sub(r"\1", part))


def is_formula(value) -> bool:
    """Whether Excel takes what is typed for a formula."""
    return isinstance(value, str) and len(value) > 1 and value.startswith("=")


def excel_refuses(formula: str) -> bool:
    """Whether Excel cannot parse what Calc would take for an unknown name."""
    return any(_DIGIT_NAME.search(part) for part in _QUOTED.split(formula)[::2])


def number_format_to_excel(code: str) -> str:
    """Calc prints the letters of a date format in capitals, Excel small."""
    if code == "BOOLEAN":
        return "General"
    parts = _LITERAL.split(code)
    small = str.maketrans("DMYHS", "dmyhs")
    return "".join(part if index % 2 else part.translate(small) for index, part in enumerate(parts))
