"""Plans on both engines: written whole, read page by page, edited until accepted, and the oldest dropped."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.spine import NOON
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.insights.planning.distribution import Distribution
from tradewind.insights.planning.line import LineInputs
from tradewind.insights.planning.model import StoredLine, StoredPlan, StoredProduct
from tradewind.insights.planning.plan import make_plan
from tradewind.insights.planning.store import (
    KEPT_PLANS,
    LineAccepted,
    LineFilter,
    NoPlan,
    PlanView,
    cover_page,
    edit_line,
    find_plan,
    lines_page,
    recomputed,
    save_plan,
)
from tradewind.insights.planning.summary import class_matrix, summarise
from tradewind.insights.planning.terms import PlanTerms

TODAY = date(2026, 3, 10)


def inputs(sku: str, on_hand: int, **changed: object) -> LineInputs:
    """Ten a day, ten days to arrive, seven between looks."""
    over = {days: Distribution.normal(10 * days, 5 * days**0.5) for days in (7, 10, 17, 90)}
    plain: dict[str, object] = {
        "product_id": f"id-{sku}",
        "sku": sku,
        "name": sku.title(),
        "category": "",
        "location_id": "main-id",
        "location": "main",
        "on_hand": on_hand,
        "reserved": 0,
        "is_counted": True,
        "supplier_id": "potter",
        "supplier": "The Potter",
        "min_quantity": 12,
        "pack_size": 6,
        "supplier_cost": Decimal("3.50"),
        "supplier_currency": "EUR",
        "unit_cost": Decimal("3.50"),
        "price": Decimal("10.00"),
        "lead_days": 10,
        "lead_days_late": 12,
        "lead_time_from": "receipts",
        "receipts": 9,
        "wait_days": 0,
        "review_days": 7,
        "basis": "forecast",
        "told_by": "auto 1",
        "mean_per_day": (10.0,) * 30,
        "until_arrival": over[10].values,
        "until_arrival_mean": 100.0,
        "protected": over[17].values,
        "protected_mean": 170.0,
        "protected_days": 17.0,
        "until_review": over[7].values,
        "until_review_mean": 70.0,
        "until_limit": over[90].values,
        "until_limit_mean": 900.0,
        "due_until_arrival": 0.0,
        "due_protected": 0.0,
        "due_until_review": 0.0,
        "on_order": 0,
    }
    return LineInputs(**(plain | changed))  # type: ignore[arg-type]


def saved(store: Database, *lines: LineInputs, ago: int = 0) -> PlanView:
    terms = PlanTerms()
    with store.write() as tx:
        return save_plan(
            tx, make_plan(lines, terms), terms, [], today=TODAY, currency="EUR", now=NOON - timedelta(days=ago)
        )


def test_a_plan_comes_back_as_it_was_computed(store: Database) -> None:
    with store.read() as tx, pytest.raises(NoPlan):
        find_plan(tx)
    plan = saved(store, inputs("mug", 90), inputs("cup", 20), inputs("jug", 2000))
    with store.read() as tx:
        assert find_plan(tx) == plan
        page = lines_page(tx, plan.plan_id, limit=2, listed=True)
        assert [row.inputs["sku"] for row in page.items] == ["cup", "mug"]
        assert page.next_cursor is None
        assert [row.inputs["sku"] for row in cover_page(tx, plan.plan_id, limit=9).items] == ["cup", "mug", "jug"]
        first = cover_page(tx, plan.plan_id, limit=1)
        rest = cover_page(tx, plan.plan_id, limit=9, cursor=first.next_cursor)
        assert [row.inputs["sku"] for row in rest.items] == ["mug", "jug"]
        for row in lines_page(tx, plan.plan_id, limit=9).items:
            again = recomputed(row, PlanTerms.from_json(plan.terms))
            assert again.quantity == row.planned
            assert LineInputs.from_json(row.inputs) == again.inputs
        with pytest.raises(NotFound):
            find_plan(tx, "another")


def test_a_quantity_is_edited_in_lots_until_the_line_is_accepted(store: Database) -> None:
    plan = saved(store, inputs("mug", 20))
    with store.write() as tx:
        assert edit_line(tx, plan.plan_id, 1, 60).quantity == 60
        assert edit_line(tx, plan.plan_id, 1, 0).quantity == 0
        for wrong in (6, 61, -6):
            with pytest.raises(InvalidInput, match="packs of 6, 12 at the least"):
                edit_line(tx, plan.plan_id, 1, wrong)
        with pytest.raises(NotFound):
            edit_line(tx, plan.plan_id, 2, 12)
    with store.write() as tx:
        row = tx.get_one(StoredLine, (plan.plan_id, 1))
        row.accepted_as, row.accepted_at = "PO", NOON
    with store.write() as tx, pytest.raises(LineAccepted):
        edit_line(tx, plan.plan_id, 1, 12)


def test_only_the_last_plans_are_kept(store: Database) -> None:
    made = [saved(store, inputs("mug", 20), ago=40 - number) for number in range(KEPT_PLANS + 2)]
    with store.read() as tx:
        assert tx.scalar(select(func.count()).select_from(StoredPlan)) == KEPT_PLANS
        assert find_plan(tx).plan_id == made[-1].plan_id
        with pytest.raises(NotFound, match=f"last {KEPT_PLANS}"):
            find_plan(tx, made[0].plan_id)


def test_what_would_not_sell_within_its_life_or_below_a_lot_waits(store: Database) -> None:
    short_lived = inputs("milk", 20, shelf_life_units=25.0)
    # Just below its point of 218: four are missing, the lot is twelve, and the next seven days are safe.
    nearly = inputs("mug", 214)
    plan = saved(store, short_lived, nearly)
    with store.read() as tx:
        held = {row.inputs["sku"]: row.hold for row in lines_page(tx, plan.plan_id, limit=9).items}
    assert held == {"milk": "shelf_life", "mug": "below_minimum"}


def test_lists_and_classes_are_summed_to_the_cent(store: Database) -> None:
    plan = saved(store, inputs("mug", 20), inputs("cup", 90), inputs("tea", 20, supplier_id=None, unit_cost=None))
    with store.write() as tx:
        rows = {row.inputs["sku"]: row for row in lines_page(tx, plan.plan_id, limit=9).items}
        edit_line(tx, plan.plan_id, rows["cup"].line_no, 12)
        rows["mug"].accepted_as, rows["mug"].accepted_at = "PO", NOON
        profile = {"line_no": 1, "product_id": "id-mug", "sku": "mug", "name": "Mug", "category": "", "pace": "slow"}
        told = {"on_hand": 20, "revenue": "30.10", "stock_value": "70.00", "excess_value": "3.50"}
        tx.add(StoredProduct(plan_id=plan.plan_id, **profile, abc="A", xyz=None, figures=told))
        other = profile | {"line_no": 2, "product_id": "id-tea"}
        figures = told | {"revenue": "10.05", "stock_value": None, "excess_value": None}
        tx.add(StoredProduct(plan_id=plan.plan_id, **other, abc="B", xyz="X", figures=figures))
    with store.read() as tx:
        found = summarise(tx, plan)
        assert (found.lines, found.to_order, found.units, found.accepted) == (3, 1, 12, 1)
        assert found.cost == Decimal("42.00")
        assert found.held == {"no_supplier": 1}
        assert [(part.part_id, part.lines, part.cost) for part in found.suppliers] == [("potter", 1, Decimal("42.00"))]
        assert summarise(tx, plan, LineFilter("another")).lines == 0
        matrix = class_matrix(tx, plan)
        assert [(cell.abc, cell.xyz, cell.revenue) for cell in matrix.cells] == [
            ("A", None, Decimal("30.10")),
            ("B", "X", Decimal("10.05")),
        ]
        assert sum(cell.revenue_share or 0 for cell in matrix.cells) == pytest.approx(1)
        assert [(one.pace, one.products, one.stock_value) for one in matrix.paces] == [("slow", 2, Decimal("70.00"))]
        assert matrix.without_cost == 1
