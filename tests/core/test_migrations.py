"""The schema that migrations build is the schema that the models describe, on both engines."""

from __future__ import annotations

import re

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from tradewind.commerce.taxes.service import find_zone
from tradewind.core.database import Database
from tradewind.core.errors import Misconfigured
from tradewind.migrations import HERE, _newest_file, upgrade
from tradewind.migrations.tables import MODULES, is_modelled, metadata


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return ScriptDirectory.from_config(config)


def drift(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        opts = {"compare_type": True, "compare_server_default": False, "include_name": is_modelled}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, metadata))


def test_migrations_and_models_agree(database_url: str) -> None:
    database = Database(database_url)
    upgrade(database)
    assert drift(database.engine) == []
    database.close()


def test_what_stands_in_an_older_store_stands_in_the_upgraded_one(database_url: str) -> None:
    database = Database(database_url)
    config = Config()
    config.set_main_option("script_location", str(HERE))
    with database.engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        connection.execute(
            text(
                "INSERT INTO tax_zones (id, name, places, prices_include_tax, created_at, updated_at)"
                " VALUES ('zone', 'Germany', '[\"DE\"]', true, :noon, :noon)"
            ),
            {"noon": "2026-03-10 12:00:00+00:00"},
        )
    upgrade(database)
    assert drift(database.engine) == []
    with database.read() as tx:
        zone = find_zone(tx, "zone")
    assert (zone.name, zone.places, zone.version) == ("Germany", ("DE",), 1)
    database.close()


def test_a_missing_column_would_be_noticed(store: Database) -> None:
    """The check above can see: without a column it speaks."""
    with store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE orders DROP COLUMN note"))
    assert "note" in str(drift(store.engine))


def test_there_is_one_head_and_it_is_the_last_file() -> None:
    assert scripts().get_heads() == [_newest_file()]
    revisions = [script.revision for script in scripts().walk_revisions()]
    assert sorted(revisions) == [f"{number:04d}" for number in range(1, len(revisions) + 1)]


def test_upgrading_twice_changes_nothing(store: Database) -> None:
    upgrade(store)
    with store.read() as tx:
        assert tx.scalars(text("SELECT version_num FROM alembic_version")).all() == [_newest_file()]


def test_a_store_of_a_newer_program_is_refused(store: Database) -> None:
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Misconfigured, match=r"written by a newer Tradewind") as refused:
        upgrade(store)
    assert "Start that version, or restore a backup" in str(refused.value)


def test_every_table_module_takes_part() -> None:
    """A model that is not listed would have no migration and no check of drift."""
    listed = {module.__name__ for module in MODULES}
    root = HERE.parent
    found = set()
    for path in root.rglob("*.py"):
        if re.search(r"^class \w+\(Base\):", path.read_text(), re.MULTILINE):
            found.add(".".join(["tradewind", *path.relative_to(root).with_suffix("").parts]))
    assert found == listed
