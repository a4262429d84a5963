"""The provider for rehearsals, and which providers the settings switch on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.payments.till import Till
from tests.spine import NOON
from tradewind.commerce.payments import payback
from tradewind.commerce.payments.providers.manual import ManualProvider
from tradewind.commerce.payments.providers.port import BadSignature, Visit
from tradewind.commerce.payments.providers.registry import open_providers
from tradewind.commerce.payments.providers.rehearsal import RehearsalProvider
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, Misconfigured
from tradewind.core.settings import load_settings


@pytest.fixture
def till(store: Database) -> Till:
    return Till(store, RehearsalProvider("a secret of tests"), ManualProvider())


@pytest.mark.parametrize(
    ("price", "card", "status"),
    [
        ("10.00", None, "captured"),
        ("10.01", None, "failed"),
        ("10.02", None, "pending"),
        ("10.03", None, "captured"),
        ("10.01", "4242 4242 4242 4242", "captured"),
        ("10.00", "4000000000000002", "failed"),
        ("10.00", "4000002500003155", "pending"),
        ("10.00", "4000002760003184", "captured"),
    ],
)
def test_cards_and_amounts_decide_what_becomes_of_a_payment(
    till: Till, price: str, card: str | None, status: str
) -> None:
    intent = till.waiting("test", price)
    started = till.cashier.start(intent, Visit(method=card))
    assert (started.status, till.row(intent).status) == (status, status)
    till.cashier.check(intent)
    assert till.row(intent).status == status


def test_a_card_that_does_not_exist_is_refused_by_name(till: Till) -> None:
    with pytest.raises(InvalidInput) as refused:
        till.cashier.start(till.waiting("test"), Visit(method="1234"))
    assert refused.value.field == "method"


def test_rehearsed_refunds_go_back_or_are_refused(till: Till) -> None:
    intents = []
    for price in ("10.00", "10.04"):
        intent = till.waiting("test", price)
        till.cashier.start(intent, Visit())
        with till.database.write() as tx:
            payback.ask(tx, intent, 100, now=NOON)
        intents.append(intent)
    till.reconciler.look()
    assert [till.refunds(intent)[0].status for intent in intents] == ["done", "failed"]


def test_rehearsed_messages_are_signed(till: Till) -> None:
    intent = till.waiting("test", "10.02")
    till.cashier.start(intent, Visit())
    row = till.row(intent)
    body = orjson.dumps(
        {"provider_id": row.provider_id, "status": "captured", "captured_minor": 1002, "event_id": "e1"}
    )
    provider = till.cashier.providers["test"]
    assert isinstance(provider, RehearsalProvider)
    for signature in ("", "0" * 64, provider.sign(body + b" ")):
        with pytest.raises(BadSignature):
            till.cashier.hear("test", body, {"tradewind-test-signature": signature})
    till.cashier.hear("test", body, {"tradewind-test-signature": provider.sign(body)})
    assert till.state(intent).order == "confirmed"
    for nonsense in (b"[]", b"{}", b"not json"):
        with pytest.raises(InvalidInput):
            till.cashier.hear("test", nonsense, {"tradewind-test-signature": provider.sign(nonsense)})


def providers(tmp_path: Path, **areas: Any) -> list[str]:
    return list(open_providers(load_settings(data_dir=tmp_path, **areas)))


def test_a_provider_is_there_when_its_keys_are(tmp_path: Path) -> None:
    assert providers(tmp_path) == ["manual"]
    assert providers(
        tmp_path,
        payments={"test_secret": "s"},
        stripe={"secret_key": "sk_test_x"},
        paypal={"client_id": "c", "client_secret": "s"},
    ) == ["manual", "paypal", "stripe", "test"]


def test_half_a_key_is_refused_and_an_unknown_provider_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="TRADEWIND_PAYPAL_CLIENT_SECRET"):
        providers(tmp_path, paypal={"client_id": "c"})
    with pytest.raises(InvalidInput, match="manual"):
        open_providers(load_settings(data_dir=tmp_path))["stripe"]
