"""`tradewind forecast`: trains the forecasts of demand, shows them, and says how good they were."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.session import AsJson, cli_of, print_json, print_table

if TYPE_CHECKING:
    from tradewind.platform import Access

app = typer.Typer(
    help="Demand forecasts of products, categories and channels.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("train")
def train(
    context: typer.Context,
    all_products: Annotated[
        bool, typer.Option("--all-products", help="All products; what is done by default.")
    ] = False,
    product: Annotated[
        list[str] | None, typer.Option("--product", help="Only this one, by SKU or id; may be given again.")
    ] = None,
    model: Annotated[
        str,
        typer.Option("--model", help="auto, ensemble, glm, ets, arima, croston, pooled, gbm, naive, prophet or lstm."),
    ] = "auto",
    horizon: Annotated[int, typer.Option("--horizon", help="Days ahead, 1 to 365.")] = 90,
    weights: Annotated[
        str | None, typer.Option("--weights", help="Of an ensemble: glm=0.5,ets=0.5.", show_default="learned")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Learn from the demand in gold, try the models on the past, and serve what they say of the days ahead."""
    from tradewind.core.errors import InvalidInput
    from tradewind.insights.forecasting.training import Asked
    from tradewind.jobs.forecasts import train_forecasts

    if all_products and product:
        raise InvalidInput("Give either --all-products or --product, not both.", field="product")
    settings = cli_of(context).quiet_settings()
    ids = None
    if product:
        with cli_of(context).stores() as stores:
            ids = _ids(stores, product)
    asked = Asked(model, horizon, ids, _weights(weights) if weights else None)
    done = train_forecasts(settings, asked, progress=lambda step: typer.echo(step, err=True))
    if as_json:
        print_json(asdict(done))
        return
    typer.echo(
        f"{done.products:,} products, {done.horizon} days from {done.origin}, in {done.seconds:.1f} s ({done.run_id})"
    )
    if done.wape is not None and done.naive_wape is not None:
        typer.echo(
            f"Missed in the back-test: {done.wape:.1%} of the units a day; last week repeated: {done.naive_wape:.1%}."
        )
    else:
        typer.echo("There is too little history for a back-test of 90 days; intervals are wide.")


@app.command("roll")
def roll(context: typer.Context, as_json: AsJson = False) -> None:
    """Give the trained models the days that gold knows by now, and serve what they say from there; takes seconds."""
    from tradewind.jobs.forecasts import roll_forecasts

    settings = cli_of(context).quiet_settings()
    done = roll_forecasts(settings, progress=lambda step: typer.echo(step, err=True))
    if as_json:
        print_json(asdict(done))
        return
    typer.echo(
        f"{done.products:,} products, {done.horizon} days from {done.origin}, by the models trained on demand up to"
        f" {done.trained_until}, in {done.seconds:.1f} s ({done.run_id})"
    )


@app.command("accuracy")
def accuracy(
    context: typer.Context,
    model: Annotated[str | None, typer.Option("--model", help="Only this model.", show_default="all")] = None,
    part: Annotated[
        str,
        typer.Option(
            "--by", help="all, class, channel or category; total, channel_total or category_total: of daily sums."
        ),
    ] = "all",
    as_json: AsJson = False,
) -> None:
    """What the back-test measured: errors per model beside last week repeated and beside the noise floor."""
    from tradewind.core.errors import InvalidInput
    from tradewind.insights.forecasting.accuracy import PARTS, accuracy

    if part not in PARTS:
        raise InvalidInput(f"Choose --by {', '.join(PARTS)}.", field="by")
    with cli_of(context).stores() as stores:
        found = accuracy(stores.warehouse, model=model, part=part)
    if as_json:
        print_json({"run": found.run, "scores": found.scores, "weights": found.weights, "live": found.live})
        return
    columns = ("model", "name", "horizon", "series", "wape", "naive_wape", "floor_wape", "rmsse", "bias", "coverage_80")
    print_table([{name: row[name] for name in columns} for row in found.scores])
    if found.live:
        typer.echo("\nWhat past forecasts met since, by days ahead:")
        print_table(found.live)


@app.command("signals")
def signals(
    context: typer.Context,
    channel: Annotated[str | None, typer.Option("--channel", help="Only this channel.", show_default="all")] = None,
    days: Annotated[int, typer.Option("--days", help="Spikes and drops of the last so many days, 1 to 28.")] = 7,
    as_json: AsJson = False,
) -> None:
    """What stands out against the forecasts: single days, trends, silent listings, shifts of level, gaps in data."""
    from tradewind.core.clock import SystemClock
    from tradewind.insights.forecasting.panel import open_day
    from tradewind.insights.forecasting.signal_report import report
    from tradewind.insights.gold import Gold

    settings = cli_of(context).quiet_settings()
    with cli_of(context).stores() as stores:
        gold = Gold(stores.warehouse)
        found = report(gold, open_day(gold, SystemClock().now(), settings.store.zone), channel=channel, days=days)
    if as_json:
        print_json(asdict(found))
        return
    typer.echo(f"{found.series:,} products up to {found.last_day}: {len(found.signals):,} signals")
    print_table(
        [
            {
                "kind": one.kind,
                "product": one.product_id,
                "channel": one.channel,
                "effect": one.effect,
                "says": one.says,
            }
            for one in found.signals
        ]
    )


def _ids(stores: Access, given: list[str]) -> tuple[str, ...]:
    """Product ids of SKUs or ids; UnknownChoice with the nearest for one that there is not."""
    from tradewind.insights.forecasting.lookup import product_ids

    return tuple(product_ids(stores.warehouse, given))


def _weights(text: str) -> dict[str, float]:
    from tradewind.core.errors import InvalidInput

    found = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise InvalidInput("Write weights as glm=0.5,ets=0.5.", field="weights") from None
    return found
