"""Settings: what they are called, what they refuse, and that the reference page tells of all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from tradewind.core.errors import Misconfigured
from tradewind.core.settings import Area, Settings, load_settings
from tradewind.core.settings_page import reference_page


@pytest.fixture(autouse=True)
def _away_from_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def variables() -> list[str]:
    names = []
    for name, field in Settings.model_fields.items():
        area = field.annotation
        if isinstance(area, type) and issubclass(area, Area):
            names += [f"TRADEWIND_{name}_{inner}".upper() for inner in area.model_fields]
        else:
            names.append(f"TRADEWIND_{name}".upper())
    return names


def test_without_an_environment_everything_lies_in_one_folder(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.data_dir == tmp_path / ".tradewind"
    assert settings.database_url == f"sqlite:///{tmp_path}/.tradewind/tradewind.db"
    assert settings.log_path == tmp_path / ".tradewind/log.db"
    assert settings.warehouse_url == f"chdb://{tmp_path}/.tradewind/warehouse"


@pytest.mark.parametrize(
    ("variable", "text", "path", "expected"),
    [
        ("TRADEWIND_LOG_LEVEL", "debug", "log_level", "debug"),
        ("TRADEWIND_LOG_RETENTION_DAYS", "7", "log.retention_days", 7),
        ("TRADEWIND_LOG_URL", "sqlite:////var/log.db", "log_path", Path("/var/log.db")),
        ("TRADEWIND_DATABASE_URL", "postgresql+psycopg://a:b@h/d", "database_url", "postgresql+psycopg://a:b@h/d"),
        ("TRADEWIND_DATABASE_LOCK_TIMEOUT_SECONDS", "1.5", "database.lock_timeout_seconds", 1.5),
        ("TRADEWIND_WAREHOUSE_QUERY_TIMEOUT_SECONDS", "3", "warehouse.query_timeout_seconds", 3),
        ("TRADEWIND_STORE_CURRENCY", "usd", "store.currency", "USD"),
        ("TRADEWIND_STORE_TIMEZONE", "Asia/Kathmandu", "store.timezone", "Asia/Kathmandu"),
        ("TRADEWIND_STORE_COUNTRY", "de", "store.country", "DE"),
        ("TRADEWIND_SERVER_CLICKHOUSE_PORT", "0", "server.clickhouse_port", 0),
        ("TRADEWIND_DATA_DIR", "/srv/data", "data_dir", Path("/srv/data")),
    ],
)
def test_a_variable_sets_its_field(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, path: str, expected: object
) -> None:
    monkeypatch.setenv(variable, text)
    found: object = load_settings()
    for part in path.split("."):
        found = getattr(found, part)
    assert found == expected


@pytest.mark.parametrize(
    ("variable", "text", "says"),
    [
        ("TRADEWIND_STORE_CURRENCY", "EURO", "'EURO' is not a currency we know"),
        ("TRADEWIND_STORE_TIMEZONE", "Mars/Olympus", "use a name such as Europe/Berlin or UTC"),
        ("TRADEWIND_STORE_TIMEZONE", "../../etc/passwd", "is not a time zone"),
        ("TRADEWIND_STORE_COUNTRY", "Germany", "use its two letters"),
        ("TRADEWIND_SERVER_PORT", "web", "valid integer"),
        ("TRADEWIND_SERVER_PORT", "70000", "less than or equal to 65535"),
        ("TRADEWIND_LOG_LEVEL", "loud", "debug|info|warning|error"),
        ("TRADEWIND_LOG_PARTITIONS", "0", "greater than or equal to 1"),
        ("TRADEWIND_STORE_CURENCY", "EUR", "not permitted"),
        ("TRADEWIND_STORE", "EUR", "Set its fields one by one, for example TRADEWIND_STORE_NAME"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, says: str
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(Misconfigured) as refused:
        load_settings()
    assert variable in str(refused.value)
    assert says in str(refused.value)


def test_all_bad_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEWIND_STORE_CURRENCY", "?")
    monkeypatch.setenv("TRADEWIND_SERVER_PORT", "?")
    with pytest.raises(Misconfigured, match=r"(?s)TRADEWIND_STORE_CURRENCY.*TRADEWIND_SERVER_PORT"):
        load_settings()


def test_the_command_line_wins_over_the_environment_and_it_over_dotenv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("TRADEWIND_LOG_LEVEL=error\nTRADEWIND_STORE_NAME=From the file\n")
    assert load_settings().log_level == "error"
    monkeypatch.setenv("TRADEWIND_LOG_LEVEL", "warning")
    assert load_settings().log_level == "warning"
    assert load_settings(log_level="debug").log_level == "debug"
    assert load_settings(log_level=None).store.name == "From the file"


def test_settings_do_not_change_under_a_running_program() -> None:
    settings = load_settings()
    with pytest.raises(ValueError, match=r"frozen"):
        settings.log_level = "debug"  # type: ignore[misc]
    with pytest.raises(ValueError, match=r"frozen"):
        settings.store.currency = "USD"  # type: ignore[misc]


def test_secrets_do_not_show_in_the_settings_text() -> None:
    settings = load_settings(secret_key="very-secret-text", database={"url": "postgresql://a:hidden@h/d"})
    assert "very-secret-text" not in repr(settings)
    assert "hidden" not in repr(settings)


def test_the_reference_page_has_a_row_for_every_variable() -> None:
    page = reference_page()
    assert len(variables()) > 25
    for variable in variables():
        assert f"| `{variable}` |" in page
    assert all(isinstance(field.description, str) and field.description for field in Settings.model_fields.values())
    assert issubclass(Area, BaseModel)
    assert "None" not in page
