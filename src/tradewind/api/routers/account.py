"""What people do with their own account: password, second factor, sessions."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request, Response
from sqlalchemy.orm import Session as Transaction
from starlette.background import BackgroundTask

from tradewind.api.problems import SIGNED_IN, problems, request_id_of
from tradewind.api.routers.orders import Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.auth import (
    AskForReset,
    ChangePassword,
    ConfirmCode,
    ConfirmPassword,
    FinishReset,
    RecoveryCodes,
    SecondFactor,
    SecondFactorBegun,
    Session,
    SessionPage,
    SwitchOffSecondFactor,
)
from tradewind.api.security import Reader, ServicesDep, address_of
from tradewind.api.services import Services
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Writer, writer_with
from tradewind.commerce.access import second_factor
from tradewind.commerce.access.passwords import Crowded, check_password, hash_password
from tradewind.commerce.access.resets import ResetLinkOver, finish_reset
from tradewind.commerce.access.rights import Caller, Scope
from tradewind.commerce.access.second_factor import CodeNotRight, SecondFactorOff, SecondFactorOn
from tradewind.commerce.access.service import PasswordNotRight, TooManyResets, TooManySignIns
from tradewind.commerce.access.sessions import end_session, sessions_page
from tradewind.commerce.access.users import replace_password, sign_out_everywhere, user_by_id
from tradewind.core.errors import NotFound, NotPermitted, Unavailable

router = Router("/auth", tags=["auth"])

SessionId = Annotated[str, Path(max_length=64)]


class OnlyPeople(NotPermitted):
    code = "only_people"

    def __init__(self) -> None:
        super().__init__("This is about a person's own account. A token of a program has none: sign in.")


def person(caller: Reader) -> Caller:
    """Whoever asks, if they are a person."""
    if caller.user_id is None:
        raise OnlyPeople
    return caller


def own_account(writer: Annotated[Writer, Depends(writer_with(Scope.API_READ))]) -> Writer:
    """The means to write, for a person."""
    person(writer.caller)
    return writer


Person = Annotated[Caller, Depends(person)]
OwnAccount = Annotated[Writer, Depends(own_account)]
MINE = (*WRITES, OnlyPeople)


@router.post("/password-reset", status_code=202, response_class=Response, responses=problems(TooManyResets))
def ask_for_password_reset(body: AskForReset, request: Request, services: ServicesDep) -> Response:
    """Ask for a link to choose another password. The answer is the same whether or not there is such a user."""
    address = address_of(request)
    services.access.count_reset(address)
    # After the answer: how long it takes must not tell either.
    later = BackgroundTask(services.access.request_reset, body.name, address=address, request_id=request_id_of(request))
    return Response(status_code=202, background=later)


@router.post("/password-reset/confirm", status_code=204, responses=problems(ResetLinkOver, Unavailable))
def finish_password_reset(body: FinishReset, request: Request, services: ServicesDep) -> Response:
    """Choose another password with the token of a link. Ends all sessions; the second factor stays."""
    finish_reset(
        services.platform.database,
        body.token.get_secret_value(),
        body.password.get_secret_value(),
        now=services.platform.clock.now(),
        request_id=request_id_of(request),
    )
    return Response(status_code=204)


@router.post("/password", status_code=204, responses=problems(*MINE, PasswordNotRight, TooManySignIns, Crowded))
def change_own_password(body: ChangePassword, request: Request, writer: OwnAccount) -> Response:
    """Change the password. Every other session ends."""
    caller, password = writer.caller, body.password.get_secret_value()
    current = body.current_password.get_secret_value()
    writer.services.access.confirm_password(caller, current, address=address_of(request))
    password_hash = hash_password(check_password(password, username=caller.name, email=caller.email))

    def work(tx: Transaction) -> None:
        user = user_by_id(tx, str(caller.user_id))
        replace_password(tx, user, password_hash, now=writer.now, actor=writer.actor, stays=caller.session_id)

    return writer.once(work, status=204)


@router.get("/totp", response_model=SecondFactor, responses=problems(*SIGNED_IN, OnlyPeople))
def own_second_factor(caller: Person, services: ServicesDep) -> Response:
    """Whether signing in takes a code too."""
    with services.platform.database.read() as tx:
        user = user_by_id(tx, str(caller.user_id))
        left = second_factor.recovery_codes_left(tx, user.id)
        return answer(SecondFactor(is_on=user.totp_confirmed_at is not None, recovery_codes_left=left))


@router.post(
    "/totp",
    status_code=201,
    response_model=SecondFactorBegun,
    responses=problems(*MINE, SecondFactorOn, PasswordNotRight, TooManySignIns, Crowded),
)
def begin_second_factor(body: ConfirmPassword, request: Request, writer: OwnAccount) -> Response:
    """Set up an authenticator app. It counts once a code of it has been confirmed."""
    services = writer.services
    services.access.confirm_password(writer.caller, body.password.get_secret_value(), address=address_of(request))

    def work(tx: Transaction) -> SecondFactorBegun:
        user = user_by_id(tx, str(writer.caller.user_id))
        issuer = services.platform.settings.store.name
        begun = second_factor.begin(tx, user, sealer=services.access.sealer, issuer=issuer)
        return SecondFactorBegun(secret=begun.secret, uri=begun.uri)

    return writer.once(work, status=201, is_secret=True)


@router.post(
    "/totp/confirm",
    response_model=RecoveryCodes,
    responses=problems(*MINE, SecondFactorOn, SecondFactorOff, CodeNotRight, TooManySignIns),
)
def confirm_second_factor(body: ConfirmCode, writer: OwnAccount) -> Response:
    """Switch the second factor on with a code of the app. Answers with the codes for the day the app is lost."""
    access, code = writer.services.access, body.code.get_secret_value()

    def work(tx: Transaction) -> RecoveryCodes:
        user = user_by_id(tx, str(writer.caller.user_id))
        codes = second_factor.confirm(tx, user, code, sealer=access.sealer, actor=writer.actor, now=writer.now)
        return RecoveryCodes(recovery_codes=codes)

    with access.counted_code(str(writer.caller.user_id), code):
        return writer.once(work, is_secret=True)


@router.post(
    "/totp/off",
    status_code=204,
    responses=problems(*MINE, SecondFactorOff, CodeNotRight, PasswordNotRight, TooManySignIns, Crowded),
)
def switch_off_second_factor(body: SwitchOffSecondFactor, request: Request, writer: OwnAccount) -> Response:
    """Sign in with the password alone again. Takes both, as signing in does."""
    access, code = writer.services.access, body.code.get_secret_value()
    access.confirm_password(writer.caller, body.password.get_secret_value(), address=address_of(request))

    def work(tx: Transaction) -> None:
        user = user_by_id(tx, str(writer.caller.user_id))
        if user.totp_confirmed_at is None:
            raise SecondFactorOff
        if not second_factor.use_code(tx, user, code, sealer=access.sealer, now=writer.now):
            raise CodeNotRight
        second_factor.switch_off(tx, user, actor=writer.actor, now=writer.now)

    with access.counted_code(str(writer.caller.user_id), code):
        return writer.once(work, status=204)


@router.get("/sessions", response_model=SessionPage, responses=problems(*SIGNED_IN, OnlyPeople))
def own_sessions(caller: Person, services: ServicesDep, cursor: Cursor = None, limit: Limit = 50) -> Response:
    """Where you are signed in."""
    return answer(session_page(services, str(caller.user_id), limit, cursor, current=caller.session_id))


@router.delete("/sessions", status_code=204, responses=problems(*MINE))
def end_own_other_sessions(writer: OwnAccount) -> Response:
    """Sign out everywhere else."""
    caller = writer.caller

    def work(tx: Transaction) -> None:
        owner, stays = str(caller.user_id), caller.session_id
        sign_out_everywhere(tx, owner, actor=writer.actor, now=writer.now, stays=stays)

    return writer.once(work, status=204)


@router.delete("/sessions/{session_id}", status_code=204, responses=problems(*MINE, NotFound))
def end_own_session(session_id: SessionId, writer: OwnAccount) -> Response:
    """Sign out in one place. Its tokens stop working at once."""
    owner = str(writer.caller.user_id)
    return writer.once(lambda tx: end_session(tx, owner, session_id, actor=writer.actor, now=writer.now), status=204)


def session_page(
    services: Services, user_id: str, limit: int, cursor: str | None, *, current: str | None = None
) -> SessionPage:
    with services.platform.database.read() as tx:
        page = sessions_page(tx, user_id, now=services.platform.clock.now(), limit=limit, cursor=cursor)
    items = [
        Session.model_validate(found).model_copy(update={"is_current": found.session_id == current})
        for found in page.items
    ]
    return SessionPage(items=items, next_cursor=page.next_cursor)
