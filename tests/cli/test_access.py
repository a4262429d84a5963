"""Who may come in, from the command line: each command does what it says, and leaves a trace."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Tradewind

pytestmark = pytest.mark.usefixtures("migrated_folder")


@pytest.fixture
def ada(tradewind: Tradewind) -> str:
    made = tradewind("user", "create", "ada", "--role", "admin", "--email", "ada@example.com", "--generate", "--json")
    assert made.code == 0, made.err
    return "ada"


def test_a_user_is_changed_switched_off_and_on(tradewind: Tradewind, ada: str) -> None:
    refused = tradewind("user", "change", ada, "--off")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == ("tradewind: ada is the only admin who can sign in. Make another user an admin first.\n")

    assert tradewind("user", "create", "bob", "--generate", "--json").code == 0
    changed = tradewind("user", "change", "bob", "--role", "admin", "--email", "Bob@Example.com", "--json")
    assert changed.json == {"username": "bob", "email": "bob@example.com", "role": "admin", "active": True}
    assert tradewind("user", "change", ada, "--off").out == "ada is admin and may not sign in.\n"
    listed = {user["username"]: user for user in tradewind("user", "list", "--json").json}
    assert (listed["ada"]["active"], listed["bob"]["active"]) == (False, True)
    assert tradewind("user", "change", ada, "--on", "--json").json["active"] is True


def test_a_reset_link_is_shown_once_and_nowhere_else(tradewind: Tradewind, ada: str) -> None:
    made = tradewind("user", "reset-link", "ada@example.com", "--json")
    assert made.json["username"] == "ada"
    assert len(made.json["token"]) == 43

    plain = tradewind("user", "reset-link", ada)
    assert len(plain.out.strip()) == 43
    assert "within an hour" in plain.err
    assert made.json["token"] not in tradewind("audit", "--json").out


def test_sessions_are_listed_and_ended_and_the_second_factor_switched_off(tradewind: Tradewind, ada: str) -> None:
    assert tradewind("user", "sessions", ada, "--json").json == []
    assert tradewind("user", "sign-out", ada).out == "ada is signed out everywhere.\n"
    assert tradewind("user", "totp-off", ada).out == "ada signs in with the password alone.\n"
    assert tradewind("user", "sessions", "nobody").code == 1


def test_the_audit_log_tells_what_was_done_from_here(tradewind: Tradewind, ada: str) -> None:
    tradewind("token", "create", "bi", "--scope", "sql:read")
    tradewind("token", "revoke", "bi")

    entries = tradewind("audit", "--json").json
    assert [(entry["actor"], entry["action"]) for entry in entries] == [
        ("command line", "token.revoke"),
        ("command line", "token.create"),
        ("command line", "user.create"),
    ]
    assert entries[2]["after"]["username"] == "ada"
    only = tradewind("audit", "--action", "token.create", "--limit", "1", "--json").json
    assert [entry["after"]["name"] for entry in only] == ["bi"]
    assert tradewind("audit", "--kind", "order", "--json").json == []
    assert "token.revoke" in tradewind("audit", "--actor", "command line").out
