"""The way in to the projects of a running server, for this machine's own commands."""

from __future__ import annotations

from tradewind.cli.session import Cli


def admin_token(cli: Cli) -> str:
    """The admin token of the default workspace. It is read from the store, by whoever may read that and its key."""
    from tradewind.core.clock import SystemClock
    from tradewind.core.secret_key import secret_key
    from tradewind.warehouse.workspaces import store
    from tradewind.warehouse.workspaces.tokens import Tokens

    with cli.database() as database:
        with database.read() as tx:
            home = store.home_named(tx, store.DEFAULT_NAME)
        assert home is not None, "a server that answers has made it"
        return Tokens(database, lambda: secret_key(cli.quiet_settings()), SystemClock()).admin_value(home.id)
