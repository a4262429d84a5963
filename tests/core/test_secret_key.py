"""The key that signs access tokens: made once, kept safely, refused when anybody could guess it."""

from __future__ import annotations

import secrets
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tradewind.core.database import Database
from tradewind.core.errors import Misconfigured
from tradewind.core.secret_key import secret_key
from tradewind.core.settings import load_settings

COMMAND = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


def test_the_first_start_makes_a_key_that_only_we_can_read_and_later_ones_keep_it(data_dir: Path) -> None:
    settings = load_settings(data_dir=data_dir)
    key = secret_key(settings)
    assert len(key) >= 48
    assert stat.S_IMODE((data_dir / "secret.key").stat().st_mode) == 0o600
    assert secret_key(settings) == key
    assert [path.name for path in data_dir.iterdir()] == ["secret.key"]


def test_a_key_that_others_could_read_is_closed_to_them(data_dir: Path) -> None:
    settings = load_settings(data_dir=data_dir)
    secret_key(settings)
    (data_dir / "secret.key").chmod(0o644)
    secret_key(settings)
    assert stat.S_IMODE((data_dir / "secret.key").stat().st_mode) == 0o600


def test_processes_that_start_at_once_end_up_with_one_key(data_dir: Path) -> None:
    program = (
        "import sys\n"
        "from tradewind.core.secret_key import secret_key\n"
        "from tradewind.core.settings import load_settings\n"
        "settings = load_settings(data_dir=sys.argv[1])\n"
        "print('ready', flush=True); sys.stdin.readline(); print(secret_key(settings))\n"
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(data_dir)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for start in starts:
        assert start.stdout is not None
        assert start.stdout.readline() == "ready\n"
    for start in starts:
        assert start.stdin is not None
        start.stdin.write("go\n")
        start.stdin.flush()
    keys = {start.communicate(timeout=30)[0].strip() for start in starts}
    assert keys == {secret_key(load_settings(data_dir=data_dir))}


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        ("short", "has 5 characters; it needs at least 32"),
        ("change-me-please-change-me-please-now", "looks like an example"),
        ("your-secret-key-goes-here-1234567890", "looks like an example"),
        ("a" * 64, "looks like an example"),
    ],
)
def test_a_configured_key_that_can_be_guessed_is_refused_with_the_command_for_a_good_one(
    data_dir: Path, key: str, why: str
) -> None:
    with pytest.raises(Misconfigured) as refused:
        secret_key(load_settings(data_dir=data_dir, secret_key=key))
    assert f"TRADEWIND_SECRET_KEY {why}" in str(refused.value)
    assert COMMAND in str(refused.value)
    assert not list(data_dir.iterdir())


def test_a_good_configured_key_is_used_as_it_is(data_dir: Path) -> None:
    good = secrets.token_urlsafe(48)
    assert secret_key(load_settings(data_dir=data_dir, secret_key=good)) == good


def test_beside_a_shared_database_a_key_must_be_configured(data_dir: Path) -> None:
    shared = {"url": "postgresql+psycopg://tradewind@db/tradewind"}
    with pytest.raises(Misconfigured, match=r"every process must sign with the same key") as refused:
        secret_key(load_settings(data_dir=data_dir, database=shared))
    assert COMMAND in str(refused.value)
    good = secrets.token_urlsafe(48)
    assert secret_key(load_settings(data_dir=data_dir, database=shared, secret_key=good)) == good


def test_a_damaged_key_file_is_not_used(data_dir: Path) -> None:
    (data_dir / "secret.key").write_text("")
    with pytest.raises(Misconfigured, match=r"does not hold a usable key. Remove it to make a new one"):
        secret_key(load_settings(data_dir=data_dir))


def test_a_data_folder_that_we_make_is_nobody_elses_to_look_into(tmp_path: Path) -> None:
    folder = tmp_path / "shop" / "data"
    Database(f"sqlite:///{folder / 'tradewind.db'}").close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
