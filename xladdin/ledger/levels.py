"""一级指标 and 二级指标 left blank below the first of their rows, as people write tables without merging cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..errors import Place
from . import columns as names
from .projects import Project
from .row import Row
from .told import Mistake


class Levels:
    """Fills them from the row above of the same project, asked row by row."""

    def __init__(self) -> None:
        self._above: tuple[Project | None, str | None, str | None] = (None, None, None)
        self._seen: set[int] = set()
        self._scattered = False
        self._filled: dict[int, tuple[Project, Place]] = {}

    def of(self, project: Project, row: Row, values: Mapping[str, str | None]) -> dict[str, str | None]:
        """What the levels of a row are, where they are not as they stand. values: by field; it may lack blank ones."""
        above, level1, level2 = self._above
        own1, own2 = values.get("level1"), values.get("level2")
        if above is not project:
            if id(project) in self._seen:
                self._scattered = True
                if own1 is None:
                    self._filled.setdefault(id(project), (project, row.place(names.LEVEL1)))
            self._seen.add(id(project))
            self._above = project, own1, own2
            return {}
        filled: dict[str, str | None] = {}
        if own1 is None and level1 is not None and not row.waits(names.LEVEL1):
            filled["level1"] = level1
        same = filled or (own1 == level1 and not row.is_own(names.LEVEL1))
        if same and own2 is None and level2 is not None and not row.waits(names.LEVEL2):
            filled["level2"] = level2
        if filled:
            column = names.LEVEL1 if "level1" in filled else names.LEVEL2
            self._filled.setdefault(id(project), (project, row.place(column)))
        self._above = project, filled.get("level1", own1), filled.get("level2", own2)
        return filled

    def told(self) -> Iterator[Mistake]:
        """What is to be noted of it. Where the rows of projects are mixed, the row above says nothing: a mistake."""
        for project, place in self._filled.values():
            if self._scattered:
                what = "一级指标或二级指标空着，而各项目的行是打乱的，不知道它属于哪一级"
                mistake = Mistake(place, what, "请把空着的都填上，或把同一项目的行放在一起", project.project)
                project.mistakes.append(mistake)
                project.broken = True
            else:
                what = "一级指标、二级指标空着的行，按上面一行填了"
                yield Mistake(place, what, "请核对", project.project)
