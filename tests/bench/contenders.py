"""What bench.py measures, each in its own process: python -m tests.bench.contenders fill xladdin FOLDER COUNT

Every contender is work(folder, count); its libraries are imported inside it.
"""

from __future__ import annotations

import json
import shutil
import sys
import zlib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = [ROOT / "templates" / name for name in ("2021申报表.xlsx", "2021自评表.xlsx")]


def records() -> list:
    """The declaration and the evaluation, rates and scores null."""
    from xladdin import from_dict

    found = json.loads((ROOT / "xladdin/data/example.json").read_text("utf-8"))
    declaration = next(r for r in found if r["year"] == 2021 and r["kind"] == "declaration")
    evaluation = next(r for r in found if r["year"] == 2021 and r["kind"] == "evaluation")
    evaluation |= {"total_score": None, "total_weight": None}
    evaluation["budget"] = [line | {"rate": None, "score": None} for line in evaluation["budget"]]
    evaluation["indicators"] = [row | {"score": None} for row in evaluation["indicators"]]
    return [from_dict(declaration), from_dict(evaluation)]


def named(number: int) -> str:
    return f"计生特殊家庭帮扶及权益维护{number:05}"


def fill_xladdin(folder: Path, count: int) -> None:
    from dataclasses import replace

    from xladdin import fill
    from xladdin.workbook.saving import save

    pair = records()
    for number in range(count):
        save(folder / f"{number:05}.xlsx", fill(replace(pair[number % 2], project=named(number))))


def fill_openpyxl(folder: Path, count: int) -> None:
    from copy import copy

    from openpyxl import load_workbook

    plans = json.loads((folder.parent / "plans.json").read_text("utf-8"))
    for number in range(count):
        plan = plans[number % 2]
        book = load_workbook(TEMPLATES[number % 2])
        sheet = book.active
        for merged in list(sheet.merged_cells.ranges):  # insert_rows leaves merges behind
            sheet.unmerge_cells(str(merged))
        first, rows = plan["repeat"], plan["rows"]
        sheet.insert_rows(first + 1, rows - 1)
        for row in range(first + 1, first + rows):
            for cell in sheet[first]:
                sheet.cell(row, cell.column)._style = copy(cell._style)
        for (row, column), value in plan["writes"]:
            sheet.cell(row, column).value = value
        sheet.cell(*plan["project"]).value = named(number)
        for merged in plan["merges"]:
            sheet.merge_cells(merged)
        for row, height in plan["heights"]:
            sheet.row_dimensions[row].height = height
        book.save(folder / f"{number:05}.xlsx")


def fill_xlsxwriter(folder: Path, count: int) -> None:
    import xlsxwriter

    plans = json.loads((folder.parent / "plans.json").read_text("utf-8"))
    for number in range(count):
        plan = plans[number % 2]
        book = xlsxwriter.Workbook(str(folder / f"{number:05}.xlsx"))
        sheet = book.add_worksheet("表")
        look = book.add_format({"border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"})
        for column, width in plan["widths"]:
            sheet.set_column(f"{column}:{column}", width)
        for row, height in plan["heights"]:
            sheet.set_row(row - 1, height)
        for merged in plan["merges"]:
            sheet.merge_range(merged, "", look)
        for (row, column), value in plan["cells"]:
            shown = named(number) if [row, column] == plan["project"] else value
            sheet.write(row - 1, column - 1, shown, look)
        book.close()


def fill_xltpl(folder: Path, count: int) -> None:
    from xltpl.writerx import BookWriter

    from xladdin.form.catalogue import find_form
    from xladdin.form.filling import context_of
    from xladdin.workbook.expression import _ENV

    pair = records()
    contexts = [bare(context_of(r, find_form(path.stem))) for r, path in zip(pair, TEMPLATES, strict=True)]
    writers = [BookWriter(str(path)) for path in TEMPLATES]
    for writer in writers:
        writer.jinja_env.filters |= _ENV.filters
    for number in range(count):
        writers[number % 2].render_book([contexts[number % 2] | {"项目名称": named(number)}])
        writers[number % 2].save(str(folder / f"{number:05}.xlsx"))


def bare(value):
    """Values where xladdin puts live formulas; the first of repeated rows: its loop tags are not in the template."""
    if isinstance(value, dict):
        for key in value:
            value[key] = bare(value[key])
        return value
    return bare(value[0]) if isinstance(value, list) else getattr(value, "value", value)


def copy_template(folder: Path, count: int) -> None:
    for number in range(count):
        shutil.copyfile(TEMPLATES[number % 2], folder / f"{number:05}.xlsx")


def deflate_sheet(folder: Path, count: int) -> None:
    texts = [(folder.parent / f"sheet{n}.xml").read_bytes() for n in (0, 1)]
    for number in range(count):
        squeezer = zlib.compressobj(6, zlib.DEFLATED, -15)
        squeezer.compress(texts[number % 2]) + squeezer.flush()


def files(folder: Path, count: int) -> list[Path]:
    return sorted((folder.parent / "filled").glob("*.xlsx"))[:count]


def read_xladdin(folder: Path, count: int) -> None:
    from xladdin import read

    for path in files(folder, count):
        read(path)


def read_openpyxl(folder: Path, count: int, **options) -> None:
    from openpyxl import load_workbook

    for path in files(folder, count):
        book = load_workbook(path, **options)
        for row in book.active.iter_rows():
            for cell in row:
                cell.value  # noqa: B018
        book.close()


def read_calamine(folder: Path, count: int) -> None:
    from python_calamine import CalamineWorkbook

    for path in files(folder, count):
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def memory(folder: Path, count: int) -> None:
    from dataclasses import replace

    from xladdin import fill

    pair = records()
    for number in range(count):
        fill(replace(pair[number % 2], project=named(number)))
    status = Path("/proc/self/status").read_text()  # not getrusage: its peak may be the parent's, from before exec
    print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


FILL = {"xladdin": fill_xladdin, "openpyxl": fill_openpyxl, "XlsxWriter": fill_xlsxwriter, "xltpl": fill_xltpl,
        "copy template": copy_template, "deflate sheet XML": deflate_sheet}  # fmt: skip
READ = {"xladdin": read_xladdin, "openpyxl": read_openpyxl, "python-calamine": read_calamine,
        "openpyxl read_only": lambda folder, count: read_openpyxl(folder, count, read_only=True)}  # fmt: skip
TASKS = {"fill": FILL, "read": READ, "memory": {"xladdin": memory}}

if __name__ == "__main__":
    TASKS[sys.argv[1]][sys.argv[2]](Path(sys.argv[3]), int(sys.argv[4]))
