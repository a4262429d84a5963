"""Forecasts from gold that dbt built: trained, served, asked for by every way in, and wrong input told so."""

from __future__ import annotations

import csv
import io
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.api.conftest import PASSWORD, Api, serving
from tests.insights.gold_store import NOW, trade
from tests.spine import a_platform
from tradewind.commerce.access.rights import Role
from tradewind.commerce.access.users import create_user
from tradewind.commerce.catalog.service import NewProduct, put_products
from tradewind.core.clock import ManualClock
from tradewind.core.errors import InvalidInput
from tradewind.insights.forecasting.accuracy import NoForecast, accuracy
from tradewind.insights.forecasting.panel import NoHistory, load, open_day
from tradewind.insights.forecasting.rolling import roll
from tradewind.insights.forecasting.runs import Kind, Run
from tradewind.insights.forecasting.served import LEVELS, SERVED_RUNS, DemandForecast, Scope, series, served
from tradewind.insights.forecasting.signals import SignalKind
from tradewind.insights.forecasting.training import Asked, Trained, train
from tradewind.insights.forecasting.watch import Basis, look
from tradewind.insights.gold import Gold, GoldNotBuilt
from tradewind.jobs.forecasts import ForecastSchedule, is_due, is_roll_due, last_due
from tradewind.platform import Platform
from tradewind.warehouse import medallion
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.gateway import Access, serve_gateway

TOKEN = "a-long-token-that-writes"
TODAY = NOW.date()
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("forecast")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, chdb_path: Path) -> Iterator[tuple[Api, Trained, Path]]:
    folder, clock = tmp_path_factory.mktemp("forecast"), ManualClock(NOW)
    store = {"timezone": "Europe/Berlin", "currency": "EUR"}
    with a_platform(folder / "data", chdb_path, clock=clock, store=store) as platform:
        with pytest.raises(GoldNotBuilt):
            train(platform.warehouse, folder, Asked(), today=TODAY, now=clock.now)
        trade(platform, random.Random(7))
        with platform.database.write() as tx:
            put_products(tx, [NewProduct("SKU-NEW", "Not sold yet", category="Toys")], now=NOW)
        platform.settle()
        _build(platform, folder)
        with pytest.raises(NoForecast):
            accuracy(platform.warehouse)
        trained = train(platform.warehouse, folder / "runs", Asked(), today=TODAY, now=clock.now)
        with platform.database.write() as tx:
            create_user(tx, "vic", PASSWORD, role=Role.VIEWER, now=clock.now(), email="vic@example.com")
        with serving(platform, clock) as api:
            api.as_user("vic")
            yield api, trained, folder


def _build(platform: Platform, folder: Path) -> None:
    gateway = serve_gateway(
        platform.warehouse, lambda _, password: Access("dbt", may_write=True) if password == TOKEN else None, port=0
    )
    try:
        built = medallion.build(
            "127.0.0.1",
            gateway.port,
            "dbt",
            TOKEN,
            work_dir=folder / "work",
            variables={"timezone": "Europe/Berlin", "reporting_currency": "EUR"},
            select="+gold_daily_demand +gold_daily_sales +silver_products",
        )
    finally:
        gateway.stop()
    assert built.is_good, built.failures


