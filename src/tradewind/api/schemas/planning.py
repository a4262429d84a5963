"""Shapes of plans. Units are units, days are days, amounts are in the plan's currency."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from tradewind.api.schemas.inventory import Body
from tradewind.api.wire import Amount, Wire
from tradewind.commerce.inventory.levels import MOST_UNITS
from tradewind.insights.planning.demand import Basis
from tradewind.insights.planning.line import Hold
from tradewind.insights.planning.terms import MOST_LANES

_NEXT = "Continues after the last item; null when there are no more."
Money = Annotated[Decimal, Field(ge=0, lt=Decimal(10**12), decimal_places=6, max_digits=18)]
Abc = Literal["A", "B", "C"]
Xyz = Literal["X", "Y", "Z"]
XyzChoice = Literal["X", "Y", "Z", "none"]
PaceName = Literal["dead", "slow", "moving", "new"]
MOST_LINES = 2_000


class LaneIn(Body):
    """What the way from one place to another costs, by their codes; instead of what ways usually cost."""

    from_location: str = Field(min_length=1, max_length=64)
    to_location: str = Field(min_length=1, max_length=64)
    cost_per_unit: Money = Decimal(0)
    fixed_cost: Money = Field(Decimal(0), description="Of a shipment, however much is in it.")


class MakePlan(Body):
    """What this plan should do otherwise than the store's settings say; left out: as they say."""

    service_level: float | None = Field(None, description="Chance of not running out, above 0 and below 1.")
    review_days: int | None = Field(None, description="Days between two looks at the plan, 1 to 365.")
    holding_rate: float | None = Field(None, description="What keeping stock costs per year, as a share of it.")
    goodwill_rate: float | None = Field(None, description="What a missed sale costs beyond its margin.")
    order_cost: Money | None = Field(None, description="Of ordering one line.")
    cover_limit_days: int | None = Field(None, description="What would not sell within these days is excess.")
    transfer_cost_per_unit: Money | None = None
    transfer_fixed_cost: Money | None = None
    lanes: list[LaneIn] | None = Field(None, max_length=MOST_LANES, description="Ways that cost otherwise.")
    budget: Money | None = Field(
        None, description="Cash for this plan; lines compete by what they earn per unit of it."
    )


class PlanOut(Wire):
    """A plan, stored with all that it was computed from."""

    plan_id: str
    made_at: datetime
    today: date = Field(description="The business day that it was made for.")
    currency: str
    terms: dict[str, Any] = Field(description="The rules by which it was made.")
    lines: int = Field(description="Products in places.")
    orders: int = Field(description="Lines that order something.")
    transfers: int


class PlanLineOut(Wire):
    """A product in a place: what is there, what is expected, and what to do."""

    line_no: int
    rank: int | None = Field(description="By expected profit per unit of cash; null where nothing is ordered.")
    product_id: str
    sku: str
    name: str
    category: str
    location_id: str = Field(description="Empty where nobody counted the product anywhere.")
    location: str
    action: Literal["order", "hold", "excess", "none"]
    quantity: int = Field(description="Units to order, as edited.")
    planned_quantity: int = Field(description="As it was planned.")
    wanted_quantity: int = Field(description="Before any budget and any reason to hold.")
    hold: Hold | None
    reason: str = Field(description="The sentence that explains it.")
    supplier_id: str | None
    supplier: str | None
    min_quantity: int
    pack_size: int
    unit_cost: Amount | None
    cost: Amount | None = Field(description="Of the quantity.")
    expected_profit: float | None = Field(
        description="Of the quantity: sales saved less keeping what is left, until the next order arrives; null where"
        " unknown."
    )
    profit_per_cash: float | None
    on_hand: int
    reserved: int
    on_order: int
    inventory_position: float
    reorder_point: float
    safety_stock: float
    order_up_to: float
    service_level: float
    service_level_from: str = Field(description="economic: what pays; asked; usual: where price or cost is unknown.")
    days_of_cover: int | None = Field(description="Null: nothing runs out within half a year.")
    days_of_cover_with_order: int | None = Field(
        description="With what is on its way and what is ordered; null: nothing runs out within half a year."
    )
    stock_out_probability: float = Field(description="Before goods ordered today can be sold.")
    excess: int = Field(description="Units beyond what would sell within the cover limit.")
    expected_demand: float = Field(description="Over the protection interval: lead time and review period.")
    lead_time_days: int
    lead_time_from: str = Field(description="receipts, promise or default.")
    basis: Basis
    told_by: str = Field(description="Model and version of the forecast, or what else the demand stands on.")
    accepted_as: str | None = Field(description="The purchase order that it has become.")


class PlanLinePage(Wire):
    plan: PlanOut
    items: list[PlanLineOut]
    next_cursor: str | None = Field(description=_NEXT)


class PlannedTransferOut(Wire):
    line_no: int
    product_id: str
    sku: str
    name: str
    from_location_id: str
    from_location: str
    to_location_id: str
    to_location: str
    quantity: int
    expected_gain: Amount
    reason: str
    accepted_as: str | None


class PlanTransferPage(Wire):
    plan: PlanOut
    items: list[PlannedTransferOut]
    next_cursor: str | None = Field(description=_NEXT)


