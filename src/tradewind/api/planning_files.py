"""The purchase list as a file that people edit: CSV or a workbook out, the quantities of either back in."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.api.planning_answers import line_out
from tradewind.commerce.orders.export import safe_cell
from tradewind.core.errors import InvalidInput
from tradewind.insights.planning.model import StoredLine
from tradewind.insights.planning.store import LineFilter, PlanView, check_quantity, lines_page

COLUMNS = (
    "plan_id",
    "line_no",
    "sku",
    "name",
    "location",
    "supplier",
    "on_hand",
    "on_order",
    "reorder_point",
    "quantity",
    "hold",
    "unit_cost",
    "cost",
    "expected_profit",
    "sentence",
)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 20_000
_PAGE = 1_000
MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of a workbook; what is packed may be a thousand times smaller."""
_NEEDED = ("plan_id", "line_no", "quantity")


@dataclass(frozen=True, slots=True)
class Edit:
    """A row of a file that came back: `problem` says why it cannot be taken."""

    row: int
    line_no: int | None
    sku: str
    before: int | None
    after: int | None
    problem: str | None

    @property
    def is_change(self) -> bool:
        return self.problem is None and self.before != self.after


def file_rows(tx: Session, plan: PlanView, chosen: LineFilter) -> Iterator[dict[str, Any]]:
    """The lines of the list in rank order, one row each."""
    cursor: str | None = None
    while True:
        page = lines_page(tx, plan.plan_id, limit=_PAGE, cursor=cursor, listed=True, chosen=chosen)
        for row in page.items:
            line = line_out(row, plan)
            yield {
                "plan_id": plan.plan_id,
                **line.model_dump(include={"line_no", "sku", "name", "location", "supplier", "on_hand", "on_order"}),
                "reorder_point": round(line.reorder_point, 1),
                "quantity": line.quantity,
                "hold": None if line.hold is None else str(line.hold),
                "unit_cost": None if line.unit_cost is None else format(line.unit_cost, "f"),
                "cost": None if line.cost is None else format(line.cost, "f"),
                "expected_profit": line.expected_profit,
                "sentence": line.reason,
            }
        cursor = page.next_cursor
        if cursor is None:
            return


def as_csv(rows: Iterable[dict[str, Any]]) -> bytes:
    """With a heading, safe to open in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[name]) for name in COLUMNS] for row in rows)
    return out.getvalue().encode()


def as_workbook(rows: Iterable[dict[str, Any]]) -> bytes:
    """One sheet; texts are texts, so that a name that begins like a formula runs nothing."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Purchase list")
    sheet.append(list(COLUMNS))
    for row in rows:
        cells = []
        for name in COLUMNS:
            value = row[name]
            cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_table(content: bytes) -> list[dict[str, str]]:
    """Rows of a CSV or a workbook by heading. Raises InvalidInput for anything else."""
    rows = _workbook_rows(content) if content.startswith(b"PK") else _csv_rows(content)
    if not rows:
        raise InvalidInput("The file is empty. Send the purchase list with its heading.", field="file")
    heading = [cell.strip().lower() for cell in rows[0]]
    missing = [name for name in _NEEDED if name not in heading]
    if missing:
        raise InvalidInput(f"The file has no column {missing[0]}. It needs {', '.join(_NEEDED)}.", field="file")
    if len(rows) > MOST_ROWS:
        raise InvalidInput(f"The file has more than {MOST_ROWS:,} rows.", field="file")
    return [dict(zip(heading, row, strict=False)) for row in rows[1:] if any(cell.strip() for cell in row)]


def read_edits(tx: Session, plan: PlanView, rows: Sequence[dict[str, str]]) -> list[Edit]:
    """What each row would change; nothing is changed yet."""
    numbers = {number for row in rows if (number := _whole(row.get("line_no", ""))) is not None}
    query = select(StoredLine).where(StoredLine.plan_id == plan.plan_id)
    known: dict[int, StoredLine] = {}
    ordered = sorted(numbers)
    for start in range(0, len(ordered), 500):
        part = ordered[start : start + 500]
        known |= {line.line_no: line for line in tx.scalars(query.where(StoredLine.line_no.in_(part)))}
    seen: set[int] = set()
    edits = []
    for place, row in enumerate(rows, start=2):
        edit = _edit(plan, row, place, known)
        if edit.line_no is not None and edit.line_no in seen and edit.problem is None:
            edit = Edit(place, edit.line_no, edit.sku, edit.before, edit.after, "The line stands here twice.")
        if edit.line_no is not None:
            seen.add(edit.line_no)
        edits.append(edit)
    return edits


def _edit(plan: PlanView, row: dict[str, str], place: int, known: dict[int, StoredLine]) -> Edit:
    number, wanted = _whole(row.get("line_no", "")), _whole(row.get("quantity", ""))
    sku = row.get("sku", "")[:128]
    if row.get("plan_id", "").strip() != plan.plan_id:
        return Edit(place, number, sku, None, wanted, "This row is of another plan. Take the list out again.")
    line = None if number is None else known.get(number)
    if line is None:
        return Edit(place, number, sku, None, wanted, "The plan has no such line.")
    sku = line.inputs["sku"]
    if wanted is None:
        return Edit(place, number, sku, line.quantity, None, "The quantity is not a whole number.")
    problem = None
    if wanted != line.quantity:
        if line.accepted_as is not None:
            problem = "The line was accepted already. Change its purchase order."
        else:
            try:
                check_quantity(line, wanted)
            except InvalidInput as refused:
                problem = str(refused)
    return Edit(place, number, sku, line.quantity, wanted, problem)


def _whole(text: str) -> int | None:
    """A whole number of a cell; a spreadsheet may write 12.0 for 12."""
    stripped = text.strip().removesuffix(".0")
    return int(stripped) if stripped.isascii() and stripped.isdigit() and len(stripped) <= 9 else None


def _cell(value: Any) -> str:
    return str(value) if isinstance(value, int | float) else safe_cell(value)


def _csv_rows(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("The file is neither a workbook nor a CSV in UTF-8.", field="file") from None
    sample = text[:4096]
    delimiter = ";" if sample.count(";") > sample.count(",") else ","
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as broken:
        raise InvalidInput(f"The file is no CSV that can be read: {broken}.", field="file") from None


def _workbook_rows(content: bytes) -> list[list[str]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise InvalidInput("The workbook is too large. Send the list alone, or as CSV.", field="file")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=64, values_only=True)
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as broken:
        raise InvalidInput(
            "The workbook cannot be read. Save it as .xlsx or .csv and send it again.", field="file"
        ) from broken
