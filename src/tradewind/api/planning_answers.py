"""Plans as people see them: stored rows into the shapes of the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tradewind.api.schemas.planning import PlanLineOut, PlannedTransferOut, ProfileOut
from tradewind.core.money import rounded, to_decimal
from tradewind.insights.planning.levels import days_of_cover
from tradewind.insights.planning.line import LineInputs, expected_profit
from tradewind.insights.planning.model import StoredLine, StoredProduct, StoredTransfer
from tradewind.insights.planning.store import PlanView
from tradewind.insights.planning.terms import PlanTerms

_NAMED = (
    "sku",
    "name",
    "category",
    "location",
    "supplier",
    "min_quantity",
    "pack_size",
    "on_hand",
    "reserved",
    "on_order",
    "lead_time_from",
    "basis",
    "told_by",
)
_COUNTED = ("rank", "service_level", "days_of_cover", "excess")
_UNITS = ("inventory_position", "reorder_point", "safety_stock", "order_up_to")
_AMOUNTS = ("worth", "revenue", "stock_value", "excess_value")


def line_out(row: StoredLine, plan: PlanView, quantity: int | None = None) -> PlanLineOut:
    """A stored line; with another quantity as it would be with that one."""
    units = row.quantity if quantity is None else quantity
    figures, given = row.figures, LineInputs.from_json(row.inputs)
    cost = None if given.unit_cost is None else given.unit_cost * units
    profit = figures["expected_profit"]
    if units != row.planned:
        profit = expected_profit(given, PlanTerms.from_json(plan.terms), units)
    action = "order" if units else "hold" if row.hold else "excess" if figures["excess"] else "none"
    coming = given.position(0).available + given.on_order + units
    return PlanLineOut.model_validate(
        {
            "line_no": row.line_no,
            "product_id": row.product_id,
            "location_id": row.location_id,
            "supplier_id": row.supplier_id,
            "action": action,
            "quantity": units,
            "planned_quantity": row.planned,
            "wanted_quantity": figures["wanted"],
            "hold": row.hold,
            "reason": row.sentence,
            "unit_cost": given.unit_cost,
            "cost": None if cost is None else rounded(cost, plan.currency),
            "expected_profit": None if profit is None else round(profit, 2),
            "profit_per_cash": None if profit is None or not cost else profit / float(cost),
            "days_of_cover_with_order": days_of_cover(coming, given.mean_per_day),
            "service_level_from": figures["level_from"],
            "stock_out_probability": round(figures["stock_out_probability"], 4),
            "expected_demand": round(given.protected_mean, 2),
            "lead_time_days": given.wait_days + given.lead_days,
            "accepted_as": row.accepted_as,
        }
        | {name: getattr(given, name) for name in _NAMED}
        | {name: figures[name] for name in _COUNTED}
        | {name: round(figures[name], 2) for name in _UNITS}
    )


def transfer_out(row: StoredTransfer, plan: PlanView) -> PlannedTransferOut:
    """A stored move."""
    return PlannedTransferOut(
        line_no=row.line_no,
        product_id=row.product_id,
        sku=row.sku,
        name=row.name,
        from_location_id=row.from_location_id,
        from_location=row.from_location,
        to_location_id=row.to_location_id,
        to_location=row.to_location,
        quantity=row.quantity,
        expected_gain=to_decimal(row.gain_minor, plan.currency),
        reason=row.sentence,
        accepted_as=row.accepted_as,
    )


def profile_out(row: StoredProduct) -> ProfileOut:
    """A stored product with its classes."""
    told = row.figures
    # Plans of before this version do not tell revenue.
    amounts = {name: None if told.get(name) is None else Decimal(told[name]) for name in _AMOUNTS}
    plain = ("worth_is", "variation", "on_hand", "excess", "cover_days", "quiet_probability", "turns")
    named = ("line_no", "product_id", "sku", "name", "category", "abc", "xyz", "pace")
    return ProfileOut.model_validate(
        {name: getattr(row, name) for name in named}
        | {name: told[name] for name in plain}
        | amounts
        | {
            "cumulative_share": told["cumulative"],
            "last_sale": None if told["last_sale"] is None else date.fromisoformat(told["last_sale"]),
        }
    )
