"""Writes the next migration from the difference between the tables and an up-to-date empty store.

python -m tradewind.migrations.make "what changes"
"""

from __future__ import annotations

import sys
import tempfile

from alembic import command
from alembic.config import Config

from tradewind.core.database import Database
from tradewind.migrations import HERE, upgrade


def main() -> None:
    message = " ".join(sys.argv[1:])
    number = len(list((HERE / "versions").glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.db")
        if number > 1:
            upgrade(database)
        config = Config()
        config.set_main_option("script_location", str(HERE))
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        with database.engine.execution_options(writes=True).connect() as connection, connection.begin():
            config.attributes["connection"] = connection
            command.revision(config, message=message, autogenerate=True, rev_id=f"{number:04d}")
        database.close()


if __name__ == "__main__":
    main()
