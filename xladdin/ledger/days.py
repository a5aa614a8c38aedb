"""Days and years as people type them into a ledger."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from decimal import Decimal

from ..domain.numbers import date_of, plain

EARLIEST, LATEST = dt.date(1950, 1, 1), dt.date(2149, 12, 31)  # 2021 typed into a date cell is a day of 1905
_EPOCH = dt.date(1899, 12, 30)
_CLOCK = re.compile(r"(?<=\d)[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_EIGHT = re.compile(r"[12]\d{7}")
_MONTH = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})月?")
_YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0+)?年?度?")
_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


def day_of(value: str | Decimal, last: bool) -> dt.date | None:
    """A day: 2025-01-01, 2025年1月1日, 20250101, 45658 (as Excel counts days); of 2025-3 the first, or the `last`."""
    if isinstance(value, Decimal):
        if value != value.to_integral_value():
            return None  # 2025.1 may be January, or October without its 0
        counted = _EPOCH + dt.timedelta(days=int(value)) if 0 < value < 100_000 else None
        if counted and EARLIEST <= counted <= LATEST:
            return counted
    text = plain(value) if isinstance(value, Decimal) else unicodedata.normalize("NFKC", value).strip()
    text = "".join(_CLOCK.sub("", text).split()).replace("号", "日")
    if _EIGHT.fullmatch(text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    month = _MONTH.fullmatch(text)
    if month and 1 <= int(month[2]) <= 12:
        year, number = int(month[1]), int(month[2])
        text = f"{year}-{number}-{calendar.monthrange(year, number)[1] if last else 1}"
    found = date_of(text)
    return found if found and EARLIEST <= found <= LATEST else None


def year_of(value: str | Decimal | dt.date) -> int | None:
    """A year: 2025, 2025年, 2025.0, 二〇二五年, a day of it; 2025 typed into a cell for dates."""
    if isinstance(value, dt.date):
        count = (value - _EPOCH).days
        return value.year if value >= EARLIEST else count if EARLIEST.year <= count <= LATEST.year else None
    if isinstance(value, Decimal):
        return int(value) if 1900 <= value < 2100 and value == int(value) else None
    match = _YEAR.fullmatch("".join(unicodedata.normalize("NFKC", value).split()).translate(_NUMERALS))
    return int(match[1]) if match else None
