"""做成模板: the open blank form into a template; the workbook itself stays as it is."""

from __future__ import annotations

import xlwings as xw

from ...files import user_folder
from .. import host
from ..settings import choose_templates
from ..snapshots import content_of
from .filling import WRITTEN, folder_of, free_name, open_file

FOLDER = "模板"  # beside the workbook, where no folder of templates is set


def make_template(book: xw.Book) -> str:
    """The blank form in the workbook made a template in the user's folder of templates, and opened.

    Where none is set: in 模板 beside the workbook. Raises XladdinError where it cannot be one; nothing is written then.
    """
    from ...form import blank
    from ...workbook.saving import save

    host.Progress(book.app)("做成模板：正在认栏目、试填……")
    made = blank.make_template(content_of(book), file=book.name)
    own = user_folder()
    folder = own or folder_of(book) / FOLDER
    path = save(free_name(book.app.books, folder, made.name, ".xlsx"), made.data)
    open_file(book.app, path, WRITTEN)
    extra = len(made.placing.extra)
    lines = [
        f"已把空表做成{made.placing.kind.label}的模板“{made.name}”并打开，存在 {path}。",
        f"写了 {len(made.placing.placed)} 个字段，试填 1、8、20 个指标再读回来，全部一致。空表没有改动。",
        f"适用年度 {made.years}，金额单位 {made.placing.money_unit or '未注明'}；不对的请在文件属性里改。",
    ]
    lines += host.some(f"{note}。" for note in made.notes())
    if extra:
        lines.append("台账里要填这些栏的，请在“项目”表加同名的列。")
    if own is None:
        choose_templates(folder)
        lines.append("以后填表、建表都认这个文件夹里的模板：台账的“表式”写它的名称，新建点“其他表式…”。")
    return "\n".join(lines)
