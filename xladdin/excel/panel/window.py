"""The window: the groups and buttons of the ribbon, the host they act on, and what came of the last one."""

from __future__ import annotations

import tkinter as tk
from tkinter import messagebox, ttk

from ..addin.commands import COMMANDS, GROUPS, TAB, Command, Menu, controls
from .work import Done, Looked, Worker

EACH = 100  # milliseconds between two looks for an answer
ACROSS = 3  # buttons beside each other
WORKING = "正在处理：{}……（需要回答时，窗口出现在 Excel 里）"
BEGIN = "先点到 Excel 里要处理的表，再点这里的按钮；按钮和功能区里的一样。"


class Panel:
    """root: an empty window. worker: who does the work."""

    def __init__(self, root: tk.Tk, worker: Worker):
        self.root, self.worker = root, worker
        self.busy = ""  # the label of the command that runs
        self.keys: list[str] = []
        self.buttons: dict[str, ttk.Button | ttk.Menubutton] = {}
        root.title(TAB)
        root.protocol("WM_DELETE_WINDOW", self._close)
        self._top()
        for group, label in GROUPS.items():
            self._group(group, label)
        self.said = tk.Text(root, width=48, height=7, wrap="char", font="TkDefaultFont")
        self.said.pack(fill="both", expand=True, padx=8, pady=8)
        self.say(BEGIN)
        self.refresh()
        root.after(EACH, self._listen)

    def _top(self) -> None:
        top = ttk.Frame(self.root)
        top.pack(fill="x", padx=8, pady=(8, 0))
        self.chosen = ttk.Combobox(top, state="readonly", width=36)
        self.chosen.pack(side="left", fill="x", expand=True)
        self.again = ttk.Button(top, text="刷新", width=6, command=self.refresh)
        self.again.pack(side="right", padx=(6, 0))

    def _group(self, group: str, label: str) -> None:
        frame = ttk.LabelFrame(self.root, text=label)
        frame.pack(fill="x", padx=8, pady=(6, 0))
        for number, row in enumerate(controls(group)):
            button = self._menu(frame, row) if isinstance(row, Menu) else self._button(frame, row)
            button.grid(row=number // ACROSS, column=number % ACROSS, sticky="ew", padx=3, pady=2)
            self.buttons[row.id] = button
        for column in range(ACROSS):
            frame.columnconfigure(column, weight=1, uniform="each")

    def _button(self, frame: ttk.LabelFrame, command: Command) -> ttk.Button:
        return ttk.Button(frame, text=command.label, command=lambda: self.press(command))

    def _menu(self, frame: ttk.LabelFrame, row: Menu) -> ttk.Menubutton:
        button = ttk.Menubutton(frame, text=row.label)
        menu = tk.Menu(button, tearoff=False)
        for item in COMMANDS:
            if item.menu == row.id:
                menu.add_command(label=item.label, command=lambda item=item: self.press(item))  # type: ignore[misc]
        button["menu"] = menu
        return button

    def refresh(self) -> None:
        """Look again which Excel is there, and which workbook is in front of it."""
        self.worker.look()

    def press(self, command: Command) -> None:
        """Have a command done in the host that is chosen; one at a time."""
        number = self.chosen.current()
        if self.busy or not 0 <= number < len(self.keys):
            return
        self.busy = command.label
        self._enable(False)
        self.say(WORKING.format(command.label))
        self.worker.press(self.keys[number], command.id)

    def say(self, text: str) -> None:
        """Show a text in place of the one before; it can be marked and copied."""
        self.said.configure(state="normal")
        self.said.delete("1.0", "end")
        self.said.insert("1.0", text)
        self.said.configure(state="disabled")

    def _listen(self) -> None:
        while (answer := self.worker.answer()) is not None:
            if isinstance(answer, Looked):
                self._looked(answer)
            else:
                self._done(answer)
        self.root.after(EACH, self._listen)

    def _looked(self, answer: Looked) -> None:
        key = self.keys[self.chosen.current()] if self.keys else ""
        self.keys = [key for key, _ in answer.hosts]
        self.chosen["values"] = [name for _, name in answer.hosts]
        if self.keys:
            self.chosen.current(self.keys.index(key) if key in self.keys else 0)
        else:
            self.chosen.set("")
            self.say(answer.trouble)
        if not self.busy:
            self._enable(bool(self.keys))

    def _done(self, answer: Done) -> None:
        self.busy = ""
        self.say(answer.text)
        self.refresh()  # what is in front may be another by now, or nothing

    def _enable(self, on: bool) -> None:
        for button in self.buttons.values():
            button.state(["!disabled" if on else "disabled"])
        self.again.state(["disabled" if self.busy else "!disabled"])

    def _close(self) -> None:
        if self.busy:
            messagebox.showinfo(TAB, f"“{self.busy}”还没有做完，请等它结束后再关。", parent=self.root)
        else:
            self.root.destroy()


def show() -> None:
    """The panel, until it is closed."""
    root = tk.Tk()
    Panel(root, Worker())
    root.mainloop()
