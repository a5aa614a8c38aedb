"""Where in a profile file something is wrong: the line of a name, and what the TOML reader says, in Chinese."""

from __future__ import annotations

import re

_MOST_LINES = 3  # more places of one name are no help
_SAID = (  # what the reader of TOML says → what is to be put right
    ("Invalid value", "值写法不对（文字两边要用英文引号 \"）"),
    ("Invalid statement", "名称写法不对（中文的名称两边要用英文引号 \"）"),
    ("Invalid initial character", "名称写法不对（中文的名称两边要用英文引号 \"）"),
    ("Illegal character", "引号没有配对"),
    ("Unterminated string", "引号没有配对"),
    ("Expected '='", "名称后面缺等号"),
    ("Expected newline", "值后面多了字"),
    ("Unclosed", "括号没有配对"),
    ("Expected ']'", "括号没有配对"),
    ("Cannot overwrite", "同一个名称写了两次"),
    ("Duplicate", "同一个名称写了两次"),
    ("Cannot declare", "同一个名称写了两次"),
)  # fmt: skip


def syntax_told(said: str) -> str:
    """What a TOML reader's error says, with line and place, in Chinese."""
    what = next((chinese for english, chinese in _SAID if said.startswith(english)), "写法不对")
    place = re.search(r"line (\d+), column (\d+)", said)
    if place:
        return f"第 {place[1]} 行第 {place[2]} 个字：{what}"
    return f"文件末尾：{what}" if "end of document)" in said else what


def lines_told(text: str, name: str) -> str:
    """The lines of a file where a name is given a value or heads a table; "" where it stands nowhere, or all over."""
    given = re.compile(rf"(?:^|[\s\[.{{,\"'])[\"']?{re.escape(name)}[\"']?\s*[=\].]")
    lines = [str(number) for number, line in enumerate(text.splitlines(), 1) if _meant(line) and given.search(line)]
    if not name or not 0 < len(lines) <= _MOST_LINES:
        return ""
    return f"第 {'、'.join(lines)} 行" + ("里有一处" if len(lines) > 1 else "")


def _meant(line: str) -> bool:
    """Whether it is no comment, and no line too long to be searched."""
    return not line.lstrip().startswith("#") and len(line) < 10_000
