"""One request, one commit: the same request again changes nothing and gets the first answer, whatever fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bench.statements import before_commits, listening
from tests.api.conftest import Api
from tradewind.api import writing
from tradewind.api.writing import Changed, Writer, etag
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.access.model import ApiToken, AuditEntry
from tradewind.commerce.access.rights import Caller, Scope
from tradewind.commerce.idempotency import service as idempotency
from tradewind.commerce.idempotency.model import IdempotencyKey
from tradewind.commerce.idempotency.service import Asked, StoredAnswer
from tradewind.core.database import Database

pytestmark = pytest.mark.xdist_group("api")

TOKENS = "/api/v1/tokens"


@pytest.fixture
def api(api_on_both: Api) -> Api:
    """On each engine, signed in as an admin."""
    api_on_both.as_user()
    return api_on_both


def make(api: Api, key: str | None, name: str = "bi", **more: Any) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return api.client.post(TOKENS, json={"name": name, "scopes": ["api:read"]} | more, headers=headers)


def count(api: Api, table: Any) -> int:
    """How many rows there are; of the audit log those about tokens."""
    query = select(func.count()).select_from(table)
    if table is AuditEntry:
        query = query.where(AuditEntry.subject_kind == "token")
    with api.platform.database.read() as tx:
        return tx.scalar(query) or 0


def test_the_same_request_with_the_same_key_gets_the_same_answer_and_is_done_once(api: Api) -> None:
    first, second = make(api, "k-1"), make(api, "k-1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["content-type"] == first.headers["content-type"] == "application/json"
    assert (count(api, ApiToken), count(api, AuditEntry)) == (1, 1)


def test_an_empty_answer_is_repeated_too(api: Api) -> None:
    token = make(api, None).json()["token_id"]
    answers = [api.client.delete(f"{TOKENS}/{token}", headers={"Idempotency-Key": "k-1"}) for _ in range(2)]

    assert [(a.status_code, a.content, a.headers.get("content-type")) for a in answers] == [(204, b"", None)] * 2
    assert answers[1].headers["idempotency-replayed"] == "true"


def test_the_tag_of_what_was_answered_is_repeated_although_the_thing_has_changed_since(api: Api) -> None:
    bob = {"username": "bob", "role": "viewer", "password": "correct horse battery"}
    user = api.client.post("/api/v1/users", json=bob)
    here = f"/api/v1/users/{user.json()['user_id']}"
    edit = {"Idempotency-Key": "k-1", "If-Match": user.headers["ETag"]}
    first = api.client.patch(here, json={"email": "bob@example.com"}, headers=edit)
    other = api.client.patch(here, json={"email": "rob@example.com"}, headers={"If-Match": first.headers["ETag"]})
    again = api.client.patch(here, json={"email": "bob@example.com"}, headers=edit)

    tags = [answer.headers["ETag"] for answer in (user, first, other, again, api.client.get(here))]
    assert tags == [etag(1), etag(2), etag(3), etag(2), etag(3)]
    assert (again.headers["idempotency-replayed"], again.content) == ("true", first.content)
    assert "ETag" not in make(api, "k-2").headers, "a thing without versions has no tag"


def test_without_a_key_nothing_is_kept(api: Api) -> None:
    assert make(api, None).status_code == 201
    assert make(api, None).status_code == 409
    assert count(api, IdempotencyKey) == 0


def test_one_key_for_two_contents_is_refused_and_changes_nothing(api: Api) -> None:
    first = make(api, "k-1")
    other = make(api, "k-1", "another")
    elsewhere = api.client.delete(f"{TOKENS}/{first.json()['token_id']}", headers={"Idempotency-Key": "k-1"})

    for answer in (other, elsewhere):
        assert answer.status_code == 422
        assert answer.json()["code"] == "idempotency_key_reused"
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert count(api, ApiToken) == 1
    assert make(api, "k-1").content == first.content


def test_keys_of_different_callers_have_nothing_to_do_with_each_other(api: Api) -> None:
    mine = make(api, "k-1")
    program = {"Authorization": f"Bearer {api.token(Scope.ADMIN)}", "Idempotency-Key": "k-1"}
    theirs = api.client.post(TOKENS, json={"name": "other", "scopes": ["api:read"]}, headers=program)

    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert "idempotency-replayed" not in theirs.headers
    assert theirs.json()["name"] == "other"


def test_a_key_is_free_again_after_24_hours(api: Api) -> None:
    first = make(api, "k-1")
    api.clock.advance(hours=23, minutes=59, seconds=59)
    api.as_user()
    assert make(api, "k-1").content == first.content

    api.clock.advance(seconds=1)
    fresh = make(api, "k-1", "another")
    assert fresh.status_code == 201
    assert fresh.json()["name"] == "another"
    assert make(api, "k-1", "another").content == fresh.content


def test_a_refusal_is_not_kept(api: Api) -> None:
    make(api, None, "taken")
    assert make(api, "k-1", "taken").status_code == 409
    assert make(api, "k-2", "").status_code == 422
    assert count(api, IdempotencyKey) == 0

    assert make(api, "k-1", "free").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_a_key_that_cannot_be_is_refused(api: Api, key: str) -> None:
    answer = make(api, key)

    assert answer.status_code == 422
    assert "dempotency" in answer.json()["errors"][0]["field"]
    assert count(api, ApiToken) == 0


def test_of_many_at_once_one_is_done_and_all_get_its_answer(api: Api) -> None:
    together = threading.Barrier(6)

    def ask(_: int) -> tuple[int, bytes]:
        together.wait()
        answer = make(api, "k-1")
        return answer.status_code, answer.content

    with ThreadPoolExecutor(6) as crowd:
        answers = set(crowd.map(ask, range(6)))

    assert len(answers) == 1
    assert answers.pop()[0] == 201
    assert (count(api, ApiToken), count(api, AuditEntry), count(api, IdempotencyKey)) == (1, 1, 1)


class Crashes:
    """Ends a writer's work before one of the statements with which it writes, or at the door of the commit."""

    def __init__(self, number: int) -> None:
        self._number = number
        self.has_crashed = False

    @contextmanager
    def at(self, database: Database, moment: str) -> Iterator[Self]:
        if moment == "write":
            with listening(database, self._told):
                yield self
            return
        with before_commits(database, self._seen):
            yield self

    def _told(self, statement: str, _: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            self._seen()

    def _seen(self) -> None:
        self._number -= 1
        if self._number == 0:
            self.has_crashed = True
            raise ConnectionAbortedError("killed here")


@pytest.mark.parametrize("moment", ["write", "commit"])
def test_a_crash_at_any_write_leaves_neither_effect_nor_answer(api: Api, moment: str) -> None:
    number = 0
    while True:
        number += 1
        with Crashes(number).at(api.platform.database, moment) as crash, capture_logs():
            answer = make(api, f"k-{number}", f"t-{number}")
        if not crash.has_crashed:
            break
        assert answer.status_code == 500
        assert (count(api, ApiToken), count(api, AuditEntry), count(api, IdempotencyKey)) == (number - 1,) * 3

        again = make(api, f"k-{number}", f"t-{number}")
        assert again.status_code == 201
        assert "idempotency-replayed" not in again.headers

    assert answer.status_code == 201
    assert number > (1 if moment == "commit" else 4), "there was nothing to crash at"


def test_an_answer_lost_after_the_commit_is_found_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise ConnectionAbortedError("the caller is gone")

    with monkeypatch.context() as patch, capture_logs():
        patch.setattr(writing, "_response", lost)
        assert make(api, "k-1").status_code == 500

    again = make(api, "k-1")
    assert again.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json()["name"] == "bi"
    assert count(api, ApiToken) == 1


def test_without_the_key_taken_first_a_request_told_twice_at_once_would_get_two_answers(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is needed: with a look instead of a taking, the second request is refused or fails."""
    if api.platform.database.dialect == "sqlite":
        # Its writers take turns: both get the one answer even so.
        assert [make(api, "k-1").status_code for _ in range(2)] == [201, 201]
        return
    together = threading.Barrier(2)

    def looks(tx: Session, asked: Asked, *, now: datetime) -> StoredAnswer | None:
        row = tx.get(IdempotencyKey, (asked.caller, asked.key))
        together.wait(10)
        return StoredAnswer(row.status, row.body) if row is not None else None

    def inserts(tx: Session, asked: Asked, answer: StoredAnswer) -> None:
        assert idempotency.earlier_answer(tx, asked, now=api.clock.now()) is None
        idempotency.keep_answer(tx, asked, answer)

    monkeypatch.setattr(writing, "earlier_answer", looks)
    monkeypatch.setattr(writing, "keep_answer", inserts)
    with ThreadPoolExecutor(2) as both:
        codes = sorted(both.map(lambda _: make(api, "k-1").status_code, range(2)))

    assert codes[0] == 201
    assert codes[1] > 400


def test_a_secret_in_a_kept_answer_is_sealed(api: Api) -> None:
    made = make(api, "k-1").json()

    with api.platform.database.read() as tx:
        stored = tx.scalars(select(IdempotencyKey.body)).one()
    assert made["secret"].encode() not in stored
    assert make(api, "k-1").json() == made


def test_the_query_is_part_of_what_makes_a_request_the_same(api: Api) -> None:
    token = make(api, None).json()["token_id"]
    first = api.client.delete(f"{TOKENS}/{token}", params={"dry": "1"}, headers={"Idempotency-Key": "k-1"})
    second = api.client.delete(f"{TOKENS}/{token}", headers={"Idempotency-Key": "k-1"})

    assert (first.status_code, second.status_code) == (204, 422)


@pytest.mark.parametrize(
    ("if_match", "is_good"), [(None, True), ("*", True), (etag(3), True), (etag(2), False), ("3", False), ("", False)]
)
def test_an_edit_of_an_older_version_is_refused_with_the_version_there_is(
    api: Api, if_match: str | None, is_good: bool
) -> None:
    writer = Writer(
        api.services, Caller("ada", frozenset()), Actor("ada"), api.clock.now(), asked=None, if_match=if_match
    )
    if is_good:
        writer.check_version(3)
        return
    with pytest.raises(Changed, match="it is at version 3 now"):
        writer.check_version(3)


def test_the_audit_log_names_who_wrote_and_the_request(api: Api) -> None:
    answer = make(api, "k-1")

    with api.platform.database.read() as tx:
        entry = tx.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "token")).one()
        assert (entry.actor, entry.action, entry.subject_id) == ("ada", "token.create", answer.json()["token_id"])
        assert entry.request_id == answer.headers["x-request-id"]
        assert entry.after == {"name": "bi", "scopes": ["api:read"], "expires_at": None}
