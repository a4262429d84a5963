"""`tradewind user` and `tradewind token`: who may come in."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.session import AsJson, cli_of, print_json, print_table

if TYPE_CHECKING:
    from tradewind.commerce.access.audit import Actor

users = typer.Typer(help="People who sign in.", no_args_is_help=True, rich_markup_mode=None)
tokens = typer.Typer(help="Tokens for programs.", no_args_is_help=True, rich_markup_mode=None)

Generate = Annotated[bool, typer.Option("--generate", help="Make a password and print it.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@users.command("create")
def create_user(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    role: Annotated[str, typer.Option(help="admin, manager, analyst, fulfilment or viewer.")] = "viewer",
    email: Annotated[str | None, typer.Option(help="Address to sign in with instead of the name.")] = None,
    generate: Generate = False,
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Make a user. The password is asked for, unless it is generated or comes from standard input."""
    from tradewind.commerce.access import users as service
    from tradewind.commerce.access.rights import parse_role
    from tradewind.core.clock import SystemClock

    wanted = parse_role(role)
    service.clean_username(name)
    password, is_made = _password(generate, password_stdin)
    with cli_of(context).database() as database, database.write() as tx:
        user = service.create_user(
            tx, name, password, role=wanted, now=SystemClock().now(), email=email, actor=_actor()
        )
        made = {"username": user.username, "email": user.email, "role": user.role}
    if as_json:
        print_json(made | ({"password": password} if is_made else {}))
        return
    typer.echo(f"{made['username']} can sign in now, as {made['role']}.")
    _show(password, is_made)


@users.command("list")
def list_users(context: typer.Context, as_json: AsJson = False) -> None:
    """List the users."""
    from tradewind.commerce.access import users as service

    with cli_of(context).database() as database, database.read() as tx:
        rows = [
            {
                "username": user.username,
                "email": user.email,
                "role": user.role,
                "active": user.is_active,
                "second_factor": user.totp_confirmed_at is not None,
                "last_login_at": user.last_login_at,
            }
            for user in service.list_users(tx)
        ]
    print_json(rows) if as_json else print_table(rows)


