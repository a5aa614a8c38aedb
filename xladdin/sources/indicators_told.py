"""The indicators in rows of text: levels carried down, rows put under their headings, what is torn put together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..domain.labels import canonical, label_key, normalise, without_tail
from ..domain.levels import second_level
from ..domain.numbers import decimal_of, is_blank_mark
from .figures_told import FIGURE, POINTS, SIGN, alike, figures, with_units
from .levels_told import belong, family_of, hinted, is_first, is_level, is_second
from .told import JOINED, LEVEL, MISSING, Told, Words

_NOTE = re.compile(
    r"(?:备注|附注|注|填表说明|填报说明|说明|填表人|填报人|审核人|单位负责人|项目负责人|联系人|联系电话)\s*(?:[:：(（]|$|\d)"
)
_TITLE = re.compile(r"(?:绩效|自评)\S*表|绩效目标申报$")
_YEAR = re.compile(r"[(（]?\d{4}年度?[)）]?")
_AGAIN = ("level1", "level2", "name")
_SHORT = 8  # characters of a line that may be all a target says


@dataclass(slots=True)
class Read:
    """One indicator: its values by column, why some are not certain, where it stands, in which part of the table."""

    words: Words
    values: dict[str, str]
    unsure: dict[str, str] = field(default_factory=dict)
    part: int = 0
    own: bool = False  # whether its row prints a level


class Indicators:
    """The rows below a heading. columns: name, wording and place of each."""

    def __init__(self, rows: list[Words], at: int, told: Told, columns: list[tuple[str, str, int]]):
        self.rows, self.start, self.told = rows, at, told
        self.columns = [(name, text, place) for name, text, place in columns]
        self.names = [name for name, _, _ in columns]
        self.tail = [name for name in self.names if name not in ("level1", "level2", "name")]
        self.wide = 0
        self.levels: dict[str, str | None] = {"level1": None, "level2": None}
        self.found: list[Read] = []
        self.part = 0
        self.torn: tuple[str, Words] | None = None
        self.total: tuple[Words, list[str]] | None = None
        self.lost = False  # whether lines may have been taken for one indicator that are two
        self.own = False  # whether the line at hand prints a level
        self.bounded = False  # whether a level was printed since the last indicator
        self.bare = False  # whether the first row prints no 一级指标

    def read(self) -> int:
        """Read the rows and tell them; gives where the next row stands."""
        at = self.start if self.rows[self.start - 1 : self.start] == [] else self.start
        heading = self.rows[at] if at < len(self.rows) else None
        loose = heading is not None and heading.loose
        if heading is not None and not loose:
            above = self.rows[at - 1]
            self.wide = len(above.cells)
        if heading is not None:
            at = self._loose(at) if loose else self._parted(at)
        self._finish()
        return at

    # rows that are parted into cells

    def _parted(self, at: int) -> int:
        while at < len(self.rows):
            row = self.rows[at]
            if row.gap and self.found:
                self.part += 1
            names = {canonical(cell) for cell in row.full}
            if len(names & set(_AGAIN)) > 1:
                places = {canonical(cell): place for place, cell in enumerate(row.cells) if cell}
                self.columns = [(name, text, places.get(name, place)) for name, text, place in self.columns]
                self.wide = len(row.cells)
            elif canonical(row.full[0]) == "total" and self._take_total(row):
                return at + 1
            elif self._ends(row):
                break
            else:
                self._row(row)
            at += 1
        return at

    def _ends(self, row: Words) -> bool:
        first = row.full[0]
        if canonical(first) == "project" or canonical(first) in ("grade", "other", "total"):
            return True
        if len(row.full) == 1 and (_TITLE.search(first) or _YEAR.fullmatch(first) or len(row.cells) == 1):
            return not (
                row.loose and not _TITLE.search(first) and not _NOTE.match(first) and not _YEAR.fullmatch(first)
            )
        return bool(_NOTE.match(first))

    def _take_total(self, row: Words) -> bool:
        figures = [
            cell
            for cell in row.full[1:]
            if decimal_of(cell) is not None or is_blank_mark(cell) or cell in ("待核", "未填完")
        ]
        if len(figures) != len(row.full) - 1:
            return False
        self.total = (row, figures)
        return True

    def _row(self, row: Words) -> None:
        cells = [
            "" if canonical(cell) == "indicator_block" or label_key(cell) == "绩效指标" else cell for cell in row.cells
        ]
        if not any(cells):
            return
        places = {name: place for name, _, place in self.columns}
        straight = len(cells) == self.wide and all(
            place >= len(cells) or not cells[place] or not is_level(cells[place])
            for name, place in places.items() if name in ("name", *self.tail)
        )  # fmt: skip
        if straight and cells[places["name"]] and self._fits(cells, places):
            values = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
            self._levels(values.get("level1", ""), values.get("level2", ""))
            self._add(row, values, {}, bool(values.get("level1") or values.get("level2")))
            return
        self._shifted(row, cells)

    def _fits(self, cells: list[str], places: dict[str, int]) -> bool:
        """Whether what stands under the headings can stand there."""
        last = max(places.values())
        if any(cells[last + 1 :]):
            return False
        points = [cells[places[name]] for name in ("weight", "score") if name in places]
        return bool(cells[places["target"]]) and all(
            not text or is_blank_mark(text) or POINTS.fullmatch(text.removesuffix("分")) or text in ("待核", "未填完")
            for text in points
        )

    def _shifted(self, row: Words, cells: list[str]) -> None:
        """A row whose cells slid to the left under merged ones, or that a page's end tore."""
        at = next(place for place, cell in enumerate(cells) if cell)
        first = second = ""
        following = next((cell for cell in cells[at + 1 :] if cell), "")
        if is_first(cells[at], is_second(following)) and (cells[at] != following):
            first, cells = cells[at], [*cells[:at], "", *cells[at + 1 :]]
            at = next((place for place, cell in enumerate(cells) if cell), at)
        if cells[at] and is_second(cells[at]) and sum(bool(cell) for cell in cells) > 1:
            second, cells = cells[at], [*cells[:at], "", *cells[at + 1 :]]
            at += 1
        places = {name: place for name, _, place in self.columns}
        shift = 0
        if first or second:
            own = places.get("level2" if second else "level1", 0)
            shift = own - (at - 1 if second else row.cells.index(first))
        values, unsure = self._by_shape(cells, shift, places)
        if values is None:
            if not first and not second and self.torn is None and not self.part_begins(row):
                self.torn = (" ".join(cell for cell in cells if cell), row)
                if row.page is not None and self.found:  # or the rest of the name above it
                    self.found[-1].unsure.setdefault("name", JOINED)
                return
            values = {"name": " ".join(cell for cell in cells if cell)}
            unsure = dict.fromkeys(("name", *self.tail), MISSING)
        for name in ("level1", "level2"):
            if values.get(name):
                first, second = (values[name], second) if name == "level1" else (first, values[name])
        self._levels(first, second)
        if self.torn is not None:
            text, words = self.torn
            if self.part_begins(row):
                values["name"], row = text + values["name"], words
                unsure |= {"name": JOINED} | ({"level2": LEVEL} if second else {})
            else:
                self._add(words, {"name": text}, dict.fromkeys(("name", *self.tail), MISSING), False)
            self.torn = None
        self._add(row, values, unsure, bool(first or second))

    def part_begins(self, row: Words) -> bool:
        """Whether a row is the first behind a break."""
        return row.gap

    def _by_shape(
        self, cells: list[str], shift: int, places: dict[str, int]
    ) -> tuple[dict[str, str] | None, dict[str, str]]:
        """The values of a row without its known levels, and what is not certain of them; None where some are lost."""
        full = [(place, cell) for place, cell in enumerate(cells) if cell]
        if len(self.tail) == 1:  # a name and what it shall reach
            if len(full) < 2:
                return None, {}
            values = {"name": full[-2][1], "target": full[-1][1]}
            unsure: dict[str, str] = {}
            levels = full[:-2]
            for (_, text), name in zip(reversed(levels), ("level2", "level1"), strict=False):
                values[name] = text
                unsure[name] = MISSING
            return values, unsure
        moved = {name: place - shift for name, place in places.items()}
        if not shift and len(cells) < self.wide and full[0][0] < moved["name"]:
            moved = {name: place - (moved["name"] - full[0][0]) for name, place in moved.items()}
        held = {name: cells[place] if 0 <= place < len(cells) else "" for name, place in moved.items()}
        held = {name: text for name, text in held.items() if name not in ("level1", "level2")}
        points = [held.get(name, "") for name in ("weight", "score") if name in held]
        good = held.get("name") and held.get("target") and all(not text or POINTS.fullmatch(text) for text in points)
        if good and sum(map(bool, held.values())) == len(full):
            return held, {}
        texts = [cell for _, cell in full]
        values = dict(zip(["name", *self.tail], texts, strict=False))
        if len(texts) < 2:
            return None, {}
        return values, dict.fromkeys(("name", *self.tail), MISSING)

    # lines whose words alone are known

    def _loose(self, at: int) -> int:
        end = at
        while end < len(self.rows):
            row = self.rows[end]
            first = row.full[0]
            if canonical(first) == "total" and len(row.full) > 1 and self._take_total(row):
                break
            if len({canonical(cell) for cell in row.full} & set(_AGAIN)) < 2 and self._ends(row):
                break
            end += 1
        scored = "weight" in self.names and "score" in self.names
        lines = [row for row in self.rows[at:end] if len({canonical(cell) for cell in row.full} & set(_AGAIN)) < 2]
        if scored:
            self._scored(lines)
        else:
            self._declared(lines)
        return end + (self.total is not None)

    def _take_levels(self, words: list[str]) -> list[str]:
        """The words of a line behind the levels it begins with."""
        own = False
        while words:
            again = self.bounded and second_level(words[0]) == second_level(self.levels["level2"] or "")
            bare = any(_named(level) for level in self.levels.values()) and not _named(words[0])
            if is_second(words[0]) and (again or bare or len(words) == 2 and SIGN.match(words[1])):
                break  # an indicator that is called as its level is
            if is_first(words[0], len(words) > 1 and is_second(words[1])) and words[0] != "满意度":
                self._levels(words[0], "")
            elif is_second(words[0]):
                self._levels("", words[0])
            elif canonical(words[0]) == "indicator_block":
                pass
            else:
                break
            own = True
            words = words[1:]
        self.own = own
        self.bounded = self.bounded or own
        return words

    def _declared(self, lines: list[Words]) -> None:
        """Lines of [一级] [二级] name target, each of which may go on below."""
        held: list[str] = []  # of a name that has begun
        begun: Words | None = None
        for row in lines:
            before = dict(self.levels)
            words = self._take_levels(list(row.full))
            if self.own and held:  # a name that stood above its levels
                if begun is not None:
                    self._add(begun, {"name": "".join(held)}, dict.fromkeys(("name", "target"), MISSING), False, before)
                held = []
            if not words:
                continue
            if len(words) == 1:
                text = words[0]
                whole = "".join(held)
                if held and (SIGN.match(text) or FIGURE.match(text)):
                    self.lost = self.lost or any(1 < len(piece) <= _SHORT for piece in held[1:-1])
                    sure = len(held) < 2 or self.bounded and SIGN.match(text)
                    self._add(begun or row, {"name": whole, "target": text}, {} if sure else {"name": JOINED}, True)
                    held = []
                else:
                    held.append(text)
                    begun = begun if len(held) > 1 else row
                continue
            words = with_units(words)
            *names, target = words
            unsure = {}
            self.lost = self.lost or any(1 < len(piece) <= _SHORT for piece in held[1:])
            if held:
                unsure = {"name": JOINED}
            elif len(names) > 1:
                unsure = {"name": MISSING, "target": MISSING}
            if SIGN.match(target) and len(names) == 1:
                unsure.pop("target", None)
            self._add(
                begun if held and begun else row,
                {"name": "".join(held) + " ".join(names), "target": target},
                unsure,
                self.own,
            )
            held = []
        if held and begun is not None:
            if self.found and not self.found[-1].values.get("target"):
                return
            self._add(begun, {"name": "".join(held)}, dict.fromkeys(("name", "target"), MISSING), False)

    def _scored(self, lines: list[Words]) -> None:
        """Lines whose figures stand together: target, actual, points and score; the name before, a reason behind."""
        loose: list[tuple[str, Words]] = []  # texts since the figures of the last row
        fresh = 0  # how many of them stood before the last level was printed
        for row in lines:
            words = self._take_levels(list(row.full))
            if self.own:
                self._reasons(loose)
                loose = []
            fresh = len(loose)
            if not words:
                continue
            words = with_units(words)
            spot = figures(words)
            if spot is None:
                loose.append((" ".join(words), row))
                continue
            self._anchor(row, words, spot, loose)
            loose = []
        self._reasons(loose)
        del fresh

    def _anchor(self, row: Words, words: list[str], spot: int, loose: list[tuple[str, Words]]) -> None:
        """A row by its figures; spot: where its points stand among its words."""
        weight, score = words[spot], words[spot + 1]
        behind = words[spot + 2 :]
        ahead = words[:spot]
        values = {"weight": weight, "score": score, "reason": " ".join(behind)}
        unsure: dict[str, str] = {}
        sign = next((place for place, word in enumerate(ahead) if SIGN.match(word)), None)
        if sign is not None and len(ahead) - sign in (1, 2):
            cut = sign
        else:
            cut = max(len(ahead) - 2, 0)
            if sign is None and not alike(ahead[-2:]):
                unsure |= {"target": MISSING, "actual": MISSING}
        values["target"] = ahead[cut] if cut < len(ahead) else ""
        values["actual"] = ahead[cut + 1] if cut + 1 < len(ahead) else ""
        if not values["actual"]:
            unsure |= {"actual": MISSING, "target": MISSING}
        names = ahead[:cut]
        if len(names) > 1 or any(len(word) > 12 for word in ahead[cut + 2 :]):
            unsure["name"] = MISSING
        texts = [text for text, _ in loose]
        last = self.found[-1] if self.found else None
        lost = last is not None and not self.own and not last.values.get("reason") and _lost(last)
        if texts and names and not self.own and last is not None:
            self._reasons(loose)
            if not lost:  # full points need no reason: the text may be the beginning of this name
                self.found[-1].unsure["reason"] = MISSING
                unsure["name"] = MISSING
            texts = []
        elif texts and lost and last is not None:
            mine = 1
            if len(texts) > 1:
                self._reasons(loose[:-mine])
                last.unsure["reason"] = MISSING
            texts, unsure["name"] = texts[-mine:], MISSING
        name = "".join(texts) + " ".join(names)
        if len(texts) + bool(names) > 1 and not self.bounded:
            unsure.setdefault("name", JOINED)
        if not name:
            unsure["name"] = MISSING
        values["name"] = name
        self._add(loose[0][1] if texts and loose else row, values, unsure, self.own)

    def _reasons(self, loose: list[tuple[str, Words]]) -> None:
        """Texts behind the figures of a row are why it fell short."""
        if not loose or not self.found:
            return
        last = self.found[-1]
        text = "".join(text for text, _ in loose)
        last.values["reason"] = last.values.get("reason", "") + text
        if not _lost(last):
            last.unsure["reason"] = MISSING

    # levels, and what is told in the end

    def _levels(self, first: str, second: str) -> None:
        if first:
            self.levels = {"level1": first, "level2": second or None}
        elif second:
            self.levels["level2"] = second

    def _add(
        self, words: Words, values: dict[str, str], unsure: dict[str, str], own: bool, levels: dict | None = None
    ) -> None:
        self.bounded = False
        if not self.found:
            self.bare = self.levels["level1"] is None
        levels = self.levels if levels is None else levels
        values = values | {name: level or "" for name, level in levels.items()}
        self.found.append(Read(words, values, unsure, self.part, own))

    def _finish(self) -> None:
        """Tell the table."""
        if self.torn is not None:
            self._add(self.torn[1], {"name": self.torn[0]}, dict.fromkeys(("name", *self.tail), MISSING), False)
        self._doubt_levels()
        if self.lost:
            for read in self.found:
                read.unsure = dict.fromkeys(("level1", "level2", "name", *self.tail), MISSING) | read.unsure
        points = self._proven()
        heading = self.rows[self.start - 1]
        names = ["level1", "level2", "name", *self.tail]
        wordings = {name: text for name, text, _ in self.columns}
        shown = ["", *(wordings.get(name) or ("二级指标" if name == "level2" else "") for name in names)]
        self.told.facts(shown, heading)
        for read in self.found:
            unsure = {
                column: read.unsure[name]
                for column, name in enumerate(names, start=1)
                if name in read.unsure and name not in points
            }
            self.told.facts(["", *(read.values.get(name, "") for name in names)], read.words, unsure)
        if self.total is not None:
            row, figures = self.total
            columns = [name for name in ("weight", "score") if name in names]
            given = columns[-1:] if len(figures) == 1 else columns
            cells = {1 + names.index(name): text for name, text in zip(given, figures, strict=False)}
            why = "" if points or not row.loose and len(figures) == len(columns) else MISSING
            self.told.facts([row.full[0], *(cells.get(column, "") for column in range(1, len(names) + 1))], row,
                            dict.fromkeys(cells, why) if why else {})  # fmt: skip

    def lacking(self) -> bool:
        """Whether the heading, an indicator, or the points show that words do not stand where they belong."""
        if "target" not in self.names or not self.found:
            return True
        if any(not read.values.get("name") or not read.values.get("target") for read in self.found):
            return True
        return "score" in self.names and not self._proven() and any(read.unsure for read in self.found)

    def _proven(self) -> set[str]:
        """Whether the points of the rows, with the 10 of 执行率, are the 总分 printed below them."""
        if self.total is None or len(self.total[1]) < 2 or "weight" not in self.names:
            return set()
        weights = [decimal_of(read.values.get("weight", "")) for read in self.found]
        scores = [decimal_of(read.values.get("score", "")) for read in self.found]
        whole, reached = (decimal_of(text) for text in self.total[1][:2])
        if None in weights or None in scores or whole is None or reached is None:
            return set()
        left, lost = whole - sum(filter(None, weights)), reached - sum(filter(None, scores))
        return {"weight", "score"} if left in (0, 10, 20) and 0 <= lost <= left else set()

    def _doubt_levels(self) -> None:
        """Where labels do not stand at the beginning of what they head, say of which rows they may not be theirs."""
        if not self.found:
            return
        strange = self.bare and any(read.values.get("level1") for read in self.found)
        first = next((read.values["level1"] for read in self.found if read.values["level1"]), "")
        seconds = list(dict.fromkeys(read.values["level2"] for read in self.found))
        for read in self.found:
            if not read.values["level1"] and first:
                inferred = family_of(read.values["level2"], first)
                read.values["level1"] = inferred or ""
                if inferred is None or normalise(inferred) != normalise(first):
                    read.unsure["level1"] = LEVEL
            if not belong(read.values["level1"], read.values["level2"]):
                inferred = family_of(read.values["level2"], read.values["level1"])
                read.values["level1"] = inferred or read.values["level1"]
                read.unsure["level1"] = LEVEL
            if not read.values["level2"]:
                read.unsure["level2"] = LEVEL
            if not strange:
                continue
            second = read.values["level2"]
            speaks = hinted(read.values.get("name", ""), seconds)
            if speaks == second or speaks is None and not read.part:
                continue
            read.unsure["level2"] = LEVEL
            if speaks and second_level(speaks) != "数量":  # likelier than what stands above by chance
                read.values["level2"] = speaks
                inferred = family_of(speaks, read.values["level1"]) or read.values["level1"]
                if inferred != read.values["level1"] or read.part:
                    read.unsure["level1"] = LEVEL
                read.values["level1"] = inferred
        for read in self.found:
            read.unsure = {name: why for name, why in read.unsure.items() if why}


def _lost(read: Read) -> bool:
    weight, score = (decimal_of(read.values.get(name, "")) for name in ("weight", "score"))
    return weight is not None and score is not None and score < weight


def _named(level: str | None) -> bool:
    """Whether a level is printed with the word: 数量指标, where others have 数量."""
    return bool(level) and without_tail(level or "").endswith("指标")
