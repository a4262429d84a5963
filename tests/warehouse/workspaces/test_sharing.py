"""SHARED_WITH: another workspace reads a data source, and nothing else, as long as it is shared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

import pytest

from tests.warehouse.workspaces.conftest import Server, files
from tradewind.warehouse.datafiles.model import Level
from tradewind.warehouse.workspaces.plan import Terms

EVENTS = "SCHEMA >\n    `user` String `json:$.user`,\n    `amount` Int64 `json:$.amount`\n"
SHARED = EVENTS + "SHARED_WITH reader\n"
TOTAL = "NODE total\nSQL >\n    SELECT count() AS n, sum(amount) AS amount FROM default.events\nTYPE endpoint\n"
ROW = b'{"user": "ann", "amount": 5}'


class Pair:
    """The workspace `default`, which shares, and `reader`."""

    def __init__(self, server: Server) -> None:
        self.server = server
        made = server.send("POST", "/v1/workspaces", name="reader").json()
        self.reader, self.token = made["id"], made["token"]
        self.lender = server.platform.workspaces.default()

    def lend(self, events: str = SHARED, **more: str) -> Any:
        told = self.server.deploy(files(events__datasource=events, **more))
        assert told["result"] == "success", told
        return told

    def deploy(self, **texts: str) -> Any:
        answer = self.server.send("POST", "/v1/deploy", files(**texts), self.token, auto_promote="true")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def sql(self, text: str, token: str | None = None) -> Any:
        return self.server.send("GET", "/v0/sql", token=token or self.token, q=f"{text} FORMAT JSON")

    def total(self) -> Any:
        return self.server.send("GET", "/v0/pipes/total.json", token=self.token)

    def append(self, *rows: bytes) -> None:
        release = self.server.platform.workspaces.live(self.lender)
        assert release is not None
        self.server.platform.ingest.append(release, "events", b"\n".join(rows), wait=True)

    def new_token(self, *scopes: str) -> str:
        answer = self.server.send("POST", "/v0/tokens", token=self.token, name="made", scope=list(scopes))
        assert answer.status_code == 200, answer.text
        value: str = answer.json()["token"]
        return value


@pytest.fixture
def pair(server: Server) -> Pair:
    return Pair(server)


def data(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def is_unknown(answer: Any, name: str = "default.events") -> bool:
    return answer.status_code == 404 and f"'{name}'" in answer.json()["error"]


def test_a_shared_source_is_read_under_its_workspace_s_name(pair: Pair) -> None:
    pair.lend()
    pair.append(ROW, ROW)
    deployed = pair.deploy(total__pipe=TOTAL)
    assert (deployed["result"], deployed["deployment"]["feedback"]) == ("success", [])

    assert data(pair.total()) == [{"n": 2, "amount": 10}]
    assert data(pair.sql("SELECT user, amount FROM default.events LIMIT 1")) == [{"user": "ann", "amount": 5}]
    assert data(pair.sql("SELECT count() AS n FROM default.events AS a JOIN default.events AS b USING user")) == [
        {"n": 4}
    ]
    pair.append(ROW)
    assert data(pair.total()) == [{"n": 3, "amount": 15}]


def test_it_is_listed_and_told_of_but_not_its_file(pair: Pair) -> None:
    pair.lend()
    pair.append(ROW)
    pair.deploy(total__pipe=TOTAL)
    (listed,) = pair.server.send("GET", "/v0/datasources", token=pair.token).json()["datasources"]
    assert (listed["name"], listed["shared_from"], listed["statistics"]["row_count"]) == (
        "default.events",
        "default",
        1,
    )
    assert (
        pair.server.send("GET", "/v0/datasources/default.events", token=pair.token).json()["columns"]
        == listed["columns"]
    )
    assert pair.server.send("GET", "/v0/datasources/default.events.datasource", token=pair.token).status_code == 404
    (own,) = pair.server.send("GET", "/v0/datasources").json()["datasources"]
    assert (own["name"], own["shared_with"], own["shared_from"]) == ("events", ["reader"], None)


def test_nothing_else_of_the_other_workspace_can_be_read(pair: Pair) -> None:
    pair.lend(private__datasource=EVENTS, answer__pipe="NODE n\nSQL >\n    SELECT 1 AS one\nTYPE endpoint\n")
    pair.append(ROW, b'{"user": "bad", "amount": "x"}')
    pair.deploy(total__pipe=TOTAL)
    lender = pair.server.platform.workspaces.live(pair.lender)
    assert lender is not None
    for name in ("default.private", "default.answer", "default.events_quarantine", "default.nothing"):
        assert is_unknown(pair.sql(f"SELECT * FROM {name}"), name), name
    for name in ("events", "private"):
        assert is_unknown(pair.sql(f"SELECT * FROM {name}"), name), name
    for name in ("events", "private", "events_quarantine"):
        physical = lender.table(name)
        assert pair.sql(f"SELECT * FROM {physical}").status_code in (403, 404), name
    assert (
        pair.server.send(
            "POST", "/v1/deploy", files(a__pipe=TOTAL.replace("default.events", "default.private")), pair.token
        ).json()["result"]
        == "failed"
    )


def test_a_workspace_that_it_is_not_shared_with_finds_nothing(pair: Pair) -> None:
    pair.lend()
    stranger = pair.server.send("POST", "/v1/workspaces", name="stranger").json()["token"]
    assert is_unknown(pair.sql("SELECT * FROM default.events", stranger))
    assert is_unknown(pair.sql("SELECT * FROM nobody.events", stranger), "nobody.events"), "as if it was not there"
    failed = pair.server.send("POST", "/v1/deploy", files(total__pipe=TOTAL), stranger).json()
    assert failed["result"] == "failed"
    assert "'default.events'" in failed["deployment"]["errors"][0]["error"]


@pytest.mark.parametrize("path", ["append", "replace"])
def test_it_is_only_read(pair: Pair, path: str) -> None:
    pair.lend()
    pair.append(ROW)
    pair.deploy(total__pipe=TOTAL)
    client, bearer = pair.server.client, {"Authorization": f"Bearer {pair.token}"}
    sent = client.post("/v0/events", params={"name": "default.events"}, content=ROW, headers=bearer)
    refused = [
        sent,
        client.post(f"/v1/datasources/default.events/{path}", params={"format": "ndjson"}, content=ROW, headers=bearer),
        pair.server.send("POST", "/v0/datasources/default.events/truncate", token=pair.token),
        pair.server.send("POST", "/v0/datasources/default.events/delete", token=pair.token, delete_condition="1"),
        pair.server.send("DELETE", "/v0/datasources/default.events", token=pair.token),
    ]
    for answer in refused:
        assert (answer.status_code, "can only be read here" in answer.text) == (403, True), answer.text
    assert data(pair.total()) == [{"n": 1, "amount": 5}]


def test_tokens_need_the_right_to_it_and_their_filters_hold(pair: Pair) -> None:
    pair.lend()
    pair.append(ROW, b'{"user": "bob", "amount": 1}')
    pair.deploy(total__pipe=TOTAL, own__datasource=EVENTS)
    reads = pair.new_token("DATASOURCES:READ:default.events:user = 'bob'")
    assert data(pair.sql("SELECT user FROM default.events", reads)) == [{"user": "bob"}]
    other = pair.server.send("POST", "/v0/tokens", token=pair.token, name="b", scope="DATASOURCES:READ:own").json()[
        "token"
    ]
    assert pair.sql("SELECT user FROM default.events", other).status_code == 403
    through = pair.server.send("POST", "/v0/tokens", token=pair.token, name="c", scope="PIPES:READ:total").json()[
        "token"
    ]
    assert data(pair.server.send("GET", "/v0/pipes/total.json", token=through)) == [{"n": 2, "amount": 6}]
    assert pair.sql("SELECT user FROM default.events", through).status_code == 403


def test_taking_the_share_away_ends_it_at_once_and_rolling_back_gives_it_again(pair: Pair) -> None:
    pair.lend()
    pair.append(ROW)
    pair.deploy(total__pipe=TOTAL)
    assert data(pair.total()) == [{"n": 1, "amount": 5}]

    pair.lend(EVENTS)
    assert is_unknown(pair.total())
    assert is_unknown(pair.sql("SELECT * FROM default.events"))
    assert pair.server.send("GET", "/v0/datasources", token=pair.token).json()["datasources"] == []

    pair.server.platform.workspaces.rollback(pair.lender)
    assert data(pair.total()) == [{"n": 1, "amount": 5}]
    pair.server.platform.workspaces.rollback(pair.lender)
    assert is_unknown(pair.total())


def test_a_reader_keeps_its_rows_through_deploys_of_the_lender(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradewind.warehouse.workspaces.deploys._UNUSED_SECONDS", 0.05)
    pair.lend()
    pair.append(ROW)
    pair.deploy(total__pipe=TOTAL)
    workspaces, warehouse = pair.server.platform.workspaces, pair.server.platform.warehouse

    def deploy(turn: int) -> None:
        wider = SHARED.replace("    `user`", f"    `extra_{turn}` Int64 DEFAULT {turn},\n    `user`")
        wider += f"FORWARD_QUERY >\n    SELECT user, amount, toInt64({turn}) AS extra_{turn}\n"
        outcome = workspaces.deploy(pair.lender, files(events__datasource=wider))
        assert outcome.result == "success", outcome.findings
        assert data(pair.total()) == [{"n": 1, "amount": 5}]
        assert data(pair.sql(f"SELECT extra_{turn} AS extra FROM default.events")) == [{"extra": turn}]

    def stands(table: str) -> bool:
        return bool(warehouse.query(f"EXISTS TABLE {table}")[0]["result"])

    held = workspaces.live(pair.reader)
    assert held is not None
    table = held.table("default.events")
    assert table is not None
    with held.in_use():
        for turn in range(3):
            deploy(turn)
        (row,) = warehouse.query(f"SELECT count() AS n FROM {table}")
        assert int(row["n"]) == 1, "nobody drops a table under a reader of another workspace"
    deploy(3)
    assert not stands(table)


def test_a_shared_source_cannot_be_shared_on_feed_a_view_or_be_written(pair: Pair) -> None:
    pair.lend(EVENTS + "SHARED_WITH reader, third\n")
    target = "SCHEMA >\n    `user` String\n"

    def errors(**texts: str) -> list[str]:
        found = pair.server.platform.workspaces.check(pair.reader, files(**texts))
        return [one.message for one in found.errors]

    view = "NODE v\nSQL >\n    {}\nTYPE materialized\nDATASOURCE kept\n"
    said = ["The node v materializes rows of default.events, which another workspace shares."]
    first = view.format("SELECT user FROM default.events")
    joined = view.format("SELECT user FROM own JOIN default.events USING user")
    assert errors(kept__datasource=target, v__pipe=first) == said
    assert errors(kept__datasource=target, own__datasource=EVENTS, v__pipe=joined) == said
    copy = "NODE c\nSQL >\n    SELECT user, amount FROM own\nTYPE copy\nTARGET_DATASOURCE default.events\n"
    assert len(errors(own__datasource=EVENTS, c__pipe=copy)) >= 1
    pair.deploy(total__pipe=TOTAL)
    third = pair.server.send("POST", "/v1/workspaces", name="third").json()["token"]
    assert is_unknown(pair.sql("SELECT * FROM reader.events", third), "reader.events")
    assert is_unknown(pair.sql("SELECT * FROM `reader.default`.events", third), "reader.default.events")


def test_a_copy_of_it_belongs_to_the_reader(pair: Pair) -> None:
    pair.lend()
    pair.append(ROW)
    copy = "NODE c\nSQL >\n    SELECT user, amount FROM default.events\nTYPE copy\nTARGET_DATASOURCE own\n"
    pair.deploy(own__datasource=EVENTS, c__pipe=copy)
    started = pair.server.send("POST", "/v0/pipes/c/copy", token=pair.token)
    assert started.status_code == 200, started.text
    assert pair.server.platform.jobs.wait(pair.reader, started.json()["job_id"], 60).status == "done"
    pair.lend(EVENTS)
    assert data(pair.sql("SELECT user, amount FROM own")) == [{"user": "ann", "amount": 5}]


def test_what_vendor_describes_is_read_once_it_is_shared(pair: Pair) -> None:
    project = files(total__pipe=TOTAL) | {PurePosixPath("vendor/default/events.datasource"): SHARED.encode()}
    workspaces = pair.server.platform.workspaces
    pair.lend(EVENTS)
    outcome = workspaces.deploy(pair.reader, project)
    assert [(one.level, one.message) for one in outcome.findings] == [
        (
            Level.WARNING,
            "No workspace shares default.events with this one: until one does, it cannot be read.",
        )
    ]
    assert is_unknown(pair.total())
    sent = pair.server.client.post(
        "/v0/events",
        params={"name": "default.events"},
        content=ROW,
        headers={"Authorization": f"Bearer {pair.token}"},
    )
    assert sent.status_code == 404

    pair.lend()
    pair.append(ROW)
    assert data(pair.total()) == [{"n": 1, "amount": 5}]
    file = pair.server.send("GET", "/v0/datasources/default.events.datasource", token=pair.token)
    assert file.text == SHARED
    assert workspaces.check(pair.reader, project).findings == ()
    pair.lend(EVENTS)
    assert is_unknown(pair.total())


def test_a_build_reads_what_stands_in_for_it(pair: Pair) -> None:
    project = files(total__pipe=TOTAL) | {PurePosixPath("vendor/default/events.datasource"): EVENTS.encode()}
    outcome = pair.server.platform.workspaces.deploy(pair.reader, project, Terms(for_build=True))
    assert (outcome.result, outcome.findings) == ("success", ())
    assert data(pair.total()) == [{"n": 0, "amount": 0}]


def test_a_branch_reads_what_its_workspace_may_and_shares_nothing(pair: Pair) -> None:
    pair.lend()
    pair.append(ROW)
    workspaces = pair.server.platform.workspaces
    branch = workspaces.branches.create(pair.reader, "try")
    assert workspaces.deploy(branch.id, files(total__pipe=TOTAL)).result == "success"
    answer = pair.server.send("GET", "/b/try/v0/pipes/total.json", token=pair.token)
    assert data(answer) == [{"n": 1, "amount": 5}]
    lenders_branch = workspaces.branches.create(pair.lender, "try")
    workspaces.deploy(lenders_branch.id, files(more__datasource=SHARED))
    assert is_unknown(pair.sql("SELECT * FROM default.more"), "default.more")
    assert pair.sql("SELECT * FROM `default/try`.more").status_code == 404


def test_a_workspace_that_goes_takes_its_shares_along(pair: Pair) -> None:
    workspaces = pair.server.platform.workspaces
    third = pair.server.send("POST", "/v1/workspaces", name="third").json()
    workspaces.deploy(third["id"], files(events__datasource=SHARED))
    pair.deploy(total__pipe=TOTAL.replace("default.", "third."))
    assert data(pair.total()) == [{"n": 0, "amount": 0}]
    workspaces.branches.remove(third["id"])
    assert is_unknown(pair.total(), "third.events")


def test_names_that_mean_something_else_in_sql_are_not_taken(pair: Pair) -> None:
    workspaces = pair.server.platform.workspaces
    pair.deploy(own__datasource=EVENTS)
    for name in ("tinybird", "system", "v1_0_0"):
        made = workspaces.branches.create_workspace(name)
        shared = files(**{f"{what}__datasource": SHARED for what in ("pipe_stats_rt", "one", "own")})
        assert workspaces.deploy(made.id, shared).result == "success"
    release = workspaces.live(pair.reader)
    assert release is not None
    assert release.loans == {}


def test_other_servers_hear_of_it(pair: Pair, another: Callable[[], Any]) -> None:
    pair.lend()
    pair.append(ROW)
    pair.deploy(total__pipe=TOTAL)
    other = another()
    there = other.live(pair.reader)
    assert there is not None
    assert there.table("default.events") is not None

    pair.lend(EVENTS)
    other.take_over()
    gone = other.live(pair.reader)
    assert gone is not None
    assert gone.table("default.events") is None
    pair.lend()
    other.take_over()
    again = other.live(pair.reader)
    assert again is not None
    assert again.table("default.events") is not None
    assert again.table("default.events") == pair.server.platform.workspaces.live(pair.reader).table("default.events")  # type: ignore[union-attr]


@pytest.fixture
def another(server: Server) -> Callable[[], Any]:
    """The releases as a second process on the store sees them."""
    from tradewind.warehouse.workspaces.releases import Releases
    from tradewind.warehouse.workspaces.secrets import Secrets

    def made() -> Releases:
        platform = server.platform
        secrets = Secrets(platform.database, lambda: "a key for tests that nobody else would ever choose 0123456789")
        return Releases(platform.database, platform.clock, secrets, lambda *_: None)

    return made
