"""A plan goes out as a file, and edited quantities come back."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.api.conftest import Api
from tests.planning.asking import LISTS, by_place, get, make


def test_the_list_goes_out_as_a_file_and_edited_quantities_come_back(api: Api) -> None:
    plan = make(api)
    out = api.client.get(f"{LISTS}/purchase-list", params={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(out.text)))
    assert {row["plan_id"] for row in rows} == {plan["plan_id"]}
    mug = next(row for row in rows if row["sku"] == "MUG")
    mug["quantity"] = "36"
    dry = send(api, rows, dry_run=True).json()
    assert (dry["is_applied"], dry["changed"], dry["problems"]) == (False, 1, 0)
    assert by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]["quantity"] == dry["edits"][0]["before"]
    done = send(api, rows).json()
    assert done["is_applied"]
    changed = by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]
    assert (changed["quantity"], changed["planned_quantity"]) == (36, dry["edits"][0]["before"])
    mug["quantity"] = "37"
    refused = send(api, rows).json()
    assert (refused["is_applied"], refused["problems"]) == (False, 1)
    assert "packs of 12" in refused["edits"][0]["problem"]


def send(api: Api, rows: list[dict[str, str]], **asked: Any) -> Any:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    answer = api.client.post(
        f"{LISTS}/purchase-list/edits", content=out.getvalue(), params=asked, headers={"Content-Type": "text/csv"}
    )
    assert answer.status_code == 200, answer.text
    return answer


def test_a_workbook_holds_texts_as_texts_and_comes_back_too(api: Api) -> None:
    make(api)
    out = api.client.get(f"{LISTS}/purchase-list", params={"format": "xlsx"})
    book = load_workbook(io.BytesIO(out.content))
    sheet = book.active
    assert isinstance(book, Workbook)
    assert sheet is not None
    heading = [cell.value for cell in sheet[1]]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    place = next(row for row in sheet.iter_rows(min_row=2) if row[heading.index("sku")].value == "MUG")
    place[heading.index("quantity")].value = 60
    edited = io.BytesIO()
    book.save(edited)
    answer = api.client.post(f"{LISTS}/purchase-list/edits", content=edited.getvalue())
    assert answer.json()["changed"] == 1, answer.text
    assert by_place(get(api, f"{LISTS}/purchase-list"))["MUG", "main"]["quantity"] == 60


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", "no workbook")
    return out.getvalue()


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b"PK nonsense", _zip(), b"plan_id,line_no\n"])
def test_a_file_that_is_no_list_is_refused(api: Api, content: bytes) -> None:
    answer = api.client.post(f"{LISTS}/purchase-list/edits", content=content)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "file"
