"""Commands answer in one line or in JSON, fail with one clean sentence, and say it with their exit code."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Tradewind
from tradewind.cli.main import _hoisted
from tradewind.cli.reference import reference_page as commands_page
from tradewind.core.settings_page import reference_page as settings_page

pytestmark = pytest.mark.usefixtures("migrated_folder")


def test_help_is_instant_and_names_every_command(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tradewind", "--help"]
    seconds = []
    said = ""
    for _ in range(5):
        started = time.perf_counter()
        said = subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout
        seconds.append(time.perf_counter() - started)

    for name in ("up", "import", "status", "sql", "verify", "warehouse", "user", "token", "fx", "settings"):
        assert re.search(rf"^  {name}\b", said, re.MULTILINE), name
    assert min(seconds) < 0.7, "heavy imports belong inside the commands"


def test_help_imports_nothing_heavy(environment: dict[str, str]) -> None:
    program = (
        "import sys; import tradewind.cli.main;"
        "heavy = {'sqlalchemy', 'fastapi', 'pydantic', 'clickhouse_connect', 'chdb', 'rich', 'orjson', 'uvicorn'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)

    assert done.stdout.strip() == "[]"


def test_options_for_all_commands_may_stand_anywhere() -> None:
    assert _hoisted(["status", "--data-dir", "x", "--json"]) == ["--data-dir", "x", "status", "--json"]
    assert _hoisted(["status", "--data-dir=x", "--debug"]) == ["--data-dir=x", "--debug", "status"]
    assert _hoisted(["sql", "--", "--data-dir", "x"]) == ["sql", "--", "--data-dir", "x"]
    assert _hoisted(["status", "--data-dir"]) == ["--data-dir", "status"]


def test_a_wrong_command_line_is_exit_code_2(tradewind: Tradewind) -> None:
    assert tradewind("dance").code == 2
    assert tradewind("sql").code == 2
    assert tradewind("sql", "SELECT 1", "--format", "xml").code == 2


def test_a_user_is_made_listed_and_given_another_password(tradewind: Tradewind) -> None:
    made = tradewind("user", "create", "Ada", "--role", "manager", "--email", "ada@example.com", "--generate", "--json")
    assert made.code == 0, made.err
    assert made.json["username"] == "ada"
    assert len(made.json["password"]) >= 20

    again = tradewind("user", "create", "ada", "--generate")
    assert again.code == 1
    assert again.err == (
        "tradewind: There is already a user ada. Change the password with: tradewind user password ada\n"
    )
    assert [(u["username"], u["role"]) for u in tradewind("user", "list", "--json").json] == [("ada", "manager")]

    changed = tradewind("user", "password", "ada", "--password-stdin", stdin="a much longer password\n")
    assert changed.code == 0, changed.err
    assert "a much longer password" not in changed.out + changed.err
    assert tradewind("user", "password", "bob", "--generate").code == 1


def test_a_password_is_not_asked_for_where_nobody_can_answer(tradewind: Tradewind) -> None:
    done = tradewind("user", "create", "ada")

    assert done.code == 1
    assert "--generate or --password-stdin" in done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("user", "create", "ada", "--role", "boss", "--generate"),
            "'boss' is not a role. Use one of: admin, manager,",
        ),
        (("user", "create", "a b", "--generate"), "'a b' is not a user name"),
        (("user", "create", "ada", "--password-stdin"), "has 0 characters; use at least 12"),
        (("token", "create", "bi", "--scope", "everything"), "'everything' is not a scope. Use one or more of"),
        (("token", "revoke", "nobody"), "There is no token named nobody"),
        (("fx", "set", "tomorrow", "USD", "EUR", "0.9"), "'tomorrow' is not a day. Write it like 2026-03-31"),
        (("fx", "set", "2026-03-01", "USX", "EUR", "0.9"), "'USX' is not a currency we know"),
        (("fx", "set", "2026-03-01", "USD", "EUR", "0,9"), "'0,9' is not a number"),
        (("fx", "set", "2026-03-01", "USD", "EUR", "0"), "is not a rate"),
    ],
)
def test_what_cannot_be_is_refused_in_one_clean_sentence(
    tradewind: Tradewind, arguments: tuple[str, ...], message: str
) -> None:
    done = tradewind(*arguments)

    assert done.code == 1
    assert message in done.err
    assert done.out == ""
    assert "Traceback" not in done.err
    assert done.err.startswith("tradewind: ")


def test_debug_shows_where_an_error_comes_from(tradewind: Tradewind) -> None:
    done = tradewind("token", "revoke", "nobody", "--debug")

    assert done.code == 1
    assert "Traceback" in done.err


def test_a_token_is_shown_once_and_listed_without_its_secret(tradewind: Tradewind) -> None:
    made = tradewind("token", "create", "bi", "--scope", "sql:read", "--scope", "api:read", "--days", "30", "--json")
    secret = made.json["token"]

    assert secret.startswith("tw_")
    listed = tradewind("token", "list", "--json")
    assert secret not in listed.out
    (token,) = listed.json
    assert token["scopes"] == ["sql:read", "api:read"]
    assert token["expires_at"] is not None
    assert tradewind("token", "revoke", "bi").code == 0
    assert tradewind("token", "list", "--json").json[0]["revoked_at"] is not None


def test_only_the_secret_goes_to_standard_output(tradewind: Tradewind) -> None:
    made = tradewind("token", "create", "bi", "--scope", "admin")

    assert re.fullmatch(r"tw_[\w-]{43}\n", made.out)
    assert "not shown again" in made.err


def test_settings_are_shown_without_their_secrets(tradewind: Tradewind) -> None:
    key = "kJ8s-very-good-key-0123456789-abcdefgh"
    done = tradewind("settings", "--json", TRADEWIND_SECRET_KEY=key, TRADEWIND_STORE_CURRENCY="usd")

    assert done.json["TRADEWIND_SECRET_KEY"] == "(set)"
    assert key not in done.out
    assert done.json["TRADEWIND_STORE_CURRENCY"] == "USD"
    assert done.json["TRADEWIND_SERVER_PORT"] == 8000


def test_a_setting_that_cannot_be_is_named_with_what_it_may_be(tradewind: Tradewind) -> None:
    done = tradewind("status", TRADEWIND_STORE_TIMEZONE="Mars/Olympus", TRADEWIND_SERVER_PORT="99999")

    assert done.code == 1
    assert "TRADEWIND_STORE_TIMEZONE: Value error, 'Mars/Olympus' is not a time zone" in done.err
    assert "TRADEWIND_SERVER_PORT" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("key", ["", "short", "change-me-please-change-me-please-change-me", "a" * 40])
def test_a_key_that_anybody_could_guess_keeps_the_server_from_starting(tradewind: Tradewind, key: str) -> None:
    done = tradewind("up", "--port", "0", "--clickhouse-port", "0", TRADEWIND_SECRET_KEY=key)

    assert done.code == 1
    assert "TRADEWIND_SECRET_KEY" in done.err
    assert "token_urlsafe" in done.err


@pytest.mark.parametrize(
    ("page", "written", "command"),
    [("cli.md", commands_page, "reference"), ("settings.md", settings_page, "settings --markdown")],
)
def test_reference_pages_are_those_of_the_program(page: str, written: object, command: str) -> None:
    path = ROOT / "docs" / "reference" / page

    assert callable(written)
    assert path.read_text() == written(), f"run: tradewind {command} > docs/reference/{page}"


def test_the_api_description_can_be_printed(tradewind: Tradewind) -> None:
    assert json.loads(tradewind("openapi").out) == json.loads((ROOT / "docs" / "openapi.json").read_text())


def test_the_warehouse_is_asked_without_a_server_and_brings_in_what_was_booked(tradewind: Tradewind) -> None:
    assert tradewind("fx", "set", "2026-03-01", "USD", "EUR", "0.9", "--json").json == {
        "day": "2026-03-01",
        "base": "USD",
        "quote": "EUR",
        "rate": 0.9,
    }
    query = "SELECT base, toDecimal64(rate, 4) AS rate, 'a,b' AS text FROM log_fx_rates"

    table = tradewind("sql", query)
    assert table.code == 0, table.err
    assert table.out.splitlines()[0].split() == ["base", "rate", "text"]
    assert tradewind("sql", query, "--json").out.replace("\n", "").replace(" ", "") == (
        '[{"base":"USD","rate":0.9000,"text":"a,b"}]'
    )
    assert tradewind("sql", query, "--format", "csv").out == 'base,rate,text\nUSD,0.9000,"a,b"\n'
    assert tradewind("sql", f"{query} WHERE 0", "--format", "csv").out == "base,rate,text\n"


@pytest.mark.parametrize(
    "query",
    ["DROP TABLE log_orders", "SELEC 1", "SELECT * FROM file('/etc/passwd', 'LineAsString')"],
)
def test_a_query_that_is_refused_is_told_in_the_engines_words(tradewind: Tradewind, query: str) -> None:
    done = tradewind("sql", query)

    assert done.code == 1
    assert done.out == ""
    assert "Traceback" not in done.err
    assert "root:" not in done.err


@pytest.mark.slow
def test_gold_is_exported_once_it_is_built(tradewind: Tradewind, data_dir: Path) -> None:
    nothing = tradewind("warehouse", "export", "--format", "parquet", "--json")
    assert nothing.code == 1
    assert "tradewind warehouse build" in nothing.err
    assert {table["status"] for table in nothing.json["tables"]} == {"missing"}
    wrong = tradewind("warehouse", "export", "--format", "xlsx")
    assert wrong.code == 1
    assert "Choose from delta, parquet" in wrong.err

    tradewind("fx", "set", "2026-03-01", "USD", "EUR", "0.9")
    assert tradewind("warehouse", "build", "--select", "+silver_fx_rates").code == 0
    for form in ("delta", "parquet"):
        done = tradewind("warehouse", "export", "--format", form, "--layer", "silver", "--json")
        assert done.code == 0, done.err
        (table,) = (table for table in done.json["tables"] if table["status"] == "new")
        assert (table["table"], table["rows"]) == ("silver_fx_rates", 1)
        assert (data_dir / "lake" / form / "silver_fx_rates").is_dir()
    again = tradewind("warehouse", "export", "--layer", "silver", "--dry-run")
    assert ["silver_fx_rates", "unchanged", "1"] in [line.split()[:3] for line in again.out.splitlines()]


def test_status_and_verify_of_an_empty_folder(tradewind: Tradewind, data_dir: Path) -> None:
    (data_dir / "tradewind.db").unlink()
    status = tradewind("status", "--json").json
    assert status["server"] is None
    assert status["data_folder"] == str(data_dir)
    assert status["store"]["orders"] == 0

    verified = tradewind("verify", "--json")
    assert verified.code == 0
    assert verified.json["clean"] is True


def test_verify_ends_with_1_and_the_difference_when_the_warehouse_differs(tradewind: Tradewind, data_dir: Path) -> None:
    tradewind("fx", "set", "2026-03-01", "USD", "EUR", "0.9")
    assert tradewind("verify").code == 0
    with closing(sqlite3.connect(data_dir / "tradewind.db")) as store, store:
        store.execute(
            "INSERT INTO channels (id, code, name, kind, is_active, created_at)"
            " VALUES ('c1', 'shop', 'Shop', 'shop', 1, '2026-03-01 00:00:00')"
        )
        store.execute(
            "INSERT INTO payments (id, channel_id, external_id, method, installments, amount_minor, currency, status,"
            " created_at) VALUES ('p1', 'c1', 'x1', 'card', 1, 1999, 'EUR', 'captured', '2026-03-01 00:00:00')"
        )

    done = tradewind("verify")
    assert done.code == 1
    assert "payments: channel shop, method card, currency EUR: amount should be 19.99 and is 0" in done.out
