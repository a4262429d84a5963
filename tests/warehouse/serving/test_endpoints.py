"""Endpoints as their callers see them: shapes, formats, parameters, statuses."""

from __future__ import annotations

import io
import time
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.api.conftest import wait_until
from tests.warehouse.serving.conftest import World, bearer
from tests.warehouse.serving.projects import a_pipe, a_source
from tradewind.warehouse.serving.formats import DEFAULT


def tenants(world: World, **parameters: str) -> list[str]:
    answer = world.get("/v0/pipes/by_tenant.json", **parameters)
    assert answer.status_code == 200, answer.text
    return [row["tenant"] for row in answer.json()["data"]]


def test_json_has_the_engines_shape(world: World) -> None:
    answer = world.get("/v0/pipes/by_tenant.json")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    document = answer.json()
    assert list(document) == ["meta", "data", "rows", "statistics"]
    assert document["meta"][0] == {"name": "tenant", "type": "String"}
    assert document["data"] == [
        {"tenant": "ann", "sales": 2, "total": 11.5},
        {"tenant": "bob", "sales": 1, "total": 7.25},
    ]
    assert document["rows"] == 2
    assert set(document["statistics"]) == {"elapsed", "rows_read", "bytes_read"}


def test_numbers_and_slashes_are_written_as_clients_expect_them(world: World) -> None:
    text = world.sql(
        "SELECT toUInt64(18446744073709551615) AS big, nan AS none, 'a/b' AS path, 1 AS n LIMIT 1 FORMAT JSON"
    ).text
    assert '"big": 18446744073709551615' in text
    assert '"none": null' in text
    assert '"path": "a\\/b"' in text
    assert '"rows_before_limit_at_least": 1' in text
    quoted = world.sql("SELECT toUInt64(5) AS big FORMAT JSON", output_format_json_quote_64bit_integers=1).json()
    assert quoted["data"] == [{"big": "5"}]
    quoted = world.sql("SELECT nan AS none, inf AS most FORMAT JSON", output_format_json_quote_denormals=1).json()
    assert quoted["data"] == [{"none": "nan", "most": "inf"}]
    for says, kind in (("1", pa.string()), ("0", pa.binary())):
        file = world.sql("SELECT 'x' AS t FORMAT Parquet", output_format_parquet_string_as_string=says).content
        assert pq.read_table(io.BytesIO(file)).schema.field("t").type == kind


@pytest.mark.parametrize(
    ("extension", "content_type", "text"),
    [
        ("csv", "text/csv; charset=utf-8", '"tenant","sales","total"\n"ann",2,11.5\n"bob",1,7.25\n'),
        ("csvwithnames", "text/csv; charset=utf-8", '"tenant","sales","total"\n"ann",2,11.5\n"bob",1,7.25\n'),
        (
            "ndjson",
            "application/x-ndjson; charset=utf-8",
            '{"tenant":"ann","sales":2,"total":11.5}\n{"tenant":"bob","sales":1,"total":7.25}\n',
        ),
    ],
)
def test_text_formats(world: World, extension: str, content_type: str, text: str) -> None:
    answer = world.get(f"/v0/pipes/by_tenant.{extension}")
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (200, content_type, text)
    nobody = world.get(f"/v0/pipes/by_tenant.{extension}", like="nobody")
    assert nobody.text == ("" if extension == "ndjson" else '"tenant","sales","total"\n')


def test_parquet_and_prometheus(world: World) -> None:
    answer = world.get("/v0/pipes/by_tenant.parquet")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert pq.read_table(io.BytesIO(answer.content)).num_rows == 2
    measured = world.get("/v0/pipes/measured.prometheus")
    assert measured.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "sold 3" in measured.text
    assert world.get("/v0/pipes/by_tenant.prometheus").status_code == 400


def test_a_parameter_is_a_value_whatever_it_holds(world: World) -> None:
    for value in ("ann", "nobody", "' OR 1=1 --", "\\", "a'b\"c`d", "%", "ü\n\t", "{{tb_secret('salt')}}", "x" * 5000):
        assert tenants(world, like=value) == (["ann"] if value == "ann" else [])


def test_parameters_come_from_the_address_a_form_or_json(world: World) -> None:
    path, headers = "/v0/pipes/by_tenant.json", bearer(world.admin)
    post = world.api.client.post
    for answer in (
        post(path, headers=headers, json={"like": "bob"}),
        post(path, headers=headers, data={"like": "bob"}),
        post(path, headers=headers, params={"like": "bob"}),
        post(path, headers=headers, content=b'{"like": "bob"}'),
    ):
        assert [row["tenant"] for row in answer.json()["data"]] == ["bob"]
    for wrong in (b"[1]", b"{", b"\xff"):
        assert post(path, headers=headers, content=wrong).status_code == 400
    typed = world.get("/v0/pipes/typed.json", names=["x", "y'z"], n=3, unknown=1).json()["data"]
    assert typed == [{"n": 3, "names": ["x", "y'z"]}]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("needing.json", 400, "n"),
        ("needing.json?n=five", 400, "five"),
        ("refusing.json", 400, "as the project says"),
        ("broken.json", 400, "as it says"),
        ("nothing.json", 404, "nothing"),
        ("quiet.json", 404, "no endpoint"),
        ("by_tenant.xml", 404, "xml"),
        ("chosen.json?which=nothing", 404, "nothing"),
    ],
)
def test_errors_say_what_is_wrong(world: World, path: str, status: int, said: str) -> None:
    answer = world.api.client.get(f"/v0/pipes/{path}", headers=bearer(world.admin))
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json()) == ["error", "code"]
    assert said in answer.json()["error"]
    assert "ws_" not in answer.text