@users.command("password")
def change_password(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the user.")],
    generate: Generate = False,
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Set a new password. The user is signed out everywhere."""
    from tradewind.commerce.access import users as service
    from tradewind.core.clock import SystemClock

    with cli_of(context).database() as database:
        with database.read() as tx:
            service.get_user(tx, name)
        password, is_made = _password(generate, password_stdin)
        with database.write() as tx:
            service.set_password(tx, name, password, now=SystemClock().now(), actor=_actor())
    if as_json:
        print_json({"username": name} | ({"password": password} if is_made else {}))
        return
    typer.echo(f"{name} has a new password and is signed out everywhere.")
    _show(password, is_made)


@users.command("change")
def change_user(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the user.")],
    role: Annotated[str | None, typer.Option(help="admin, manager, analyst, fulfilment or viewer.")] = None,
    email: Annotated[str | None, typer.Option(help="Address; an empty text takes it away.")] = None,
    active: Annotated[
        bool | None, typer.Option("--on/--off", help="Whether the user may sign in. Off signs them out everywhere.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change the role or address of a user, or switch a user off or on."""
    from tradewind.commerce.access import users as service
    from tradewind.commerce.access.rights import parse_role
    from tradewind.core.clock import SystemClock

    change = service.UserChange(parse_role(role) if role is not None else None, email, active)
    with cli_of(context).database() as database, database.write() as tx:
        user_id = service.get_user(tx, name).id
        user = service.change_user(tx, user_id, change, actor=_actor(), now=SystemClock().now())
        made = {"username": user.username, "email": user.email, "role": user.role, "active": user.is_active}
    state = "may sign in" if made["active"] else "may not sign in"
    print_json(made) if as_json else typer.echo(f"{made['username']} is {made['role']} and {state}.")


@users.command("reset-link")
def reset_link(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the user.")],
    as_json: AsJson = False,
) -> None:
    """Make a token with which somebody can choose another password: good once, and for an hour."""
    from tradewind.commerce.access.resets import begin_reset
    from tradewind.commerce.access.users import get_user
    from tradewind.core.clock import SystemClock

    with cli_of(context).database() as database, database.write() as tx:
        user = get_user(tx, name)
        made = begin_reset(tx, user, actor=_actor(), now=SystemClock().now())
        username = user.username
    if as_json:
        print_json({"username": username, "token": made.token, "expires_at": made.expires_at})
        return
    typer.echo(made.token)
    typer.echo(f"Give it to {username}; it goes to POST /api/v1/auth/password-reset/confirm, within an hour.", err=True)


@users.command("totp-off")
def second_factor_off(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the user.")],
    as_json: AsJson = False,
) -> None:
    """Switch off the second factor of somebody who has lost it. The password alone signs in then."""
    from tradewind.commerce.access import second_factor
    from tradewind.commerce.access.users import get_user
    from tradewind.core.clock import SystemClock

    with cli_of(context).database() as database, database.write() as tx:
        user = get_user(tx, name)
        second_factor.switch_off(tx, user, actor=_actor(), now=SystemClock().now())
        username = user.username
    print_json({"username": username, "second_factor": False}) if as_json else typer.echo(
        f"{username} signs in with the password alone."
    )


@users.command("sessions")
def list_sessions(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the user.")],
    as_json: AsJson = False,
) -> None:
    """List where a user is signed in: the newest 200 sessions."""
    from tradewind.commerce.access.sessions import sessions_page
    from tradewind.commerce.access.users import get_user
    from tradewind.core.clock import SystemClock
    from tradewind.core.paging import MAX_LIMIT

    with cli_of(context).database() as database, database.read() as tx:
        page = sessions_page(tx, get_user(tx, name).id, now=SystemClock().now(), limit=MAX_LIMIT)
    rows = [
        {
            "session": found.session_id,
            "created_at": found.created_at,
            "expires_at": found.expires_at,
            "address": found.address,
            "user_agent": found.user_agent,
        }
        for found in page.items
    ]
    print_json(rows) if as_json else print_table(rows)


@users.command("sign-out")
def sign_out(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the user.")],
    as_json: AsJson = False,
) -> None:
    """Sign a user out everywhere. It counts from the next request on."""
    from tradewind.commerce.access import users as service
    from tradewind.core.clock import SystemClock

    with cli_of(context).database() as database, database.write() as tx:
        user = service.get_user(tx, name)
        service.sign_out_everywhere(tx, user.id, actor=_actor(), now=SystemClock().now())
        username = user.username
    print_json({"username": username}) if as_json else typer.echo(f"{username} is signed out everywhere.")


@tokens.command("create")
def create_token(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What the token is for.")],
    scope: Annotated[
        list[str],
        typer.Option(
            help="What it may do: api:read, orders:write, sql:read, admin …; may be repeated. Unknown: lists all."
            " With --project: PIPES:READ:name, DATASOURCES:APPEND:name, ADMIN …"
        ),
    ],
    project: Annotated[bool, typer.Option("--project", help="A token of the project, for /v0.")] = False,
    days: Annotated[int | None, typer.Option(min=1, help="Days until it expires. Default: never.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a token: for the shop's API, whose secret is shown this once, or with --project for the project's."""
    if project:
        from tradewind.cli.endpoint import create_project_token
        from tradewind.core.errors import InvalidInput

        if days is not None:
            raise InvalidInput("Tokens of a project do not expire. Make a signed one over POST /v0/tokens instead.")
        create_project_token(context, name, scope, as_json=as_json)
        return
    from tradewind.commerce.access import tokens as service
    from tradewind.commerce.access.rights import parse_scopes
    from tradewind.core.clock import SystemClock

    scopes, now = parse_scopes(scope), SystemClock().now()
    expires_at = now + timedelta(days=days) if days is not None else None
    with cli_of(context).database() as database, database.write() as tx:
        made = service.create_token(tx, name, scopes, now=now, expires_at=expires_at, actor=_actor())
    if as_json:
        shown = {"name": made.token.name, "token": made.secret, "scopes": scopes, "expires_at": expires_at}
        print_json(shown)
        return
    typer.echo(made.secret)
    typer.echo("Keep it: it is not shown again. Use it as a bearer token, or as a ClickHouse password.", err=True)


@tokens.command("ls")
def list_any_tokens(
    context: typer.Context,
    project: Annotated[bool, typer.Option("--project", help="Those of the project, for /v0.")] = False,
    values: Annotated[bool, typer.Option("--values", help="With --project: show the tokens themselves.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the tokens: of the shop's API, or with --project those of the project."""
    if project:
        from tradewind.cli.endpoint import project_tokens

        project_tokens(context, as_json=as_json, show_values=values)
    else:
        list_tokens(context, as_json)


@tokens.command("list")
def list_tokens(context: typer.Context, as_json: AsJson = False) -> None:
    """List the tokens of the shop's API, without their secrets."""
    from tradewind.commerce.access import tokens as service

    with cli_of(context).database() as database, database.read() as tx:
        rows = [
            {
                "name": token.name,
                "scopes": token.scopes,
                "created_at": token.created_at,
                "expires_at": token.expires_at,
                "last_used_at": token.last_used_at,
                "revoked_at": token.revoked_at,
            }
            for token in service.list_tokens(tx)
        ]
    print_json(rows) if as_json else print_table(rows)


@tokens.command("revoke")
def revoke_token(
    context: typer.Context, name: Annotated[str, typer.Argument(help="Name of the token.")], as_json: AsJson = False
) -> None:
    """End a token for good. It stops working within a second."""
    from tradewind.commerce.access import tokens as service
    from tradewind.core.clock import SystemClock

    with cli_of(context).database() as database, database.write() as tx:
        service.revoke_token(tx, name, now=SystemClock().now(), actor=_actor())
    print_json({"name": name, "revoked": True}) if as_json else typer.echo(f"{name} is revoked.")


def audit(
    context: typer.Context,
    action: Annotated[str | None, typer.Option(help="Only this, for example order.cancel.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only things of this kind, for example product.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only the thing with this id.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only what this person or token did.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Most entries.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Show who changed what, the newest first."""
    from tradewind.commerce.access.audit import audit_page

    with cli_of(context).database() as database, database.read() as tx:
        found = audit_page(tx, limit=limit, action=action, subject_kind=kind, subject_id=subject, actor=actor)
        rows = [
            {
                "at": entry.at,
                "actor": entry.actor,
                "action": entry.action,
                "subject_id": entry.subject_id,
                "before": entry.before,
                "after": entry.after,
            }
            for entry in found.items
        ]
    print_json(rows) if as_json else print_table(rows)


def _actor() -> Actor:
    from tradewind.commerce.access.audit import Actor

    return Actor("command line")


def _password(generate: bool, from_stdin: bool) -> tuple[str, bool]:
    """The new password, and whether we made it."""
    from tradewind.commerce.access.passwords import generate_password
    from tradewind.core.errors import InvalidInput

    if generate:
        return generate_password(), True
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), False
    if not sys.stdin.isatty():
        raise InvalidInput("There is no terminal to ask for the password. Use --generate or --password-stdin.")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True)), False


def _show(password: str, is_made: bool) -> None:
    if is_made:
        typer.echo(f"Password: {password}")
        typer.echo("Keep it: it is not shown again.", err=True)