def get(api: Api, path: str, **params: Any) -> Any:
    answer = api.client.get(f"/api/v1{path}", params=params or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(api: Api, status: int, method: str, path: str, **more: Any) -> dict[str, Any]:
    answer = api.client.request(method, f"/api/v1{path}", **more)
    assert answer.status_code == status, answer.text
    problem: dict[str, Any] = answer.json()
    return problem


def test_demand_of_gold_is_what_was_ordered_and_kept(made: tuple[Api, Trained, Path]) -> None:
    """Against the ledger: units of counted and refunded orders, less what came back within a fortnight."""
    warehouse = made[0].platform.warehouse
    (built,) = warehouse.query(
        "SELECT sum(d.units) AS units, sum(d.ordered_units) AS ordered, countIf(d.units > d.ordered_units) AS wrong"
        " FROM gold_daily_demand AS d"
    )
    (ledger,) = warehouse.query(
        "SELECT sum(quantity) AS units FROM silver_order_items"
        " WHERE is_counted = 1 OR (status = 'refunded' AND is_test = 0)"
    )
    (back,) = warehouse.query(
        "SELECT sum(quantity) AS units FROM silver_refund_items WHERE order_id IN (SELECT order_id FROM"
        " silver_order_items WHERE is_counted = 1 OR (status = 'refunded' AND is_test = 0))"
    )
    assert built["ordered"] == ledger["units"]
    assert built["ordered"] - back["units"] <= built["units"] < built["ordered"]
    assert built["wrong"] == 0


def test_sums_are_exact_and_quantiles_in_order(made: tuple[Api, Trained, Path]) -> None:
    warehouse = made[0].platform.warehouse
    products = served(warehouse, limit=100)
    whole = series(warehouse, Scope.ALL, limit=1)[0].demand
    channels = [series(warehouse, Scope.ALL, channel=name, limit=1)[0].demand for name in ("shop", "amazon")]
    categories = [one.demand for one in series(warehouse, Scope.CATEGORY, limit=100)]
    by_channel = [one for name in ("shop", "amazon") for one in served(warehouse, channel=name, limit=100)]
    for day in range(90):
        total = _exactly(whole.mean[day])
        for parts in (products, channels, categories, by_channel):
            assert sum(_exactly(one.mean[day]) for one in parts) == total
    for one in (*products, *channels, *categories, whole):
        for days, values in one.cumulative.items():
            assert len(values) == len(LEVELS)
            assert list(values) == sorted(values)
            assert values[0] >= 0
            assert values[-1] >= sum(one.mean[:days]) - 1e-3


def _exactly(value: float) -> Decimal:
    return Decimal(str(round(value, 4)))


def test_pages_of_served_forecasts_go_through_all(made: tuple[Api, Trained, Path]) -> None:
    api, trained, _ = made
    warehouse = api.platform.warehouse
    every = [one.product_id for one in served(warehouse, limit=100)]
    assert len(every) == trained.products == len(set(every))
    assert [one.product_id for one in served(warehouse, limit=4, after=every[3])] == every[4:8]
    assert [one.product_id for one in served(warehouse, [every[2], "none"], limit=9)] == [every[2]]
    with pytest.raises(InvalidInput):
        served(warehouse, limit=0)
    first = get(api, "/forecast/products", limit=4)
    assert [row["product_id"] for row in first["items"]] == every[:4]
    rest = get(api, "/forecast/products", limit=100, cursor=first["next_cursor"])
    assert [row["product_id"] for row in rest["items"]] == every[4:]
    assert rest["next_cursor"] is None


def test_one_product_by_both_addresses_and_as_a_file(made: tuple[Api, Trained, Path]) -> None:
    api, trained, _ = made
    told = get(api, "/forecast/products/SKU-1", horizon_days=30, history_days=60)
    assert told == get(api, f"/products/{told['product_id']}/forecast", horizon_days=30, history_days=60)
    assert (told["sku"], told["model"], told["basis"], told["model_version"]) == (
        "SKU-1", "auto", "served", trained.version,
    )  # fmt: skip
    assert told["origin"] == (TODAY - timedelta(days=1)).isoformat()
    assert [day["date"] for day in told["forecast"][:1]] == [TODAY.isoformat()]
    assert len(told["forecast"]) == told["horizon_days"] == 30
    assert told["total_predicted_units"] == pytest.approx(sum(d["predicted_units"] for d in told["forecast"]), abs=0.2)
    for day in told["forecast"]:
        assert 0 <= day["lower_95"] <= day["lower_80"] <= day["upper_80"] <= day["upper_95"]
    assert [total["days"] for total in told["totals"]] == [7, 14, 30]
    assert told["history"]
    assert told["backtest"]["naive_wape"] > 0
    answer = api.client.get("/api/v1/forecast/products/SKU-1", params={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == 90
    assert rows[0]["date"] == TODAY.isoformat()


def test_category_channel_and_all(made: tuple[Api, Trained, Path]) -> None:
    api, _, _ = made
    toys = get(api, "/forecast/categories", category="Toys", horizon_days=7, history_days=30)
    shop = get(api, "/forecast/total", channel="shop", horizon_days=7)
    whole = get(api, "/forecast/total", horizon_days=7, history_days=30)
    assert (toys["name"], shop["channel"], whole["name"]) == ("Toys", "shop", "All products")
    assert toys["total_predicted_units"] < whole["total_predicted_units"] > shop["total_predicted_units"]
    sold = {name: sum(day["units"] for day in told["history"]) for name, told in (("toys", toys), ("all", whole))}
    assert 0 < sold["toys"] < sold["all"]


def test_a_model_of_ones_choice_is_fitted_at_once(made: tuple[Api, Trained, Path]) -> None:
    api, _, _ = made
    asked = {"product_id": "SKU-2", "horizon_days": 14}
    kept = api.client.post("/api/v1/forecast/generate", json=asked).json()
    assert (kept["model"], kept["basis"]) == ("auto", "served")
    for model in ("glm", "ets", "arima", "croston", "naive"):
        told = api.client.post("/api/v1/forecast/generate", json={**asked, "model": model}).json()
        assert (told["model"], told["basis"], len(told["forecast"])) == (model, "computed", 14)
        assert all(day["predicted_units"] >= 0 for day in told["forecast"])
    mixed = {**asked, "model": "ensemble", "weights": {"glm": 0.5, "naive": 0.5}}
    told = api.client.post("/api/v1/forecast/generate", json=mixed).json()
    assert told["basis"] == "computed"
    bare = {**asked, "include_confidence_intervals": False}
    told = api.client.post("/api/v1/forecast/generate", json=bare).json()
    assert told["forecast"][0]["upper_95"] is None
    assert told["totals"][0]["lower_80"] is None


def test_a_product_that_was_never_sold_is_forecast_by_others_of_its_category(made: tuple[Api, Trained, Path]) -> None:
    api, _, _ = made
    asked = {"product_id": "SKU-NEW", "horizon_days": 30}
    told = api.client.post("/api/v1/forecast/generate", json=asked).json()
    assert (told["basis"], told["flags"], told["model"]) == ("computed", ["cold_start"], "auto")
    assert told["total_predicted_units"] > 0
    whole = told["totals"][-1]
    assert whole["lower_80"] < whole["predicted_units"] < whole["upper_80"]
    on_shop = api.client.post("/api/v1/forecast/generate", json={**asked, "channel": "shop"}).json()
    assert 0 < on_shop["total_predicted_units"] < told["total_predicted_units"]
    problem = refused(api, 409, "POST", "/forecast/generate", json={**asked, "model": "ets"})
    assert problem["code"] == "no_history"


def test_wrong_input_is_told(made: tuple[Api, Trained, Path]) -> None:
    api, _, _ = made

    def generate(status: int, **body: Any) -> dict[str, Any]:
        return refused(api, status, "POST", "/forecast/generate", json={"product_id": "SKU-1", **body})

    for horizon in (0, -1, 366):
        assert "horizon_days must be 1 to 365" in generate(422, horizon_days=horizon)["detail"]
        refused(api, 422, "GET", f"/forecast/products/SKU-1?horizon_days={horizon}")
    generate(422, horizon_days="soon")
    assert "SKU-1" in refused(api, 404, "GET", "/forecast/products/SKU1")["detail"]
    assert "shop" in generate(404, channel="shopp")["detail"]
    assert "Choose from auto" in generate(422, model="magic")["detail"]
    assert "must sum to 1" in generate(422, model="ensemble", weights={"glm": 0.5, "ets": 0.4})["detail"]
    assert "0 to 1" in generate(422, model="ensemble", weights={"glm": 1.5, "ets": -0.5})["detail"]
    assert "no model" in generate(422, model="ensemble", weights={"glm": 0.5, "magic": 0.5})["detail"]
    assert generate(422, model="glm", weights={"glm": 1})["code"] == "invalid_input"
    assert refused(api, 404, "GET", "/forecast/categories?category=Toy")["code"] == "unknown_series"
    models = {one["name"]: one for one in get(api, "/forecast/models")["models"]}
    for name, extra in (("prophet", "prophet"), ("lstm", "neural")):
        if models[name]["installed"]:
            continue
        problem = generate(409, model=name)
        assert problem["code"] == "model_not_installed"
        assert "nothing takes its place" in problem["detail"]
        assert f"pip install 'tradewind[{extra}]'" in problem["detail"]
    assert "train" in generate(409, model="gbm")["detail"]
    assert generate(409, model="ensemble", weights={"gbm": 0.5, "glm": 0.5})["code"] == "model_not_trained"


def test_accuracy_tells_what_was_measured(made: tuple[Api, Trained, Path]) -> None:
    api, trained, _ = made
    told = get(api, "/forecast/accuracy")
    assert (told["model_version"], told["series"]) == (trained.version, trained.series)
    by_model = {row["model"]: row for row in told["scores"] if (row["part"], row["horizon"]) == ("all", "1-90")}
    assert {"auto", "naive", "croston", "pooled"} <= set(by_model)
    auto, naive = by_model["auto"], by_model["naive"]
    assert naive["value_added"] == 0
    assert auto["value_added"] == pytest.approx(1 - auto["wape"] / naive["wape"], abs=1e-4)
    assert 0 < auto["floor_wape"] < auto["wape"]
    whole = [row for row in told["scores"] if row["horizon"] == "1-90"]
    sums = {(row["part"], row["name"]): row for row in whole if row["part"].endswith("total")}
    assert {("total", ""), ("channel_total", "shop"), ("category_total", "Toys")} <= set(sums)
    earned = get(api, "/forecast/total")["backtest"]
    assert earned["wape"] == sums["total", ""]["wape"] < auto["wape"], "a sum misses less than its parts"
    weights: dict[tuple[str, str], float] = {}
    for row in told["weights"]:
        key = (row["demand_class"], row["horizon"])
        weights[key] = weights.get(key, 0) + row["weight"]
    assert weights
    assert all(total == pytest.approx(1, abs=1e-5) or total == 0 for total in weights.values())
    assert api.client.get("/api/v1/forecast/accuracy?format=csv&part=class").text.startswith("model,part,name")


def test_a_run_of_one_product_serves_that_one_and_a_failed_run_serves_nothing(made: tuple[Api, Trained, Path]) -> None:
    api, trained, folder = made
    warehouse, clock = api.platform.warehouse, ManualClock(NOW + timedelta(hours=1))
    chosen, other = [one.product_id for one in served(warehouse, limit=2)]
    before = [one.demand for one in series(warehouse, Scope.CATEGORY, limit=9)]
    one = Asked("ets", 30, (chosen,))
    train(warehouse, folder / "runs", one, today=TODAY, now=clock.now)
    assert [told.model for told in served(warehouse, [chosen, other], limit=2)] == ["ets", "auto"]
    assert [one.demand for one in series(warehouse, Scope.CATEGORY, limit=9)] == before

    def break_off(step: str) -> None:
        if step.startswith("writing"):
            raise RuntimeError("the machine went away")

    clock.advance(hours=1)
    with pytest.raises(RuntimeError):
        train(warehouse, folder / "runs", Asked(), today=TODAY, now=clock.now, progress=break_off)
    assert {told.version for told in served(warehouse, [other], limit=2)} == {trained.version}
    (failed,) = warehouse.query("SELECT message FROM forecast_runs WHERE status = 'failed'")
    assert "the machine went away" in failed["message"]
    again = train(warehouse, folder / "runs", Asked(), today=TODAY, now=clock.now)
    assert again.version == trained.version
    assert {told.model for told in served(warehouse, limit=100)} == {"auto"}


def test_equal_data_give_equal_forecasts(made: tuple[Api, Trained, Path]) -> None:
    """Twice in a row, byte by byte; and the run's folder says what was done."""
    from tradewind.insights.forecasting.runs import as_row
    from tradewind.insights.forecasting.training import compute

    api, trained, folder = made
    panel = load(Gold(api.platform.warehouse), TODAY)
    first, second = ([as_row(line) for line in compute(panel, Asked())[1]] for _ in range(2))
    assert repr(first) == repr(second)
    assert sorted(one.name for one in (folder / "runs" / trained.run_id).iterdir()) == ["members.npz", "run.json"]


def test_the_last_known_day_is_the_last_one_that_gold_knows_in_full(made: tuple[Api, Trained, Path]) -> None:
    warehouse = made[0].platform.warehouse
    built = Gold(warehouse).built_at("gold_daily_demand")
    assert built is not None
    zone = ZoneInfo("Europe/Berlin")
    assert open_day(Gold(warehouse), NOW, zone) == TODAY, "gold is as new as the clock says"
    assert open_day(Gold(warehouse), built + timedelta(days=5), zone) == built.astimezone(zone).date()
    assert load(Gold(warehouse), date(2026, 3, 20)).origin == date(2026, 3, 19)


def test_holidays_are_those_of_the_country_that_is_set(made: tuple[Api, Trained, Path]) -> None:
    pytest.importorskip("holidays", reason="the extra [holidays] is not installed")
    gold = Gold(made[0].platform.warehouse)
    assert load(gold, TODAY).events.startswith("holidays of FR"), "most orders go there"
    assert load(gold, TODAY, country="DE").events.startswith("holidays of DE")


def test_signals_say_what_stands_out(made: tuple[Api, Trained, Path]) -> None:
    """Against fits where no forecast is old enough, then against those that had been served; money as in the ledger."""
    api, trained, folder = made
    warehouse = api.platform.warehouse
    told = get(api, "/forecast/signals", days=28)
    assert (told["last_day"], told["basis"], told["currency"], told["series"]) == (
        (TODAY - timedelta(days=1)).isoformat(), "computed", "EUR", trained.products,
    )  # fmt: skip
    assert set(told["counts"]) == {str(one) for one in SignalKind}
    with _runs_as_before(warehouse):
        since = timedelta(days=10)
        train(warehouse, folder / "new", Asked("ets"), today=TODAY - since, now=ManualClock(NOW - since).now)
        assert look(Gold(warehouse), TODAY).basis is Basis.MIXED, "too new for what a fortnight before foresaw"
    long_ago = TODAY - timedelta(days=45)
    train(warehouse, folder / "old", Asked(), today=long_ago, now=ManualClock(NOW - timedelta(days=45)).now)
    seen = look(Gold(warehouse), TODAY)
    assert seen.basis is Basis.SERVED
    with pytest.raises(NoHistory):
        look(Gold(warehouse), TODAY, "nowhere")
    before = {(one.product_id, channel): one.mean for channel in ("shop", "amazon") for one in _of(warehouse, channel)}
    row = 4
    key = (seen.watched.products[row], seen.watched.channels[row])
    assert seen.watched.foreseen[row].tolist() == pytest.approx(list(before[key][38:45]))
    (sold,) = warehouse.query(
        "SELECT sum(units) AS units FROM gold_daily_demand"
        " WHERE product_id = {id:String} AND channel = {channel:String} AND date >= {since:Date32}",
        {"id": key[0], "channel": key[1], "since": TODAY - timedelta(days=28)},
    )
    assert np.nansum(seen.watched.units[row]) == sold["units"]
    (worth,) = warehouse.query(
        "SELECT (sum(revenue_with_cost_converted) - sum(cost_converted)) / sum(units_with_cost) AS margin"
        " FROM gold_daily_sales WHERE product_id = {id:String}",
        {"id": key[0]},
    )
    assert seen.watched.worth[row] == pytest.approx(float(worth["margin"]), rel=1e-6)
    with _asked_for_as_never_before(warehouse, key):
        told = get(api, "/forecast/signals", kind=["spike", "rising"])
        spike, rising = (next(one for one in told["signals"] if one["kind"] == kind) for kind in ("spike", "rising"))
        for one in (spike, rising):
            assert (one["product_id"], one["channel"]) == (key[0], None)
            assert one["units"] > one["expected_units"]
            assert float(one["effect"]) > 0
        assert rising["low"] > 1.25
        rows = list(csv.DictReader(io.StringIO(api.client.get("/api/v1/forecast/signals?format=csv").text)))
        assert {row["kind"] for row in rows} >= {"spike", "rising"}
    refused(api, 422, "GET", "/forecast/signals?days=0")
    refused(api, 422, "GET", "/forecast/signals?days=29")
    refused(api, 422, "GET", "/forecast/signals?least_effect=-1")
    refused(api, 422, "GET", "/forecast/signals?kind=boom")
    assert "shop" in refused(api, 422, "GET", "/forecast/signals?channel=shopp")["detail"]


def _of(warehouse: Warehouse, channel: str) -> list[DemandForecast]:
    rows = warehouse.query(
        "SELECT name, mean FROM forecast_series WHERE scope = 'product' AND channel = {channel:String}"
        " AND origin = {origin:Date32}",
        {"channel": channel, "origin": TODAY - timedelta(days=46)},
    )
    return [DemandForecast(row["name"], channel, TODAY, tuple(row["mean"]), {}, "auto", "", "", ()) for row in rows]


@contextmanager
def _asked_for_as_never_before(warehouse: Warehouse, key: tuple[str, str]) -> Iterator[None]:
    """One product on one channel; gold is as it was afterwards."""
    for ago in range(1, 6):
        warehouse.command(
            "INSERT INTO gold_daily_demand (product_id, channel, date, units, ordered_units, largest_order, unit_price,"
            f" is_promoted, in_stock, built_at) SELECT '{key[0]}', '{key[1]}', toDate32('{TODAY}') - {ago}, 60, 60, 4,"
            " NULL, 0, 1, now64(6)"
        )
    try:
        yield
    finally:
        warehouse.command("DELETE FROM gold_daily_demand WHERE units = 60 AND largest_order = 4")


def test_the_weekly_run_is_due_on_sundays_at_three(made: tuple[Api, Trained, Path]) -> None:
    api, _, _ = made
    zone = ZoneInfo("Europe/Berlin")
    due = last_due(NOW, zone)
    assert (due.weekday(), due.hour, due.tzinfo) == (6, 3, zone)
    assert timedelta(0) <= NOW - due < timedelta(days=7)
    assert not is_due(api.platform.warehouse, NOW + timedelta(hours=3), zone)
    assert is_due(api.platform.warehouse, NOW + timedelta(days=7), zone)


def test_a_roll_serves_new_days_by_the_models_of_the_training_and_touches_no_other_kind(
    made: tuple[Api, Trained, Path],
) -> None:
    with _runs_as_before(made[0].platform.warehouse):
        _roll_and_look(made[0])


def _roll_and_look(api: Api) -> None:
    platform, warehouse = api.platform, api.platform.warehouse
    folder, clock = platform.settings.data_dir / "forecasts", ManualClock(NOW + timedelta(days=1))
    zone = platform.settings.store.zone
    trained = train(warehouse, folder, Asked(), today=TODAY - timedelta(days=3), now=clock.now)
    trained_at = clock.now()
    clock.advance(hours=1)
    chosen, other = [one.product_id for one in served(warehouse, limit=2)]
    train(warehouse, folder, Asked("ets", 30, (chosen,)), today=TODAY, now=clock.now)
    before = series(warehouse, Scope.PRODUCT, [other], limit=1)[0]
    assert (before.trained_at, before.rolled_at) == (trained_at, None)

    assert is_roll_due(warehouse, NOW, zone)
    built = Gold(warehouse).built_at("gold_daily_demand")
    assert built is not None
    assert not is_roll_due(warehouse, built + timedelta(days=2), zone), "the nightly build comes first"
    ForecastSchedule(platform).turn(threading.Event())  # by the clock of the platform
    assert series(warehouse, Scope.PRODUCT, [other], limit=1)[0].rolled_at == NOW
    assert not is_roll_due(warehouse, NOW, zone)

    clock.advance(hours=1)
    rolled = roll(warehouse, folder, today=TODAY, now=clock.now)
    assert (rolled.trained_run, rolled.trained_until) == (trained.run_id, TODAY - timedelta(days=4))
    after = series(warehouse, Scope.PRODUCT, [other], limit=1)[0]
    assert (after.run_id, after.trained_at, after.rolled_at) == (rolled.run_id, trained_at, clock.now())
    assert (after.demand.origin, after.demand.model) == (TODAY - timedelta(days=1), "auto")
    mine = series(warehouse, Scope.PRODUCT, [chosen], limit=1)[0]
    assert (mine.demand.model, mine.rolled_at) == ("ets", None), "somebody's choice stays until the next training"
    whole = series(warehouse, Scope.ALL, limit=1)[0].demand
    categories = [one.demand for one in series(warehouse, Scope.CATEGORY, limit=100)]
    for day in range(90):
        assert sum(_exactly(one.mean[day]) for one in categories) == _exactly(whole.mean[day])
    told = get(api, f"/forecast/products/{other}")
    assert (told["basis"], told["origin"]) == ("served", (TODAY - timedelta(days=1)).isoformat())
    assert told["trained_at"] < told["rolled_at"]
    told = get(api, "/forecast/accuracy")
    assert (told["run_id"], told["rolled_until"]) == (trained.run_id, (TODAY - timedelta(days=1)).isoformat())

    def break_off(step: str) -> None:
        if step.startswith("writing"):
            raise RuntimeError("the machine went away")

    clock.advance(hours=1)
    with pytest.raises(RuntimeError):
        roll(warehouse, folder, today=TODAY, now=clock.now, progress=break_off)
    assert series(warehouse, Scope.PRODUCT, [other], limit=1)[0] == after
    assert _statuses(warehouse, "daily")[-2:] == ["running", "failed"]

    clock.advance(hours=1)
    again = train(warehouse, folder, Asked(), today=TODAY, now=clock.now)
    newest = series(warehouse, Scope.PRODUCT, [chosen, other], limit=2)
    assert {(one.run_id, one.rolled_at) for one in newest} == {(again.run_id, None)}
    late = Run("late", Kind.DAILY, "auto", "tradewind", "v", TODAY, 90, trained.run_id)
    late.tell(warehouse, "served", clock.now(), clock.now() + timedelta(hours=1))
    runs = {row["run_id"] for row in warehouse.query(SERVED_RUNS)}
    assert runs == {again.run_id}, "a roll of an older training that ends late is not served"


@contextmanager
def _runs_as_before(warehouse: Warehouse) -> Iterator[None]:
    """What is served afterwards is what was before."""
    known = [row["run_id"] for row in warehouse.query("SELECT DISTINCT run_id FROM forecast_runs")]
    try:
        yield
    finally:
        for table in ("forecast_runs", "forecast_series"):
            warehouse.command(f"DELETE FROM {table} WHERE run_id NOT IN {{known:Array(String)}}", {"known": known})


def _statuses(warehouse: Warehouse, kind: str) -> list[str]:
    rows = warehouse.query(
        "SELECT status FROM forecast_runs WHERE kind = {kind:String} ORDER BY at, status = 'failed'", {"kind": kind}
    )
    return [row["status"] for row in rows]