class ProfileOut(Wire):
    """A product with its classes, over the last 365 days."""

    line_no: int
    product_id: str
    sku: str
    name: str
    category: str
    abc: Abc
    cumulative_share: float | None = Field(description="Of all that was earned, with this product; null without any.")
    worth: Amount
    worth_is: str = Field(
        description="margin, or revenue where the cost is unknown; with _after_fees where channel fees are taken off."
    )
    revenue: Amount | None = Field(description="Net, of the same year; null in plans of older versions.")
    xyz: Xyz | None = Field(description="Null with less than eight weeks of sales.")
    variation: float | None = Field(description="Of weekly demand with the season taken out.")
    pace: PaceName
    on_hand: int
    stock_value: Amount | None
    excess: int
    excess_value: Amount | None
    cover_days: int | None
    quiet_probability: float = Field(description="That none is sold within 90 days.")
    last_sale: date | None
    turns: float | None = Field(description="Yearly cost of sales over today's stock at cost.")


class ProfilePage(Wire):
    plan: PlanOut
    items: list[ProfileOut]
    next_cursor: str | None = Field(description=_NEXT)


class AcceptLine(Body):
    line_no: int = Field(ge=1, le=2_000_000_000)
    quantity: int | None = Field(None, ge=1, le=MOST_UNITS, description="Another one than the list says.")


class AcceptPlan(Body):
    """Lines of the purchase list, of the transfers, or of both."""

    plan_id: str | None = Field(None, max_length=64, pattern=r"^[0-9A-Za-z_-]{1,64}$", description="Unset: the newest.")
    lines: list[AcceptLine] = Field(default_factory=list, max_length=MOST_LINES)
    transfers: list[AcceptLine] = Field(default_factory=list, max_length=MOST_LINES)
    send: bool = Field(False, description="Orders at once; else purchase orders are drafts.")


class MadeOut(Wire):
    """A document that lines became, or, in a dry run, would become."""

    kind: Literal["purchase_order", "transfer"]
    document_id: str | None = Field(description="Null in a dry run.")
    number: str | None = Field(description="Null in a dry run, and for a document that an earlier call made.")
    from_name: str = Field(description="The supplier, or the place that gives.")
    to_name: str
    line_nos: list[int]
    units: int
    cost: Amount | None = Field(description="Of a new purchase order, in its supplier's currency.")
    currency: str | None
    expected_on: date | None
    is_new: bool


class AcceptedOut(Wire):
    plan_id: str
    is_dry_run: bool
    documents: list[MadeOut]


class TakeBack(Body):
    plan_id: str | None = Field(None, max_length=64, pattern=r"^[0-9A-Za-z_-]{1,64}$", description="Unset: the newest.")
    document_id: str = Field(max_length=64, pattern=r"^[0-9A-Za-z_-]{1,64}$")


class TakenBackOut(Wire):
    plan_id: str
    document_id: str
    lines: int = Field(description="That can be accepted again.")


class PartOut(Wire):
    """A supplier or a place, with its lines that are still to be decided."""

    part_id: str
    name: str
    lines: int
    units: int
    cost: Amount = Field(description="Of the lines whose cost is known.")


class ListSummaryOut(Wire):
    """What is chosen of a purchase list, with quantities as edited. Accepted lines only count as such."""

    plan: PlanOut
    lines: int
    to_order: int = Field(description="Lines that order something and are not accepted yet.")
    units: int
    cost: Amount
    without_cost: int = Field(description="Lines to order whose cost nobody has said.")
    expected_profit: float
    accepted: int
    held: dict[str, int] = Field(description="Lines by what stands against them.")
    suppliers: list[PartOut] = Field(description="Of the whole list, the most expensive first.")
    locations: list[PartOut] = Field(description="Of the whole list, the most expensive first.")
    channels: list[str] = Field(description="Those with a place of their own.")


class ClassCellOut(Wire):
    """Products that earn alike and sell alike evenly."""

    abc: Abc
    xyz: Xyz | None = Field(description="Null: less than eight weeks of sales.")
    products: int
    revenue: Amount
    revenue_share: float | None = Field(description="Null where nothing was earned.")
    stock_value: Amount = Field(description="At cost, where the cost is known.")


class PaceOut(Wire):
    pace: PaceName
    products: int
    stock_value: Amount
    excess_value: Amount


class MatrixOut(Wire):
    plan: PlanOut
    cells: list[ClassCellOut] = Field(description="Those that have products.")
    paces: list[PaceOut]
    without_cost: int = Field(description="Products in stock whose value nobody can tell.")


class EditLine(Body):
    quantity: int = Field(ge=0, le=MOST_UNITS, description="0 takes the line off.")


class EditOut(Wire):
    row: int = Field(description="Of the file; the heading is 1.")
    line_no: int | None
    sku: str
    before: int | None
    after: int | None
    problem: str | None


class EditsOut(Wire):
    """What a file would change, or has changed. Nothing is changed while a row has a problem."""

    plan_id: str
    is_applied: bool
    rows: int
    changed: int
    problems: int
    edits: list[EditOut] = Field(description="Rows that change something or have a problem, the first 200.")
