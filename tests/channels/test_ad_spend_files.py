"""Reports of advertising platforms: imported by campaign and day, again without effect, and stated once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.channels.conftest import Shop
from tests.spine import Shop as Channel
from tradewind.channels.files.options import Step

REPORT = """Date,Campaign name,Cost,Currency,Clicks,Impressions
2026-03-01,spring,41.20,EUR,10,900
2026-03-02,spring,0.00,EUR,0,
2026-03-02,brand,7.5,USD,--,12
"""


def spend(shop: Shop) -> list[tuple[object, ...]]:
    query = """SELECT c.code, a.campaign, a.day, a.amount_minor, a.currency, a.clicks, a.impressions
        FROM ad_spend a JOIN channels c ON c.id = a.channel_id ORDER BY a.day, a.campaign DESC"""
    return [tuple(str(value) if value is not None else None for value in row) for row in shop.rows(query)]


def test_a_report_is_imported_once_and_a_newer_one_takes_its_place(shop: Shop) -> None:
    result = shop.run("ad-spend", shop.file("report.csv", REPORT))
    assert (result.exit_code, result.count("ad_spend.created"), result.count("rows.booked")) == (0, 3, 3)
    assert result.sums()["EUR"]["advertising"] == Decimal("41.20")
    assert spend(shop) == [
        ("shop", "spring", "2026-03-01", "4120", "EUR", "10", "900"),
        ("shop", "spring", "2026-03-02", "0", "EUR", "0", None),
        ("shop", "brand", "2026-03-02", "750", "USD", None, "12"),
    ]
    assert shop.value("SELECT count(*) FROM outbox WHERE topic = 'ad_spend'") == 3
    again = shop.run("ad-spend", shop.file("report.csv", REPORT), again=True)
    assert (again.count("ad_spend.unchanged"), again.changed_nothing) == (3, True)
    newer = shop.run("ad-spend", shop.file("report.csv", REPORT.replace("41.20", "40.00")))
    assert (newer.count("ad_spend.changed"), newer.count("ad_spend.unchanged")) == (1, 2)
    assert shop.value("SELECT count(*) FROM ad_spend") == 3
    assert shop.value("SELECT count(*) FROM outbox WHERE topic = 'ad_spend'") == 4


def test_channels_come_from_a_column_or_from_the_option(sqlite_shop: Shop) -> None:
    Channel.open(sqlite_shop.database, "amazon")
    column = "day,campaign,amount,channel\n2026-03-01,a,1,amazon\n2026-03-01,a,2,\n2026-03-01,a,4,ebay\n"
    path = sqlite_shop.file("s.csv", column)
    result = sqlite_shop.run("ad-spend", path, channel="my-shop", currency="EUR")
    assert (result.exit_code, result.count("ad_spend.created"), result.refused_rows) == (2, 2, 1)
    assert [row[:4] for row in sqlite_shop.rows("SELECT count(*), sum(amount_minor) FROM ad_spend")] == [(2, 300)]
    (problem,) = sqlite_shop.problems(result)
    assert (problem["row"], problem["column"], problem["value"]) == ("4", "channel", "ebay")
    assert "The channels are: amazon, my-shop" in problem["reason"]


def test_what_cannot_be_booked_is_listed_and_a_dry_run_books_nothing(sqlite_shop: Shop) -> None:
    flawed = "day,campaign,amount,currency,clicks\n"
    flawed += "2026-03-01,a,1,EUR,1\n2026-03-01,a,2,EUR,1\n2026-03-02,a,-1,EUR,1\n2026-03-03,a,1,,1\n"
    flawed += "2026-03-04,,1,EUR,1\n2026-03-05,a,1,EUR,1.5\n"
    path = sqlite_shop.file("s.csv", flawed)
    dry = sqlite_shop.run("ad-spend", path, is_dry_run=True)
    assert sqlite_shop.value("SELECT count(*) FROM ad_spend") == 0
    result = sqlite_shop.run("ad-spend", path)
    assert result.count("ad_spend.created") == dry.count("ad_spend.created") == 1
    found = {problem["row"]: (problem["column"], problem["code"]) for problem in sqlite_shop.problems(result)}
    assert found == {
        "3": ("campaign", "spend_stated_twice"),
        "4": ("amount", "refused"),
        "5": ("currency", "refused"),
        "6": ("campaign", "missing_value"),
        "7": ("clicks", "bad_value"),
    }


def test_rows_that_repeat_a_key_are_refused_also_in_another_chunk_and_after_a_break(sqlite_shop: Shop) -> None:
    rows = "".join(f"2026-03-01,c{n % 8},{n}\n" for n in range(12))
    path = sqlite_shop.file("s.csv", "day,campaign,amount\n" + rows)
    steps = 0

    class Broken(Exception):
        pass

    def watch(step: Step) -> None:
        nonlocal steps
        steps += step.stage == "ad_spend"
        if steps == 2:
            raise Broken

    with pytest.raises(Broken):
        sqlite_shop.run("ad-spend", path, currency="EUR", chunk_orders=1, progress=watch)
    assert sqlite_shop.value("SELECT count(*) FROM ad_spend") == 4
    result = sqlite_shop.run("ad-spend", path, currency="EUR", chunk_orders=1)
    assert (result.count("ad_spend.created"), result.refused_rows) == (8, 4)
    assert sqlite_shop.value("SELECT sum(amount_minor) FROM ad_spend") == sum(range(8)) * 100


def test_a_report_given_to_a_preset_of_orders_is_told_which_one_fits(sqlite_shop: Shop) -> None:
    from tradewind.channels.files.problems import WrongColumns

    with pytest.raises(WrongColumns, match="This file looks like ad-spend"):
        sqlite_shop.run("generic", sqlite_shop.file("report.csv", REPORT))