def test_a_parameter_that_the_pipe_does_not_declare_is_ignored(world: World) -> None:
    assert tenants(world, nobody="asked") == tenants(world) == ["ann", "bob"]
    assert tenants(world, nobody="asked", like="bob") == ["bob"]


def test_the_engines_code_is_told_in_a_header(world: World) -> None:
    assert world.get("/v0/pipes/broken.json").headers["x-db-exception-code"] == "395"
    assert world.sql("SELECT nothing FROM sales").headers["x-db-exception-code"] == "47"


def test_what_a_failed_query_had_written_is_never_in_another_answer(world: World) -> None:
    for n in range(8):
        failed = world.sql(f"SELECT number, throwIf(number = 70000, 'left behind {n}') FROM numbers(80000) FORMAT JSON")
        assert failed.status_code == 400
        for text in ("SELECT 'mine'", "SELECT 'mine' FORMAT CSV", "SELECT 'mine' AS m FORMAT JSONEachRow"):
            assert world.sql(text).content in (b"mine\n", b'"mine"\n', b'{"m":"mine"}\n')


def test_a_project_may_say_its_own_error(world: World) -> None:
    answer = world.get("/v0/pipes/own_error.json")
    assert (answer.status_code, answer.json()) == (422, {"reason": "because"})


def test_a_method_that_is_none_is_told_as_json(world: World) -> None:
    for method, path in (("PUT", "/v0/sql"), ("DELETE", "/v0/pipes/by_tenant.json"), ("POST", "/v0/pipes/by_tenant")):
        answer = world.api.client.request(method, path, headers=bearer(world.admin))
        assert answer.status_code == 405
        assert list(answer.json()) == ["error", "code"]


def test_a_secret_is_bound_and_never_shown(world: World) -> None:
    answer = world.get("/v0/pipes/secretive.json")
    assert answer.json()["data"] == [{"it_is": 1}]
    told = world.api.client.get("/v0/pipes/secretive/explain", headers=bearer(world.admin)).text
    assert "grain" not in told


def test_an_answer_is_kept_until_the_data_change(world: World) -> None:
    home = world.made.workspace("keeping")
    world.made.deploy(home, (a_source("t", "id Int64"),), (a_pipe("n", ("n", "SELECT count() AS n FROM t")),))
    token = world.made.admin(home)

    def elapsed() -> tuple[int, float]:
        answer = world.get("/v0/pipes/n.json", token).json()
        return answer["data"][0]["n"], answer["statistics"]["elapsed"]

    world.api.platform.serving.journal.flush()
    seen = {elapsed() for _ in range(5)}
    assert len(seen) == 1, "equal questions about the same data are answered once"
    for n in range(1, 6):
        world.made.fill(home, "t", f"({n})")
        assert elapsed()[0] == n, "no answer is older than the last row"


def test_what_looks_at_the_clock_is_not_kept_unless_it_asks_for_it(world: World) -> None:
    def at(pipe: str) -> str:
        return str(world.get(f"/v0/pipes/{pipe}.json").json()["data"][0]["at"])

    assert at("clock") != at("clock")
    first = at("kept")
    world.made.fill(world.one, "private", "(2, 'x')")
    assert at("kept") == first, "cache_ttl keeps an answer whatever happens to the data"


def test_many_who_ask_at_once_are_answered_alike(world: World) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: world.get("/v0/pipes/by_tenant.json").content, range(64)))
    assert all(b'"rows": 2' in answer for answer in answers)


def test_pipes_are_listed_described_and_read_as_files(world: World) -> None:
    names = [pipe["name"] for pipe in world.get("/v0/pipes").json()["pipes"]]
    assert "by_tenant" in names
    detail = world.get("/v0/pipes/by_tenant").json()
    assert detail["type"] == "endpoint"
    assert detail["endpoint"] == "by_tenant.served"
    assert detail["url"].endswith("/v0/pipes/by_tenant.json")
    served = detail["nodes"][1]
    assert served["dependencies"] == ["counted"]
    assert served["params"][0] | {"required": None} == {
        "name": "like",
        "type": "String",
        "default": None,
        "required": None,
        "description": "Whose sales",
        "enum": None,
        "example": None,
        "format": None,
    }
    assert world.get("/v0/pipes/by_tenant.pipe").text.startswith("NODE served")
    only = world.token("PIPES:READ:measured")
    assert [pipe["name"] for pipe in world.get("/v0/pipes", only).json()["pipes"]] == ["measured"]
    assert world.get("/v0/pipes/by_tenant", only).status_code == 403


