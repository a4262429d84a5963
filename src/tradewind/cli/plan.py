"""`tradewind plan`: what to order and to move, on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradewind.cli.session import AsJson, cli_of, print_json, print_table

if TYPE_CHECKING:
    from tradewind.core.database import Database
    from tradewind.insights.planning.store import PlanView

app = typer.Typer(
    help="What to order and to move, why, and what it earns.", no_args_is_help=True, rich_markup_mode=None
)

Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Most rows.")]


@app.command("make")
def make(
    context: typer.Context,
    product: Annotated[str | None, typer.Option("--product", help="Only this SKU.", show_default="all")] = None,
    budget: Annotated[str | None, typer.Option("--budget", help="Cash, in the reporting currency.")] = None,
    service_level: Annotated[
        float | None, typer.Option("--service-level", help="Chance of not running out, the same for all.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a plan from stock, suppliers and forecasts as they are now. It is the newest from then on."""
    from tradewind.api.planning import Planner
    from tradewind.core.clock import SystemClock
    from tradewind.core.money import parse_decimal

    asked: dict[str, Any] = {"service_level": service_level}
    if budget is not None:
        asked["budget"] = parse_decimal(budget, field="budget")
    cli = cli_of(context)
    settings = cli.quiet_settings()
    with cli.stores() as stores:
        stores.settle()
        planner = Planner(stores.database, stores.warehouse, settings.store, settings.planning)
        plan = planner.make(planner.terms(asked), now=SystemClock().now(), sku=product)
    if as_json:
        print_json(_told(plan))
    else:
        typer.echo(
            f"Plan {plan.plan_id}: {plan.orders} of {plan.lines} lines order something, {plan.transfers} transfers."
        )
        typer.echo("See it with: tradewind plan list")


@app.command("list")
def purchase_list(context: typer.Context, limit: Limit = 50, as_json: AsJson = False) -> None:
    """Show what to order, by expected profit per unit of cash, and what stands against the rest."""
    from tradewind.insights.planning.store import lines_page

    with _newest(context) as (database, plan), database.read() as tx:
        rows = lines_page(tx, plan.plan_id, limit=limit, listed=True).items
        lines = [
            {
                "line": row.line_no,
                "sku": row.inputs["sku"],
                "place": row.inputs["location"],
                "supplier": row.inputs["supplier"],
                "order": row.quantity,
                "hold": row.hold,
                "cost": _cost(row),
                "profit": _rounded(row.figures["expected_profit"]),
                "cover": row.figures["days_of_cover"],
                "why": row.sentence,
            }
            for row in rows
        ]
    _show(plan, lines, as_json, hidden="why")


@app.command("transfers")
def transfers(context: typer.Context, limit: Limit = 50, as_json: AsJson = False) -> None:
    """Show what to move between places, by what it gains."""
    from tradewind.core.money import to_decimal
    from tradewind.insights.planning.store import transfers_page

    with _newest(context) as (database, plan), database.read() as tx:
        rows = transfers_page(tx, plan.plan_id, limit=limit).items
        lines = [
            {
                "line": row.line_no,
                "sku": row.sku,
                "from": row.from_location,
                "to": row.to_location,
                "move": row.quantity,
                "gain": to_decimal(row.gain_minor, plan.currency),
                "why": row.sentence,
            }
            for row in rows
        ]
    _show(plan, lines, as_json, hidden="why")


@app.command("classes")
def classes(
    context: typer.Context,
    still: Annotated[bool, typer.Option("--still", help="Only what lies still: slow and dead.")] = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """Show products by what they earned (A, B, C), how evenly they sell (X, Y, Z) and whether they lie still."""
    from tradewind.insights.planning.classes import Pace
    from tradewind.insights.planning.store import products_page

    paces = (Pace.DEAD, Pace.SLOW) if still else ()
    with _newest(context) as (database, plan), database.read() as tx:
        rows = products_page(tx, plan.plan_id, limit=limit, paces=paces).items
        lines = [
            {
                "sku": row.sku,
                "name": row.name,
                "abc": row.abc,
                "xyz": row.xyz,
                "pace": row.pace,
                "worth": Decimal(row.figures["worth"]),
                "on_hand": row.figures["on_hand"],
                "excess": row.figures["excess"],
                "cover": row.figures["cover_days"],
            }
            for row in rows
        ]
    _show(plan, lines, as_json)


@app.command("accept")
def accept(
    context: typer.Context,
    lines: Annotated[list[int], typer.Argument(help="Numbers of lines of the purchase list.")],
    send: Annotated[bool, typer.Option("--send", help="Order at once; else purchase orders are drafts.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be made; make nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Turn lines into purchase orders, one per supplier and place. A line is taken only once."""
    from tradewind.api import planning_accept
    from tradewind.api.planning_accept import Wish
    from tradewind.commerce.access.audit import Actor
    from tradewind.core.clock import SystemClock

    with _newest(context) as (database, plan), database.write() as tx:
        wishes = [Wish(number) for number in lines]
        by, now = Actor("command line"), SystemClock().now()
        made = planning_accept.accept(tx, plan, wishes, [], send=send, dry_run=dry_run, actor=by, now=now)
    rows = [
        {
            "document": one.document_id,
            "number": one.number,
            "supplier": one.from_name,
            "to": one.to_name,
            "lines": list(one.line_nos),
            "units": one.units,
            "cost": one.cost,
            "currency": one.currency,
            "expected_on": one.expected_on,
            "new": one.is_new,
        }
        for one in made
    ]
    if as_json:
        print_json({"plan_id": plan.plan_id, "documents": rows})
    else:
        print_table(rows)


@contextmanager
def _newest(context: typer.Context) -> Iterator[tuple[Database, PlanView]]:
    from tradewind.insights.planning.store import find_plan

    with cli_of(context).database() as database:
        with database.read() as tx:
            plan = find_plan(tx)
        yield database, plan


def _show(plan: PlanView, lines: list[dict[str, Any]], as_json: bool, *, hidden: str | None = None) -> None:
    if as_json:
        print_json({"plan": _told(plan), "lines": lines})
    elif lines:
        print_table(lines, [name for name in lines[0] if name != hidden])
    else:
        typer.echo("Nothing.")


def _told(plan: PlanView) -> dict[str, Any]:
    return {
        "plan_id": plan.plan_id,
        "made_at": plan.made_at,
        "today": plan.today,
        "currency": plan.currency,
        "lines": plan.lines,
        "orders": plan.orders,
        "transfers": plan.transfers,
    }


def _cost(row: Any) -> Decimal | None:
    cost = row.inputs["unit_cost"]
    return None if cost is None else round(Decimal(cost) * row.quantity, 2)


def _rounded(amount: float | None) -> Decimal | None:
    return None if amount is None else Decimal(f"{amount:.2f}")
