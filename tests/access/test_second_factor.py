"""The second factor: codes as RFC 6238 says, each good once, few tries, and a way in for who lost the device."""

from __future__ import annotations

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.access.conftest import SECRET_KEY
from tradewind.commerce.access import second_factor
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.access.model import AuditEntry, RecoveryCode, User
from tradewind.commerce.access.rights import Role
from tradewind.commerce.access.second_factor import (
    STEP_SECONDS,
    CodeNotRight,
    SecondFactorOff,
    SecondFactorOn,
    code_at,
)
from tradewind.commerce.access.service import (
    MOST_CODES,
    Access,
    SecondFactorFailed,
    SecondFactorNeeded,
    SignedIn,
    SignInFailed,
    TooManySignIns,
)
from tradewind.commerce.access.users import create_user, get_user, set_password
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.encryption import CannotUnseal, Sealer

PASSWORD = "correct horse battery"
HERE = "192.0.2.1"
ADA = Actor("ada")


@dataclass(frozen=True)
class Device:
    """An authenticator app with the secret of somebody, and its own clock."""

    secret: bytes
    clock: ManualClock

    def code(self, steps: int = 0) -> str:
        return code_at(self.secret, int(self.clock.now().timestamp()) // STEP_SECONDS + steps)


@pytest.fixture
def ada(database: Database, clock: ManualClock) -> str:
    with database.write() as tx:
        return create_user(tx, "ada", PASSWORD, role=Role.MANAGER, now=clock.now()).id


def begin(access: Access, database: Database, clock: ManualClock) -> Device:
    with database.write() as tx:
        begun = second_factor.begin(tx, get_user(tx, "ada"), sealer=access.sealer, issuer="A Shop & Co")
    return Device(base64.b32decode(begun.secret), clock)


def confirm(access: Access, database: Database, clock: ManualClock, code: str) -> list[str]:
    with database.write() as tx:
        user = get_user(tx, "ada")
        return second_factor.confirm(tx, user, code, sealer=access.sealer, actor=ADA, now=clock.now())


@pytest.fixture
def recovery_codes() -> list[str]:
    return []


@pytest.fixture
def device(access: Access, database: Database, clock: ManualClock, ada: str, recovery_codes: list[str]) -> Device:
    """Ada's, set up and confirmed; the code it showed then is used."""
    made = begin(access, database, clock)
    recovery_codes += confirm(access, database, clock, made.code())
    clock.advance(seconds=STEP_SECONDS)
    return made


SignIn = Callable[..., SignedIn]


@pytest.fixture
def sign_in(access: Access) -> SignIn:
    return lambda code=None, password=PASSWORD, address=HERE: access.sign_in(
        "ada", password, address=address, code=code
    )


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(moment: int, code: str) -> None:
    """RFC 6238, appendix B: the last six of the eight digits, SHA-1."""
    assert code_at(b"12345678901234567890", moment // STEP_SECONDS) == code


def test_signing_in_takes_both(device: Device, sign_in: SignIn) -> None:
    with pytest.raises(SecondFactorNeeded):
        sign_in()
    with pytest.raises(SecondFactorFailed):
        sign_in("000000" if device.code() != "000000" else "000001")

    assert sign_in(device.code()).caller.name == "ada"


def test_who_does_not_know_the_password_does_not_learn_that_there_is_a_second_factor(
    device: Device, sign_in: SignIn
) -> None:
    with pytest.raises(SignInFailed):
        sign_in(password="wrong horse battery")
    with pytest.raises(SignInFailed):
        sign_in(device.code(), password="wrong horse battery")


@pytest.mark.parametrize(("steps", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_step(
    device: Device, sign_in: SignIn, clock: ManualClock, steps: int, is_good: bool
) -> None:
    clock.advance(minutes=5)
    if is_good:
        sign_in(device.code(steps))
        return
    with pytest.raises(SecondFactorFailed):
        sign_in(device.code(steps))


def test_a_code_is_good_once_and_none_before_it_is_good_after_it(
    device: Device, sign_in: SignIn, clock: ManualClock
) -> None:
    sign_in(device.code())
    with pytest.raises(SecondFactorFailed):
        sign_in(device.code())
    with pytest.raises(SecondFactorFailed):
        sign_in(device.code(-1))

    sign_in(device.code(1))
    clock.advance(seconds=STEP_SECONDS)
    with pytest.raises(SecondFactorFailed):
        sign_in(device.code())


def test_the_code_that_confirmed_it_does_not_sign_in(
    access: Access, database: Database, clock: ManualClock, ada: str, sign_in: SignIn
) -> None:
    made = begin(access, database, clock)
    confirm(access, database, clock, made.code())

    with pytest.raises(SecondFactorFailed):
        sign_in(made.code())


def test_of_many_who_send_one_code_at_once_one_gets_in(device: Device, access: Access) -> None:
    code = device.code()

    def try_once(number: int) -> str:
        try:
            access.sign_in("ada", PASSWORD, address=f"192.0.2.{number}", code=code)
        except (SecondFactorFailed, TooManySignIns) as refused:
            return refused.code
        return "in"

    with ThreadPoolExecutor(5) as crowd:
        results = list(crowd.map(try_once, range(5)))

    assert results.count("in") == 1


def test_without_the_guarded_statement_one_code_would_let_two_in(
    access: Access, database: Database, device: Device, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is needed: who forgets which step was used takes the code a second time."""
    real = second_factor.use_code

    def forgets(tx: Session, user: User, code: str, **more: Any) -> bool:
        is_good = real(tx, user, code, **more)
        tx.execute(update(User).values(totp_last_step=None))
        return is_good

    monkeypatch.setattr("tradewind.commerce.access.service.use_code", forgets)
    for _ in range(2):
        access.sign_in("ada", PASSWORD, address=HERE, code=device.code())


def test_few_tries_from_wherever_and_a_success_starts_anew(device: Device, sign_in: SignIn, clock: ManualClock) -> None:
    wrong = next(
        code for code in ("000000", "111111", "222222", "333333") if code not in map(device.code, range(-1, 99))
    )
    for number in range(MOST_CODES - 1):
        with pytest.raises(SecondFactorFailed):
            sign_in(wrong, address=f"192.0.2.{number}")
    sign_in(device.code(), address="192.0.2.50")

    clock.advance(seconds=STEP_SECONDS)
    for number in range(MOST_CODES):
        with pytest.raises(SecondFactorFailed):
            sign_in(wrong, address=f"192.0.2.{number + 100}")
    with pytest.raises(TooManySignIns) as refused:
        sign_in(device.code(), address="192.0.2.200")
    assert 0 < refused.value.retry_after_seconds <= 15 * 60

    clock.advance(minutes=15, seconds=1)
    sign_in(device.code(), address="192.0.2.200")


def test_it_counts_only_once_it_is_confirmed(
    access: Access, database: Database, clock: ManualClock, ada: str, sign_in: SignIn
) -> None:
    first = begin(access, database, clock)
    sign_in()
    second = begin(access, database, clock)

    with pytest.raises(CodeNotRight):
        confirm(access, database, clock, first.code())
    confirm(access, database, clock, second.code())
    with pytest.raises(SecondFactorNeeded):
        sign_in()


def test_what_is_on_is_not_set_up_again_and_what_was_not_begun_is_not_confirmed(
    access: Access, database: Database, clock: ManualClock, ada: str
) -> None:
    with pytest.raises(SecondFactorOff):
        confirm(access, database, clock, "123456")
    made = begin(access, database, clock)
    confirm(access, database, clock, made.code())

    with pytest.raises(SecondFactorOn):
        begin(access, database, clock)
    with pytest.raises(SecondFactorOn):
        confirm(access, database, clock, made.code(1))


def test_each_recovery_code_signs_in_once_however_it_is_typed(
    device: Device, sign_in: SignIn, recovery_codes: list[str]
) -> None:
    assert len(set(recovery_codes)) == second_factor.RECOVERY_CODES
    first, second = recovery_codes[:2]

    sign_in(first)
    with pytest.raises(SecondFactorFailed):
        sign_in(first)
    sign_in(f" {second.upper().replace('-', ' ')} ")


def test_switching_it_off_makes_the_password_enough_and_the_codes_worthless(
    access: Access, database: Database, clock: ManualClock, device: Device, sign_in: SignIn
) -> None:
    with database.write() as tx:
        second_factor.switch_off(tx, get_user(tx, "ada"), actor=ADA, now=clock.now())
        second_factor.switch_off(tx, get_user(tx, "ada"), actor=ADA, now=clock.now())

    sign_in()
    with database.read() as tx:
        assert tx.scalars(select(RecoveryCode)).all() == []
        actions = tx.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["user.create", "user.second_factor_on", "user.second_factor_off"]


def test_another_password_leaves_it_on(database: Database, clock: ManualClock, device: Device, sign_in: SignIn) -> None:
    with database.write() as tx:
        set_password(tx, "ada", "another long password", now=clock.now())

    with pytest.raises(SecondFactorNeeded):
        sign_in(password="another long password")


def test_neither_secret_nor_recovery_codes_are_stored_as_they_are(
    database: Database, device: Device, recovery_codes: list[str]
) -> None:
    with database.read() as tx:
        sealed = tx.scalars(select(User.totp_secret)).one()
        hashes = tx.scalars(select(RecoveryCode.code_hash)).all()
        told = str([(entry.before, entry.after) for entry in tx.scalars(select(AuditEntry))])

    assert sealed is not None
    assert device.secret not in sealed
    assert {len(found) for found in hashes} == {32}
    assert base64.b32encode(device.secret).decode() not in told


def test_with_another_secret_key_it_says_what_to_do_and_lets_nobody_in(
    database: Database, device: Device, clock: ManualClock
) -> None:
    other = Sealer("another" + SECRET_KEY)
    with pytest.raises(CannotUnseal, match="tradewind user totp-off NAME"), database.write() as tx:
        second_factor.use_code(tx, get_user(tx, "ada"), device.code(), sealer=other, now=clock.now())


def test_the_address_for_the_app_names_shop_and_person(
    access: Access, database: Database, clock: ManualClock, ada: str
) -> None:
    with database.write() as tx:
        begun = second_factor.begin(tx, get_user(tx, "ada"), sealer=access.sealer, issuer="A Shop & Co")

    address = urlsplit(begun.uri)
    told = parse_qs(address.query)
    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/A%20Shop%20%26%20Co:ada")
    assert told["secret"] == [begun.secret]
    assert (told["issuer"], told["digits"], told["period"], told["algorithm"]) == (
        ["A Shop & Co"],
        ["6"],
        ["30"],
        ["SHA1"],
    )
