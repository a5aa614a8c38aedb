"""The panel's work, in a thread of its own: COM objects belong to the thread that got them; the window never waits."""

from __future__ import annotations

import queue
import sys
import threading
from dataclasses import dataclass

from ..addin.commands import TEXTS, find
from ..bridge import explained, outcome, tame_xlwings
from ..host import undisturbed
from .hosts import Host, front_book, is_free, refusal, running

NOBODY = "没有找到打开着的 Excel 或 WPS 表格。请先打开它和要处理的表，再点“刷新”。"
GONE = "刚才选的 Excel 已经关了，没有做任何事。请点“刷新”，再点一次。"
_EDITING = "正在编辑单元格，或有窗口等着回答"
_NO_BOOK = "没有打开的工作簿"


@dataclass(frozen=True, slots=True)
class Looked:
    """What can be chosen: the key of each host and what it is called; trouble: why there is none."""

    hosts: tuple[tuple[str, str], ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command, as the clerk is told."""

    command_id: str
    text: str


Answer = Looked | Done


def look() -> Looked:
    """The hosts there are now."""
    try:
        hosts = tuple((host.key, f"{host.name}：{_in_front(host)}") for host in running())
    except Exception as error:  # noqa: BLE001  the window stays, and says it
        return Looked((), explained(error))
    return Looked(hosts, "" if hosts else NOBODY)


def _in_front(host: Host) -> str:
    if not is_free(host.app):
        return _EDITING
    book = front_book(host.app)
    return book.name if book else _NO_BOOK


def press(key: str, command_id: str) -> Done:
    """Do a command in the host of that key, as a click on the ribbon would; never raises."""
    try:
        host = next((host for host in running() if host.key == key), None)
        return Done(command_id, _pressed(host, command_id) if host else GONE)
    except Exception as error:  # noqa: BLE001
        return Done(command_id, explained(error))


def _pressed(host: Host, command_id: str) -> str:
    app, command = host.app, find(command_id)
    why = refusal(app, command)
    if why:
        return TEXTS[why]
    front = front_book(app)
    book = front or app.books.add()  # the actions find the application by a workbook
    try:
        with undisturbed(app):
            message = outcome(book, command_id)
    finally:
        if front is None and not book.api.Path and book.api.Saved:
            book.close()
    return message or f"{command.label}：做好了。"


class Worker:
    """One thread that does what is asked, one thing after the other; answers are fetched, never waited for."""

    def __init__(self) -> None:
        self._asked: queue.Queue[tuple[str, ...]] = queue.Queue()
        self._answers: queue.Queue[Answer] = queue.Queue()
        threading.Thread(target=self._work, daemon=True).start()

    def look(self) -> None:
        """Ask for the hosts: a Looked will come."""
        self._asked.put(())

    def press(self, key: str, command_id: str) -> None:
        """Ask for a command: a Done will come."""
        self._asked.put((key, command_id))

    def answer(self) -> Answer | None:
        """The next answer that is there; None where there is none yet."""
        try:
            return self._answers.get_nowait()
        except queue.Empty:
            return None

    def _work(self) -> None:
        if com := sys.modules.get("pythoncom"):
            com.CoInitialize()
        tame_xlwings()
        while True:
            asked = self._asked.get()
            self._answers.put(press(*asked) if asked else look())