def test_the_openapi_document_describes_every_endpoint_that_may_be_read(world: World) -> None:
    document = world.get("/v0/pipes/openapi.json").json()
    assert document["openapi"].startswith("3.")
    parameters = document["paths"]["/v0/pipes/typed.json"]["get"]["parameters"]
    assert parameters[0]["schema"] == {"type": "integer", "default": 7}
    assert parameters[1]["schema"]["type"] == "array"
    assert "/v0/pipes/quiet.json" not in document["paths"]
    only = world.get("/v0/pipes/openapi.json", world.token("PIPES:READ:measured")).json()
    assert {path.split("/")[3].split(".")[0] for path in only["paths"]} == {"measured"}


def test_pages_can_be_read_without_anything_from_elsewhere(world: World) -> None:
    index = world.get("/v0/docs")
    page = world.get("/v0/pipes/by_tenant/docs")
    assert index.status_code == page.status_code == 200
    assert "Whose sales" in page.text
    assert "tenant" in page.text
    for text in (index.text, page.text, world.get("/v0/docs/pages.css").text, world.get("/v0/docs/pages.js").text):
        assert "//" not in text.replace("http://127.0.0.1", "").replace("// ", "")
    assert world.get("/v0/pipes/nothing/docs").status_code == 404
    assert world.api.client.get("/v0/docs").status_code == 403


def test_an_endpoint_explains_itself(world: World) -> None:
    told = world.get("/v0/pipes/by_tenant/explain").json()
    assert set(told) == {"debug_query", "query_explain"}
    assert "ReadFromMergeTree" in told["query_explain"]


def test_a_filter_keeps_back_rows_from_whoever_reads_the_pipe(world: World) -> None:
    def given(**parameters: str) -> list[tuple[str, int]]:
        data = world.get("/v0/pipes/filtered.json", **parameters).json()["data"]
        return [(row["tenant"], row["id"]) for row in data]

    assert given() == [("ann", 2), ("ann", 1)], "in the order of the query itself"
    assert given(most="2") == [("ann", 2)], "the rows of its LIMIT that meet it"
    assert world.get("/v0/pipes/of_filtered.json").json()["data"] == [{"n": 2}]
    assert world.rows("SELECT id FROM filtered ORDER BY id") == [{"id": 1}, {"id": 2}]
    assert world.rows("SELECT count() AS n FROM sales") == [{"n": 3}]
    below = world.sql("SELECT count() AS n FROM _ FORMAT JSON", pipeline="filtered")
    assert below.json()["data"] == [{"n": 2}]
    csv = world.get("/v0/pipes/filtered.csv").text
    assert csv.splitlines()[1:] == ['"ann",2', '"ann",1']


def test_a_filter_cannot_be_switched_off_by_who_asks(world: World) -> None:
    refused = world.sql("SELECT * FROM filtered SETTINGS additional_result_filter = '1' FORMAT JSON")
    assert refused.status_code == 403


def test_a_staged_release_answers_who_asks_for_it(world: World) -> None:
    home = world.made.workspace("staging")
    token = world.made.admin(home)
    assert world.get("/v0/pipes/x.json", token).status_code == 404
    assert world.get("/v0/pipes", token).json() == {"pipes": []}
    world.made.deploy(home, (), (a_pipe("x", ("n", "SELECT 1 AS n")),))
    world.made.deploy(home, (), (a_pipe("x", ("n", "SELECT 2 AS n")),), staged=True)
    assert world.get("/v0/pipes/x.json", token).json()["data"] == [{"n": 1}]
    assert world.get("/v0/pipes/x.json", token, __tb__deployment="staging").json()["data"] == [{"n": 2}]


def test_an_answer_larger_than_memory_is_spooled(world: World) -> None:
    text = "SELECT number, repeat('x', 90) AS filling FROM numbers(60000) FORMAT CSVWithNames"
    answer = world.sql(text)
    lines = answer.text.splitlines()
    assert answer.status_code == 200
    assert len(lines) == 60_001
    assert [lines[0], lines[-1][:6]] == ['"number","filling"', "59999,"]
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_a_plan_that_has_grown_old_is_given_once_more_and_made_anew_meanwhile(world: World) -> None:
    queries = world.api.platform.serving.queries

    def grow_old(seconds: float) -> None:
        with queries._lock:
            for key, (_, planned) in queries._plans.items():
                queries._plans[key] = (time.monotonic() - seconds, planned)

    release = world.made.releases[world.one]
    token = world.api.platform.serving.tokens.authenticate(world.admin)

    def planned() -> object:
        return queries.planned(release, token, "by_tenant", DEFAULT, {"like": "ann"})

    queries.endpoint(release, token, "by_tenant", DEFAULT, {"like": "ann"})
    grow_old(2.5)
    old = planned()
    assert old is not None, "nobody waits for the next one"
    wait_until(lambda: planned() is not old)
    assert planned() is not None
    grow_old(4.5)
    assert planned() is None, "one that nobody asked for in a while is made before the answer"
