"""Mails: written with what they tell of, sent after it, read here from a real server on this machine."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from pydantic import SecretStr
from sqlalchemy import select

from tests.notifications.certificates import make_certificate
from tests.notifications.sink import Sink, SinkServer
from tests.spine import NOON, Shop, a_line, an_order, rows_of
from tradewind.commerce.notifications.model import Mail
from tradewind.commerce.notifications.orders import queue_order_confirmation, queue_shipment_mail
from tradewind.commerce.notifications.rendering import TEMPLATES, message
from tradewind.commerce.notifications.sender import MOST_AT_ONCE, PAUSES, Sender
from tradewind.commerce.notifications.service import MailKind, check_address, queue_mail
from tradewind.commerce.orders.model import OrderAddress
from tradewind.commerce.shipping.model import Shipment, ShipmentLine
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput
from tradewind.core.settings import SmtpSettings

RESET: dict[str, Any] = {"name": "ada", "link": "https://shop.example.com/reset?token=abc", "valid_minutes": 60}


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def server(sink: Sink) -> Iterator[SinkServer]:
    serving = SinkServer(sink)
    yield serving
    serving.stop()


def settings(server: SinkServer, **more: Any) -> SmtpSettings:
    told: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "sender": "shop@example.com",
        "timeout_seconds": 5,
    } | more
    return SmtpSettings(**told)


class Post:
    """A shop with a sender."""

    def __init__(self, database: Database, given: SmtpSettings) -> None:
        self.database = database
        self.clock = ManualClock(NOON)
        self.sender = Sender(database, given, self.clock, shop="Ada's <Tea> & Co")

    def reset(self, number: int = 1, to: str = "ada@example.com") -> None:
        with self.database.write() as tx:
            queue_mail(tx, MailKind.PASSWORD_RESET, f"reset-{number}", to, RESET, now=self.clock.now())

    def send(self) -> int:
        return self.sender.send_waiting()

    def mails(self) -> list[Mail]:
        with self.database.read() as tx:
            found = list(tx.scalars(select(Mail).order_by(Mail.id)))
            tx.expunge_all()
            return found


@pytest.fixture
def post(store: Database, server: SinkServer) -> Post:
    return Post(store, settings(server))


def ordered(database: Database, **address: Any) -> str:
    """A confirmed order with an address."""
    shop = Shop.open(database, keeps_stock=False)
    line = a_line("MUG", 2, "4.50", name='Mug "<b>Best</b> Dad"')
    (booked,) = shop.book(an_order("A-1", line, a_line("CAP", 1, "3.00")))
    assert booked.id is not None
    told = {"email": "bo@example.com", "name": "Bo <script>", "line1": "Main St 1", "city": "Kiel", "country": "DE"}
    with database.write() as tx:
        tx.add(OrderAddress(order_id=booked.id, kind="shipping", **(told | address)))
    return booked.id


def text_of(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content


def test_the_buyer_reads_what_was_ordered(post: Post, sink: Sink) -> None:
    order = ordered(post.database)
    with post.database.write() as tx:
        assert queue_order_confirmation(tx, order, now=NOON)
    assert post.send() == 1
    (mail,) = sink.mails
    assert (mail["To"], mail["Subject"]) == ("bo@example.com", "Your order A-1 at Ada's <Tea> & Co")
    assert mail["From"].addresses[0].addr_spec == "shop@example.com"
    plain, html = text_of(mail, "plain"), text_of(mail, "html")
    for text in ("2 x Mug", "9.00 EUR", "Total: 12.00 EUR", "Main St 1", "Kiel"):
        assert text in plain
    assert "12.00 EUR" in html
    assert "<b>Best" not in html
    assert "&lt;b&gt;Best&lt;/b&gt;" in html
    assert "<script>" not in html
    (row,) = post.mails()
    assert (row.status, row.sent_at, row.attempts) == ("sent", NOON, 1)
    assert post.send() == 0


def test_the_lines_add_up_to_the_goods_and_the_discount_is_told_once(post: Post, sink: Sink) -> None:
    shop = Shop.open(post.database, keeps_stock=False)
    (booked,) = shop.book(
        an_order("A-2", a_line("MUG", 1, "10.00"), a_line("CAP", 1, "5.00"), discount=Decimal("3.00"))
    )
    with post.database.write() as tx:
        tx.add(OrderAddress(order_id=booked.id, kind="billing", email="bo@example.com"))
        tx.flush()
        queue_order_confirmation(tx, booked.id or "", now=NOON)
    post.send()
    plain = text_of(sink.mails[0], "plain")
    for text in ("(MUG): 10.00 EUR", "(CAP): 5.00 EUR", "Goods: 15.00", "Discount: -3.00", "Total: 12.00"):
        assert text in plain


def test_a_mail_about_one_thing_is_written_once(post: Post, sink: Sink) -> None:
    order = ordered(post.database)
    with post.database.write() as tx:
        first = queue_order_confirmation(tx, order, now=NOON)
        second = queue_order_confirmation(tx, order, now=NOON)
    assert (first is not None, second) == (True, None)
    post.send()
    assert len(sink.mails) == 1


def test_a_mail_of_a_sale_that_did_not_happen_is_never_sent(post: Post, sink: Sink) -> None:
    order = ordered(post.database)

    def fail() -> None:
        with post.database.write() as tx:
            queue_order_confirmation(tx, order, now=NOON)
            raise RuntimeError("the sale fails")

    with pytest.raises(RuntimeError):
        fail()
    assert (post.send(), sink.mails) == (0, [])


@pytest.mark.parametrize("address", [None, "nobody", "bo@example.com\nBcc: all@example.com"])
def test_a_wrong_address_holds_up_no_sale(post: Post, address: str | None) -> None:
    order = ordered(post.database, email=address)
    with post.database.write() as tx:
        assert queue_order_confirmation(tx, order, now=NOON) is None
        assert rows_of(tx, Mail) == 0


def test_the_buyer_reads_what_is_on_its_way(post: Post, sink: Sink) -> None:
    order = ordered(post.database)
    with post.database.write() as tx:
        tx.add(
            Shipment(
                id="shipment-1",
                order_id=order,
                number="S-1",
                carrier="DHL",
                tracking_number="JD01",
                tracking_url="javascript:alert(1)",
                status="shipped",
                shipped_at=NOON,
                created_at=NOON,
            )
        )
        tx.flush()
        tx.add(ShipmentLine(shipment_id="shipment-1", order_line_no=1, quantity=1))
        tx.flush()
        queue_shipment_mail(tx, "shipment-1", now=NOON)
    post.send()
    (mail,) = sink.mails
    plain, html = text_of(mail, "plain"), text_of(mail, "html")
    assert "1 x Mug" in plain
    assert "CAP" not in plain
    assert ("DHL" in html, "JD01" in html, "href" in html) == (True, True, False)


def test_a_link_that_opens_a_door_is_forgotten_once_sent(post: Post, sink: Sink) -> None:
    post.reset()
    post.send()
    assert RESET["link"] in text_of(sink.mails[0], "plain")
    assert f'href="{RESET["link"]}"' in text_of(sink.mails[0], "html")
    assert post.mails()[0].content == {}


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "a b@example.com",
        "ada@example.com, bo@example.com",
        "ada@example.com\r\nX: 1",
    ],
)
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_address(wrong)
    assert refused.value.field == "email"


def test_nothing_in_the_content_becomes_a_header() -> None:
    content = {"name": "x", "link": "https://a.example", "valid_minutes": 1}
    mail = message(
        "id1",
        "password_reset",
        "ada@example.com",
        content,
        shop="Tea\r\nBcc: all@example.com",
        sender="shop@example.com",
        written_at=NOON,
    )
    assert (mail["Bcc"], "Tea Bcc: all@example.com" in mail["Subject"]) == (None, True)


def test_every_kind_has_its_three_templates() -> None:
    wanted = {f"{kind}{ending}" for kind in MailKind for ending in (".subject.txt", ".txt", ".html")}
    assert wanted | {"base.html"} == {path.name for path in TEMPLATES.iterdir()}


def test_a_mail_is_tried_again_ever_later_and_given_up_at_last(store: Database, server: SinkServer) -> None:
    given = settings(server)
    server.stop()
    post = Post(store, given)
    post.reset()
    for pause in PAUSES:
        assert post.send() == 1
        assert post.send() == 0
        post.clock.advance(seconds=(pause - timedelta(seconds=1)).total_seconds())
        assert post.send() == 0
        post.clock.advance(seconds=1)
    assert post.mails()[0].status == "waiting"
    post.send()
    (row,) = post.mails()
    assert (row.status, row.attempts, row.content) == ("failed", len(PAUSES) + 1, {})


def test_a_server_that_is_back_gets_what_waited(post: Post, server: SinkServer, sink: Sink) -> None:
    sink.answers = ["451 try later"]
    post.reset()
    post.send()
    assert (post.mails()[0].status, sink.mails) == ("waiting", [])
    post.clock.advance(minutes=1)
    post.send()
    assert (post.mails()[0].status, len(sink.mails)) == ("sent", 1)


def test_an_address_that_does_not_exist_is_given_up_at_once_and_holds_up_no_other(post: Post, sink: Sink) -> None:
    sink.answers = ["550 no such user"]
    post.reset(1)
    post.reset(2, "bo@example.com")
    post.send()
    assert [(mail.status, mail.failure) for mail in post.mails()] == [
        ("failed", "The server refuses the address: 550"),
        ("sent", None),
    ]
    assert [mail["To"] for mail in sink.mails] == ["bo@example.com"]


def test_a_server_that_hangs_up_over_one_mail_gets_the_others(post: Post, sink: Sink) -> None:
    sink.answers = ["hang up"]
    for number in (1, 2, 3):
        post.reset(number)
    post.send()
    assert [mail.status for mail in post.mails()] == ["waiting", "sent", "sent"]


def test_a_sender_that_was_killed_leaves_its_mails_to_the_next(
    post: Post, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.reset()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(smtplib.SMTP, "send_message", killed)
        with pytest.raises(KeyboardInterrupt):
            post.send()
    assert post.send() == 0  # it is still the dead sender's turn
    post.clock.advance(minutes=1)
    post.send()
    assert [str(mail["Message-ID"]) for mail in sink.mails] == [f"<{post.mails()[0].id}@example.com>"]


def test_two_senders_share_the_work(post: Post, sink: Sink) -> None:
    for number in range(MOST_AT_ONCE + 5):
        post.reset(number)
    other = Sender(post.database, post.sender._settings, post.clock, shop="Other")
    assert (post.send(), other.send_waiting(), post.send()) == (MOST_AT_ONCE, 5, 0)
    assert len({str(mail["Message-ID"]) for mail in sink.mails}) == len(sink.mails) == MOST_AT_ONCE + 5


def test_without_a_server_mails_wait(store: Database) -> None:
    post = Post(store, SmtpSettings())
    post.reset()
    post.sender.run(None)  # type: ignore[arg-type]  # it returns before it looks
    assert post.mails()[0].status == "waiting"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mails_travel_encrypted_and_signed_in(
    store: Database, sink: Sink, tmp_path: Path, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    signed_in: list[tuple[bytes, bytes]] = []

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        signed_in.append((data.login, data.password))
        return AuthResult(success=data.password == b"good")

    wants_starttls = security == "starttls"
    encrypted: dict[str, Any] = {security: context, "require_starttls": wants_starttls}
    server = SinkServer(sink, authenticator=check, auth_require_tls=wants_starttls, **encrypted)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    try:
        given = settings(server, security=security, username="shop", password=SecretStr("good"), host="localhost")
        post = Post(store, given)
        post.reset()
        post.send()
        assert (post.mails()[0].status, sink.was_encrypted) == ("sent", [True])
        assert signed_in == [(b"shop", b"good")]
        wrong = Post(store, given.model_copy(update={"password": SecretStr("bad")}))
        wrong.reset(2)
        wrong.send()
        assert [mail.status for mail in wrong.mails()] == ["sent", "waiting"]
        monkeypatch.delenv("SSL_CERT_FILE")
        stranger = Post(store, given)
        stranger.clock.advance(hours=1)
        stranger.send()
        assert [mail.status for mail in stranger.mails()] == ["sent", "waiting"]  # an unknown server gets nothing
    finally:
        server.stop()
