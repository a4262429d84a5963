"""A server with two workspaces: `one`, which tests look at, and `other`, whose rows nobody of `one` may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.conftest import Api
from tests.warehouse.serving.projects import HERE, HandMade, a_pipe, a_source, hand_made
from tradewind.warehouse.datafiles.model import Permission, RowFilter, TokenLine

SECRET = "rows-of-somebody-else"


@dataclass(frozen=True)
class World:
    api: Api
    made: HandMade
    one: str
    other: str
    admin: str

    def get(self, path: str, token: str | None = None, **parameters: Any) -> httpx.Response:
        """GETs with a token of `one`; its admin token unless said otherwise."""
        return self.api.client.get(path, params=parameters, headers=bearer(token or self.admin))

    def sql(self, text: str, token: str | None = None, **parameters: Any) -> httpx.Response:
        return self.get("/v0/sql", token, q=text, **parameters)

    def rows(self, text: str, token: str | None = None) -> list[dict[str, Any]]:
        answer = self.sql(f"{text} FORMAT JSON", token)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    def token(self, *scopes: str) -> str:
        return self.made.token(self.one, *scopes)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def world(chdb_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with hand_made(tmp_path_factory.mktemp("world"), chdb_path) as (api, made):
        one, other = made.workspace("one"), made.workspace("other")
        sales = a_source(
            "sales",
            "id Int64; tenant String; amount Float64; at DateTime",
            TokenLine("reader of sales", Permission.READ),
            TokenLine("app", Permission.APPEND),
        )
        pipes = (
            a_pipe(
                "by_tenant",
                ("counted", "SELECT tenant, count() AS sales, sum(amount) AS total FROM sales GROUP BY tenant"),
                (
                    "served",
                    """%SELECT * FROM counted
                    {% if defined(like) %} WHERE tenant = {{String(like, description='Whose sales')}} {% end %}
                    ORDER BY tenant""",
                ),
                tokens=(TokenLine("reader of tenants", Permission.READ),),
            ),
            a_pipe("quiet", ("only", "SELECT 1 AS x"), endpoint=False),
            a_pipe("measured", ("m", "SELECT 'sold' AS name, count() AS value FROM sales")),
            a_pipe("broken", ("b", "SELECT throwIf(1, 'as it says') FROM sales")),
            a_pipe("refusing", ("r", "%{{error('as the project says')}}")),
            a_pipe("performance", ("p", "SELECT pipe_name, count() AS calls FROM tinybird.pipe_stats_rt GROUP BY 1")),
            a_pipe("clock", ("c", "SELECT now64(6) AS at")),
            a_pipe("kept", ("k", "%{{cache_ttl('1m')}} SELECT now64(6) AS at, count() AS n FROM sales")),
            a_pipe("typed", ("t", "%SELECT {{Int32(n, 7)}} AS n, {{Array(names, 'String', 'a,b')}} AS names")),
            a_pipe("needing", ("n", "%SELECT {{Int32(n)}} AS n")),
            a_pipe("own_error", ("e", "%{{custom_error({'reason': 'because'}, 422)}}")),
            a_pipe("secretive", ("s", "%SELECT lower({{tb_secret('salt')}}) = lower('GRAIN') AS it_is")),
            replace(
                a_pipe(
                    "filtered",
                    ("steps", "SELECT tenant, id, amount FROM sales"),
                    ("given", "%SELECT tenant, id FROM steps ORDER BY id DESC LIMIT {{Int32(most, 10)}}"),
                ),
                filter=RowFilter("tenant = 'ann'", HERE),
            ),
            a_pipe(
                "states",
                ("kept", "SELECT tenant, sumState(amount) AS total, count() AS n FROM sales GROUP BY tenant"),
                ("served", "SELECT * FROM kept ORDER BY tenant DESC -- the newest last"),
            ),
            replace(
                a_pipe("some_states", ("kept", "SELECT tenant, sumState(amount) AS total FROM sales GROUP BY tenant")),
                filter=RowFilter("finalizeAggregation(total) > 10", HERE),
            ),
            a_pipe("of_filtered", ("f", "SELECT count() AS n FROM filtered")),
            a_pipe("chosen", ("c", "%SELECT count() AS n FROM {{table(which, 'sales')}}")),
        )
        made.deploy(one, (sales, a_source("private", "id Int64; note String")), pipes, secrets={"salt": "grain"})
        made.fill(
            one,
            "sales",
            "(1, 'ann', 10.5, '2026-03-01 00:00:00'), (2, 'ann', 1, '2026-03-02 00:00:00'),"
            " (3, 'bob', 7.25, '2026-03-03 00:00:00')",
        )
        made.fill(one, "private", "(1, 'for few eyes')")
        made.deploy(other, (a_source("sales", "id Int64; tenant String"), a_source("hidden", "note String")))
        made.fill(other, "hidden", f"('{SECRET}')")
        made.fill(other, "sales", f"(1, '{SECRET}')")
        yield World(api, made, one, other, made.admin(one))
