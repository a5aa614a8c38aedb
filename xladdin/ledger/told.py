"""What is to be said of a ledger: mistakes with their cells, and how a person is told of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..errors import Place

MOST_TOLD, LONGEST_TOLD = 500, 400  # mistakes of one ledger (the rest are counted), characters of one
SHOWN = 3  # different mistakes of one project, cells of one mistake, projects of one note


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in the ledger that needs the person's hand. whose: the project that it concerns, if it is one."""

    where: Place
    what: str
    advice: str = ""
    whose: str | None = None

    def __str__(self) -> str:
        return f"{self.where}：{self.what}。{self.advice}"


class Told(list[Mistake]):
    """Mistakes as they are found, the first ones: `more` of them were counted and not kept."""

    more = 0

    def append(self, mistake: Mistake) -> None:
        """Take one more, what it quotes cut to what can be read; or count it."""
        if len(self) < MOST_TOLD:
            cut = len(mistake.what) > LONGEST_TOLD
            super().append(replace(mistake, what=mistake.what[:LONGEST_TOLD] + "…") if cut else mistake)
        else:
            self.more += 1

    def extend(self, mistakes: Iterable[Mistake]) -> None:
        """Each of them."""
        for mistake in mistakes:
            self.append(mistake)

    def listed(self, place: Place) -> tuple[Mistake, ...]:
        """Those kept, and how many there are besides. place: of the ledger."""
        if not self.more:
            return tuple(self)
        what = f"等 {len(self) + self.more} 处，其余 {self.more} 处没有逐处列出"
        return (*self, Mistake(place, what, "请先改正上面列出的，再运行一次"))


def told_by_project(mistakes: Iterable[Mistake]) -> list[str]:
    """One line for each project, its mistakes together; then one for each mistake that is no project's."""
    projects: dict[str | None, list[Mistake]] = {}
    for mistake in mistakes:
        projects.setdefault(mistake.whose, []).append(mistake)
    alone = [_sentence(*group) for group in _alike(projects.pop(None, ()))]
    return alone + list(_projects(projects))


def told_together(notes: Iterable[Mistake]) -> list[str]:
    """One line for each thing said, with its projects; one line for all that is said of one project alone."""
    lines: dict[tuple[str, str], list[Mistake]] = {}
    for note in notes:
        lines.setdefault((note.what, note.advice), []).append(note)
    alone: dict[tuple, list[list[Mistake]]] = {}
    for at, group in enumerate(lines.values()):
        whose = {note.whose for note in group}
        key = (*whose, group[0].advice) if len(whose) == 1 and None not in whose else (at,)
        alone.setdefault(key, []).append(group)
    return [_notes(groups) if len(groups) > 1 else _note(groups[0]) for groups in alone.values()]


def _notes(groups: list[list[Mistake]]) -> str:
    """Several things said of one project."""
    first = groups[0][0]
    said = "；".join(group[0].what for group in groups[:SHOWN])
    rest = f"；等 {len(groups)} 处" if groups[SHOWN:] else ""
    return f"“{first.whose}”：{said}{rest}。" + (f"{first.advice}。" if first.advice else "")


def _note(group: list[Mistake]) -> str:
    names = [note.whose for note in group if note.whose]
    if not names:
        return _sentence(group[0], _spots(group))
    whose = "、".join(f"“{name}”" for name in names[:SHOWN]) + (f" 等 {len(names)} 个项目" if names[SHOWN:] else "")
    advice = f"{group[0].advice}。" if group[0].advice else ""
    return f"{whose}：{group[0].what}。{advice}"


def _projects(projects: dict[str | None, list[Mistake]]) -> Iterator[str]:
    """Projects that have one and the same mistake are told of together."""
    same: dict[tuple, list[str | None]] = {}
    for whose, mistakes in projects.items():
        kinds = {(mistake.where.sheet, _column(mistake), mistake.what, mistake.advice) for mistake in mistakes}
        key = (kinds.pop(),) if len(kinds) == 1 and len(projects) > SHOWN else (whose,)
        same.setdefault(key, []).append(whose)
    for names in same.values():
        if len(names) > SHOWN:
            first = projects[names[0]]
            listed = "、".join(f"“{name}”" for name in names)
            cells = [mistake for name in names for mistake in projects[name]]
            yield f"{len(names)} 个项目没有填（{listed}）：{_sentence(first[0], _spots(cells))}"
        else:
            yield from (_project(name, projects[name]) for name in names)


def _column(mistake: Mistake) -> str:
    return (mistake.where.cell or "").rstrip("0123456789")


def _project(whose: str | None, mistakes: list[Mistake]) -> str:
    groups = _alike(mistakes)
    if len(groups) == 1:
        return f"“{whose}”没有填：{_sentence(*groups[0])}"
    rest = "" if len(groups) <= SHOWN else f"；等 {len(mistakes)} 处"
    advice = {first.advice for first, _ in groups}
    if len(advice) == 1:
        said, rest = [f"{spots} {first.what}" for first, spots in groups[:SHOWN]], f"{rest}。{advice.pop()}"
    else:
        said = [f"{spots} {first.what}（{first.advice}）" for first, spots in groups[:SHOWN]]
    return f"“{whose}”没有填，有 {len(mistakes)} 处要改：{'；'.join(said)}{rest}"


def _alike(mistakes: Iterable[Mistake]) -> list[tuple[Mistake, str]]:
    """Mistakes that say the same of several cells together, and those cells."""
    groups: dict[tuple, list[Mistake]] = {}
    for mistake in mistakes:
        groups.setdefault((mistake.where.sheet, mistake.what, mistake.advice), []).append(mistake)
    return [(group[0], _spots(group)) for group in groups.values()]


def _spots(group: list[Mistake]) -> str:
    """指标!B7、B8、B9 等 6 格."""
    first = group[0].where
    cells = list(dict.fromkeys(mistake.where.cell for mistake in group if mistake.where.cell))
    if not first.sheet:
        return ""
    shown = "、".join(cells[:SHOWN]) + (f" 等 {len(cells)} 格" if cells[SHOWN:] else "")
    return f"{first.sheet}!{shown}" if shown else first.sheet


def _sentence(mistake: Mistake, spots: str) -> str:
    advice = f"。{mistake.advice}" if mistake.advice else ""
    return f"{spots} {mistake.what}{advice}".strip()
